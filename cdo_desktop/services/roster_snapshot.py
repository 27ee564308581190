"""The register as an import needs it: everything once, in dictionaries, instead of a query a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cdo_desktop.models import Filing, Person, Post, Tenure, Unit, UnitChangePart
from cdo_desktop.rules.unit_matching import UnitNames
from cdo_desktop.rules.vocabulary import FilingKind, FilingState, PostKind
from cdo_desktop.services.appointments import CHANGE_COLUMNS, FilingDraft, PostInfo
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.tenures import as_draft
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.services.unit_names import names_of_standing, own_names, second_names
from cdo_desktop.services.unit_reform import Part
from cdo_desktop.services.units import as_draft as unit_as_draft


@dataclass(frozen=True)
class StoredHolder:
    """The newest tenure of a post: open, or ended at ``until``."""

    draft: HolderDraft
    until: date | None
    filing_id: int | None
    filing_state: str
    filing: FilingDraft
    filing_is_new: bool = False  # but for rosters nothing was done with it, nor is it one of a void filing


@dataclass(frozen=True)
class EndedUnit:
    """A unit that is no more, and the units that went on for it."""

    short_name: str
    day: date
    successors: tuple[str, ...]


@dataclass
class Snapshot:
    """Units, posts and newest tenures by the keys an import looks them up with."""

    today: date
    units: dict[int, UnitDraft] = field(default_factory=dict)
    names: UnitNames = field(default_factory=lambda: UnitNames(()))
    plates: Mapping[int, frozenset[str]] = field(default_factory=dict)  # second names by unit
    ended: Mapping[int, EndedUnit] = field(default_factory=dict)
    ended_names: UnitNames = field(default_factory=lambda: UnitNames(()))
    posts: dict[tuple[int, PostKind], PostInfo] = field(default_factory=dict)
    holders: dict[int, list[StoredHolder]] = field(default_factory=dict)  # by post id, newest first
    people: dict[tuple[str, str], int] = field(default_factory=dict)  # name and mobile → person
    district_id: int | None = None
    numbers: dict[str, int] = field(default_factory=dict)  # 备案编号, given to which filing


def load_snapshot(session: Session, today: date) -> Snapshot:
    """Read everything an import compares with."""
    stored = session.scalars(select(Unit)).all()
    units = {unit.id: unit_as_draft(unit) for unit in stored}
    last_days = {unit.id: unit.valid_to for unit in stored if unit.valid_to and unit.valid_to <= today}
    ended = _ended_units(session, units, last_days)
    plates = second_names(session, today)
    own = own_names(session)
    names = names_of_standing(own, plates, ended)
    gone = [known for known in own if known.unit_id in ended]
    posts = {
        (row.unit_id, PostKind(row.kind)): PostInfo(
            row.id, PostKind(row.kind), row.unit_id, units[row.unit_id].short_name
        )
        for row in session.execute(select(Post.id, Post.kind, Post.unit_id))
    }
    district = next((unit_id for (unit_id, kind) in posts if kind is PostKind.DISTRICT_CDO), None)
    known = (
        select(Person.name, Person.mobile, Person.id).where(Person.mobile != "").order_by(Person.id.desc())
    )
    people = {(row.name, row.mobile): row.id for row in session.execute(known)}
    given = session.execute(select(Filing.number, Filing.id).where(Filing.number.is_not(None)))
    numbers = {row.number: row.id for row in given}
    holders = _holders(session, posts)
    return Snapshot(
        today=today,
        units=units,
        names=UnitNames(names),
        plates=plates,
        ended=ended,
        ended_names=UnitNames(gone),
        posts=posts,
        holders=holders,
        people=people,
        district_id=district,
        numbers=numbers,
    )


def _ended_units(
    session: Session, units: Mapping[int, UnitDraft], last_days: Mapping[int, date]
) -> dict[int, EndedUnit]:
    if not last_days:
        return {}
    others = aliased(UnitChangePart)
    query = (
        select(UnitChangePart.unit_id, others.unit_id)
        .join(others, others.change_id == UnitChangePart.change_id)
        .where(UnitChangePart.part == Part.ENDED, others.part != Part.ENDED)
        .order_by(others.id)
    )
    successors: dict[int, list[str]] = {}
    for unit_id, successor in session.execute(query):
        successors.setdefault(unit_id, []).append(units[successor].short_name)
    return {
        unit_id: EndedUnit(units[unit_id].short_name, day, tuple(successors.get(unit_id, ())))
        for unit_id, day in last_days.items()
    }


def _holders(session: Session, posts: dict[tuple[int, PostKind], PostInfo]) -> dict[int, list[StoredHolder]]:
    kinds = {post.post_id: post.kind for post in posts.values()}
    filings: dict[int, Filing] = {}
    query = select(Filing).where(Filing.kind != FilingKind.LEAVE, Filing.state != FilingState.VOID)
    for filing in session.scalars(query.order_by(Filing.id)):
        filings[filing.tenure_id] = filing
    void = select(Filing.tenure_id).where(Filing.kind != FilingKind.LEAVE, Filing.state == FilingState.VOID)
    done_again = set(session.scalars(void))
    holders: dict[int, list[StoredHolder]] = {}
    tenures = (
        select(Tenure, Person)
        .join(Person, Person.id == Tenure.person_id)
        .order_by(Tenure.since.desc(), Tenure.id.desc())
    )
    for tenure, person in session.execute(tenures):
        found = filings.get(tenure.id)
        holders.setdefault(tenure.post_id, []).append(
            StoredHolder(
                draft=as_draft(tenure, person, kinds[tenure.post_id]),
                until=tenure.until,
                filing_id=found.id if found else None,
                filing_state=found.state if found else "",
                filing=filing_as_draft(found) if found else FilingDraft(),
                filing_is_new=bool(found and not _was_handled(found) and tenure.id not in done_again),
            )
        )
    return holders


def _was_handled(filing: Filing) -> bool:
    """Tell whether an open filing was handed out or sent back here; a state alone may be that of a roster."""
    return bool(filing.issued_on or filing.returned_on or filing.content)  # the first programs kept no days


def filing_as_draft(filing: Filing) -> FilingDraft:
    """Return what a paper says of the change itself."""
    return FilingDraft(
        kind=FilingKind(filing.kind),
        filled_on=filing.filled_on,
        state=FilingState(filing.state),
        number=filing.number or "",
        received_on=filing.received_on,
        late_reason=filing.late_reason,
        **{name: getattr(filing, name) for name in CHANGE_COLUMNS},
    )
