"""What the office hands out about filings: 回执, 提醒函, and the yearly lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from cdo_desktop.documents.ledgers import (
    ArchiveCatalog,
    ArchiveRow,
    FilingLedger,
    FilingLedgerRow,
    IncomingRegister,
    IncomingRow,
    Ledger,
    write_ledger_book,
    write_ledger_pdf,
)
from cdo_desktop.documents.pdf.filing_receipt import FilingReceipt, write_receipts
from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.documents.pdf.handover_sheet import (
    HandoverItem,
    HandoverSheet,
    handover_categories,
    write_handovers,
)
from cdo_desktop.documents.pdf.reminder_letter import Reminder, ReminderItem, write_reminders
from cdo_desktop.documents.pdf.seal_list import SealItem, SealList, write_seal_list
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.models import Filing, Person, Post, ReceivedPaper, Tenure, Unit
from cdo_desktop.rules.filing import FINAL_STATES, UNDERWAY_STATES, Lamp
from cdo_desktop.rules.vocabulary import FilingKind, FilingState
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.filing_list import FilingListService, FilingQuery, FilingRow
from cdo_desktop.services.filing_receipts import entry_number
from cdo_desktop.services.filing_records import FilingRecord, find_filings
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.journal import EXPORTED, EXPORTS, Journal, Values, note
from cdo_desktop.services.office_settings import receiving_body_on, stored_settings
from cdo_desktop.store import Database

RETENTIONS: Final = ("10年", "30年", "永久")
"""保管期限 of 归档文件 (国家档案局令第8号)."""
EXCEL_SUFFIX: Final = ".xlsx"


@dataclass(frozen=True)
class LateDays:
    """Whether a filing came late, and by how many working days."""

    is_late: bool
    days: int


class FilingPaperService:
    """Gathers what those papers show, and writes them. Every export is a line of the history."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        filings: FilingListService,
        texts: Callable[[], FormTexts],
    ) -> None:
        self._database = database
        self._journal = journal
        self._filings = filings
        self._texts = texts

    # 回执

    def receipts(self, filing_ids: Sequence[int]) -> tuple[FilingReceipt, ...]:
        """Return the 回执 of those filings that have a number, in the order of the register."""
        today = self._journal.today
        with self._database.read() as session:
            body, phone = _office(session, today, self._texts())
            calendar = stored_calendar(session)
            return tuple(
                _receipt(record, calendar, body, phone, today)
                for record in find_filings(session, filing_ids)
                if record.state in FINAL_STATES
            )

    def write_receipts(self, filing_ids: Sequence[int], target: Path) -> int:
        """Write 备案回执, a page each, and return how many; raises InvalidInputError when there are none."""
        receipts = self.receipts(filing_ids)
        write_receipts(receipts, target, texts=self._texts())
        self._note("备案回执", target, len(receipts))
        return len(receipts)

    # 提醒函

    def reminders(
        self, filing_ids: Sequence[int] | None = None, reply_by: date | None = None
    ) -> tuple[Reminder, ...]:
        """Return a letter a unit about filings that have not come; None: about all that are overdue.

        Filings that have come are left out.
        """
        if filing_ids is None:
            filing_ids = self._filings.keys(FilingQuery(FilingView.OVERDUE))
        waiting = set(self._filings.keys(FilingQuery(FilingView.WAITING)))
        rows = self._filings.rows_of([one for one in filing_ids if one in waiting])
        today = self._journal.today
        with self._database.read() as session:
            body, phone = _office(session, today, self._texts())
            by_unit: dict[int, list[FilingRecord]] = {}
            for record in find_filings(session, list(rows)):
                by_unit.setdefault(record.unit.id, []).append(record)
            return tuple(
                Reminder(
                    unit=records[0].unit.full_name,
                    items=tuple(_item(record, rows[record.filing.id]) for record in records),
                    as_of=today,
                    dated=today,
                    receiving_body=body,
                    issuer=body,
                    contact=self._journal.actor,
                    phone=phone,
                    reply_by=reply_by,
                )
                for records in by_unit.values()
            )

    def write_reminders(
        self,
        target: Path,
        filing_ids: Sequence[int] | None = None,
        *,
        reply_by: date | None = None,
        duplex: bool = False,
    ) -> int:
        """Write 提醒函, one a unit, and return how many; raises InvalidInputError when nothing is owed."""
        reminders = self.reminders(filing_ids, reply_by)
        write_reminders(reminders, target, duplex=duplex, texts=self._texts())
        self._note("提醒函", target, len(reminders))
        return len(reminders)

    # 用印清单, 工作交接

    def seal_list(self, filing_ids: Sequence[int], copies: int = 2) -> SealList:
        """Return 用印清单 of the 回执 of those filings that have a number: what is to be sealed, how often.

        The seal is that of the 牵头部门 (office.md §1), who receives the filings.
        """
        today = self._journal.today
        with self._database.read() as session:
            body, _phone = _office(session, today, self._texts())
            records = [one for one in find_filings(session, filing_ids) if one.state in FINAL_STATES]
            items = tuple(
                SealItem(f"{record.filing.number} 备案回执（{_about(record)}）", copies, "备案回执")
                for record in records
            )
        return SealList(office=body, seal=body, applied_on=today, items=items)

    def write_seal_list(self, paper: SealList, target: Path) -> int:
        """Write 用印清单 and return its number of lines; raises InvalidInputError for none."""
        if not paper.items:
            raise InvalidInputError("选中的备案还没有编号，没有可以用印的回执，没有生成清单。")
        write_seal_list(paper, target, texts=self._texts())
        self._note("用印清单", target, len(paper.items))
        return len(paper.items)

    def handovers(self, filing_ids: Sequence[int]) -> tuple[HandoverSheet, ...]:
        """Return 工作交接 of every 变更备案 and 离任备案 among these filings."""
        categories = handover_categories(self._texts())
        category = next((name for name in categories if "备案" in name), categories[-1])
        with self._database.read() as session:
            return tuple(
                _handover(session, record, category)
                for record in find_filings(session, filing_ids)
                if record.filing.kind != FilingKind.FIRST
            )

    def write_handovers(self, filing_ids: Sequence[int], target: Path) -> int:
        """Write 工作交接, a sheet each, and return how many; raises InvalidInputError for none."""
        sheets = self.handovers(filing_ids)
        if not sheets:
            raise InvalidInputError("首次备案没有前任，没有工作交接表可以打印。请选择变更或离任备案。")
        write_handovers(sheets, target, texts=self._texts())
        self._note("工作交接表", target, len(sheets))
        return len(sheets)

    # Yearly lists

    def years(self) -> tuple[int, ...]:
        """Return the years that have a filing or a paper, and the present one, newest first."""
        with self._database.snapshot() as connection:
            found = connection.execute(
                "SELECT DISTINCT substr(coalesce(filed_on, received_on), 1, 4) FROM filings"
                " WHERE received_on IS NOT NULL UNION SELECT DISTINCT CAST(year AS TEXT) FROM papers"
            ).fetchall()
        years = {int(year) for (year,) in found} | {self._journal.today.year}
        return tuple(sorted(years, reverse=True))

    def filing_ledger(self, year: int) -> FilingLedger:
        """Return 备案登记册 of a year: what got its number in it, voided numbers in their place."""
        today = self._journal.today
        with self._database.read() as session:
            body, _phone = _office(session, today, self._texts())
            calendar = stored_calendar(session)
            records = _numbered(session, year)
            return FilingLedger(year, today, body, tuple(_ledger_row(record, calendar) for record in records))

    def incoming_register(self, year: int) -> IncomingRegister:
        """Return 收文登记册 of a year."""
        today = self._journal.today
        query = (
            select(ReceivedPaper, Unit.short_name, Post.kind, Person.name, Filing.kind)
            .join(Filing, Filing.id == ReceivedPaper.filing_id)
            .join(Tenure, Tenure.id == Filing.tenure_id)
            .join(Person, Person.id == Tenure.person_id)
            .join(Post, Post.id == Tenure.post_id)
            .join(Unit, Unit.id == Post.unit_id)
            .where(ReceivedPaper.year == year)
            .order_by(ReceivedPaper.count)
        )
        with self._database.read() as session:
            body, _phone = _office(session, today, self._texts())
            rows = tuple(_incoming_row(*row) for row in session.execute(query))
        return IncomingRegister(year, today, body, rows)

    def archive_catalog(self, year: int, retention: str = RETENTIONS[1]) -> ArchiveCatalog:
        """Return 归档文件目录 of a year: what got its number in it and is not void, a 件 each (DA/T 22)."""
        today = self._journal.today
        with self._database.read() as session:
            body, _phone = _office(session, today, self._texts())
            fonds = stored_settings(session).fonds or body
            records = [record for record in _numbered(session, year) if record.state in FINAL_STATES]
            rows = tuple(
                ArchiveRow(
                    item=item,
                    number=record.filing.number or "",
                    author=record.unit.full_name,
                    title=_archive_title(record),
                    dated=record.filing.filed_on or record.filing.received_on,
                    pages=None,
                    retention=retention,
                    note=record.filing.stored_place,
                )
                for item, record in enumerate(records, 1)
            )
        return ArchiveCatalog(year, today, fonds, "首席数据官、数据专员备案", rows)

    def write_list(self, ledger: Ledger, target: Path) -> int:
        """Write a yearly list as a workbook or a PDF, as the ending says; return its number of lines."""
        if target.suffix.lower() == EXCEL_SUFFIX:
            write_ledger_book(ledger, target, texts=self._texts())
        elif target.suffix.lower() == ".pdf":
            write_ledger_pdf(ledger, target, texts=self._texts())
        else:
            raise InvalidInputError(f"“{target.name}”没有写出：文件名要以 .pdf 或 {EXCEL_SUFFIX} 结尾。")
        self._note(f"{ledger.year} 年{_LIST_NAMES[type(ledger)]}", target, len(ledger.rows))
        return len(ledger.rows)

    def _note(self, what: str, target: Path, count: int) -> None:
        told: Values = {"what": what, "file": target.name, "count": count}
        note(self._database, self._journal, EXPORTED, EXPORTS, told)


