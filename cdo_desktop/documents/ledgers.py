"""The office's yearly lists, as a paper and as a workbook: 备案登记册, 收文登记册, 归档文件目录.

Rows come numbered and sorted as they are to stand. A date that is None and an empty text leave a place empty.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, TypeAlias

from cdo_desktop.documents.ledger_tables import archive_table, filing_table, incoming_table
from cdo_desktop.documents.pdf.form_texts import FormTexts, form_texts
from cdo_desktop.documents.table_paper import TablePaper


@dataclass(frozen=True)
class FilingLedgerRow:
    """One 备案 of 备案登记册; a ``voided`` one keeps its place and its number.

    ``due_date`` None is a filing without limit. ``late_days`` are working days: 0 with ``late`` says that no
    whole working day lay between.
    """

    number: str
    unit: str
    post: str
    name: str
    title: str
    kind: str
    change_date: date | None = None
    due_date: date | None = None
    due_provisional: bool = False
    received_on: date | None = None
    late: bool = False
    late_days: int = 0
    late_reason: str = ""
    filed_on: date | None = None
    handler: str = ""
    stored_on: date | None = None
    place: str = ""
    note: str = ""
    voided: bool = False
    void_reason: str = ""


@dataclass(frozen=True)
class FilingLedger:
    """备案登记册 of a year; ``keeper`` is the receiving body."""

    year: int
    as_of: date
    keeper: str
    rows: tuple[FilingLedgerRow, ...]


@dataclass(frozen=True)
class IncomingRow:
    """One paper of 收文登记册; ``form`` is 扫描件 or 原件, ``way`` OA, 政务微信, 现场, 邮寄."""

    number: str
    received_on: date | None
    sender: str
    document: str
    form: str
    way: str
    copies: int | None
    receiver: str
    note: str = ""


@dataclass(frozen=True)
class IncomingRegister:
    """收文登记册 of a year; ``keeper`` is the office that receives."""

    year: int
    as_of: date
    keeper: str
    rows: tuple[IncomingRow, ...]


@dataclass(frozen=True)
class ArchiveRow:
    """One 件 of 归档文件目录: ``item`` 件号, ``number`` 文号（备案编号）, ``author`` 责任者, ``dated`` 日期.

    ``retention`` is 保管期限: 10年, 30年 or 永久.
    """

    item: int
    number: str
    author: str
    title: str
    dated: date | None
    pages: int | None
    retention: str
    note: str = ""


@dataclass(frozen=True)
class ArchiveCatalog:
    """归档文件目录 of a year (DA/T 22): ``fonds`` is the 立档单位, ``department`` the 机构（问题）."""

    year: int
    made_on: date
    fonds: str
    department: str
    rows: tuple[ArchiveRow, ...]


Ledger: TypeAlias = FilingLedger | IncomingRegister | ArchiveCatalog


def write_ledger_pdf(ledger: Ledger, target: Path | BinaryIO, *, texts: FormTexts | None = None) -> int:
    """Write a list on A4 pages with repeated heads and return their number.

    Characters that no font has are left blank; ``official_page.paper_problems`` names them. Raises
    StorageError or FileInUseError when the file cannot be written.
    """
    from cdo_desktop.documents.pdf.table_pages import write_table_pdf

    return write_table_pdf(ledger_table(ledger, texts), target)


def write_ledger_book(ledger: Ledger, target: Path, *, texts: FormTexts | None = None) -> None:
    """Write a list as a workbook: the same columns, dates as dates, no formulas; errors as above."""
    from cdo_desktop.documents.excel.listing import ListColumn, ListSheet, write_listing

    table = ledger_table(ledger, texts)
    columns = [ListColumn(one.title.replace("\n", ""), one.characters, not one.left) for one in table.columns]
    note = "　　".join(text for text in (table.note, table.dated) if text)
    sheet = ListSheet(
        table.name, table.title, note, columns, table.rows, printed=True, landscape=table.landscape
    )
    write_listing([sheet], target)


def ledger_table(ledger: Ledger, texts: FormTexts | None = None) -> TablePaper:
    """Return heads and values of a list, as both files show them."""
    words = texts or form_texts()
    if isinstance(ledger, FilingLedger):
        return filing_table(ledger, words)
    if isinstance(ledger, IncomingRegister):
        return incoming_table(ledger, words)
    return archive_table(ledger, words)
