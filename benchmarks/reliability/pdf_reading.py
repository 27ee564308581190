"""What the trial of odd texts reads back from a PDF: its characters with their boxes, and the lines drawn."""

import ctypes
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import pypdfium2
import pypdfium2.raw as raw

_HYPHENS = frozenset((0x02, 0xAD, 0xFFFE))  # what pdfium makes of one at the end of a line
_SHORTEST_LINE = 6.0
_TOUCHING = 0.3  # points that a character may reach over a line
_OVERLAP = 1.5  # points in both directions that two characters may share
_BUCKET = 24.0

Line: TypeAlias = tuple[float, float, float]


class Character(NamedTuple):
    """One visible character with its box in points."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class ReadPage:
    """A page: its size, what it shows in the order of drawing, and its lines (x0, y, x1) and (x, y0, y1)."""

    width: float
    height: float
    characters: tuple[Character, ...]
    level: tuple[Line, ...]
    upright: tuple[Line, ...]
    unread: int  # characters that a reader could not copy

    def text(self, above: float = 0.0) -> str:
        """Return all that stands above a height, without blanks."""
        return "".join(one.text for one in self.characters if one.bottom >= above)

    def crossed(self) -> Iterator[str]:
        """Yield a sentence for every character that lies on a line."""
        for one in self.characters:
            x, y = (one.left + one.right) / 2, (one.bottom + one.top) / 2
            for x0, height, x1 in self.level:
                if x0 < x < x1 and one.bottom < height - _TOUCHING and one.top > height + _TOUCHING:
                    yield f"{one.text!r} lies on the line at y={height:.0f}"
            for place, y0, y1 in self.upright:
                if y0 < y < y1 and one.left < place - _TOUCHING and one.right > place + _TOUCHING:
                    yield f"{one.text!r} lies on the line at x={place:.0f}"

    def overlapping(self) -> Iterator[str]:
        """Yield a sentence for every two characters that lie on each other."""
        buckets: dict[tuple[int, int], list[Character]] = defaultdict(list)
        for one in self.characters:
            column, row = int(one.left // _BUCKET), int(one.bottom // _BUCKET)
            for near in (buckets[column + x, row + y] for x in (-1, 0, 1) for y in (-1, 0, 1)):
                for other in near:
                    if _share(one, other):
                        yield f"{one.text!r} lies on {other.text!r} at x={one.left:.0f} y={one.bottom:.0f}"
            buckets[column, row].append(one)

    def outside(self, left: float, right: float, bottom: float, top: float) -> Iterator[str]:
        """Yield a sentence for every character beyond these margins."""
        for one in self.characters:
            if one.left < left or one.right > right or one.bottom < bottom or one.top > top:
                yield f"{one.text!r} is outside the margins at x={one.left:.0f} y={one.bottom:.0f}"


def _share(one: Character, other: Character) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.top, other.top) - max(one.bottom, other.bottom)
    return wide > _OVERLAP and high > _OVERLAP


def read_pdf(content: bytes) -> list[ReadPage]:
    """Return the pages of a PDF."""
    with pypdfium2.PdfDocument(content) as document:
        return [_read(page) for page in document]


def _read(page: pypdfium2.PdfPage) -> ReadPage:
    text = page.get_textpage()
    characters: list[Character] = []
    unread = 0
    for index in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text.raw, index) == 1:
            continue
        code = raw.FPDFText_GetUnicode(text.raw, index)
        unread += code in (0, 0xFFFD) or raw.FPDFText_HasUnicodeMapError(text.raw, index) == 1
        shown = "-" if code in _HYPHENS else chr(code)
        if "\udc00" <= shown <= "\udfff" and characters:  # the second half of a character beyond U+FFFF
            characters[-1] = characters[-1]._replace(text=_joined(characters[-1].text + shown))
        elif shown.strip():
            characters.append(Character(shown, *text.get_charbox(index)))
    level, upright = _lines(page)
    width, height = page.get_size()
    return ReadPage(width, height, tuple(characters), level, upright, unread)


def _joined(halves: str) -> str:
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _lines(page: pypdfium2.PdfPage) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    level: set[Line] = set()
    upright: set[Line] = set()
    for item in page.get_objects(max_depth=3):
        if item.type != raw.FPDF_PAGEOBJ_PATH:
            continue
        for (x0, y0), (x1, y1) in _strokes(item):
            if abs(y0 - y1) < 0.01 and abs(x1 - x0) > _SHORTEST_LINE:
                level.add((min(x0, x1), y0, max(x0, x1)))
            elif abs(x0 - x1) < 0.01 and abs(y1 - y0) > _SHORTEST_LINE:
                upright.add((x0, min(y0, y1), max(y0, y1)))
    return tuple(level), tuple(upright)


def _strokes(path: pypdfium2.PdfObject) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    points: list[tuple[float, float]] = []
    for index in range(raw.FPDFPath_CountSegments(path.raw)):
        segment = raw.FPDFPath_GetPathSegment(path.raw, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            points = []
        points.append((x.value, y.value))
        if len(points) > 1:
            yield points[-2], points[-1]
        if raw.FPDFPathSegment_GetClose(segment):
            yield points[-1], points[0]


def whole_text(pages: Sequence[ReadPage], above: float) -> str:
    """Return what stands on all pages above their page numbers."""
    return "".join(page.text(above) for page in pages)
