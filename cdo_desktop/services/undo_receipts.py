"""Receipts that an undo or a redo brings back: counted by the setting of now (decisions 013 and 017).

Another setting counts what waits. It does not reach what was void then, or sent back, or not yet booked in
again: the images of a step would bring back a receipt that counts for nothing.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cdo_desktop.models import Filing
from cdo_desktop.rules.filing import RECEIVED_STATES
from cdo_desktop.services.counted_receipts import count_records
from cdo_desktop.services.filing_records import find_filings
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.office_settings import stored_settings
from cdo_desktop.services.undo_limits import as_moved
from cdo_desktop.store.row_changes import RowChange


def recount_receipts(
    session: Session, journal: Journal, changes: Sequence[RowChange], *, back: bool
) -> tuple[RowChange, ...]:
    """Count what a step has just brought back, each with its line of the history; what counts stays.

    Return the changes with what the rows say now, so that they can be turned the other way.
    """
    waiting = [change.row_id for change in changes if _waits(change, back=back)]
    if not waiting:
        return tuple(changes)
    rule = stored_settings(session).counted_receipt
    counted = count_records(session, journal, find_filings(session, waiting), rule)
    return as_moved(changes, counted, back=back)


def _waits(change: RowChange, *, back: bool) -> bool:
    if change.table != Filing.__tablename__:
        return False
    now = change.values(after=not back)
    return bool(now) and now["state"] in RECEIVED_STATES and now["received_on"] is None
