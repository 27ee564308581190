"""What both kinds of marked copy share: the fills, the notes and the list of problems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from cdo_desktop.documents.excel.marked import PROBLEM_SHEET, CellMark

AUTHOR = "首席数据官工作台"
HEADINGS = ("类别", "工作表", "行", "列", "原来的内容", "问题")
RED = "FFFF9A9A"
PALE = "FFFFF6CC"
COLOURS = (RED, PALE)
_RED_FILL = PatternFill("solid", fgColor=RED)
_PALE_FILL = PatternFill("solid", fgColor=PALE)

_EARLIER = "（原有批注）"
_FONT = "宋体"
_LONGEST_CELL = 32_767  # characters, Excel's limit
_WIDTHS = (8, 18, 8, 8, 28, 80)


@dataclass(frozen=True)
class Place:
    """The cell that shows a mark; rows and columns from 1."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True)
class ListedMark:
    """A mark as the list shows it: ``place`` is None when the workbook has no such sheet."""

    mark: CellMark
    place: Place | None
    content: str


def fill_of(mark: CellMark) -> PatternFill:
    """Return red for a problem, pale yellow for a hint."""
    return _RED_FILL if mark.blocking else _PALE_FILL


def add_list(book: Workbook, listed: Sequence[ListedMark], remark: str = "") -> None:
    """Append the sheet with all problems, each leading to its cell; ``remark`` stands below them.

    What two rows say in the same words of one merged cell is listed once.
    """
    sheet = book.create_sheet(_free_title(book))
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.append([_text_cell(sheet, heading, bold=True) for heading in HEADINGS])
    once: dict[tuple[Place | CellMark, str], ListedMark] = {}
    for one in listed:
        once.setdefault((one.place or one.mark, one.mark.message), one)
    for number, one in enumerate(once.values(), start=2):
        sheet.append(_line(sheet, one, number))
    if remark:
        sheet.append([*("" for _ in HEADINGS[1:]), _text_cell(sheet, remark)])


def is_list(first_row: Sequence[object]) -> bool:
    """Say whether a sheet that begins with these values is the list of an earlier marked copy."""
    return tuple(first_row[: len(HEADINGS)]) == HEADINGS


def note(messages: Sequence[str], earlier: Comment | None = None) -> Comment:
    """Return the note of one cell, each message once, with what an ``earlier`` note of the unit said."""
    lines = [clean(message) for message in dict.fromkeys(messages)]
    if earlier is not None:
        lines.append(_EARLIER + clean(earlier.text))
    text = "\n".join(lines)
    height = 24 + 18 * sum(1 + len(line) // 18 for line in text.split("\n"))
    return Comment(text, AUTHOR, height=min(height, 400), width=300)


def unit_note(found: Comment) -> Comment | None:
    """Return the unit's own part of a note, None when all of it is ours."""
    if found.author != AUTHOR:
        return found
    _, mark, text = found.text.partition(_EARLIER)
    return Comment(text, "") if mark else None


def clean(text: str) -> str:
    """Return the text without what a cell cannot hold."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[:_LONGEST_CELL]


def shown(value: object) -> str:
    """Return what a cell with this value shows."""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return "" if value is None else str(value)


def _free_title(book: Workbook) -> str:
    title, number = PROBLEM_SHEET, 2
    while title in book.sheetnames:  # a sheet of the unit's own
        title, number = f"{PROBLEM_SHEET}{number}", number + 1
    return title


def _line(sheet: Worksheet, one: ListedMark, number: int) -> list[Cell]:
    row = WriteOnlyCell(sheet, one.mark.row)
    row.alignment = Alignment(horizontal="left", vertical="top")
    column = _text_cell(sheet, get_column_letter(one.mark.column) if one.mark.column else "整行")
    if one.place is not None:
        target = f"{quote_sheetname(one.place.sheet)}!{get_column_letter(one.place.column)}{one.place.row}"
        for letter, cell in (("C", row), ("D", column)):
            cell.hyperlink = Hyperlink(ref="A1", location=target, tooltip="转到这个单元格")
            cell.hyperlink.ref = f"{letter}{number}"  # setting the link put the place of a loose cell, A1
            cell.font = Font(name=_FONT, color="FF0563C1", underline="single")
    kind = "问题" if one.mark.blocking else "提示"
    texts = [_text_cell(sheet, text) for text in (kind, one.mark.sheet, one.content, one.mark.message)]
    return [*texts[:2], row, column, *texts[2:]]


def _text_cell(sheet: Worksheet, text: str, *, bold: bool = False) -> Cell:
    cell = WriteOnlyCell(sheet, clean(text))
    cell.data_type = "s"  # whatever it begins with, it is no formula
    cell.font = Font(name=_FONT, bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell
