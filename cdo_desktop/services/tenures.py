"""Changing a tenure that is there, with its first and last day. Functions take the open session."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import uuid4

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidInputError, NotFoundError
from cdo_desktop.models import Filing, Person, Tenure
from cdo_desktop.rules.filing import FINAL_STATES, OPEN_STATES, UNDERWAY_STATES
from cdo_desktop.rules.pinyin import pinyin_of
from cdo_desktop.rules.vocabulary import FILED_POSTS, ChangeReason, FilingKind, FilingState, PostKind
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.appointments import (
    NEW_FILING,
    FilingDraft,
    PostInfo,
    add_appointment,
    set_due_date,
)
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.departures import leave_filing
from cdo_desktop.services.filing_records import find_filing, write_filing
from cdo_desktop.services.holder_draft import PERSON_FIELDS, TENURE_FIELDS, HolderDraft, holder_values
from cdo_desktop.services.journal import Journal, Values
from cdo_desktop.services.office_settings import stored_settings

UPDATE, CORRECTION = "信息更新", "登记更正"  # the history's words for it


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
    action: str = UPDATE,
) -> None:
    """Write a checked draft over a holder, with its history; unchanged parts stay untouched.

    Another first day moves what hangs on it: the end of the holder that was replaced, and change date and
    limit of a paper that is not filed yet; a departure of a later day gives way (decision 005).
    """
    before, after = holder_values(stored), holder_values(draft)
    if before == after:
        return
    person_values = {name: after[name] for name in PERSON_FIELDS if after[name] != before[name]}
    tenure_values = {name: after[name] for name in TENURE_FIELDS if after[name] != before[name]}
    if "name" in person_values:
        keys = pinyin_of(draft.name)
        person_values |= {"pinyin": keys.full, "initials": keys.initials, "sort_key": keys.sort_key}
    since = draft.since or stored.since or date.min
    replaced = _replaced_holder(session, stored, since, post)
    if replaced is not None and since < (replaced.until or date.max):
        _withdraw_departure(session, journal, replaced, post, draft)
        _move_end(session, journal, replaced, since, post, action)  # makes room first
    _write_versioned(session, Person, stored.person_id, stored.person_version, person_values)
    _write_versioned(session, Tenure, stored.tenure_id, stored.tenure_version, tenure_values)
    if replaced is not None and since != replaced.until:
        _move_end(session, journal, replaced, since, post, action)
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
    if "since" in tenure_values:
        _move_change_date(session, journal, stored, draft, post, action)


def file_update(
    session: Session, journal: Journal, stored: HolderDraft, draft: HolderDraft, post: PostInfo
) -> None:
    """Add the draft of a filing for an 信息更新 where the office wants one; it has no limit (office.md §1).

    What is still underway is printed with what is new; only after it was filed there is another one to file.
    """
    before, after = holder_values(stored), holder_values(draft)
    changed = {name for name in after if after[name] != before[name]} - {"note"}
    if not changed or post.kind not in FILED_POSTS or not stored_settings(session).refile_updates:
        return
    underway = select(Filing.id).where(
        Filing.tenure_id == stored.tenure_id, Filing.state.in_(UNDERWAY_STATES)
    )
    if session.scalar(underway.limit(1)) is not None:
        return
    filing = Filing(
        uuid=str(uuid4()),
        tenure_id=stored.tenure_id,
        kind=FilingKind.CHANGE,
        state=FilingState.DRAFT,
        change_date=journal.today,
        change_reason=ChangeReason.OTHER,
    )
    session.add(filing)
    session.flush()
    journal.record(
        session,
        NEW_FILING,
        "filings",
        filing.id,
        after={"kind": filing.kind, "change_date": filing.change_date},
        unit_id=post.unit_id,
        person_id=stored.person_id,
    )


def _replaced_holder(session: Session, stored: HolderDraft, since: date, post: PostInfo) -> Tenure | None:
    """Return whose last day moves with the first day of who followed.

    Who left on a 离任备案 of their own was not replaced: that day stands, unless the new one comes before it.
    """
    if since == stored.since:
        return None
    until = session.scalar(select(Tenure.until).where(Tenure.id == stored.tenure_id))
    if until is not None and until <= since:
        raise InvalidInputError(f"任职日期要早于离任日期 {until:%Y-%m-%d}。没有保存，请核对。", field="since")
    if post.kind.many_holders:
        return None
    left_on_paper = exists().where(
        Filing.tenure_id == Tenure.id, Filing.kind == FilingKind.LEAVE, Filing.state != FilingState.VOID
    )
    replaced = (Tenure.until == stored.since) & ~left_on_paper
    overtaken = left_on_paper & (Tenure.until > since) & (Tenure.until <= stored.since)
    query = select(Tenure).where(
        Tenure.post_id == post.post_id, Tenure.since < since, or_(replaced, overtaken)
    )
    return session.scalars(query).one_or_none()


def _move_end(
    session: Session, journal: Journal, tenure: Tenure, until: date, post: PostInfo, action: str
) -> None:
    before = tenure.until
    tenure.until = until
    tenure.version += 1
    session.flush()
    journal.record(
        session,
        action,
        "tenures",
        tenure.id,
        before={"until": before},
        after={"until": until},
        unit_id=post.unit_id,
        person_id=tenure.person_id,
    )


def _move_change_date(
    session: Session, journal: Journal, stored: HolderDraft, draft: HolderDraft, post: PostInfo, action: str
) -> None:
    query = select(Filing).where(
        Filing.tenure_id == stored.tenure_id,
        Filing.kind == FilingKind.CHANGE,
        Filing.state.in_(UNDERWAY_STATES),  # of what has come the late days are counted anew
        Filing.change_date == stored.since,
        Filing.due_date.is_not(None),  # the day of an 信息更新 is its own
    )
    for filing in session.scalars(query):
        before = {"change_date": filing.change_date, "due_date": filing.due_date}
        filing.change_date = draft.since
        set_due_date(filing, stored_calendar(session))
        filing.version += 1
        journal.record(
            session,
            action,
            "filings",
            filing.id,
            before=before,
            after={"change_date": filing.change_date, "due_date": filing.due_date},
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
    before = {"until": tenure.until, "leave_reason": tenure.leave_reason}
    tenure.until = until
    tenure.leave_reason = reason
    tenure.version += 1
    session.flush()
    journal.record(
        session,
        action,
        "tenures",
        tenure.id,
        before=before,
        after={"until": until, "leave_reason": reason},
        unit_id=post.unit_id,
        person_id=tenure.person_id,
    )


def _withdraw_departure(
    session: Session, journal: Journal, tenure: Tenure, post: PostInfo, successor: HolderDraft
) -> None:
    """Make the 离任备案 of a tenure void; raises InvalidInputError for one that has come back signed."""
    paper = leave_filing(session, tenure)
    if paper is None:
        return
    record = find_filing(session, paper.id)
    if record.state not in OPEN_STATES:
        final = record.state in FINAL_STATES
        way = "作废那份离任备案（有编号的不能退回），不用另建草稿" if final else "退回或作废那份离任备案"
        raise InvalidInputError(
            f"{post.unit} {post.kind}“{record.person.name}”的离任备案{record.state}，"
            f"离任日期 {tenure.until}，接任不能更早。没有保存；离任日期不对的，先{way}。",
            field="since",
        )
    reason = f"离任改为更换，由{successor.name}的变更备案代替"
    values: Values = {"state": FilingState.VOID, "void_reason": reason, "voided_on": journal.today}
    write_filing(session, journal, record, "作废", values)


def known_person(session: Session, draft: HolderDraft, except_person: int = 0) -> int | None:
    """Return the registered person with the same name and mobile, if the office already knows one."""
    if not draft.mobile:
        return None
    query = select(Person.id).where(
        Person.name == draft.name, Person.mobile == draft.mobile, Person.id != except_person
    )
    return session.scalars(query.order_by(Person.id).limit(1)).one_or_none()


def replace_holder(
    session: Session,
    journal: Journal,
    calendar: WorkingCalendar,
    tenure: Tenure,
    draft: HolderDraft,
    filing: FilingDraft,
    post: PostInfo,
) -> Tenure:
    """End a tenure where a checked draft begins and return the new one; who left earlier stays gone.

    A departure that was registered for a later day has not happened: its paper gives way to the 变更备案.
    """
    if tenure.until is None or draft.since is None or draft.since < tenure.until:
        _withdraw_departure(session, journal, tenure, post, draft)
        end_tenure(session, journal, tenure, post, draft.since, "更换", filing.change_reason)
    person_id = known_person(session, draft, tenure.person_id)
    new = replace(draft, post_id=post.post_id, post=post.kind, tenure_id=None, person_id=person_id)
    return add_appointment(session, journal, calendar, new, filing, post, "更换")
