"""Who holds a post: appoint, update, replace, leave, and what happened before."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidInputError, NotFoundError
from cdo_desktop.models import Filing, HistoryEntry, Person, Post, Tenure, Unit
from cdo_desktop.rules.pinyin import pinyin_of
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, FilingState, PostKind
from cdo_desktop.services.appointments import (
    FilingDraft,
    PostInfo,
    add_appointment,
    find_post,
    find_tenure,
    record_filing,
)
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.holder_draft import (
    HOLDER_LABELS,
    PERSON_FIELDS,
    TENURE_FIELDS,
    HolderDraft,
    checked_holder,
    holder_values,
)
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.unit_draft import UNIT_LABELS
from cdo_desktop.services.versions import refuse_stale
from cdo_desktop.store import Database

FILING_LABELS = {
    "kind": "备案类型",
    "state": "备案状态",
    "change_date": "变更日期",
    "due_date": "应备案截止日",
    "change_reason": "变更原因",
    "received_on": "收到日期",
    "number": "备案编号",
    "until": "离任日期",
    "leave_reason": "离任原因",
    "handover": "工作交接",
}


@dataclass(frozen=True)
class LeaveDraft:
    """A departure without a successor: no three-day limit (design.md §7)."""

    left_on: date | None  # first day no longer in post
    reason: str = ""
    handover: str = ""
    filler: str = ""
    filler_phone: str = ""


@dataclass(frozen=True)
class PastTenure:
    """One holder of a post, or one post of a person."""

    tenure_id: int
    unit: str
    post: str
    name: str
    title: str
    since: date
    until: date | None


@dataclass(frozen=True)
class HistoryRow:
    """One change as a reader sees it."""

    at: datetime
    actor: str
    action: str
    details: tuple[tuple[str, str, str], ...]  # label, before, after


class HolderService:
    """Actions on the holders of posts."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def empty_draft(self, post_id: int) -> HolderDraft:
        """Return an empty form for a post; raises NotFoundError."""
        with self._database.read() as session:
            post = find_post(session, post_id)
        return HolderDraft(post_id=post.post_id, post=post.kind)

    def get(self, tenure_id: int) -> HolderDraft:
        """Return a holder for editing; raises NotFoundError."""
        with self._database.read() as session:
            tenure, person = find_tenure(session, tenure_id)
            return as_draft(tenure, person, find_post(session, tenure.post_id).kind)

    def appoint(self, draft: HolderDraft, filing: FilingDraft | None = None) -> int:
        """Put a person into an empty post and return the tenure's id.

        Creates the draft of the 备案 in the same transaction. Raises InvalidFormError, or
        InvalidInputError when somebody already holds the post.
        """
        draft = checked_holder(draft)
        with self._database.write() as session:
            post = find_post(session, draft.post_id)
            calendar = stored_calendar(session)
            new = replace(draft, person_id=known_person(session, draft))
            return add_appointment(
                session, self._journal, calendar, new, filing or FilingDraft(), post, "任命"
            ).id

    def update(self, opened: HolderDraft, draft: HolderDraft) -> None:
        """信息更新: same person, other 职务, 科室 or phone; no filing (office.md §1).

        Raises InvalidFormError, NotFoundError, or ConflictError for a stale form.
        """
        draft = checked_holder(draft)
        with self._database.write() as session:
            tenure, person = find_tenure(session, opened.tenure_id or 0)
            post = find_post(session, tenure.post_id)
            stored = as_draft(tenure, person, post.kind)
            if (stored.tenure_version, stored.person_version) != (
                opened.tenure_version,
                opened.person_version,
            ):
                raise refuse_stale(
                    f"“{stored.name}”的资料",
                    holder_values(opened),
                    holder_values(draft),
                    holder_values(stored),
                    HOLDER_LABELS,
                )
            write_update(session, self._journal, stored, draft, post)

    def replace(self, opened: HolderDraft, draft: HolderDraft, filing: FilingDraft) -> int:
        """更换: the present holder ends where the new one begins; return the new tenure's id.

        Creates a 变更备案 that is due three working days after the change. Raises ConflictError when the
        post changed hands meanwhile, InvalidInputError when the new one does not begin later.
        """
        draft = checked_holder(draft)
        with self._database.write() as session:
            tenure, person = find_tenure(session, opened.tenure_id or 0)
            post = find_post(session, tenure.post_id)
            stored = as_draft(tenure, person, post.kind)
            if stored.tenure_version != opened.tenure_version:
                raise refuse_stale(
                    f"“{stored.name}”的任职",
                    holder_values(opened),
                    holder_values(opened),
                    holder_values(stored),
                    HOLDER_LABELS,
                )
            calendar = stored_calendar(session)
            end_tenure(session, self._journal, tenure, post, draft.since, "更换", filing.change_reason)
            new = replace(draft, tenure_id=None, person_id=known_person(session, draft, tenure.person_id))
            return add_appointment(session, self._journal, calendar, new, filing, post, "更换").id

    def leave(self, opened: HolderDraft, leave: LeaveDraft) -> int:
        """离任 without a successor: the post is empty from that day on; return the filing's id."""
        if leave.left_on is None:
            raise InvalidInputError("请填写离任日期。", field="left_on")
        with self._database.write() as session:
            tenure, person = find_tenure(session, opened.tenure_id or 0)
            post = find_post(session, tenure.post_id)
            stored = as_draft(tenure, person, post.kind)
            if stored.tenure_version != opened.tenure_version:
                raise refuse_stale(
                    f"“{stored.name}”的任职",
                    holder_values(opened),
                    holder_values(opened),
                    holder_values(stored),
                    HOLDER_LABELS,
                )
            end_tenure(session, self._journal, tenure, post, leave.left_on, "离任", leave.reason)
            if post.kind not in FILED_POSTS:
                return 0
            return self._add_leave_filing(session, tenure, person, post, leave)

    def _add_leave_filing(
        self, session: Session, tenure: Tenure, person: Person, post: PostInfo, leave: LeaveDraft
    ) -> int:
        filing = Filing(
            uuid=str(uuid4()),
            tenure_id=tenure.id,
            kind=FilingKind.LEAVE,
            state=FilingState.DRAFT,
            change_date=leave.left_on,
            change_reason=leave.reason,
            handover=leave.handover,
            filler=leave.filler,
            filler_phone=leave.filler_phone,
        )
        session.add(filing)
        session.flush()
        record_filing(session, self._journal, filing, person, post)
        return filing.id

    def holders_of(self, post_id: int) -> tuple[PastTenure, ...]:
        """Return everybody who held a post, newest first."""
        return self._past(Tenure.post_id == post_id)

    def posts_of(self, person_id: int) -> tuple[PastTenure, ...]:
        """Return every post a person held, newest first."""
        return self._past(Tenure.person_id == person_id)

    def _past(self, condition: object) -> tuple[PastTenure, ...]:
        query = (
            select(
                Tenure.id,
                Unit.short_name,
                Post.kind,
                Person.name,
                Tenure.title,
                Tenure.since,
                Tenure.until,
            )
            .join(Post, Post.id == Tenure.post_id)
            .join(Unit, Unit.id == Post.unit_id)
            .join(Person, Person.id == Tenure.person_id)
            .where(condition)  # type: ignore[arg-type]
            .order_by(Tenure.since.desc(), Tenure.id.desc())
        )
        with self._database.read() as session:
            return tuple(PastTenure(*row) for row in session.execute(query))

    def person_history(self, person_id: int) -> tuple[HistoryRow, ...]:
        """Return what changed about a person, newest first."""
        return self._history(HistoryEntry.person_id == person_id)

    def unit_history(self, unit_id: int) -> tuple[HistoryRow, ...]:
        """Return what changed about a unit and its posts, newest first."""
        return self._history(HistoryEntry.unit_id == unit_id)

    def _history(self, condition: object) -> tuple[HistoryRow, ...]:
        columns = (HistoryEntry.at, HistoryEntry.actor, HistoryEntry.action, HistoryEntry.entity)
        query = (
            select(*columns, HistoryEntry.before, HistoryEntry.after)
            .where(condition)  # type: ignore[arg-type]
            .order_by(HistoryEntry.id.desc())
        )
        with self._database.read() as session:
            return tuple(
                HistoryRow(row.at, row.actor, row.action, _details(row.entity, row.before, row.after))
                for row in session.execute(query)
            )


