"""Text in the cell of a form: as large as fits, on as many lines as fit, and counted when it does not."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from cdo_desktop.documents.pdf.fonts import FontRole, blank_missing, text_width

LARGEST = 12.0
"""Normal size of a cell's text in points."""

SMALLEST = 8.0
"""Text is never smaller; what does not fit at this size must be shortened."""

CUT_MARK = "…（过长）"
"""Ends a text that found no place."""

_SIZES = (12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_UNBROKEN = 10.0  # a smaller text on one line reads worse than a larger one on two
_PITCH = 1.2  # line pitch in sizes

_WORDS = re.compile(r"[0-9A-Za-z]+(?:[.,'_-][0-9A-Za-z]+)*|.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…—·%％,.;:?!)]}")
_NOT_LAST = frozenset("（《〈「『【〔“‘([{")
_MOST_CARRIED = 4  # pieces that go to the next line with a mark that may not begin it
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Fitted:
    """Text as it will stand: size in points, lines, and how many characters (``kept`` of ``total``) fit."""

    size: float
    lines: tuple[str, ...]
    kept: int
    total: int

    @property
    def fits(self) -> bool:
        """Whether all of the text stands in its cell."""
        return self.kept == self.total


def tidy(text: str) -> str:
    """Return text without the characters that steer a terminal; line breaks stay, tabs become blanks."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _CONTROLS.sub("", text.replace("\t", " ")).strip()


def printable(text: str) -> str:
    """Return tidy text with a blank for every character that no font has; line breaks stay."""
    return "\n".join(blank_missing(line) for line in tidy(text).strip().split("\n"))


def printable_line(text: str) -> str:
    """Return printable text with a blank for every line end, too."""
    return printable(text).replace("\n", " ")


def line_pitch(size: float) -> float:
    """Return the distance of two baselines in points."""
    return size * _PITCH


def block_height(lines: int, size: float) -> float:
    """Return the height in points of so many lines."""
    return size + (lines - 1) * line_pitch(size)


@lru_cache(maxsize=4096)
def fit(
    text: str,
    role: FontRole,
    width: float,
    height: float,
    largest: float = LARGEST,
    *,
    one_line: bool = False,
) -> Fitted:
    """Fit text into width × height points at the largest size possible, from ``largest`` down to 8 pt.

    Down to 10 pt it is rather made smaller than broken, with ``one_line`` down to 8 pt, as a name should be.
    """
    if "\n" not in text and text_width(text, role, largest) <= width and height >= largest:
        return Fitted(largest, (text,), len(text), len(text))
    area_width = text_width(text.replace("\n", ""), role, 1.0)
    sizes = [size for size in _SIZES if size <= largest]
    if "\n" not in text:
        for size in sizes:
            if size < _UNBROKEN and not one_line:
                break
            if area_width * size <= width and size <= height:
                return Fitted(size, (text,), len(text), len(text))
    for size in sizes:
        allowed = _lines_in(height, size)
        if area_width * size > width * allowed:
            continue  # cannot fit, whatever the breaks
        lines = wrap(text, role, size, width)
        if len(lines) <= allowed:
            return Fitted(size, tuple(lines), len(text), len(text))
    allowed = max(1, _lines_in(height, SMALLEST))
    lines = wrap(text, role, SMALLEST, width)[:allowed]
    kept = sum(len(line) for line in lines)
    return Fitted(SMALLEST, tuple(lines), kept, max(len(text.replace("\n", "")), kept + 1))


def marked(fitted: Fitted, width: float, mark: str = CUT_MARK, role: FontRole = FontRole.FANGSONG) -> Fitted:
    """End a text that was cut with words that say so; one that was not stays as it is."""
    if fitted.fits:
        return fitted
    last = fitted.lines[-1]
    while last and text_width(last + mark, role, SMALLEST) > width:
        last = last[:-1]
    return replace(fitted, lines=(*fitted.lines[:-1], last + mark))


def fit_line(text: str, role: FontRole, width: float, largest: float) -> Fitted:
    """Fit printable text on one line; one that is too long at 8 pt ends in words that say so."""
    fitted = fit(printable_line(text), role, width, largest, largest, one_line=True)
    return marked(fitted, width, role=role)


def height_needed(text: str, role: FontRole, width: float, size: float = SMALLEST) -> float:
    """Return the height in points that the whole text takes at one size."""
    return block_height(len(wrap(text, role, size, width)), size)


def broken_after(mark: str, text: str, role: FontRole, width: float, size: float, whole: float) -> str:
    """Return text with a line end after every mark beyond which its line would be too long at ``size``.

    A line that fits at the size ``whole`` stays as it is.
    """
    lines = (_broken_line(mark, line, role, width, size, whole) for line in text.split("\n"))
    return "\n".join(lines)


def _broken_line(mark: str, text: str, role: FontRole, width: float, size: float, whole: float) -> str:
    if text_width(text, role, whole) <= width:
        return text
    first, *others = text.split(mark)
    done, line = "", first
    for part in others:
        if text_width(f"{line}{mark}{part}", role, size) > width:
            done += f"{line}{mark}".rstrip() + "\n"
            line = part
        else:
            line += mark + part
    return done + line


@lru_cache(maxsize=1024)
def _wrapped(text: str, role: FontRole, size: float, width: float) -> tuple[str, ...]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap_paragraph(paragraph, role, width / size))
    return tuple(lines)


def wrap(text: str, role: FontRole, size: float, width: float) -> list[str]:
    """Break text into lines of at most ``width`` points.

    Breaks between any two Chinese characters and between words; no closing mark begins a line, no opening one
    ends it. A word longer than a line is broken where the line ends.
    """
    return list(_wrapped(text, role, size, width))


def _wrap_paragraph(paragraph: str, role: FontRole, width: float) -> list[str]:
    """Wrap one paragraph; widths are in sizes."""
    lines: list[str] = []
    line: list[str] = []
    used = 0.0
    for piece in _pieces(paragraph, role, width):
        piece_width = text_width(piece, role, 1.0)
        if line and used + piece_width > width:
            carried = _carried(line, piece, role, width)
            lines.append("".join(line))
            line = carried
            used = sum(text_width(each, role, 1.0) for each in line)
            if not line and piece == " ":
                lines[-1] += piece  # a blank at a break is kept out of sight
                continue
        line.append(piece)
        used += piece_width
    lines.append("".join(line))
    return lines


def _pieces(paragraph: str, role: FontRole, width: float) -> list[str]:
    pieces: list[str] = []
    for match in _WORDS.finditer(paragraph):
        word = match.group()
        if len(word) > 1 and text_width(word, role, 1.0) > width:
            pieces.extend(word)
        else:
            pieces.append(word)
    return pieces


def _carried(line: list[str], piece: str, role: FontRole, width: float) -> list[str]:
    """Take from the line's end what must go to the next line together with ``piece``.

    A run of marks that goes on is broken where the line ends.
    """
    start = len(line)
    following = piece
    while start > 1 and (following in _NOT_FIRST or line[start - 1] in _NOT_LAST):
        start -= 1
        following = line[start]
    carried = line[start:]
    if len(carried) > _MOST_CARRIED or text_width("".join((*carried, piece)), role, 1.0) > width:
        return []
    del line[start:]
    return carried


def _lines_in(height: float, size: float) -> int:
    if height < size:
        return 0
    return 1 + int((height - size) / line_pitch(size) + 1e-6)
