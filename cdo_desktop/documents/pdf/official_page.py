"""What the office's papers share: pages with margins, a title, page numbers, 署名 with room for a seal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING

from cdo_desktop.documents.pdf.cell_text import Fitted, fit_line, printable, tidy, wrap
from cdo_desktop.documents.pdf.fonts import (
    FontRole,
    describe_character,
    draw_text,
    missing_characters,
    text_width,
)
from cdo_desktop.documents.pdf.form_layout import MM

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True)
class Sheet:
    """A page in points: its size, and the x and y between which there is text."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def inner(self) -> float:
        """Return the width between the margins."""
        return self.right - self.left

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height of the paper."""
        return self.width, self.height


LANDSCAPE = Sheet(297 * MM, 210 * MM, 15 * MM, 282 * MM, 190 * MM, 16 * MM)
PORTRAIT = Sheet(210 * MM, 297 * MM, 22 * MM, 190 * MM, 272 * MM, 20 * MM)
LETTER = Sheet(210 * MM, 297 * MM, 28 * MM, 184 * MM, 260 * MM, 35 * MM)
"""The 版心 of GB/T 9704: 156 × 225 mm, 37 mm above and 28 mm left of it."""

_PAGE_SIZE = 9.5
_NOTE_SIZE = 9.5
_TITLE_PITCH = 1.35
_BASELINE = 0.86  # of the size: how far the first baseline lies below the top of a line of Chinese


def title_lines(text: str, sheet: Sheet, size: float) -> list[str]:
    """Break a title into as few lines as it needs, of about the same length, the lower ones not shorter."""
    text = printable(text)
    if "\n" in text:
        return [line for part in text.split("\n") for line in title_lines(part, sheet, size)]
    count = len(wrap(text, FontRole.TITLE, size, sheet.inner))
    narrowest = text_width(text, FontRole.TITLE, size) / count
    width = min(narrowest, sheet.inner)
    while len(wrap(text, FontRole.TITLE, size, width)) > count and width < sheet.inner:
        width += size / 4
    return wrap(text, FontRole.TITLE, size, min(width, sheet.inner))


def draw_title(canvas: "Canvas", sheet: Sheet, text: str, size: float, *, top: float | None = None) -> float:
    """Draw a title in the middle, downwards from ``top`` or that of the sheet; return where it ends."""
    top = sheet.top if top is None else top
    y = top - _BASELINE * size
    for number, line in enumerate(title_lines(text, sheet, size)):
        baseline = y - number * _TITLE_PITCH * size
        draw_centred(canvas, (sheet.left + sheet.right) / 2, baseline, line, FontRole.TITLE, size)
    return top - title_height(sheet, text, size)


def title_height(sheet: Sheet, text: str, size: float) -> float:
    """Return the height of ``draw_title``."""
    return size * (1 + _TITLE_PITCH * (len(title_lines(text, sheet, size)) - 1))


def draw_note(canvas: "Canvas", sheet: Sheet, baseline: float, left: str, right: str) -> None:
    """Draw the line above a table; what stands at the left ends before it meets the right."""
    left, right = printable(left), printable(right)
    room = sheet.inner
    if right:
        width = text_width(right, FontRole.SONG, _NOTE_SIZE)
        draw_text(canvas, sheet.right - width, baseline, right, FontRole.SONG, _NOTE_SIZE)
        room -= width + 12
    fitted = fit_line(left, FontRole.SONG, room, _NOTE_SIZE)
    draw_text(canvas, sheet.left, baseline, fitted.lines[0], FontRole.SONG, fitted.size)


def draw_page_number(canvas: "Canvas", sheet: Sheet, text: str) -> None:
    """Draw a page number in the middle of the lower margin."""
    middle = (sheet.left + sheet.right) / 2
    draw_centred(canvas, middle, sheet.bottom - 6 * MM, text, FontRole.SONG, _PAGE_SIZE)


def draw_centred(canvas: "Canvas", x: float, y: float, text: str, role: FontRole, size: float) -> None:
    """Draw one line around x."""
    draw_text(canvas, x - text_width(text, role, size) / 2, y, text, role, size)


def draw_signature(
    canvas: "Canvas", sheet: Sheet, baseline: float, office: str, day: str, size: float, pitch: float
) -> None:
    """Draw 署名 on the baseline and 成文日期 below it, the date four characters from the right.

    The office's name stands over the middle of the date, as the seal does, or further left if it is long; one
    that is longer than a line is made smaller.
    """
    name = _signature(sheet, office, size)
    middle = signature_middle(sheet, office, day, size)
    draw_centred(canvas, middle, baseline, name.lines[0], FontRole.FANGSONG, name.size)
    draw_centred(canvas, middle, baseline - pitch, day, FontRole.FANGSONG, size)


def signature_middle(sheet: Sheet, office: str, day: str, size: float) -> float:
    """Return the x around which 署名, 成文日期 and the seal stand."""
    name = _signature(sheet, office, size)
    named = text_width(name.lines[0], FontRole.FANGSONG, name.size)
    dated = text_width(day, FontRole.FANGSONG, size)
    return min(sheet.right - 4 * size - dated / 2, sheet.right - size - named / 2)


def _signature(sheet: Sheet, office: str, size: float) -> Fitted:
    return fit_line(office, FontRole.FANGSONG, sheet.inner - size, size)


SIGNERS_SIZE = 12.0
SIGNERS_HEIGHT = 3.4 * SIGNERS_SIZE
"""What ``draw_signers`` takes."""


def draw_signers(canvas: "Canvas", sheet: Sheet, top: float, signers: Sequence[str], date_place: str) -> None:
    """Draw places to sign side by side, each with the place of its date below."""
    size = SIGNERS_SIZE
    share = sheet.inner / len(signers)
    for number, signer in enumerate(signers):
        x = sheet.left + number * share
        y = top - size
        draw_text(canvas, x, y, signer, FontRole.SONG, size)
        start = x + text_width(signer, FontRole.SONG, size)
        canvas.setLineWidth(0.5)
        canvas.line(start, y - 2, x + share - 5 * MM, y - 2)
        width = text_width(date_place, FontRole.SONG, size)
        draw_text(canvas, x + share - 5 * MM - width, y - 2.1 * size, date_place, FontRole.SONG, size)


def paper_problems(*papers: object) -> tuple[str, ...]:
    """Return a sentence for every record of the papers that holds a character no font has.

    A record is named by its first texts. The papers are printed all the same, with a blank in its place.
    """
    problems = []
    for paper in papers:
        texts = [value for value in _values(paper) if isinstance(value, str) and value]
        if named := named_missing(texts):
            problems.append(
                f"“{'　'.join(texts[:3])}”中的{named}没有可用的字体，打印时会空出位置；"
                "请核对，或打印后手写补上。"
            )
        for value in _values(paper):
            if isinstance(value, tuple):
                problems.extend(paper_problems(*value))
    return tuple(dict.fromkeys(problems))


def named_missing(texts: Iterable[str]) -> str:
    """Return the characters of texts that no font has, as a sentence names them; "" when there are none."""
    missing = missing_characters("".join(tidy(text).replace("\n", "") for text in texts))
    return "、".join(describe_character(ch) for ch in missing)


def _values(paper: object) -> list[object]:
    if not is_dataclass(paper):
        return [paper]
    return [getattr(paper, field.name) for field in fields(paper)]
