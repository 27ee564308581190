"""Limits of filings that an undo or a redo brings back: those of the calendar as it is now (decision 013).

A notice moves the due dates of what is underway. It does not reach what was void then, or gone, or had
another day: the images of a step would bring back a limit that no longer holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from cdo_desktop.models import Filing
from cdo_desktop.rules.filing import UNDERWAY_STATES
from cdo_desktop.rules.vocabulary import FilingKind, FilingState
from cdo_desktop.services.appointments import due_values
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.calendar_changes import RECOUNTED
from cdo_desktop.services.filing_records import find_filings, write_filing
from cdo_desktop.services.journal import Journal, Values
from cdo_desktop.store.row_changes import RowChange


def recount_limits(
    session: Session, journal: Journal, changes: Sequence[RowChange], *, back: bool
) -> tuple[RowChange, ...]:
    """Count the limits anew that a step has just brought back, each that moves with its line of the history.

    Return the changes with what the rows say now, so that they can be turned the other way.
    """
    returned = [change.row_id for change in changes if _has_limit(change, back=back)]
    if not returned:
        return tuple(changes)
    calendar = stored_calendar(session)
    moved: dict[int, Values] = {}
    for record in find_filings(session, returned):
        filing = record.filing
        limit = due_values(FilingKind(filing.kind), filing.change_date, calendar)
        if any(getattr(filing, name) != value for name, value in limit.items()):
            write_filing(session, journal, record, RECOUNTED, limit)
            moved[filing.id] = limit
    return as_moved(changes, moved, back=back)


def as_moved(
    changes: Sequence[RowChange], moved: Mapping[int, Values], *, back: bool
) -> tuple[RowChange, ...]:
    """Return changes with what was written to filings, by their id, after they were turned."""
    return tuple(
        _as_moved(change, moved[change.row_id], back=back)
        if change.table == Filing.__tablename__ and change.row_id in moved
        else change
        for change in changes
    )


def _has_limit(change: RowChange, *, back: bool) -> bool:
    if change.table != Filing.__tablename__:
        return False
    now = change.values(after=not back)
    return bool(now) and now["due_date"] is not None and now["state"] in UNDERWAY_STATES


def _as_moved(change: RowChange, written: Values, *, back: bool) -> RowChange:
    """Return a change whose row has other values; what is void may not get them when it comes back."""
    values = _as_stored(written)
    moved = replace(change.with_values(values, after=not back), version=change.version + 1)
    is_void = moved.values(after=back).get("state") == FilingState.VOID
    return moved.with_values(values, after=back) if is_void else moved


def _as_stored(written: Values) -> Mapping[str, str | int | None]:
    return {
        name: value.isoformat() if isinstance(value, date) else None if value is None else int(value)
        for name, value in written.items()
    }