_LIST_NAMES: Final = {
    FilingLedger: "备案登记册",
    IncomingRegister: "收文登记册",
    ArchiveCatalog: "归档文件目录",
}


def _office(session: Session, today: date, texts: FormTexts) -> tuple[str, str]:
    """Return who receives filings today, and the phone number for questions."""
    body = receiving_body_on(session, today) or texts.text("receiving_body")
    return body, stored_settings(session).office_phone


def lateness(filing: Filing, calendar: WorkingCalendar) -> LateDays:
    """Tell whether a filing came after its due date; the working days alone may be none."""
    due, received = filing.due_date, filing.received_on
    if due is None or received is None:
        return LateDays(is_late=False, days=0)
    return LateDays(is_late=received > due, days=calendar.late_days(due, received))


def _receipt(
    record: FilingRecord, calendar: WorkingCalendar, body: str, phone: str, today: date
) -> FilingReceipt:
    filing, late = record.filing, lateness(record.filing, calendar)
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
        due_provisional=filing.due_provisional,
        scan_received_on=filing.scan_on,
        original_received_on=filing.original_on or (None if filing.scan_on else filing.received_on),
        late=late.is_late,
        late_days=late.days,
        late_reason=filing.late_reason,
        office_phone=phone,
    )


def _item(record: FilingRecord, row: FilingRow) -> ReminderItem:
    return ReminderItem(
        post=row.post,
        name=row.name,
        title=record.tenure.title,
        kind=row.kind,
        change_date=row.change_date,
        due_date=row.due_date,
        due_provisional=row.due_provisional,
        overdue=row.lamp is Lamp.OVERDUE,
        late_days=row.late_days,
        days_left=row.working_days_left,
    )


