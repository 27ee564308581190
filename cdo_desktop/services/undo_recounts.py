"""What an undo or a redo brings back of filings, counted as it is counted now (decisions 013 and 017).

A notice moves the due dates of what is underway, another setting counts what waits. Neither reaches what was
void then, or gone, or had another day: the images of a step would bring back a limit that no longer holds, or
a receipt that counts for nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeAlias

from sqlalchemy.orm import Session

from cdo_desktop.models import Filing
from cdo_desktop.rules.filing import RECEIVED_STATES, UNDERWAY_STATES
from cdo_desktop.rules.vocabulary import FilingKind, FilingState
from cdo_desktop.services.appointments import due_values
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.calendar_changes import RECOUNTED
from cdo_desktop.services.counted_receipts import count_records
from cdo_desktop.services.filing_records import FilingRecord, find_filings, write_filing
from cdo_desktop.services.journal import Journal, Values
from cdo_desktop.services.office_settings import stored_settings
from cdo_desktop.store.row_changes import RowChange

Recount: TypeAlias = Callable[[Session, Journal, Sequence[FilingRecord]], Mapping[int, Values]]


def recount(
    session: Session, journal: Journal, changes: Sequence[RowChange], *, back: bool
) -> tuple[RowChange, ...]:
    """Count anew what a step has just brought back, each that moves with its line of the history.

    Return the changes with what the rows say now, so that they can be turned the other way.
    """
    for concerns, count in _RECOUNTS:
        rows = [(change.row_id, change.values(after=not back)) for change in changes if _is_filing(change)]
        found = [row_id for row_id, now in rows if now and concerns(now)]
        if found:
            moved = count(session, journal, find_filings(session, found))
            changes = [_with_moved(change, moved, back=back) for change in changes]
    return tuple(changes)


def _has_limit(now: Mapping[str, Any]) -> bool:
    return now["due_date"] is not None and now["state"] in UNDERWAY_STATES


def _recount_limits(
    session: Session, journal: Journal, records: Sequence[FilingRecord]
) -> Mapping[int, Values]:
    calendar = stored_calendar(session)
    moved: dict[int, Values] = {}
    for record in records:
        filing = record.filing
        limit = due_values(FilingKind(filing.kind), filing.change_date, calendar)
        if any(getattr(filing, name) != value for name, value in limit.items()):
            write_filing(session, journal, record, RECOUNTED, limit)
            moved[filing.id] = limit
    return moved


def _waits(now: Mapping[str, Any]) -> bool:
    return now["state"] in RECEIVED_STATES and now["received_on"] is None


def _recount_receipts(
    session: Session, journal: Journal, records: Sequence[FilingRecord]
) -> Mapping[int, Values]:
    return count_records(session, journal, records, stored_settings(session).counted_receipt)


_RECOUNTS: Final[Sequence[tuple[Callable[[Mapping[str, Any]], bool], Recount]]] = (
    (_has_limit, _recount_limits),
    (_waits, _recount_receipts),
)


def _is_filing(change: RowChange) -> bool:
    return change.table == Filing.__tablename__


def _with_moved(change: RowChange, moved: Mapping[int, Values], *, back: bool) -> RowChange:
    """Return a change with what was written to its filing, if anything was, after it was turned."""
    if not _is_filing(change) or change.row_id not in moved:
        return change
    return _as_moved(change, moved[change.row_id], back=back)


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