_LABELS_OF: dict[str, Mapping[str, str]] = {
    "tenures": {**HOLDER_LABELS, **FILING_LABELS},
    "filings": FILING_LABELS,
    "units": UNIT_LABELS,
}


def _details(entity: str, before: str, after: str) -> tuple[tuple[str, str, str], ...]:
    old: dict[str, object] = json.loads(before) if before else {}
    new: dict[str, object] = json.loads(after) if after else {}
    labels = _LABELS_OF[entity]
    return tuple(
        (label, _shown(old.get(key)), _shown(new.get(key)))
        for key, label in labels.items()
        if key in old or key in new
    )


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def as_draft(tenure: Tenure, person: Person, kind: PostKind) -> HolderDraft:
    """Return what the form edits of a stored holder."""
    return HolderDraft(
        post_id=tenure.post_id,
        post=kind,
        tenure_id=tenure.id,
        tenure_version=tenure.version,
        person_id=person.id,
        person_version=person.version,
        **{name: getattr(person, name) for name in PERSON_FIELDS},
        **{name: getattr(tenure, name) for name in TENURE_FIELDS},
    )


def write_update(
    session: Session,
    journal: Journal,
    stored: HolderDraft,
    draft: HolderDraft,
    post: PostInfo,
    action: str = "信息更新",
) -> None:
    """Write a checked draft over a holder, with its history; unchanged parts stay untouched."""
    before, after = holder_values(stored), holder_values(draft)
    if before == after:
        return
    person_values = {name: after[name] for name in PERSON_FIELDS if after[name] != before[name]}
    tenure_values = {name: after[name] for name in TENURE_FIELDS if after[name] != before[name]}
    if "name" in person_values:
        keys = pinyin_of(draft.name)
        person_values |= {"pinyin": keys.full, "initials": keys.initials, "sort_key": keys.sort_key}
    _write_versioned(session, Person, stored.person_id, stored.person_version, person_values)
    _write_versioned(session, Tenure, stored.tenure_id, stored.tenure_version, tenure_values)
    journal.record(
        session,
        action,
        "tenures",
        stored.tenure_id or 0,
        before=before,
        after=after,
        unit_id=post.unit_id,
        person_id=stored.person_id,
    )


