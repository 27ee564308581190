"""Which receipt counts after the setting changed (decision 017). Functions take the open session."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cdo_desktop.models import Filing
from cdo_desktop.rules.filing import RECEIVED_STATES, CountedReceipt, counted_receipt
from cdo_desktop.services.filing_records import find_filings, write_filing
from cdo_desktop.services.journal import Journal

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
    counted = 0
    for record in find_filings(session, session.scalars(waiting).all()):
        day = counted_receipt(rule, record.filing.scan_on, record.filing.original_on)
        if day is not None:
            write_filing(session, journal, record, COUNTED_ANEW, {"received_on": day})
            counted += 1
    return counted