def _numbered(session: Session, year: int) -> list[FilingRecord]:
    """Return the filings that got their number in a year, in the order of their numbers.

    One that was imported may say only when it was received.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    of_year: ColumnElement[bool] = or_(
        Filing.number_year == year,
        Filing.number_year.is_(None)
        & func.coalesce(Filing.filed_on, Filing.received_on).between(first, last),
    )
    query = select(Filing.id).where(of_year, Filing.number.is_not(None), Filing.state.not_in(UNDERWAY_STATES))
    records = find_filings(session, list(session.scalars(query)))
    return sorted(records, key=lambda record: (record.filing.number_count or 0, record.filing.number or ""))


def _ledger_row(record: FilingRecord, calendar: WorkingCalendar) -> FilingLedgerRow:
    filing, late = record.filing, lateness(record.filing, calendar)
    return FilingLedgerRow(
        number=filing.number or "",
        unit=record.unit.short_name,
        post=record.post.kind,
        name=record.as_signed("name") or record.person.name,
        title=record.as_signed("title") or record.tenure.title,
        kind=filing.kind,
        change_date=filing.change_date,
        due_date=filing.due_date,
        due_provisional=filing.due_provisional,
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


def _incoming_row(paper: ReceivedPaper, unit: str, post: str, name: str, kind: str) -> IncomingRow:
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


def _about(record: FilingRecord) -> str:
    return f"{record.unit.short_name} {record.post.kind} {record.as_signed('name') or record.person.name}"


def _archive_title(record: FilingRecord) -> str:
    name = record.as_signed("name") or record.person.name
    return f"{record.unit.short_name}{record.post.kind}{record.filing.kind}表（{name}）"


def _handover(session: Session, record: FilingRecord, category: str) -> HandoverSheet:
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
