"""What the office hands out about filings: 回执, 提醒函, and the yearly lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.documents.ledgers import (
    ArchiveCatalog,
    ArchiveRow,
    FilingLedger,
    IncomingRegister,
    Ledger,
    write_ledger_book,
    write_ledger_pdf,
)
from cdo_desktop.documents.pdf.filing_receipt import FilingReceipt, write_receipts
from cdo_desktop.documents.pdf.handover_sheet import (
    HandoverSheet,
    handover_categories,
    write_handovers,
)
from cdo_desktop.documents.pdf.official_page import paper_problems
from cdo_desktop.documents.pdf.reminder_letter import Reminder, write_reminders
from cdo_desktop.documents.pdf.seal_list import SealItem, SealList, write_seal_list
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.models import Filing, Person, Post, ReceivedPaper, Tenure, Unit
from cdo_desktop.rules.filing import FINAL_STATES, CountedReceipt
from cdo_desktop.rules.vocabulary import FilingKind, Retention
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.filing_list import FilingListService, FilingQuery
from cdo_desktop.services.filing_paper_rows import (
    about,
    archive_title,
    handover_of,
    incoming_row,
    ledger_row,
    ledger_years,
    numbered_filings,
    receipt_of,
    reminder_item,
)
from cdo_desktop.services.filing_records import FilingRecord, find_filings
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.forms import FormService
from cdo_desktop.services.journal import EXPORTED, EXPORTS, Journal, Values, note
from cdo_desktop.services.office_settings import stored_settings
from cdo_desktop.store import Database

"""保管期限 of 归档文件 (国家档案局令第8号)."""
EXCEL_SUFFIX: Final = ".xlsx"


@dataclass(frozen=True)
class Written:
    """How many papers, or lines of a list, were written, and what of them no font can show."""

    count: int
    problems: tuple[str, ...]


class FilingPaperService:
    """Gathers what those papers show, and writes them. Every export is a line of the history."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        filings: FilingListService,
        forms: FormService,
    ) -> None:
        self._database = database
        self._journal = journal
        self._filings = filings
        self._forms = forms

    def _office(self, session: Session) -> tuple[str, str]:
        """Return who receives filings today, and the phone number for questions."""
        return self._forms.receiving_body(session), stored_settings(session).office_phone

    # 回执

    def receipts(self, filing_ids: Sequence[int]) -> tuple[FilingReceipt, ...]:
        """Return the 回执 of those filings that have a number, in the order of the register."""
        today = self._journal.today
        with self._database.read() as session:
            body, phone = self._office(session)
            calendar = stored_calendar(session)
            return tuple(
                receipt_of(record, calendar, body, phone, today)
                for record in find_filings(session, filing_ids)
                if record.state in FINAL_STATES
            )

    def write_receipts(self, filing_ids: Sequence[int], target: Path) -> Written:
        """Write 备案回执, a page each; raises InvalidInputError when there are none."""
        receipts = self.receipts(filing_ids)
        write_receipts(receipts, target, texts=self._forms.texts())
        return self._written("备案回执", target, receipts)

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
            body, phone = self._office(session)
            counted = stored_settings(session).counted_receipt
            by_unit: dict[int, list[FilingRecord]] = {}
            for record in find_filings(session, list(rows)):
                by_unit.setdefault(record.unit.id, []).append(record)
            return tuple(
                Reminder(
                    unit=records[0].unit.full_name,
                    items=tuple(reminder_item(record, rows[record.filing.id]) for record in records),
                    as_of=today,
                    dated=today,
                    receiving_body=body,
                    issuer=body,
                    contact=self._journal.actor,
                    phone=phone,
                    reply_by=reply_by,
                    scan_counts=counted is not CountedReceipt.ORIGINAL,
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
    ) -> Written:
        """Write 提醒函, one a unit; raises InvalidInputError when nothing is owed."""
        reminders = self.reminders(filing_ids, reply_by)
        write_reminders(reminders, target, duplex=duplex, texts=self._forms.texts())
        return self._written("提醒函", target, reminders)

    # 用印清单, 工作交接

    def seal_list(self, filing_ids: Sequence[int], copies: int = 2) -> SealList:
        """Return 用印清单 of the 回执 of those filings that have a number: what is to be sealed, how often.

        The seal is that of the 牵头部门 (office.md §1), who receives the filings.
        """
        today = self._journal.today
        with self._database.read() as session:
            body, _phone = self._office(session)
            records = [one for one in find_filings(session, filing_ids) if one.state in FINAL_STATES]
            items = tuple(
                SealItem(f"{record.filing.number} 备案回执（{about(record)}）", copies, "备案回执")
                for record in records
            )
        return SealList(office=body, seal=body, applied_on=today, items=items)

    def write_seal_list(self, paper: SealList, target: Path) -> Written:
        """Write 用印清单; raises InvalidInputError for one without lines."""
        if not paper.items:
            raise InvalidInputError("选中的备案还没有编号，没有可以用印的回执，没有生成清单。")
        write_seal_list(paper, target, texts=self._forms.texts())
        return self._written("用印清单", target, paper.items)

    def handovers(self, filing_ids: Sequence[int]) -> tuple[HandoverSheet, ...]:
        """Return 工作交接 of every 变更备案 and 离任备案 among these filings."""
        categories = handover_categories(self._forms.texts())
        category = next((name for name in categories if "备案" in name), categories[-1])
        with self._database.read() as session:
            return tuple(
                handover_of(session, record, category)
                for record in find_filings(session, filing_ids)
                if record.filing.kind != FilingKind.FIRST
            )

    def write_handovers(self, filing_ids: Sequence[int], target: Path) -> Written:
        """Write 工作交接, a sheet each; raises InvalidInputError for none."""
        sheets = self.handovers(filing_ids)
        if not sheets:
            raise InvalidInputError("首次备案没有前任，没有工作交接单可以打印。请选择变更或离任备案。")
        write_handovers(sheets, target, texts=self._forms.texts())
        return self._written("工作交接单", target, sheets)

    # Yearly lists

    def years(self) -> tuple[int, ...]:
        """Return the years that have a number or a paper, and the present one, newest first."""
        with self._database.read() as session:
            papers = session.scalars(select(ReceivedPaper.year).distinct())
            years = {*papers, *ledger_years(session), self._journal.today.year}
        return tuple(sorted(years, reverse=True))

    def filing_ledger(self, year: int) -> FilingLedger:
        """Return 备案登记册 of a year: what got its number in it, voided numbers in their place."""
        today = self._journal.today
        with self._database.read() as session:
            body, _phone = self._office(session)
            calendar = stored_calendar(session)
            records = numbered_filings(session, year)
            return FilingLedger(year, today, body, tuple(ledger_row(record, calendar) for record in records))

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
            body, _phone = self._office(session)
            rows = tuple(incoming_row(*row) for row in session.execute(query))
        return IncomingRegister(year, today, body, rows)

    def archive_catalog(self, year: int, retention: Retention = Retention.THIRTY_YEARS) -> ArchiveCatalog:
        """Return 归档文件目录 of a year: what got its number in it and is not void, a 件 each (DA/T 22)."""
        today = self._journal.today
        with self._database.read() as session:
            body, _phone = self._office(session)
            fonds = stored_settings(session).fonds or body
            records = [record for record in numbered_filings(session, year) if record.state in FINAL_STATES]
            rows = tuple(
                ArchiveRow(
                    item=item,
                    number=record.filing.number or "",
                    author=record.unit.full_name,
                    title=archive_title(record),
                    dated=record.filing.filed_on or record.filing.received_on,
                    pages=None,
                    retention=retention,
                    note=record.filing.stored_place,
                )
                for item, record in enumerate(records, 1)
            )
        return ArchiveCatalog(year, today, fonds, "首席数据官、数据专员备案", rows)

    def write_list(self, ledger: Ledger, target: Path) -> Written:
        """Write a yearly list as a workbook or a PDF, as the ending says; counts its lines."""
        if target.suffix.lower() == EXCEL_SUFFIX:
            write_ledger_book(ledger, target, texts=self._forms.texts())
        elif target.suffix.lower() == ".pdf":
            write_ledger_pdf(ledger, target, texts=self._forms.texts())
        else:
            raise InvalidInputError(f"“{target.name}”没有写出：文件名要以 .pdf 或 {EXCEL_SUFFIX} 结尾。")
        what = f"{ledger.year} 年{_LIST_NAMES[type(ledger)]}"
        written = self._written(what, target, ledger.rows)
        is_book = target.suffix.lower() == EXCEL_SUFFIX  # which shows whatever its reader has a font for
        return Written(written.count, ()) if is_book else written

    def _written(self, what: str, target: Path, papers: Sequence[object]) -> Written:
        told: Values = {"what": what, "file": target.name, "count": len(papers)}
        note(self._database, self._journal, EXPORTED, EXPORTS, told)
        return Written(len(papers), paper_problems(*papers))


_LIST_NAMES: Final = {
    FilingLedger: "备案登记册",
    IncomingRegister: "收文登记册",
    ArchiveCatalog: "归档文件目录",
}
