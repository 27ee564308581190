"""Letters by GB/T 9704: 22 lines of 28 characters, 署名 with room for the seal and never alone on a page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdo_desktop.documents.pdf.cell_text import fit_line, printable, wrap
from cdo_desktop.documents.pdf.flowing_table import FlowingTable
from cdo_desktop.documents.pdf.fonts import FontRole, draw_text, text_width
from cdo_desktop.documents.pdf.form_layout import MM
from cdo_desktop.documents.pdf.form_texts import filled
from cdo_desktop.documents.pdf.official_page import (
    LETTER,
    draw_centred,
    draw_signature,
    draw_title,
    signature_middle,
    title_height,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

SIZE = 15.75
"""三号: 28 characters are a line."""

_LINES = 22
_PITCH = (LETTER.top - LETTER.bottom) / _LINES
_TITLE_SIZE = 22.0
_PAGE_SIZE = 14.0
_SEAL_LINES = 2  # left empty above 署名
_SEAL_RADIUS = 22.5 * MM
_CARRIED = 2  # lines of text that go to the next page together with 署名
_RED = (0.85, 0.0, 0.0)
_HEAD_SIZE = 38.0
_HEAD_TOP = 30 * MM  # below the paper's upper edge, as the 信函格式 has it
_HEAD_LINE = 170 * MM
_FOOT_LINE = 20 * MM


@dataclass(frozen=True)
class Letter:
    """One letter as it is to be read; ``head`` gives it the red name and lines of the 信函格式."""

    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    issuer: str
    dated: str
    attachment_note: str = ""
    contact: str = ""
    number: str = ""
    head: str = ""


class LetterPages:
    """Adds letters to one PDF; every letter has page numbers of its own."""

    def __init__(self, canvas: "Canvas", page: str) -> None:
        self._canvas = canvas
        self._page = page
        self._number = 0  # of the page within its letter
        self._headed = False
        self.count = 0

    def add(self, letter: Letter) -> None:
        """Draw a letter, beginning on a page of its own."""
        self._number = 0
        self._headed = bool(letter.head)
        top = self._draw_first(letter)
        contact = _contact_lines(letter)
        signature = _SEAL_LINES + 2 + len(contact)
        pages = _shared(_text_lines(letter), _lines_below(top), signature)
        for number, lines in enumerate(pages):
            y = top if number == 0 else LETTER.top
            for line in lines:
                y -= _PITCH
                draw_text(self._canvas, LETTER.left, _on_line(y), line, FontRole.FANGSONG, SIZE)
            if number == len(pages) - 1:
                self._draw_end(letter, contact, y)
            self._end_page()

    def add_list(self, mark: str, title: str, table: FlowingTable, rows: Sequence[Sequence[str]]) -> None:
        """Draw a list as the attachment of the last letter, on pages of its own."""
        below = LETTER.top - 2 * _PITCH  # 附件 on the first line, its title on the third
        first = below - title_height(LETTER, title, _TITLE_SIZE) - _PITCH
        room = LETTER.top - LETTER.bottom - table.head.height
        fitted = [table.row(row, room - (LETTER.top - first)) for row in rows]
        pages = table.pages(fitted, first - LETTER.bottom - table.head.height, room)
        for number, page in enumerate(pages):
            if number == 0:
                y = _on_line(LETTER.top - _PITCH)
                draw_text(self._canvas, LETTER.left, y, mark, FontRole.HEI, SIZE)
                draw_title(self._canvas, LETTER, title, _TITLE_SIZE, top=below)
            table.draw(self._canvas, first if number == 0 else LETTER.top, page)
            self._end_page()

    def fill_sheet(self) -> None:
        """Add an empty back if the last letter ends on the front of a sheet."""
        if self.count % 2:
            self._canvas.showPage()
            self.count += 1

    def _draw_first(self, letter: Letter) -> float:
        """Draw what stands above the addressee and return where that ends."""
        top = LETTER.top
        if letter.head:
            top = _draw_red_head(self._canvas, letter.head)
        if letter.number:
            number = fit_line(letter.number, FontRole.FANGSONG, LETTER.inner, SIZE)
            (line,) = number.lines
            x = LETTER.right - text_width(line, FontRole.FANGSONG, number.size)
            draw_text(self._canvas, x, _on_line(top - _PITCH), line, FontRole.FANGSONG, number.size)
        if letter.head or letter.number:
            top -= 3 * _PITCH  # the number's line, and two before the title
        return draw_title(self._canvas, LETTER, letter.title, _TITLE_SIZE, top=top) - _PITCH

    def _draw_end(self, letter: Letter, contact: Sequence[str], y: float) -> None:
        y -= (_SEAL_LINES + 1) * _PITCH
        draw_signature(self._canvas, LETTER, _on_line(y), letter.issuer, letter.dated, SIZE, _PITCH)
        y -= _PITCH
        for line in contact:
            y -= _PITCH
            draw_text(self._canvas, LETTER.left + 2 * SIZE, _on_line(y), line, FontRole.FANGSONG, SIZE)

    def _end_page(self) -> None:
        self._number += 1
        self.count += 1
        if not (self._headed and self._number == 1):
            text = filled(self._page, {"page": str(self._number)})
            width = text_width(text, FontRole.SONG, _PAGE_SIZE)
            odd = self._number % 2
            x = LETTER.right - _PAGE_SIZE - width if odd else LETTER.left + _PAGE_SIZE
            draw_text(self._canvas, x, LETTER.bottom - 7 * MM - 5, text, FontRole.SONG, _PAGE_SIZE)
        self._canvas.showPage()


def _text_lines(letter: Letter) -> list[str]:
    texts = [printable(letter.addressee), *(f"　　{printable(text)}" for text in letter.paragraphs)]
    if letter.attachment_note:
        texts += ["", f"　　{printable(letter.attachment_note)}"]
    return [line for text in texts for line in wrap(text, FontRole.FANGSONG, SIZE, LETTER.inner)]


def _contact_lines(letter: Letter) -> list[str]:
    """Break 附注 so that it ends before the place of the seal."""
    if not letter.contact:
        return []
    middle = signature_middle(LETTER, letter.issuer, letter.dated, SIZE)
    width = middle - _SEAL_RADIUS - LETTER.left - 2 * SIZE
    return wrap(printable(letter.contact), FontRole.FANGSONG, SIZE, max(width, 8 * SIZE))


def _shared(lines: list[str], first: int, signature: int) -> list[list[str]]:
    """Share lines among pages; the last one has room for the signature, and text above it."""
    pages = [lines[:first]]
    pages += [lines[start : start + _LINES] for start in range(first, len(lines), _LINES)]
    room = (first if len(pages) == 1 else _LINES) - len(pages[-1])
    if room < signature:
        carried = _carried(pages[-1])
        pages[-1] = pages[-1][: len(pages[-1]) - carried]
        pages.append(lines[-carried:])
    return [page for number, page in enumerate(pages) if page or number == 0]


def _carried(lines: list[str]) -> int:
    """Return how many lines at a page's end go with 署名 to the next, so that it does not stand alone."""
    printed = [number for number, line in enumerate(lines) if line]
    return len(lines) - printed[max(0, len(printed) - _CARRIED)]


