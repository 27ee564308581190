"""A marked copy that holds the values alone: of an .xls or .et, and where openpyxl cannot keep more."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from cdo_desktop.documents.excel.marked import PROBLEM_SHEET, CellMark
from cdo_desktop.documents.excel.problem_list import (
    ListedMark,
    Place,
    add_list,
    clean,
    fill_of,
    is_list,
    note,
    shown,
)
from cdo_desktop.documents.readers.workbook import CellError, CellValue, SheetGrid, WorkbookGrid

_LONGEST_PLAIN = 10**11  # from here on Excel shows 1.38E+11 unless told otherwise
_ROWS_FOR_WIDTH = 200


def write_marked_values(grid: WorkbookGrid, marks: Sequence[CellMark], target: Path, remark: str) -> None:
    """Write the values of ``grid`` with the marks as a new workbook; ``remark`` stands below the list."""
    sheets = {
        sheet.name: sheet
        for sheet in grid.sheets
        if sheet.name != PROBLEM_SHEET or not sheet.rows or not is_list(sheet.rows[0])
    }
    messages: dict[Place, list[str]] = {}
    fills: dict[str, dict[int, dict[int, PatternFill]]] = {name: {} for name in sheets}
    listed = []
    for mark in marks:
        if mark.sheet not in sheets:
            listed.append(ListedMark(mark, None, ""))
            continue
        places = _places(sheets[mark.sheet], mark)
        for place in places:
            fills[place.sheet].setdefault(place.row, {}).setdefault(place.column, fill_of(mark))
        messages.setdefault(places[0], []).append(mark.message)
        listed.append(ListedMark(mark, places[0], shown(_value(sheets[mark.sheet], places[0]))))
    book = Workbook(write_only=True)
    for sheet in sheets.values():
        _write_sheet(book, sheet, fills[sheet.name], messages)
    add_list(book, listed, remark)
    book.save(target)


def _places(sheet: SheetGrid, mark: CellMark) -> list[Place]:
    """Return the cells that the mark colours; the first one gets the note."""
    row = sheet.rows[mark.row - 1] if mark.row <= len(sheet.rows) else ()
    if mark.column is not None:
        columns = [mark.column]
    else:
        columns = [i for i, value in enumerate(row, start=1) if value is not None] or [1]
    return [_first_of_merged(sheet, mark.row, column) for column in columns]


def _first_of_merged(sheet: SheetGrid, row: int, column: int) -> Place:
    for area in sheet.merged:
        if area.first_row <= row <= area.last_row and area.first_column <= column <= area.last_column:
            return Place(sheet.name, area.first_row, area.first_column)
    return Place(sheet.name, row, column)


def _value(sheet: SheetGrid, place: Place) -> CellValue:
    if place.row > len(sheet.rows) or place.column > len(sheet.rows[0]):
        return None
    return sheet.rows[place.row - 1][place.column - 1]


def _write_sheet(
    book: Workbook,
    grid: SheetGrid,
    fills: dict[int, dict[int, PatternFill]],
    messages: dict[Place, list[str]],
) -> None:
    sheet = book.create_sheet(grid.name)
    sheet.sheet_state = "hidden" if grid.hidden else "visible"
    for column, width in enumerate(_widths(grid), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for area in grid.merged:
        first, last = get_column_letter(area.first_column), get_column_letter(area.last_column)
        sheet.merged_cells.add(f"{first}{area.first_row}:{last}{area.last_row}")
    for number in range(1, max([len(grid.rows), *fills]) + 1):
        values = grid.rows[number - 1] if number <= len(grid.rows) else ()
        cells = [_cell(sheet, value) for value in values]
        for column, fill in fills.get(number, {}).items():
            cells.extend([None] * (column - len(cells)))
            cell = cells[column - 1] or WriteOnlyCell(sheet)
            cell.fill = fill
            if told := messages.get(Place(grid.name, number, column)):
                cell.comment = note(told)
            cells[column - 1] = cell
        sheet.append(cells)


def _widths(grid: SheetGrid) -> Iterator[float]:
    """Yield widths that show the longest of the first values, a Chinese character counting two.

    A title over several columns has their room together.
    """
    titles = {
        (area.first_row, area.first_column) for area in grid.merged if area.last_column > area.first_column
    }
    for number, column in enumerate(zip(*grid.rows[:_ROWS_FOR_WIDTH], strict=True), start=1):
        own = (value for row, value in enumerate(column, start=1) if (row, number) not in titles)
        longest = max((sum(1 + (ord(sign) > 0x2E7F) for sign in shown(value)) for value in own), default=0)
        yield min(max(longest + 2, 8), 40)


def _cell(sheet: Worksheet, value: CellValue) -> Cell | None:
    if value is None:
        return None
    if isinstance(value, CellError):
        if value.text not in ERROR_CODES:
            return None  # a formula without a result
        cell = WriteOnlyCell(sheet, value.text)
        cell.data_type = "e"
        return cell
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, clean(value))
        cell.data_type = "s"  # whatever it begins with, it is no formula
        return cell
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, time):
        cell.number_format = "hh:mm:ss"
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LONGEST_PLAIN:
        cell.number_format = "0"
    return cell
