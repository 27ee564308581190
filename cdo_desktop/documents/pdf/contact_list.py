"""通讯录: every unit's 首席数据官 and 数据专员 with their phones, on A4 pages for the desk.

Landscape, because two titles and two phones stand side by side. Units come in groups, heads are repeated on
every page and a group that goes on is named again. Names of two characters are spread to the width of three.
Phones are there to be read at arm's length: what does not fit on one line goes on below, and the row grows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cdo_desktop.documents.pdf.cell_text import (
    Fitted,
    block_height,
    broken_after,
    fit,
    marked,
    printable,
)
from cdo_desktop.documents.pdf.filing_data import written_date
from cdo_desktop.documents.pdf.flowing_table import draw_band
from cdo_desktop.documents.pdf.fonts import (
    FontRole,
    draw_text,
    text_width,
)
from cdo_desktop.documents.pdf.form_drawing import draw_lines
from cdo_desktop.documents.pdf.form_layout import MM, Rect
from cdo_desktop.documents.pdf.form_texts import FormTexts, form_texts
from cdo_desktop.documents.pdf.official_page import draw_centred, named_missing
from cdo_desktop.documents.pdf.pdf_target import whole_pdf

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True)
class ContactRow:
    """One unit's line. ``group`` is 部门 or 街镇（园区）; a post without a name is shown as vacant."""

    group: str
    unit: str
    cdo_name: str
    cdo_title: str
    cdo_phone: str
    specialist_name: str
    specialist_title: str
    specialist_phone: str


_FILE = "contact_list"
PAGE_WIDTH, PAGE_HEIGHT = 297 * MM, 210 * MM
_LEFT, _RIGHT = 15 * MM, 282 * MM
_TITLE_BASELINE = PAGE_HEIGHT - 17 * MM
_TOP = PAGE_HEIGHT - 22 * MM
_BOTTOM = 14 * MM
_HEAD = 7 * MM  # each of the two head rows
_GROUP = 7 * MM
_LEAST_ROW = 7.3 * MM
_PAD_X, _PAD_Y = 3.5, 2.0
_SIZE = 10.5
_LEAST_SIZE = 10.0  # on one line; what is wider is broken, not made smaller
_COLUMNS = (11.0, 44.0, 23.0, 51.0, 32.0, 23.0, 51.0, 32.0)  # mm: number, unit, then name, title, phone twice
_LEFT_ALIGNED = (1, 3, 6)
_NAMES = (2, 5)
_BREAKS = {2: "·", 3: " ", 4: " ", 5: "·", 6: " ", 7: " "}
"""Where the text of a column is best broken: parts of a name, 科室 and 职务, two phones."""


@dataclass(frozen=True)
class _Line:
    """One row of the list as it is printed; a group's heading has only ``heading``."""

    height: float
    cells: tuple[Fitted, ...] = ()
    heading: str = ""


def write_contact_list(
    rows: Sequence[ContactRow],
    as_of: date,
    target: Path | BinaryIO,
    *,
    texts: FormTexts | None = None,
) -> int:
    """Write the list into one PDF and return the number of pages.

    Groups come in the order of their first units, and every group once; its units stay in the given order.
    Characters that no font has are left
    blank; ``contact_problems`` names them. Raises StorageError or FileInUseError when the file cannot be
    written.
    """
    words = texts or form_texts()
    pages = _paginated(rows, words)
    with whole_pdf(target, words.paper(_FILE, "title"), pagesize=(PAGE_WIDTH, PAGE_HEIGHT)) as canvas:
        for number, lines in enumerate(pages, 1):
            _draw_page(canvas, lines, words, as_of, number, len(pages))
            canvas.showPage()
    return len(pages)


def contact_problems(rows: Sequence[ContactRow]) -> tuple[str, ...]:
    """Return a sentence for every character that no font has."""
    problems = []
    for row in rows:
        texts = (row.group, *_texts_of(row))
        if named := named_missing(texts):
            problems.append(
                f"“{row.unit}”一行中的{named}没有可用的字体，打印时会空出位置；请核对，或打印后手写补上。"
            )
    return tuple(problems)


def spread_name(name: str) -> str:
    """Return a name of two Chinese characters with a blank between them, any other as it is."""
    return "　".join(name) if len(name) == 2 and all(ord(ch) >= 0x3400 for ch in name) else name


def _texts_of(row: ContactRow) -> tuple[str, ...]:
    return (
        row.unit,
        row.cdo_name,
        row.cdo_title,
        row.cdo_phone,
        row.specialist_name,
        row.specialist_title,
        row.specialist_phone,
    )


def _paginated(rows: Sequence[ContactRow], words: FormTexts) -> list[list[_Line]]:
    """Share the rows among pages; a heading never stands alone at the foot of one."""
    room = _TOP - 2 * _HEAD - _BOTTOM
    pages: list[list[_Line]] = [[]]
    used = 0.0
    number = 0
    for group, units in _grouped(rows).items():
        heading = words.paper(_FILE, "group", group=group, count=str(len(units)))
        again = words.paper(_FILE, "group_continued", group=group)
        for first, row in enumerate(units):
            number += 1
            line = _line(number, row, words)
            needed = line.height + (_GROUP if first == 0 else 0.0)
            if used + needed > room:
                pages.append([])
                used = 0.0
            if first == 0 or not pages[-1]:
                pages[-1].append(_Line(_GROUP, heading=heading if first == 0 else again))
                used += _GROUP
            pages[-1].append(line)
            used += line.height
    return pages


def _grouped(rows: Sequence[ContactRow]) -> dict[str, list[ContactRow]]:
    groups: dict[str, list[ContactRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return groups


def _line(number: int, row: ContactRow, words: FormTexts) -> _Line:
    texts = [str(number), *(printable(text) for text in _texts_of(row))]
    for column in _NAMES:
        name = texts[column]
        texts[column] = spread_name(name) if name else words.paper(_FILE, "vacant")
        for other in (column + 1, column + 2):
            texts[other] = texts[other] or (words.paper(_FILE, "nothing") if name else "")
    cells = tuple(
        _cell(text, _COLUMNS[column] * MM - 2 * _PAD_X, _BREAKS.get(column, ""))
        for column, text in enumerate(texts)
    )
    needed = max(block_height(len(cell.lines), cell.size) for cell in cells) + 2 * _PAD_Y
    return _Line(max(_LEAST_ROW, needed), cells)


def _cell(text: str, width: float, mark: str) -> Fitted:
    """Fit a text at 10 pt or more, broken after ``mark`` where it can be.

    It takes at most half a page, so that a page always holds a row; what is longer gets smaller, or ends in
    words that say so.
    """
    if mark:
        text = broken_after(mark, text, FontRole.FANGSONG, width, _SIZE, _LEAST_SIZE)
    return marked(fit(text, FontRole.FANGSONG, width, (_TOP - _BOTTOM) / 2 - 2 * _PAD_Y, _SIZE), width)


def _draw_page(
    canvas: "Canvas", lines: Sequence[_Line], words: FormTexts, as_of: date, number: int, pages: int
) -> None:
    title = words.paper(_FILE, "title")
    draw_centred(canvas, (_LEFT + _RIGHT) / 2, _TITLE_BASELINE, title, FontRole.TITLE, 18.0)
    dated = words.paper(_FILE, "as_of", date=written_date(as_of, words))
    draw_text(canvas, _RIGHT - text_width(dated, FontRole.SONG, 9.5), _TOP + 4, dated, FontRole.SONG, 9.5)
    draw_text(canvas, _LEFT, _TOP + 4, words.paper(_FILE, "internal"), FontRole.SONG, 9.5)
    page = words.paper(_FILE, "page", page=str(number), pages=str(pages))
    draw_centred(canvas, (_LEFT + _RIGHT) / 2, 10 * MM, page, FontRole.SONG, 9.5)
    canvas.setLineWidth(0.5)
    _draw_head(canvas, words)
    y = _TOP - 2 * _HEAD
    for line in lines:
        y -= line.height
        _draw_line(canvas, line, y)
    canvas.setLineWidth(1.2)
    canvas.rect(_LEFT, y, _RIGHT - _LEFT, _TOP - y)


def _draw_head(canvas: "Canvas", words: FormTexts) -> None:
    """Draw the two head rows: number and unit over both, each post over its three columns."""
    edges = _edges()
    full, lower = _TOP - 2 * _HEAD, _TOP - _HEAD
    columns = ("number", "unit", "name", "title", "phone", "name", "title", "phone")
    for index, column in enumerate(columns):
        height = 2 * _HEAD if index < 2 else _HEAD
        rect = Rect(edges[index], full, edges[index + 1] - edges[index], height)
        _draw_head_cell(canvas, rect, words.paper(_FILE, f"columns.{column}"))
    for first, post in ((2, "cdo"), (5, "specialist")):
        rect = Rect(edges[first], lower, edges[first + 3] - edges[first], _HEAD)
        _draw_head_cell(canvas, rect, words.paper(_FILE, f"columns.{post}"))


def _draw_head_cell(canvas: "Canvas", rect: Rect, text: str) -> None:
    canvas.rect(rect.x, rect.y, rect.width, rect.height)
    draw_lines(canvas, rect, fit(text, FontRole.HEI, rect.width - 4, rect.height, _SIZE), FontRole.HEI)


def _draw_line(canvas: "Canvas", line: _Line, y: float) -> None:
    if line.heading:
        rect = Rect(_LEFT, y, _RIGHT - _LEFT, line.height)
        draw_band(canvas, rect, line.heading, _SIZE, left=False)
        return
    edges = _edges()
    for index, fitted in enumerate(line.cells):
        rect = Rect(edges[index], y, edges[index + 1] - edges[index], line.height)
        canvas.rect(rect.x, rect.y, rect.width, rect.height)
        draw_lines(canvas, rect, fitted, FontRole.FANGSONG, left=index in _LEFT_ALIGNED)


def _edges() -> list[float]:
    edges = [_LEFT]
    for width in _COLUMNS:
        edges.append(edges[-1] + width * MM)
    return edges