def _lines_below(top: float) -> int:
    return max(1, math.floor((top - LETTER.bottom) / _PITCH + 1e-6))


def _on_line(bottom: float) -> float:
    """Return the baseline of a line of text that ends at ``bottom``."""
    return bottom + (_PITCH - SIZE) / 2 + 0.14 * SIZE


def _draw_red_head(canvas: "Canvas", head: str) -> float:
    """Draw the red name and the lines of the 信函格式; return where the upper line stands."""
    head = printable(head)
    size = min(_HEAD_SIZE, _HEAD_SIZE * LETTER.inner / text_width(head, FontRole.TITLE, _HEAD_SIZE))
    middle = LETTER.width / 2
    baseline = LETTER.height - _HEAD_TOP - 0.88 * size
    canvas.setFillColorRGB(*_RED)
    canvas.setStrokeColorRGB(*_RED)
    draw_centred(canvas, middle, baseline, head, FontRole.TITLE, size)
    upper = baseline - 0.12 * size - 4 * MM
    left, right = middle - _HEAD_LINE / 2, middle + _HEAD_LINE / 2
    for y, width in ((upper, 2.4), (upper - 3, 0.8), (_FOOT_LINE + 3, 0.8), (_FOOT_LINE, 2.4)):
        canvas.setLineWidth(width)
        canvas.line(left, y, right, y)
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)
    return upper - 3
