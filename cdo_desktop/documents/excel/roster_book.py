"""The sheet of the roster export, written row by row."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import BinaryIO, TypeAlias

from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from cdo_desktop.documents.excel.styles import (
    CENTRED,
    DATE,
    HEAD,
    NOTE,
    NUMBER,
    TEXT,
    TITLE,
    VACANT,
    add_styles,
    column_width,
    columns_in_sight,
    pages_across,
    row_height,
    set_up_pages,
    styled_cell,
)
from cdo_desktop.rules.roster_columns import DATE_FIELDS, RosterField

F = RosterField

SHEET_NAME = "名册"
HEAD_ROW = 3
_KEPT_IN_SIGHT = (F.UNIT_FULL_NAME, F.UNIT_SHORT_NAME, F.UNIT_CATEGORY, F.POST, F.NAME)
_CENTRED = (
    F.UNIT_CATEGORY,
    F.POST,
    F.NAME,
    F.SEX,
    F.HEAD,
    F.MOBILE,
    F.POSTCODE,
    F.BIRTH_MONTH,
    F.FILING_KIND,
    F.CHANGE_REASON,
    F.HANDOVER,
    F.UNIT_GROUP,
    F.UNIT_NAME_CONFIRMED,
    F.UNIT_CODE,
    F.BASIS_KIND,
    F.FILING_STATE,
    F.FILING_NUMBER,
)
_HEAD_WIDTH = 12  # longer headings break
_COMMON_WIDTH = 22
_MOST_WIDTH = {
    F.UNIT_FULL_NAME: 28,
    F.UNIT_SHORT_NAME: 16,
    F.TITLE: 20,
    F.BASIS: 20,
    F.EMAIL: 30,
    F.NOTE: 24,
    F.ADDRESS: 30,
    F.WORK_SCOPE: 36,
    F.DUTIES: 36,
    F.UNIT_NOTE: 24,
    F.TRAINING: 30,
}
_HEIGHTS = {1: 32, 2: 18, HEAD_ROW: 34}  # points

_Values: TypeAlias = Mapping[RosterField, str | date | int]


def write_book(
    rows: Sequence[_Values],
    fields: Sequence[RosterField],
    file: BinaryIO,
    *,
    title: str,
    note: str,
    progress: Callable[[int, int, str], None] | None,
) -> None:
    """Write the workbook; see ``write_roster``."""
    book = Workbook(write_only=True)
    add_styles(book)
    sheet = book.create_sheet(SHEET_NAME)
    widths = [_width(field, rows) for field in fields]
    _set_up(sheet, fields, widths, len(rows))
    try:
        title_cells = ["" if number else title for number in range(columns_in_sight(widths))]
        sheet.append([styled_cell(sheet, text, TITLE) for text in title_cells])
        sheet.append([styled_cell(sheet, note, NOTE)])
        sheet.append([styled_cell(sheet, str(field), HEAD) for field in fields])
        for done, row in enumerate(rows):
            if progress is not None and done % 50 == 0:
                progress(done, len(rows), "")
            shown = (_shown(row, field) for field in fields)
            sheet.row_dimensions[HEAD_ROW + 1 + done].height = row_height(shown, widths)
            sheet.append([_cell(sheet, field, row.get(field, "")) for field in fields])
    finally:
        book.save(file)  # also when stopped: only so does openpyxl close and remove its temporary file


def _shown(row: _Values, field: RosterField) -> str:
    return str(row.get(field, ""))


def _cell(sheet: WriteOnlyWorksheet, field: RosterField, value: str | date | int) -> WriteOnlyCell:
    if field in DATE_FIELDS:
        style = DATE
    elif isinstance(value, int):
        style = NUMBER
    elif field is F.NAME and not value:
        style = VACANT
    else:
        style = CENTRED if field in _CENTRED else TEXT
    return styled_cell(sheet, value, style)


def _set_up(
    sheet: WriteOnlyWorksheet, fields: Sequence[RosterField], widths: Sequence[float], count: int
) -> None:
    """Set widths, frozen panes, filter and pages: they stand before the rows in the file."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, height in _HEIGHTS.items():
        sheet.row_dimensions[number].height = height
    kept = 0
    while kept < len(fields) and fields[kept] in _KEPT_IN_SIGHT:
        kept += 1
    sheet.freeze_panes = f"{get_column_letter(kept + 1)}{HEAD_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(fields))}{HEAD_ROW + count}"
    pages = pages_across(widths)
    set_up_pages(sheet, pages=pages)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    if pages > 1 and kept:
        sheet.print_title_cols = f"A:{get_column_letter(kept)}"


def _width(field: RosterField, rows: Sequence[_Values]) -> float:
    head = column_width([str(field)], most=_HEAD_WIDTH)
    held = column_width((_shown(row, field) for row in rows), most=_MOST_WIDTH.get(field, _COMMON_WIDTH))
    return max(head, held)
