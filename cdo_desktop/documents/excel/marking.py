"""The marking itself, inside the child process (see ``marked``): the workbook as it came, and marks."""

import json
import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from cdo_desktop.documents.atomic import fullest_place
from cdo_desktop.documents.excel.cached_results import put_results_in
from cdo_desktop.documents.excel.marked import MARKS_NAME, PROBLEM_SHEET, CellMark
from cdo_desktop.documents.excel.marked_values import write_marked_values
from cdo_desktop.documents.excel.problem_list import (
    COLOURS,
    HEADINGS,
    ListedMark,
    Place,
    add_list,
    fill_of,
    is_list,
    note,
    shown,
    unit_note,
)
from cdo_desktop.documents.readers import limits
from cdo_desktop.documents.readers.child import RESULT_NAME
from cdo_desktop.documents.readers.content import XLSX, damaged, identify
from cdo_desktop.documents.readers.extract import BROKEN, extract, read_content
from cdo_desktop.documents.readers.ooxml import XlsxFacts, scan_xlsx
from cdo_desktop.documents.readers.workbook import decode
from cdo_desktop.errors import StorageError, system_reason

_ONLY_VALUES = "原工作簿的格式无法照搬，本文件只有各单元格的内容。"
_DATE_REPLACED = "outside the limits for dates"  # openpyxl's warning when it puts #VALUE! for such a number


def mark(source: Path, folder: Path, fresh: Path, *, keep_styles: bool) -> None:
    """Write the marked copy of ``source`` to ``fresh``; ``folder`` holds the marks and temporary files."""
    told = json.loads((folder / MARKS_NAME).read_text(encoding="utf-8"))
    marks = [CellMark(**one) for one in told]
    content = read_content(source)
    facts = _survey(content, source.name)
    try:
        if keep_styles and facts is not None and facts.inflated <= limits.MARK_KEEPING_STYLES_BYTES:
            book = _load(content)
            if book is not None:
                _mark_in_place(book, facts, marks, folder / "marked.xlsx", fresh)
                return
        extract(source, folder / RESULT_NAME)
        with (folder / RESULT_NAME).open(encoding="utf-8") as lines:
            grid = decode(lines)
        write_marked_values(grid, marks, fresh, _ONLY_VALUES if facts is not None else "")
    except OSError as error:
        raise StorageError(
            f"问题副本没有写成（“{fullest_place(fresh.parent)}”：{system_reason(error)}），原文件没有改动。"
            "请清理磁盘，或换一个位置保存。"
        ) from error


def _survey(content: bytes, name: str) -> XlsxFacts | None:
    """Check the workbook as reading does; None for an .xls, which ``extract`` checks."""
    try:
        if identify(content, name) == XLSX:
            return scan_xlsx(BytesIO(content), name)
    except BROKEN as error:
        raise damaged(name) from error
    return None


def _load(content: bytes) -> Workbook | None:
    """Return the workbook to be marked, None when openpyxl would change values in it."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        book = load_workbook(BytesIO(content), rich_text=True)
    return None if any(_DATE_REPLACED in str(one.message) for one in told) else book


def _mark_in_place(
    book: Workbook, facts: XlsxFacts, marks: Sequence[CellMark], written: Path, fresh: Path
) -> None:
    _remove_earlier_marks(book)
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    messages: dict[Place, list[str]] = {}
    coloured: set[Place] = set()
    listed = []
    for one in marks:
        if one.sheet not in sheets:
            listed.append(ListedMark(one, None, ""))
            continue
        sheet = sheets[one.sheet]
        place = _mark_cells(sheet, one, coloured)
        messages.setdefault(place, []).append(one.message)
        listed.append(ListedMark(one, place, _content(sheet, facts, place)))
    for place, told in messages.items():
        cell = sheets[place.sheet].cell(place.row, place.column)
        cell.comment = note(told, cell.comment)
    add_list(book, listed)
    book.save(written)
    numbers = {sheet.title: number for number, sheet in enumerate(book.worksheets, start=1)}
    results = {numbers[name]: sheet.formulas for name, sheet in facts.sheets.items() if name in numbers}
    put_results_in(written, results, fresh)


def _mark_cells(sheet: Worksheet, one: CellMark, coloured: set[Place]) -> Place:
    """Colour what the mark is about, show its row, and return the cell that gets the note.

    What is ``coloured`` keeps its colour: a hint does not hide a problem.
    """
    if one.column is not None:
        columns = [one.column]
    else:
        columns = [i for i in range(1, sheet.max_column + 1) if sheet.cell(one.row, i).value is not None]
    places = [_first_of_merged(sheet, one.row, column) for column in columns or [1]]
    for row, column in places:
        sheet.row_dimensions[row].hidden = False
        place = Place(sheet.title, row, column)
        if place not in coloured:
            sheet.cell(row, column).fill = fill_of(one)
            coloured.add(place)
    return Place(sheet.title, *places[0])


def _first_of_merged(sheet: Worksheet, row: int, column: int) -> tuple[int, int]:
    if isinstance(sheet.cell(row, column), MergedCell):
        for area in sheet.merged_cells.ranges:
            if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
                return area.min_row, area.min_col
    return row, column


def _content(sheet: Worksheet, facts: XlsxFacts, place: Place) -> str:
    """Return what a cell shows; of a formula its result."""
    at = (place.row, place.column)
    formulas = facts.sheets[place.sheet].formulas
    return formulas[at][1] if at in formulas else shown(sheet.cell(*at).value)


def _remove_earlier_marks(book: Workbook) -> None:
    """Take away what an earlier marking put in: the unit has corrected that copy and sent it back."""
    for sheet in list(book.worksheets):
        first_row = [sheet.cell(1, i).value for i in range(1, len(HEADINGS) + 1)]
        if sheet.title == PROBLEM_SHEET and is_list(first_row):
            del book[sheet.title]
            continue
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell, MergedCell):
                    continue
                if cell.comment is not None:
                    cell.comment = unit_note(cell.comment)
                is_filled = cell.has_style and cell.fill.fill_type == "solid"
                if is_filled and cell.fill.fgColor.rgb in COLOURS:
                    cell.fill = PatternFill()
