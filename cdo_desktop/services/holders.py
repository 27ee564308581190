"""Who holds a post: appoint, update, replace, leave, and what happened before."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.models import Filing, HistoryEntry, Person, Post, Tenure, Unit
from cdo_desktop.rules.filing import OPEN_STATES
from cdo_desktop.rules.vocabulary import FILED_POSTS
from cdo_desktop.services.appointments import (
    FilingDraft,
    PostInfo,
    add_appointment,
    checked_filing,
    find_post,
    find_tenure,
    refuse_days,
    refuse_ended_unit,
)
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.departures import (
    LeaveDraft,
    checked_leave,
    leave_filing,
    refuse_stale_leave,
    registered_leave,
    write_leave_filing,
)
from cdo_desktop.services.history import change_details, entity_word
from cdo_desktop.services.holder_draft import HOLDER_LABELS, HolderDraft, checked_holder, holder_values
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.tenures import (
    CORRECTION,
    UPDATE,
    as_draft,
    end_tenure,
    file_update,
    known_person,
    replace_holder,
    write_update,
)
from cdo_desktop.services.versions import refuse_stale
from cdo_desktop.store import Database

_MOST_SUGGESTED = 400


@dataclass(frozen=True)
class LastHolder:
    """Who held a post last, why that ended, and whether the work was handed over; empty if not known."""

    name: str
    left_on: date | None
    reason: str
    handover: str


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
    about: str  # which record of the person's or of the unit's
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

    def last_holder(self, post_id: int) -> LastHolder | None:
        """Return who held a post last; None for one that nobody ever held, whose first paper is 首次备案."""
        query = (
            select(Tenure, Person.name)
            .join(Person, Person.id == Tenure.person_id)
            .where(Tenure.post_id == post_id)
            .order_by(Tenure.since.desc(), Tenure.id.desc())
            .limit(1)
        )
        with self._database.read() as session:
            found = session.execute(query).one_or_none()
            if found is None:
                return None
            tenure, name = found
            paper = leave_filing(session, tenure)
            return LastHolder(name, tenure.until, tenure.leave_reason, paper.handover if paper else "")

    def appoint(self, draft: HolderDraft, filing: FilingDraft | None = None) -> int:
        """Put a person into an empty post and return the tenure's id.

        Creates the draft of the 备案 in the same transaction. Raises InvalidFormError, or
        InvalidInputError when somebody already holds the post.
        """
        draft, filing = checked_holder(draft), checked_filing(filing or FilingDraft())
        self._refuse_days(draft, filing)
        with self._database.write() as session:
            post = find_post(session, draft.post_id)
            refuse_ended_unit(post, draft.since)
            calendar = stored_calendar(session)
            new = replace(draft, post_id=post.post_id, post=post.kind, person_id=known_person(session, draft))
            return add_appointment(session, self._journal, calendar, new, filing, post, "任命").id

    def update(self, opened: HolderDraft, draft: HolderDraft, *, correction: bool = False) -> None:
        """信息更新: same person, other 职务, 科室 or phone; starts no three days (office.md §1).

        A ``correction`` puts right what was entered wrongly, and never needs a filing; an 信息更新 does where
        the office's settings say so. Raises InvalidFormError, NotFoundError, ConflictError for a stale form.
        """
        draft = checked_holder(draft)
        if draft.since != opened.since:  # what the register has already stays
            refuse_days(self._journal.today, since=draft.since)
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
            action = CORRECTION if correction else UPDATE
            write_update(session, self._journal, stored, draft, post, action)
            if not correction:
                file_update(session, self._journal, stored, draft, post)

    def replace(self, opened: HolderDraft, draft: HolderDraft, filing: FilingDraft) -> int:
        """更换: the present holder ends where the new one begins; return the new tenure's id.

        Creates a 变更备案 that is due three working days after the change. Raises ConflictError when the
        post changed hands meanwhile, InvalidInputError when the new one does not begin later.
        """
        draft, filing = checked_holder(draft), checked_filing(filing)
        self._refuse_days(draft, filing)
        with self._database.write() as session:
            tenure, person = find_tenure(session, opened.tenure_id or 0)
            post = find_post(session, tenure.post_id)
            refuse_ended_unit(post, draft.since)
            _refuse_changed_hands(session, tenure, person, post, opened, draft.name, draft.since)
            return replace_holder(
                session, self._journal, stored_calendar(session), tenure, draft, filing, post
            ).id

    def _refuse_days(self, draft: HolderDraft, filing: FilingDraft) -> None:
        days = {"since": draft.since, "change_date": filing.change_date, "known_on": filing.known_on}
        refuse_days(self._journal.today, **days)

    def departure(self, tenure_id: int) -> LeaveDraft | None:
        """Return what is registered of a departure, to be corrected; None before there is one."""
        with self._database.read() as session:
            tenure, _person = find_tenure(session, tenure_id)
            paper = leave_filing(session, tenure)
            if paper is None and (tenure.until is None or _is_filed(session, tenure)):
                return None
            return registered_leave(tenure, paper)

    def leave(self, opened: HolderDraft, leave: LeaveDraft, shown: LeaveDraft | None = None) -> int:
        """离任 without a successor: the post is empty from that day on; return the filing's id (0: none).

        Again for somebody whose departure is registered: corrects what was ``shown`` of it, as long as the
        paper has not come back. Raises InvalidInputError, NotFoundError or ConflictError as ``replace`` does,
        also when the paper was mended since it was shown.
        """
        if leave.left_on is None:
            raise InvalidInputError("请填写离任日期。", field="left_on")
        leave = checked_leave(leave)
        refuse_days(self._journal.today, left_on=leave.left_on, known_on=leave.known_on)
        with self._database.write() as session:
            tenure, person = find_tenure(session, opened.tenure_id or 0)
            post = find_post(session, tenure.post_id)
            filing = leave_filing(session, tenure)
            refuse_stale_leave(person, shown, leave, registered_leave(tenure, filing))
            _refuse_changed_hands(session, tenure, person, post, opened, "空缺", leave.left_on)
            if filing is not None and filing.state not in OPEN_STATES:
                raise InvalidInputError(
                    f"“{person.name}”的离任备案{filing.state}，离任日期不能再改。没有保存。", field="left_on"
                )
            end_tenure(session, self._journal, tenure, post, leave.left_on, "离任", leave.reason)
            if post.kind not in FILED_POSTS:
                return 0
            return write_leave_filing(session, self._journal, filing, tenure, person, post, leave)

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

    def values_in_use(self, field: str) -> tuple[str, ...]:
        """Return what stands in a text of the tenures (title, section, …), the most frequent first."""
        column = Tenure.__table__.columns[field]
        query = select(column).where(column != "").group_by(column).order_by(func.count().desc(), column)
        with self._database.read() as session:
            return tuple(session.scalars(query.limit(_MOST_SUGGESTED)))

    def person_history(self, person_id: int) -> tuple[HistoryRow, ...]:
        """Return what changed about a person, newest first."""
        return self._history(HistoryEntry.person_id == person_id, Unit.short_name)

    def unit_history(self, unit_id: int) -> tuple[HistoryRow, ...]:
        """Return what changed about a unit and its posts, newest first."""
        return self._history(HistoryEntry.unit_id == unit_id, Person.name)

    def _history(
        self, condition: ColumnElement[bool], other: ColumnElement[str] | InstrumentedAttribute[str]
    ) -> tuple[HistoryRow, ...]:
        """Return the lines with ``other``: of a unit's history the person, of a person's the unit."""
        told = HistoryEntry
        tenure_id = case((told.entity == "tenures", told.entity_id), else_=Filing.tenure_id)
        query = (
            select(told.at, told.actor, told.action, told.entity, Post.kind, other, told.before, told.after)
            .outerjoin(Filing, (told.entity == "filings") & (Filing.id == told.entity_id))
            .outerjoin(Tenure, Tenure.id == tenure_id)
            .outerjoin(Post, Post.id == Tenure.post_id)
            .outerjoin(Unit, Unit.id == told.unit_id)
            .outerjoin(Person, Person.id == told.person_id)
            .where(condition)
            .order_by(told.id.desc())
        )
        with self._database.read() as session:
            return tuple(_history_row(*row) for row in session.execute(query))


def _history_row(
    at: datetime,
    actor: str,
    action: str,
    entity: str,
    post: str | None,
    other: str | None,
    before: str,
    after: str,
) -> HistoryRow:
    # A unit's own lines are about nothing else; a filing is named beside its post.
    words = (other, post, "" if entity == "tenures" and post else entity_word(entity))
    about = " ".join(word for word in words if word)
    return HistoryRow(at, actor, action, about, change_details(entity, before, after))


def _is_filed(session: Session, tenure: Tenure) -> bool:
    return find_post(session, tenure.post_id).kind in FILED_POSTS


def _refuse_changed_hands(
    session: Session,
    tenure: Tenure,
    person: Person,
    post: PostInfo,
    opened: HolderDraft,
    successor: str,
    day: date | None,
) -> None:
    """Refuse to end a tenure that ended, moved or changed its person since the form was opened.

    Another title or phone does not matter: they are not written.
    """
    stored = as_draft(tenure, person, post.kind)
    same = (stored.person_id, stored.name, stored.since) == (opened.person_id, opened.name, opened.since)
    if stored.tenure_version == opened.tenure_version or (same and tenure.until is None):
        return
    query = (
        select(Person.name)
        .join(Tenure, Tenure.person_id == Person.id)
        .where(Tenure.post_id == post.post_id, Tenure.until.is_(None))
    )
    present = "、".join(session.scalars(query)) or "空缺"
    raise refuse_stale(
        f"“{post.unit}”{post.kind}的任职",
        {"name": opened.name, "since": opened.since, "until": None},
        {"name": successor, "since": opened.since, "until": day},
        {"name": present, "since": stored.since, "until": tenure.until},
        {"name": "任职人", "since": "任职日期", "until": "离任日期"},
    )
