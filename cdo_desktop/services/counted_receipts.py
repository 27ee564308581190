"""Which receipt counts where none did, by the setting of now (decision 017); all take the open session."""

from collections.abc import Iterable, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cdo_desktop.models import Filing
from cdo_desktop.rules.filing import RECEIVED_STATES, CountedReceipt, counted_receipt
from cdo_desktop.services.filing_records import FilingRecord, find_filings, write_filing
from cdo_desktop.services.journal import Journal, Values

COUNTED_ANEW = "按新的设置计收件"


def count_what_waits(session: Session, journal: Journal, rule: CountedReceipt) -> int:
    """Count by a new rule what has come and did not count by the old one; return how many filings do now.

    What counts already keeps its day: nobody becomes late, or in time, by a setting.
    """
    waiting = select(Filing.id).where(
        Filing.state.in_(RECEIVED_STATES),
        Filing.received_on.is_(None),
        or_(Filing.scan_on.is_not(None), Filing.original_on.is_not(None)),
    )
    return len(count_records(session, journal, find_filings(session, session.scalars(waiting).all()), rule))


def count_records(
    session: Session, journal: Journal, records: Iterable[FilingRecord], rule: CountedReceipt
) -> Mapping[int, Values]:
    """Count by a rule what has come of filings of which nothing counts; return what is new, by filing."""
    counted: dict[int, Values] = {}
    for record in records:
        day = counted_receipt(rule, record.filing.scan_on, record.filing.original_on)
        if day is not None:
            values: Values = {"received_on": day}
            write_filing(session, journal, record, COUNTED_ANEW, values)
            counted[record.filing.id] = values
    return counted
