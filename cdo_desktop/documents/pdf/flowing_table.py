"""A table that goes on over pages: rows as high as their text needs, the head repeated on every page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from cdo_desktop.documents.pdf.cell_text import Fitted, block_height, fit, fit_line, marked, printable
from cdo_desktop.documents.pdf.fonts import FontRole
from cdo_desktop.documents.pdf.form_drawing import draw_lines
from cdo_desktop.documents.pdf.form_layout import MM, PAD_X, Rect
from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.documents.pdf.official_page import Sheet

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_INNER_LINE, _OUTER_LINE = 0.5, 1.2
_PAD_Y = 3.2
_SMALL = 9.5
_BAND_GRAY = 0.93

NamedColumns: TypeAlias = Sequence[tuple[str, float, bool]]
"""Key of the heading below ``columns`` in a text file, width in mm, whether it is running text."""


@dataclass(frozen=True)
class FlowColumn:
    """A heading with its width in points; running text stands at the ``left``."""

    title: str
    width: float
    left: bool = False


@dataclass(frozen=True)
class FlowRow:
    """One row as it is drawn; a ``band`` is a heading over all columns and stays with the row after it."""

    height: float
    cells: tuple[Fitted, ...] = ()
    band: str = ""


@dataclass(frozen=True)
class FlowingTable:
    """A table between two edges of the page; ``least`` is the height of a row of one line."""

    columns: tuple[FlowColumn, ...]
    left: float
    size: float = 10.5
    least: float = 7.5 * MM

    @property
    def pad(self) -> float:
        """Return the room left and right of the text of a cell."""
        return 3.0 if self.size > _SMALL else 2.2

    @cached_property
    def edges(self) -> tuple[float, ...]:
        """Return the left edge of every column and the right edge of the last."""
        return tuple(accumulate((column.width for column in self.columns), initial=self.left))

    @cached_property
    def head(self) -> FlowRow:
        """Return the row of headings."""
        cells = tuple(
            fit(column.title, FontRole.HEI, column.width - 2, 60.0, self.size) for column in self.columns
        )
        return FlowRow(max(self.least, _height_of(cells) + 2), cells)

    def row(self, texts: Sequence[str], room: float) -> FlowRow:
        """Fit one row; it takes at most ``room``, and a text that is longer ends in words that say so."""
        fitted = [self._fitted(text, column, room) for text, column in zip(texts, self.columns, strict=True)]
        cells = tuple(
            marked(cell, column.width - 2 * self.pad)
            for cell, column in zip(fitted, self.columns, strict=True)
        )
        return FlowRow(max(self.least, _height_of(cells)), cells)

    def blank(self) -> FlowRow:
        """Return a row to be written in by hand."""
        return FlowRow(self.least + 1.5 * MM, tuple(Fitted(self.size, ("",), 0, 0) for _ in self.columns))

    def band(self, text: str) -> FlowRow:
        """Return a heading over all columns."""
        return FlowRow(self.least, band=text)

    def pages(
        self, rows: Sequence[FlowRow], first: float, room: float, *, tail: float = 0.0
    ) -> list[list[FlowRow]]:
        """Share rows among pages: ``first`` points below the head of the first, ``room`` on the others.

        There is always one page, and no band is the last of one. Below the last row ``tail`` is left free.
        """
        pages: list[list[FlowRow]] = [[]]
        left = first
        for number, row in enumerate(rows):
            following = rows[number + 1].height if row.band and number + 1 < len(rows) else 0.0
            if (pages[-1] or left < room) and row.height + following > left:
                pages.append([])
                left = room
            pages[-1].append(row)
            left -= row.height
        if left < tail:
            carried = 2 if len(pages[-1]) > 1 and pages[-1][-2].band else 1
            pages.append(pages[-1][-carried:])
            del pages[-2][-carried:]
        return pages

    def draw(self, canvas: "Canvas", top: float, rows: Sequence[FlowRow]) -> float:
        """Draw head and rows downwards from ``top`` and return where they end."""
        canvas.setLineWidth(_INNER_LINE)
        y = top - self.head.height
        self._draw_cells(canvas, self.head, y, FontRole.HEI, heading=True)
        for row in rows:
            y -= row.height
            if row.band:
                rect = Rect(self.left, y, self.edges[-1] - self.left, row.height)
                draw_band(canvas, rect, row.band, self.size, left=True)
            else:
                self._draw_cells(canvas, row, y, FontRole.FANGSONG)
        canvas.setLineWidth(_OUTER_LINE)
        canvas.rect(self.left, y, self.edges[-1] - self.left, top - y)
        canvas.setLineWidth(_INNER_LINE)
        return y

    def _fitted(self, text: str, column: FlowColumn, room: float) -> Fitted:
        """Fit a text into half a page, smaller if it has to be, else into a whole one."""
        width, text = column.width - 2 * self.pad, printable(text)
        half = fit(text, FontRole.FANGSONG, width, room / 2 - 2 * _PAD_Y, self.size)
        return half if half.fits else fit(text, FontRole.FANGSONG, width, room - 2 * _PAD_Y, self.size)

    def _draw_cells(
        self, canvas: "Canvas", row: FlowRow, y: float, role: FontRole, *, heading: bool = False
    ) -> None:
        for column, x, fitted in zip(self.columns, self.edges, row.cells, strict=False):
            rect = Rect(x, y, column.width, row.height)
            canvas.rect(rect.x, rect.y, rect.width, rect.height)
            if column.left and not heading:  # at a cell's own margin, which is narrower than that of a form
                rect = Rect(x + self.pad - PAD_X, y, column.width, row.height)
            draw_lines(canvas, rect, fitted, role, left=column.left and not heading)


def table_across(sheet: Sheet, columns: Iterable[FlowColumn], size: float = 10.5) -> FlowingTable:
    """Return a table from margin to margin: the columns share the width in proportion to theirs."""
    planned = tuple(columns)
    scale = sheet.inner / sum(column.width for column in planned)
    shared = tuple(replace(column, width=column.width * scale) for column in planned)
    return FlowingTable(shared, sheet.left, size)


def named_table(sheet: Sheet, columns: NamedColumns, words: FormTexts, file: str) -> FlowingTable:
    """Return a table from margin to margin with the headings of a text file."""
    return table_across(
        sheet,
        (FlowColumn(words.paper(file, f"columns.{key}"), width, left) for key, width, left in columns),
    )


def draw_band(canvas: "Canvas", rect: Rect, text: str, size: float, *, left: bool) -> None:
    """Draw a heading over all columns, on grey."""
    canvas.setFillGray(_BAND_GRAY)
    canvas.rect(rect.x, rect.y, rect.width, rect.height, fill=1)
    canvas.setFillGray(0)
    fitted = fit_line(text, FontRole.HEI, rect.width - 2 * PAD_X, size)
    draw_lines(canvas, rect, fitted, FontRole.HEI, left=left)


def _height_of(cells: Sequence[Fitted]) -> float:
    return max(block_height(len(cell.lines), cell.size) for cell in cells) + 2 * _PAD_Y
