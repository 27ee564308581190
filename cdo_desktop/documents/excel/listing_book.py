"""The sheets of a list, written row by row."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from cdo_desktop.documents.excel.listing import ListSheet
from cdo_desktop.documents.excel.styles import (
    CENTRED,
    DATE,
    HEAD,
    LONG_TEXT,
    NOTE,
    NUMBER,
    TITLE,
    add_styles,
    row_height,
    set_up_pages,
    styled_cell,
)
from cdo_desktop.documents.table_paper import Cell

_HEAD_ROW = 3
_HEIGHTS = {1: 32, 2: 18, _HEAD_ROW: 24}  # points; the rows themselves grow with what they hold
_LONGEST_CELL = 32_767  # characters, Excel's limit


def write_book(sheets: Sequence[ListSheet], path: Path) -> None:
    """Write the workbook; see ``write_listing``."""
    book = Workbook(write_only=True)
    add_styles(book)
    try:
        for content in sheets:
            _write(book.create_sheet(content.name), content)
    finally:
        book.save(path)  # also when stopped: only so does openpyxl close and remove its temporary file


def _write(sheet: WriteOnlyWorksheet, content: ListSheet) -> None:
    _set_up(sheet, content)
    titles = [content.title, *("" for _ in content.columns[1:])]
    sheet.append([styled_cell(sheet, text, TITLE) for text in titles])
    sheet.append([styled_cell(sheet, content.note, NOTE)])
    sheet.append([styled_cell(sheet, column.title, HEAD) for column in content.columns])
    styles = [CENTRED if column.centred else LONG_TEXT for column in content.columns]
    widths = [column.width for column in content.columns]
    last = _HEAD_ROW
    for row in content.rows:
        last += 1
        if content.printed:
            sheet.row_dimensions[last].height = row_height(map(str, row), widths)
        cells = zip(row, styles, strict=True)
        sheet.append([_cell(sheet, value, style) for value, style in cells])
    if content.printed:
        sheet.auto_filter.ref = f"A{_HEAD_ROW}:{get_column_letter(len(content.columns))}{last}"


def _cell(sheet: WriteOnlyWorksheet, value: Cell, style: str) -> WriteOnlyCell:
    if isinstance(value, str):
        return styled_cell(sheet, value[:_LONGEST_CELL], style)
    return styled_cell(
        sheet, value, DATE if isinstance(value, date) else NUMBER if value is not None else style
    )


def _set_up(sheet: WriteOnlyWorksheet, content: ListSheet) -> None:
    """Set widths, frozen head and pages: they stand before the rows in the file."""
    for number, column in enumerate(content.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for number, height in _HEIGHTS.items():
        sheet.row_dimensions[number].height = height
    sheet.freeze_panes = f"A{_HEAD_ROW + 1}"
    set_up_pages(sheet)
    if not content.landscape:
        sheet.page_setup.orientation = "portrait"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
