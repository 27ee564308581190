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
from cdo_desktop.services.filing_records import find_filing, write_filing
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


_COLUMNS: Final[Mapping[str, str]] = {
    "left_on": "change_date",
    "reason": "change_reason",
    **{name: name for name in ("known_on", "told_by", "handover", "filler", "filler_phone")},
}
"""The columns of the paper that hold what the form says."""
LEAVE_LABELS: Final[Mapping[str, str]] = {
    **{name: FILING_LABELS[column] for name, column in _COLUMNS.items()},
    "left_on": "离任日期",
    "reason": "离任原因",
}
_DAYS: Final = ("left_on", "known_on")


def checked_leave(leave: LeaveDraft) -> LeaveDraft:
    """Return the draft in its stored form; raises InvalidFormError."""
    names = {column: name for name, column in _COLUMNS.items() if name not in _DAYS}
    values, messages = checked_filing_texts({column: getattr(leave, name) for column, name in names.items()})
    if messages:
        raise InvalidFormError({names[column]: message for column, message in messages.items()})
    return replace(leave, **{names[column]: value for column, value in values.items()})  # type: ignore[arg-type]


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
    said = {name: getattr(paper, column) for name, column in _COLUMNS.items()}
    return LeaveDraft(**{**said, "left_on": tenure.until}, filing_version=paper.version)


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
    values = {column: getattr(leave, name) for name, column in _COLUMNS.items()}
    if filing is not None:
        write_filing(session, journal, find_filing(session, filing.id), "离任", values)
        return filing.id
    filing = Filing(
        uuid=str(uuid4()), tenure_id=tenure.id, kind=FilingKind.LEAVE, state=FilingState.DRAFT, **values
    )
    session.add(filing)
    session.flush()
    record_filing(session, journal, filing, person, post)
    return filing.id
