"""离任 without a successor: what is registered of it, and its paper. Functions take the open session."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidFormError
from cdo_desktop.models import Filing, Person, Tenure
from cdo_desktop.rules.vocabulary import FilingKind, FilingState
from cdo_desktop.services.appointments import PostInfo, checked_filing_texts, record_filing
from cdo_desktop.services.history import FILING_LABELS
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.versions import refuse_stale


@dataclass(frozen=True)
class LeaveDraft:
    """A departure without a successor: no three-day limit (design.md §7)."""

    left_on: date | None  # first day no longer in post
    reason: str = ""
    known_on: date | None = None
    told_by: str = ""
    handover: str = ""
    filler: str = ""
    filler_phone: str = ""
    filing_version: int = 0  # of the paper that this was read from; 0: there was none


LEAVE_LABELS: Final[Mapping[str, str]] = {
    "left_on": "离任日期",
    "reason": "离任原因",
    **{name: FILING_LABELS[name] for name in ("known_on", "told_by", "handover", "filler", "filler_phone")},
}


def checked_leave(leave: LeaveDraft) -> LeaveDraft:
    """Return the draft in its stored form; raises InvalidFormError."""
    names = {
        "change_reason": "reason",
        "told_by": "told_by",
        "handover": "handover",
        "filler": "filler",
        "filler_phone": "filler_phone",
    }
    values, messages = checked_filing_texts({name: getattr(leave, own) for name, own in names.items()})
    if messages:
        raise InvalidFormError({names[name]: message for name, message in messages.items()})
    return replace(leave, **{names[name]: value for name, value in values.items()})  # type: ignore[arg-type]


def leave_filing(session: Session, tenure: Tenure) -> Filing | None:
    """Return the 离任备案 of a tenure that is not void."""
    query = select(Filing).where(
        Filing.tenure_id == tenure.id, Filing.kind == FilingKind.LEAVE, Filing.state != FilingState.VOID
    )
    return session.scalars(query.order_by(Filing.id.desc()).limit(1)).one_or_none()


def registered_leave(tenure: Tenure, paper: Filing | None) -> LeaveDraft:
    """Return what is registered of a departure and its paper."""
    if paper is None:
        return LeaveDraft(tenure.until, tenure.leave_reason)
    return LeaveDraft(
        left_on=tenure.until,
        reason=paper.change_reason,
        known_on=paper.known_on,
        told_by=paper.told_by,
        handover=paper.handover,
        filler=paper.filler,
        filler_phone=paper.filler_phone,
        filing_version=paper.version,
    )


def refuse_stale_leave(
    person: Person, shown: LeaveDraft | None, typed: LeaveDraft, stored: LeaveDraft
) -> None:
    """Raise ConflictError when the paper of a departure is not as the form showed it."""
    shown = shown or LeaveDraft(None)
    if shown.filing_version != stored.filing_version:
        opened, mine, theirs = (
            {name: getattr(leave, name) for name in LEAVE_LABELS} for leave in (shown, typed, stored)
        )
        raise refuse_stale(f"“{person.name}”的离任登记", opened, mine, theirs, LEAVE_LABELS)


def write_leave_filing(
    session: Session,
    journal: Journal,
    filing: Filing | None,
    tenure: Tenure,
    person: Person,
    post: PostInfo,
    leave: LeaveDraft,
) -> int:
    """Write what the paper of a departure says, in a new draft or in the one there is; return its id."""
    values: dict[str, str | date | None] = {
        "change_date": leave.left_on,
        "known_on": leave.known_on,
        "told_by": leave.told_by,
        "change_reason": leave.reason,
        "handover": leave.handover,
        "filler": leave.filler,
        "filler_phone": leave.filler_phone,
    }
    if filing is None:
        filing = Filing(
            uuid=str(uuid4()),
            tenure_id=tenure.id,
            kind=FilingKind.LEAVE,
            state=FilingState.DRAFT,
            **values,
        )
        session.add(filing)
        session.flush()
        record_filing(session, journal, filing, person, post)
        return filing.id
    before = {name: getattr(filing, name) for name in values}
    for name, value in values.items():
        setattr(filing, name, value)
    filing.version += 1
    journal.record(
        session,
        "离任",
        "filings",
        filing.id,
        before=before,
        after=values,
        unit_id=post.unit_id,
        person_id=person.id,
    )
    return filing.id
