"""A table of labels and values: one or two pairs a row, rows as high as their values need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cdo_desktop.documents.pdf.cell_text import LARGEST, Fitted, block_height, fit, marked, printable
from cdo_desktop.documents.pdf.fonts import FontRole
from cdo_desktop.documents.pdf.form_drawing import INNER_LINE, OUTER_LINE, draw_lines
from cdo_desktop.documents.pdf.form_layout import MM, PAD_X, Rect
from cdo_desktop.documents.pdf.official_page import Sheet

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

Facts: TypeAlias = Sequence[Sequence[tuple[str, str]]]
"""Rows of (label, value), one or two of them in each."""

_SIZES = (LARGEST, 11.0, 10.0, 9.0, 8.0)
_LEAST = 10 * MM
_LABEL = 29 * MM
_PAD_Y = 4.0
_HIGHEST = (45 * MM, 30 * MM, 20 * MM, 12 * MM)
"""What a row may take, less where all are long; a text that needs more ends in words that say so."""


@dataclass(frozen=True)
class _Row:
    size: float
    height: float
    cells: tuple[tuple[str, Fitted, float], ...]  # label, value, width of both


def draw_facts(canvas: "Canvas", sheet: Sheet, top: float, facts: Facts, room: float) -> float:
    """Draw the table downwards from ``top``, as large as ``room`` allows, and return where it ends."""
    rows = _fitted(facts, sheet.inner, room)
    canvas.setLineWidth(INNER_LINE)
    y = top
    for row in rows:
        y -= row.height
        x = sheet.left
        for label, value, width in row.cells:
            rect = Rect(x, y, _LABEL, row.height)
            canvas.rect(rect.x, rect.y, rect.width, rect.height)
            name = fit(
                label, FontRole.SONG, _LABEL - 6, row.height, min(LARGEST, row.size + 1.5), one_line=True
            )
            draw_lines(canvas, rect, name, FontRole.SONG)
            rect = Rect(x + _LABEL, y, width - _LABEL, row.height)
            canvas.rect(rect.x, rect.y, rect.width, rect.height)
            left = len(row.cells) == 1 or len(value.lines) > 1
            draw_lines(canvas, rect, value, FontRole.FANGSONG, left=left)
            x += width
    canvas.setLineWidth(OUTER_LINE)
    canvas.rect(sheet.left, y, sheet.inner, top - y)
    canvas.setLineWidth(INNER_LINE)
    return y


def facts_height(facts: Facts, sheet: Sheet) -> float:
    """Return the height of the table at its usual size."""
    return sum(row.height for row in _rows(facts, sheet.inner, LARGEST))


def _fitted(facts: Facts, inner: float, room: float) -> list[_Row]:
    tries = [(size, _HIGHEST[0]) for size in _SIZES] + [(_SIZES[-1], highest) for highest in _HIGHEST[1:]]
    for size, highest in tries:
        rows = _rows(facts, inner, size, highest)
        if sum(row.height for row in rows) <= room:
            break
    return rows


def _rows(facts: Facts, inner: float, size: float, highest: float = _HIGHEST[0]) -> list[_Row]:
    rows = []
    for pairs in facts:
        width = inner / len(pairs)
        area = width - _LABEL - 2 * PAD_X
        cells = []
        for label, text in pairs:
            value = fit(printable(text), FontRole.FANGSONG, area, highest - 2 * _PAD_Y, size)
            cells.append((label, marked(value, area), width))
        needed = max(block_height(len(value.lines), value.size) for _label, value, _width in cells)
        rows.append(_Row(size, max(_LEAST * size / LARGEST, needed + 2 * _PAD_Y), tuple(cells)))
    return rows
