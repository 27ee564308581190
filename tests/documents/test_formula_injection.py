"""What a user or a unit has typed is a text in every workbook of the program, never a formula (R29)."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from cdo_desktop.documents.excel.listing import ListColumn, ListSheet, write_listing
from cdo_desktop.documents.excel.marked import MARKS_NAME, CellMark
from cdo_desktop.documents.excel.marking import mark
from cdo_desktop.documents.excel.roster import RosterExportRow, write_roster
from cdo_desktop.documents.ledgers import (
    ArchiveCatalog,
    ArchiveRow,
    FilingLedger,
    FilingLedgerRow,
    IncomingRegister,
    IncomingRow,
    Ledger,
    write_ledger_book,
)
from cdo_desktop.rules.roster_columns import ALL_FIELDS, DATE_FIELDS, RosterField
from cdo_desktop.ui.common.table_copy import CopiedTable, as_html

ATTACKS = (
    *("=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "+1-1", "@x", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1"),
    *("＝1+1", "=", "{=1+1}", '=HYPERLINK("http://x","x")', "'=1+1", "#REF!", "1e5", "00123", "TRUE"),
)
TEXT_FIELDS = [field for field in ALL_FIELDS if field not in DATE_FIELDS]
DAY = date(2026, 11, 28)
Writer = Callable[[Path, Sequence[str]], None]


def _roster(target: Path, texts: Sequence[str]) -> None:
    rows = [RosterExportRow(dict.fromkeys(TEXT_FIELDS, text)) for text in texts]
    for text in texts:
        write_roster(rows, ALL_FIELDS, target, title=text, note=text)


def _listing(target: Path, texts: Sequence[str]) -> None:
    """As the audit trail is exported."""
    columns = [ListColumn(text, 10) for text in texts]
    write_listing([ListSheet("操作记录", texts[0], texts[1], columns, [texts, texts])], target)


def _filing_ledger(text: str) -> Ledger:
    row = FilingLedgerRow(
        *(text, text, text, text, text, text),
        late_reason=text,
        handler=text,
        place=text,
        note=text,
        voided=True,
        void_reason=text,
    )
    return FilingLedger(2026, DAY, text, (row,))


def _incoming_register(text: str) -> Ledger:
    row = IncomingRow(text, None, text, text, text, text, 1, text, text)
    return IncomingRegister(2026, DAY, text, (row,))


def _archive_catalog(text: str) -> Ledger:
    row = ArchiveRow(1, text, text, text, None, 1, text, text)
    return ArchiveCatalog(2026, DAY, text, text, (row,))


def _ledger(target: Path, texts: Sequence[str], made: Callable[[str], Ledger]) -> None:
    """The rows of all texts in one list, which has its heads from the program."""
    first, *others = map(made, texts)
    rows = tuple(row for ledger in (first, *others) for row in ledger.rows)
    write_ledger_book(replace(first, rows=rows), target)  # type: ignore[arg-type]  # one kind of rows


def _marked(target: Path, texts: Sequence[str], *, keep_styles: bool) -> None:
    book = Workbook()
    for number, text in enumerate(texts, start=1):
        book.active.cell(number, 1, text).data_type = "s"
    source, folder = target.with_name("原件.xlsx"), target.with_name("marks")
    book.save(source)
    folder.mkdir()
    marks = [CellMark("Sheet", number, 1, text) for number, text in enumerate(texts, start=1)]
    (folder / MARKS_NAME).write_text(json.dumps([asdict(one) for one in marks]), encoding="utf-8")
    mark(source, folder, target, keep_styles=keep_styles)


WRITERS: dict[str, Writer] = {
    "roster": _roster,
    "listing": _listing,
    "备案登记册": lambda target, texts: _ledger(target, texts, _filing_ledger),
    "收文登记册": lambda target, texts: _ledger(target, texts, _incoming_register),
    "归档文件目录": lambda target, texts: _ledger(target, texts, _archive_catalog),
    "marked copy": lambda target, texts: _marked(target, texts, keep_styles=True),
    "marked copy of the values": lambda target, texts: _marked(target, texts, keep_styles=False),
}


def _cells(path: Path) -> Iterator[Cell]:
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def _plain(text: object) -> str:
    return str(text).replace("\r", "\n").strip()


@pytest.mark.parametrize("kind", WRITERS)
def test_no_text_becomes_a_formula_in_any_workbook(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "导出.xlsx"
    WRITERS[kind](target, ATTACKS)
    found = {_plain(cell.value) for cell in _cells(target) if cell.data_type == "s"}
    assert {_plain(text) for text in ATTACKS} <= found
    assert {cell.data_type for cell in _cells(target)} <= {"s", "n"}
    assert all(isinstance(cell.value, int) for cell in _cells(target) if cell.data_type == "n")


def test_numbers_and_dates_stay_what_they_are(tmp_path: Path) -> None:
    target = tmp_path / "名册.xlsx"
    row = RosterExportRow({RosterField.UNIT_ORDER: 7, RosterField.SINCE: date(2026, 3, 5)})
    write_roster([row], ALL_FIELDS, target, title="名册", note="")
    kinds = [cell.data_type for cell in _cells(target) if not isinstance(cell.value, str)]
    assert kinds == ["n", "d"] or kinds == ["d", "n"]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_copied_cell_is_left_to_excel_to_understand(text: str) -> None:
    html = as_html(CopiedTable((text,), [(text,)], (False,)), with_heads=True)
    cells = [line for line in html.split("<t")[1:] if line.startswith(("d ", "h "))]
    assert len(cells) == 2
    assert all("x:str" in cell and "mso-number-format" in cell for cell in cells)