def _write_versioned(
    session: Session,
    table: type[Person] | type[Tenure],
    row_id: int | None,
    version: int,
    values: Mapping[str, object],
) -> None:
    if not values:
        return
    result = session.execute(
        update(table)
        .where(table.id == row_id, table.version == version)
        .values(**values, version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFoundError("这条记录刚被别人修改或删除，没有保存。请刷新后再试。")


def end_tenure(
    session: Session,
    journal: Journal,
    tenure: Tenure,
    post: PostInfo,
    until: date | None,
    action: str,
    reason: str,
) -> None:
    """Close a tenure at ``until`` (the first day no longer in post)."""
    if until is None or until <= tenure.since:
        raise InvalidInputError(
            f"日期要晚于现任的任职日期 {tenure.since:%Y-%m-%d}。没有保存；"
            "如果只是现任的姓名或日期登记错了，请用“信息更新”改正。",
            field="since" if action == "更换" else "left_on",
        )
    tenure.until = until
    tenure.leave_reason = reason
    tenure.version += 1
    session.flush()
    journal.record(
        session,
        action,
        "tenures",
        tenure.id,
        before={"until": None},
        after={"until": until, "leave_reason": reason},
        unit_id=post.unit_id,
        person_id=tenure.person_id,
    )


def known_person(session: Session, draft: HolderDraft, except_person: int = 0) -> int | None:
    """Return the registered person with the same name and mobile, if the office already knows one."""
    if not draft.mobile:
        return None
    query = select(Person.id).where(
        Person.name == draft.name, Person.mobile == draft.mobile, Person.id != except_person
    )
    return session.scalars(query.limit(1)).one_or_none()
