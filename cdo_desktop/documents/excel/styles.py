"""The look of the workbooks that the program writes, and text that Excel takes as it is."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.workbook import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

TITLE = "标题行"
NOTE = "说明行"
HEAD = "表头"
HEAD_MUST = "表头必填"
HEAD_OPTIONAL = "表头选填"
TEXT = "文本"
LONG_TEXT = "长文本"
CENTRED = "居中文本"
DATE = "日期值"
NUMBER = "数字值"
VACANT = "空缺岗位"
EXAMPLE = "示例行"

PAGE_WIDTH = 220
"""Characters across one page that stay legible, and all that a wide screen shows."""

_SHRUNK_WIDTH = 260  # what may still be shrunk onto one page

FOOTER = "含个人信息，请妥善保管"
DATE_FORMAT = "yyyy-mm-dd"
TEXT_FORMAT = "@"
_LONGEST_IN_TEXT_FORMAT = 255  # older Excel shows #### for longer text in a cell formatted as text

_FONT = "宋体"
_LINE = Side(style="thin", color="808080")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)

# XML cannot hold these at all; openpyxl refuses some of them and lets others through.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def add_styles(book: Workbook) -> None:
    """Give a new workbook the named styles of this module."""
    for style in (
        _style(
            TITLE, Font(name="黑体", size=18), Alignment(horizontal="centerContinuous", vertical="center")
        ),
        _style(NOTE, Font(name=_FONT, size=10.5, color="262626"), Alignment(vertical="center")),
        _style(HEAD, Font(name="黑体", size=10.5), _MIDDLE, fill="DCE6F1", border=True),
        _style(HEAD_MUST, Font(name="黑体", size=10.5), _MIDDLE, fill="FCE4D6", border=True),
        _style(HEAD_OPTIONAL, Font(name="黑体", size=10.5), _MIDDLE, fill="EDEDED", border=True),
        _style(TEXT, Font(name=_FONT, size=10.5), _LEFT, border=True, format_=TEXT_FORMAT),
        _style(LONG_TEXT, Font(name=_FONT, size=10.5), _LEFT, border=True),
        _style(CENTRED, Font(name=_FONT, size=10.5), _MIDDLE, border=True, format_=TEXT_FORMAT),
        _style(DATE, Font(name=_FONT, size=10.5), _MIDDLE, border=True, format_=DATE_FORMAT),
        _style(NUMBER, Font(name=_FONT, size=10.5), _MIDDLE, border=True, format_="0"),
        _style(VACANT, Font(name=_FONT, size=10.5), _MIDDLE, fill="FFF2CC", border=True, format_=TEXT_FORMAT),
        _style(EXAMPLE, Font(name="楷体", size=11, color="7F7F7F"), _LEFT, border=True, format_=TEXT_FORMAT),
    ):
        book.add_named_style(style)


def _style(
    name: str,
    font: Font,
    alignment: Alignment,
    *,
    fill: str = "",
    border: bool = False,
    format_: str = "General",
) -> NamedStyle:
    style = NamedStyle(name=name, font=font, alignment=alignment, number_format=format_)
    if fill:
        style.fill = PatternFill("solid", start_color=fill)
    if border:
        style.border = _BORDER
    return style


def set_up_pages(sheet: WriteOnlyWorksheet | Worksheet, *, pages: int = 1) -> None:
    """Set A4 landscape, as many pages long as it takes, with page numbers and the notice in the footer."""
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = pages
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.3, footer=0.3)
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.left.text = FOOTER
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def pages_across(widths: Sequence[float]) -> int:
    """Return on how many pages side by side a sheet stays legible: one for the basic columns."""
    total = sum(widths)
    return 1 if total <= _SHRUNK_WIDTH else math.ceil(total / PAGE_WIDTH)


def columns_in_sight(widths: Sequence[float]) -> int:
    """Return how many columns a title stands over, so that it is seen without scrolling."""
    limit = _SHRUNK_WIDTH if pages_across(widths) == 1 else PAGE_WIDTH
    return max(1, sum(total <= limit for total in accumulate(widths)))


def safe_text(text: str) -> str:
    """Return text that an .xlsx can hold and that every program shows unchanged.

    Control characters and lone surrogates go; what looks like an escape (_x0041_ is A) is escaped.
    """
    return _LOOKS_ESCAPED.sub("_x005F_", _ILLEGAL.sub("", text))


def styled_cell(sheet: WriteOnlyWorksheet, value: str | date | int | None, style: str) -> WriteOnlyCell:
    """Return a cell for a sheet that is written row by row; text stays text, "=1+1" and "#N/A" too."""
    cell = WriteOnlyCell(sheet)
    cell.style = style
    if isinstance(value, str):
        put_text(cell, value)
    elif value is not None:
        cell.value = value
        cell.number_format = DATE_FORMAT if isinstance(value, date) else "0"
    return cell


def put_text(cell: WriteOnlyCell, text: str) -> None:
    """Write text into a cell so that it never becomes a formula or an error value."""
    if not text:
        return
    cell.value = safe_text(text)
    cell.data_type = "s"
    if len(text) > _LONGEST_IN_TEXT_FORMAT and cell.number_format == TEXT_FORMAT:
        cell.number_format = "General"


def row_height(texts: Iterable[str], widths: Iterable[float]) -> float:
    """Return the height in points that a row needs when its texts wrap in columns of these widths."""
    lines = max(
        (
            sum(max(1, math.ceil(display_width(line) / width)) for line in text.split("\n"))
            for text, width in zip(texts, widths, strict=True)
        ),
        default=1,
    )
    return min(max(22.0, 14.0 * lines + 6), 409.0)


def display_width(text: str) -> int:
    """Return how many half-width characters the longest line of a text takes."""
    return max((sum(map(_character_width, line)) for line in text.split("\n")), default=0)


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def column_width(texts: Iterable[str], *, most: int) -> int:
    """Return the width of a column for what it holds, in characters; what is wider than ``most`` wraps."""
    return min(max(map(display_width, texts), default=0) + 2, most)
