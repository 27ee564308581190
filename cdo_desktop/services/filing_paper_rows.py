"""What the papers about filings show of one filing. Functions take the open session or its records."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdo_desktop.documents.ledgers import FilingLedgerRow, IncomingRow
from cdo_desktop.documents.pdf.filing_receipt import FilingReceipt
from cdo_desktop.documents.pdf.handover_sheet import HandoverItem, HandoverSheet
from cdo_desktop.documents.pdf.reminder_letter import ReminderItem
from cdo_desktop.models import Filing, Person, Post, ReceivedPaper, Tenure
from cdo_desktop.rules.filing import UNDERWAY_STATES, Lamp, lateness
from cdo_desktop.rules.number_pattern import natural_key, year_and_place
from cdo_desktop.rules.vocabulary import FilingKind, FilingState
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.filing_list import FilingRow
from cdo_desktop.services.filing_receipts import entry_number
from cdo_desktop.services.filing_records import FilingRecord, find_filings


def receipt_of(
    record: FilingRecord, calendar: WorkingCalendar, body: str, phone: str, today: date
) -> FilingReceipt:
    """Return 备案回执 of a filing that has its number, as it was signed."""
    filing = record.filing
    late = lateness(filing.due_date, filing.received_on, calendar)
    return FilingReceipt(
        number=filing.number or "",
        unit=record.as_signed("unit_full_name") or record.unit.full_name,
        post=record.post.kind,
        name=record.as_signed("name") or record.person.name,
        title=record.as_signed("title") or record.tenure.title,
        kind=filing.kind,
        filed_on=filing.filed_on or filing.received_on or today,
        handler=filing.filed_by,
        receiving_body=body,
        issued_on=today,
        change_date=filing.change_date,
        due_date=filing.due_date,
        due_provisional=calendar.is_still_provisional(
            filing.due_provisional, filing.change_date, filing.due_date
        ),
        scan_received_on=filing.scan_on,
        original_received_on=filing.original_on or (None if filing.scan_on else filing.received_on),
        late=late.is_late,
        late_days=late.days,
        late_reason=filing.late_reason,
        office_phone=phone,
    )


def reminder_item(record: FilingRecord, row: FilingRow) -> ReminderItem:
    """Return what 提醒函 says of a filing that has not come."""
    return ReminderItem(
        post=row.post,
        name=row.name,
        title=record.tenure.title,
        kind=row.kind,
        change_date=row.change_date,
        due_date=row.due_date,
        due_provisional=row.due_provisional,
        overdue=row.lamp is Lamp.OVERDUE,
        late_days=row.late.days,
        days_left=row.working_days_left,
        scan_here=row.is_half_here,
        returned=row.is_sent_back,
        return_reason=row.return_reason,
    )


def numbered_filings(session: Session, year: int) -> list[FilingRecord]:
    """Return the filings of a year's numbers, in their order."""
    in_year = [filing_id for filing_id, of_year in _ledger_years(session) if of_year == year]
    return sorted(find_filings(session, in_year), key=_place_in_year)


def ledger_years(session: Session) -> set[int]:
    """Return the years that have a number."""
    return {year for _filing_id, year in _ledger_years(session)}


def _ledger_years(session: Session) -> Iterator[tuple[int, int]]:
    """Yield every filing with a number and the year it belongs to.

    One that was imported says it in its number, else it stands where its day is, at worst the first day of
    the tenure: it must be in one of the yearly lists.
    """
    day = func.coalesce(Filing.filed_on, Filing.received_on, Filing.change_date, Tenure.since)
    query = (
        select(Filing.id, Filing.number, Filing.number_year, day)
        .join(Tenure, Tenure.id == Filing.tenure_id)
        .where(Filing.number.is_not(None), Filing.state.not_in(UNDERWAY_STATES))
    )
    for filing_id, number, number_year, dated in session.execute(query):
        yield filing_id, number_year or year_and_place(number or "")[0] or dated.year


def _place_in_year(record: FilingRecord) -> tuple[bool, int, tuple[tuple[int, int, str], ...]]:
    number, count = record.filing.number or "", record.filing.number_count
    place = year_and_place(number)[1] if count is None else count
    return place is None, place or 0, natural_key(number)


def ledger_row(record: FilingRecord, calendar: WorkingCalendar) -> FilingLedgerRow:
    """Return the line of 备案登记册, as it was signed."""
    filing = record.filing
    late = lateness(filing.due_date, filing.received_on, calendar)
    return FilingLedgerRow(
        number=filing.number or "",
        unit=record.unit.short_name,
        post=record.post.kind,
        name=record.as_signed("name") or record.person.name,
        title=record.as_signed("title") or record.tenure.title,
        kind=filing.kind,
        change_date=filing.change_date,
        due_date=filing.due_date,
        due_provisional=calendar.is_still_provisional(
            filing.due_provisional, filing.change_date, filing.due_date
        ),
        received_on=filing.received_on,
        late=late.is_late,
        late_days=late.days,
        late_reason=filing.late_reason,
        filed_on=filing.filed_on,
        handler=filing.filed_by,
        stored_on=filing.stored_on,
        place=filing.stored_place,
        voided=filing.state == FilingState.VOID,
        void_reason=filing.void_reason,
    )


def incoming_row(paper: ReceivedPaper, unit: str, post: str, name: str, kind: str) -> IncomingRow:
    """Return the line of 收文登记册; what was sent back says so."""
    returned = f"{paper.returned_on:%Y-%m-%d} 退回" if paper.returned_on else ""
    return IncomingRow(
        number=entry_number(paper.year, paper.count, paper.entry_no),
        received_on=paper.received_on,
        sender=unit,
        document=f"{post}{kind}表（{name}）",
        form=paper.form,
        way=paper.way,
        copies=paper.copies,
        receiver=paper.received_by,
        note="；".join(filter(None, (returned, paper.note))),
    )


def about(record: FilingRecord) -> str:
    """Name a filing by unit, post and who was signed for."""
    return f"{record.unit.short_name} {record.post.kind} {record.as_signed('name') or record.person.name}"


def archive_title(record: FilingRecord) -> str:
    """Return 题名 of a filing in 归档文件目录."""
    name = record.as_signed("name") or record.person.name
    return f"{record.unit.short_name}{record.post.kind}{record.filing.kind}表（{name}）"


def handover_of(session: Session, record: FilingRecord, category: str) -> HandoverSheet:
    """Return the sheet of one change: who goes, who comes, and in ``category`` the unit's open filings."""
    filing, unit = record.filing, record.unit.full_name
    leaves = filing.kind == FilingKind.LEAVE
    query = (
        select(Filing.kind, Post.kind, Person.name)
        .join(Tenure, Tenure.id == Filing.tenure_id)
        .join(Person, Person.id == Tenure.person_id)
        .join(Post, Post.id == Tenure.post_id)
        .where(Post.unit_id == record.unit.id, Filing.state.in_(UNDERWAY_STATES), Filing.id != filing.id)
        .order_by(Filing.id)
    )
    running = tuple(
        HandoverItem(category, f"{post} {name} {kind}", "办理中")
        for kind, post, name in session.execute(query)
    )
    person, title = record.person.name, record.tenure.title
    return HandoverSheet(
        unit=unit,
        post=record.post.kind,
        predecessor=person if leaves else filing.predecessor_name,
        predecessor_title=title if leaves else filing.predecessor_title,
        successor="" if leaves else person,
        successor_title="" if leaves else title,
        handed_over_on=filing.change_date,
        reason=filing.change_reason,
        items=running,
    )
