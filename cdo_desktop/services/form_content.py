"""What a 备案表 shows, gathered from the register for many posts at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.documents.pdf.filing_form import FilingFormData, PaperCode
from cdo_desktop.errors import NotFoundError
from cdo_desktop.models import Filing, Person, Post, Tenure, Unit, UnitName
from cdo_desktop.rules.filing import OPEN_STATES
from cdo_desktop.rules.unit_matching import KnownName, UnitNames
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, FilingState, PostKind


@dataclass(frozen=True)
class Paper:
    """The filing of a post that is to be printed, with whom it is about."""

    filing: Filing
    tenure: Tenure
    person: Person

    @property
    def is_open_departure(self) -> bool:
        """Whether it is a 离任备案 that has not come back."""
        return self.filing.kind == FilingKind.LEAVE and self.filing.state in OPEN_STATES


@dataclass(frozen=True)
class Holder:
    """Who is in a post today."""

    person: Person
    tenure: Tenure


def chosen_posts(
    session: Session, post_ids: Sequence[int] | None, unit: str | None, post: PostKind | None, today: date
) -> list[tuple[Post, Unit]]:
    """Return the posts with a 备案表 that are meant, in register order; raises NotFoundError for a unit."""
    query = (
        select(Post, Unit)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.kind.in_(FILED_POSTS))
        .where(Unit.valid_from.is_(None) | (Unit.valid_from <= today))
        .where(Unit.valid_to.is_(None) | (Unit.valid_to > today))
        .order_by(Unit.sort_order, Unit.id, Post.rank)
    )
    if post is not None:
        query = query.where(Post.kind == post)
    if unit is not None:
        query = query.where(Unit.id == _unit_id(session, unit))
    wanted = None if post_ids is None else set(post_ids)
    return [(row[0], row[1]) for row in session.execute(query) if wanted is None or row[0].id in wanted]


def _unit_id(session: Session, name: str) -> int:
    present = session.execute(select(Unit.id, Unit.full_name, Unit.short_name)).all()
    former = session.execute(select(UnitName.unit_id, UnitName.full_name, UnitName.short_name)).all()
    known = [KnownName(row[0], called) for row in (*present, *former) for called in {row[1], row[2]}]
    match = UnitNames(known).find(name)
    if match.unit_id is not None:
        return match.unit_id
    short = {row[0]: row[2] for row in present}
    near = f"名称相近的有：{'、'.join(short[unit_id] for unit_id in match.near)}。" if match.near else ""
    raise NotFoundError(f"名册里没有单位“{name}”。{near}请按名册中的全称或简称填写；没有生成文件。")


def papers_to_print(session: Session, today: date) -> dict[int, Paper]:
    """Return the paper of every post that has one to print.

    It is that of the present or coming holder; a departure registered since, even for a coming day, goes
    before it as long as its own paper is out: the newest act is the one to be signed.
    """
    query = (
        select(Filing, Tenure, Person)
        .join(Tenure, Tenure.id == Filing.tenure_id)
        .join(Person, Person.id == Tenure.person_id)
        .where(Filing.state != FilingState.VOID)
        .order_by(Tenure.post_id, Tenure.since.desc(), Tenure.id.desc(), Filing.id.desc())
    )
    of_post: dict[int, list[Paper]] = {}
    for filing, tenure, person in session.execute(query):
        of_post.setdefault(tenure.post_id, []).append(Paper(filing, tenure, person))
    chosen = {post_id: _to_print(papers, today) for post_id, papers in of_post.items()}
    return {post_id: paper for post_id, paper in chosen.items() if paper is not None}


def _to_print(papers: Sequence[Paper], today: date) -> Paper | None:
    newest = papers[0].tenure
    held = next(
        (
            paper
            for paper in papers
            if paper.filing.kind != FilingKind.LEAVE
            and (paper.tenure.until is None or paper.tenure.until > today)
        ),
        None,
    )
    leaving = next((paper for paper in papers if paper.tenure is newest and paper.is_open_departure), None)
    return leaving or held


def present_holders(session: Session, today: date) -> dict[tuple[int, str], Holder]:
    """Return who holds the posts with a 备案表 today, by unit and kind of post."""
    query = (
        select(Post.unit_id, Post.kind, Person, Tenure)
        .join(Tenure, Tenure.post_id == Post.id)
        .join(Person, Person.id == Tenure.person_id)
        .where(Post.kind.in_(FILED_POSTS), Tenure.since <= today)
        .where(Tenure.until.is_(None) | (Tenure.until > today))
    )
    return {(row[0], row[1]): Holder(row[2], row[3]) for row in session.execute(query)}


def filled_form(
    post: Post,
    unit: Unit,
    paper: Paper,
    holders: Mapping[tuple[int, str], Holder],
    today: date,
    database_id: str,
    receiving_body: str,
) -> FilingFormData:
    """Return the form of a paper; the unit's other post stands on it as well."""
    filing = paper.filing
    other = holders.get((unit.id, PostKind.SPECIALIST if post.kind == PostKind.CDO else PostKind.CDO))
    return FilingFormData(
        post=PostKind(post.kind),
        kind=FilingKind(filing.kind),
        receiving_body=receiving_body,
        filled_on=filing.filled_on or today,
        unit_full_name=unit.full_name,
        unit_category=unit.category,
        unit_address=unit.address,
        unit_postcode=unit.postcode,
        leave_date=filing.change_date if filing.kind == FilingKind.LEAVE else None,
        counterpart_name=other.person.name if other else "",
        counterpart_title=" ".join(filter(None, (other.tenure.section, other.tenure.title))) if other else "",
        counterpart_phone=(other.person.office_phone or other.person.mobile) if other else "",
        code=PaperCode(database_id=database_id, record_id=filing.uuid),
        **_stored(paper.person),
        **_stored(paper.tenure),
        **_stored(filing),
    )


def _stored(record: Person | Tenure | Filing) -> dict[str, Any]:
    """Return what a record holds of the form: the form's fields bear the names of the columns."""
    columns = record.__table__.columns
    return {
        field.name: getattr(record, field.name)
        for field in fields(FilingFormData)
        if field.name in columns and field.name not in ("kind", "filled_on")
    }


def canonical_content(form: FilingFormData) -> str:
    """Return what the form shows as one line of JSON, without the day it was filled in and its code."""
    values = {
        field.name: getattr(form, field.name)
        for field in fields(form)
        if field.name not in ("code", "filled_on")
    }
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
