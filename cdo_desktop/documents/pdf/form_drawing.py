"""Drawing 备案表 pages: what never changes once a file, the values on every page."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from cdo_desktop.documents.pdf.cell_text import LARGEST, Fitted, block_height, fit, line_pitch, wrap
from cdo_desktop.documents.pdf.fonts import FontRole, draw_text, text_width
from cdo_desktop.documents.pdf.form_layout import (
    FOOTER_BASELINE,
    LEFT,
    MM,
    PAD_X,
    PAD_Y,
    PAGE_HEIGHT,
    QR_LEFT,
    RIGHT,
    TABLE_BOTTOM,
    TABLE_TOP,
    TITLE_BASELINE,
    FormLayout,
    Opinion,
    Paragraph,
    Place,
    Rect,
    substituted,
)
from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.vocabulary import PostKind

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

TITLE_SIZE = 22.0
TITLE_SPREAD = 5.0
OUTER_LINE, INNER_LINE = 1.5, 0.5
FOOTER_SIZE = 9.5
TWO_LINE_LABEL = 9.5
_COPIES_WIDTH = 236.0
_TITLE_ROOM = 2 * (QR_LEFT - 4 * MM) - LEFT - RIGHT  # in the middle of the page, clear of the code
_INSTRUCTION_PITCH, _ITEM_GAP = 1.57, 0.3  # in sizes
_FOOTER_WIDTHS = {"filler": 62.0, "filler_phone": 88.0}

_BASELINE = 0.38  # of the size: how far the baseline lies below the middle of a line of Chinese
_TICK_BOX = 0.86  # side of a check box in sizes
BAND_SIZE = 11.0


def value_area(place: Place) -> tuple[float, float]:
    """Return width and height in points that a place has for text."""
    return place.rect.width - 2 * PAD_X, place.rect.height - 2 * PAD_Y


def free_text_area(place: Place) -> Rect:
    """Return where a choice's other words go: right of its last check box."""
    last = choice_positions(place)[-1]
    start = last[1] + last[3]
    return Rect(start, place.rect.y, place.rect.x + place.rect.width - start, place.rect.height)


@lru_cache(maxsize=256)
def choice_positions(place: Place) -> tuple[tuple[str, float, float, float], ...]:
    """Return (value, x of its check box, size, width with its word) for every choice of a place."""
    room = place.rect.width - 2 * PAD_X
    for size in (12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0):
        widths = [
            _TICK_BOX * size + 3 + text_width(word, FontRole.SONG, size) for _value, word in place.choices
        ]
        gap = (room - sum(widths)) / len(widths)
        if gap >= 0.5 * size:
            break
    gap = min(gap, 1.1 * size)
    x = place.rect.x + PAD_X + max(gap / 2, 1.0)
    positions = []
    for (value, _word), width in zip(place.choices, widths, strict=True):
        positions.append((value, x, size, width))
        x += width + gap
    return tuple(positions)


def draw_fixed(canvas: "Canvas", layout: FormLayout, title: str, texts: FormTexts) -> None:
    """Draw everything that is the same on all pages of one layout."""
    _draw_title(canvas, title)
    _draw_grid(canvas, layout)
    for label in layout.labels:
        if label.stacked:
            _draw_stacked(canvas, label.rect, label.text)
        else:
            largest = TWO_LINE_LABEL if "\n" in label.text else LARGEST
            area = label.rect.width - 5, label.rect.height - 2.5
            fitted = fit(label.text, FontRole.SONG, *area, largest, one_line=True)
            draw_lines(canvas, label.rect, fitted, FontRole.SONG)
    for paragraph in layout.paragraphs:
        _draw_paragraph(canvas, paragraph)
    for opinion in layout.opinions:
        _draw_opinion(canvas, opinion, texts)
    for place in layout.places:
        if place.choices:
            _draw_choices(canvas, place)
        elif place.field == "received_on":
            draw_value(canvas, place, fit(texts.text("date_place"), FontRole.FANGSONG, *value_area(place)))
    _draw_copies(canvas, texts.text("footer.copies"))


def draw_value(canvas: "Canvas", place: Place, fitted: Fitted) -> None:
    """Draw a field's text: centred, or to the left when it takes several lines of a wide cell."""
    left = len(fitted.lines) > 1 and place.rect.width > 60 * MM
    draw_lines(canvas, place.rect, fitted, FontRole.FANGSONG, left=left)


def draw_lines(canvas: "Canvas", rect: Rect, fitted: Fitted, role: FontRole, *, left: bool = False) -> None:
    """Draw fitted lines in the middle of a rectangle."""
    size = fitted.size
    y = rect.y + rect.height / 2 + (len(fitted.lines) - 1) * line_pitch(size) / 2 - _BASELINE * size
    for line in fitted.lines:
        x = rect.x + PAD_X if left else rect.x + (rect.width - text_width(line, role, size)) / 2
        draw_text(canvas, x, y, line, role, size)
        y -= line_pitch(size)


def draw_tick(canvas: "Canvas", place: Place, value: str) -> None:
    """Tick one choice of a place."""
    _value, x, size, _width = next(position for position in choice_positions(place) if position[0] == value)
    side = _TICK_BOX * size
    y = place.rect.y + (place.rect.height - side) / 2
    canvas.setLineWidth(1.3)
    tick = canvas.beginPath()
    tick.moveTo(x + 0.16 * side, y + 0.52 * side)
    tick.lineTo(x + 0.42 * side, y + 0.2 * side)
    tick.lineTo(x + 0.9 * side, y + 0.86 * side)
    canvas.drawPath(tick, stroke=1, fill=0)


def draw_footer(canvas: "Canvas", values: Sequence[tuple[str, str, Fitted]]) -> None:
    """Draw the line below the table: (field, its label, its value), from the left."""
    x = LEFT
    for field, label, fitted in values:
        draw_text(canvas, x, FOOTER_BASELINE, label, FontRole.SONG, FOOTER_SIZE)
        x += text_width(label, FontRole.SONG, FOOTER_SIZE)
        draw_text(canvas, x, FOOTER_BASELINE, fitted.lines[0], FontRole.FANGSONG, fitted.size)
        x += footer_width(field)


def footer_width(field: str) -> float:
    """Return the width in points that the footer keeps for a field's value."""
    return _FOOTER_WIDTHS[field]


def draw_instructions(canvas: "Canvas", post: PostKind, texts: FormTexts, receiving_body: str) -> None:
    """Draw the 填表说明 of a post's form as a page of its own."""
    title = texts.text("instructions.title", post)
    items = [substituted(item, texts, receiving_body) for item in texts.items("instructions.items", post)]
    title_size = min(18.0, 18.0 * _TITLE_ROOM / text_width(title, FontRole.TITLE, 18.0))
    x = (LEFT + RIGHT - text_width(title, FontRole.TITLE, title_size)) / 2
    y = PAGE_HEIGHT - 32 * MM
    draw_text(canvas, x, y, title, FontRole.TITLE, title_size)
    y -= 14 * MM
    size, wrapped = _instructions_fitted(items, y - 20 * MM)
    for number, lines in enumerate(wrapped, 1):
        draw_text(canvas, LEFT, y, f"{number}．", FontRole.FANGSONG, size)
        for line in lines:
            draw_text(canvas, LEFT + _indent(size), y, line, FontRole.FANGSONG, size)
            y -= _INSTRUCTION_PITCH * size
        y -= _ITEM_GAP * size


def _instructions_fitted(items: Sequence[str], height: float) -> tuple[float, list[list[str]]]:
    """Return the largest size at which the items fit on their page, with their lines."""
    for size in (14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0):
        width = RIGHT - LEFT - _indent(size)
        wrapped = [wrap(item, FontRole.FANGSONG, size, width) for item in items]
        lines = sum(len(lines) for lines in wrapped)
        if (lines * _INSTRUCTION_PITCH + len(wrapped) * _ITEM_GAP) * size <= height:
            return size, wrapped
    raise InvalidInputError("填表说明太长，一页放不下，没有打印任何内容。请缩短表格文字文件里的“填表说明”。")


def _indent(size: float) -> float:
    return text_width("10．", FontRole.FANGSONG, size)


def _draw_title(canvas: "Canvas", title: str) -> None:
    """Draw the title in the middle of the page, smaller if it would run into the code."""
    width = text_width(title, FontRole.TITLE, TITLE_SIZE) + TITLE_SPREAD * (len(title) - 1)
    scale = min(1.0, _TITLE_ROOM / width)
    x = (LEFT + RIGHT - width * scale) / 2
    draw_text(canvas, x, TITLE_BASELINE, title, FontRole.TITLE, TITLE_SIZE * scale, TITLE_SPREAD * scale)


def _draw_copies(canvas: "Canvas", text: str) -> None:
    """Draw the words at the right of the footer."""
    fitted = fit(text, FontRole.SONG, _COPIES_WIDTH, FOOTER_SIZE, FOOTER_SIZE, one_line=True)
    line = fitted.lines[0]
    x = RIGHT - text_width(line, FontRole.SONG, fitted.size)
    draw_text(canvas, x, FOOTER_BASELINE, line, FontRole.SONG, fitted.size)


def _draw_grid(canvas: "Canvas", layout: FormLayout) -> None:
    """Draw every inner line once, then the outer border over them."""
    rects: list[Rect] = [label.rect for label in layout.labels]
    rects += [place.rect for place in layout.places]
    rects += [paragraph.rect for paragraph in layout.paragraphs]
    rects += [opinion.rect for opinion in layout.opinions]
    canvas.setLineWidth(INNER_LINE)
    canvas.lines(_inner_lines(rects))
    canvas.setLineWidth(OUTER_LINE)
    canvas.rect(LEFT, TABLE_BOTTOM, RIGHT - LEFT, TABLE_TOP - TABLE_BOTTOM)
    canvas.setLineWidth(INNER_LINE)


def _inner_lines(rects: Sequence[Rect]) -> list[tuple[float, float, float, float]]:
    """Return the inner lines of the table: the upper and left edges of its cells, touching ones joined."""
    level: dict[float, list[tuple[float, float]]] = {}
    upright: dict[float, list[tuple[float, float]]] = {}
    for rect in rects:
        x, y = round(rect.x, 2), round(rect.y, 2)
        right, top = round(rect.x + rect.width, 2), round(rect.y + rect.height, 2)
        if top < TABLE_TOP - 1:
            level.setdefault(top, []).append((x, right))
        if x > LEFT + 1:
            upright.setdefault(x, []).append((y, top))
    lines = [(start, y, end, y) for y, spans in level.items() for start, end in _joined(spans)]
    return lines + [(x, start, x, end) for x, spans in upright.items() for start, end in _joined(spans)]


def _joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 0.02:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _draw_stacked(canvas: "Canvas", rect: Rect, text: str) -> None:
    """Draw a band's name downwards: one character a line, two where that is too high."""
    for characters in (1, 2):
        lines = [text[start : start + characters] for start in range(0, len(text), characters)]
        size = min(BAND_SIZE, (rect.height - 6) / (1 + (len(lines) - 1) * 1.15))
        if size >= 10 or characters == 2:
            break
    pitch = size * 1.15
    if characters == 1:  # spread a short name, but not over the whole height
        pitch = min(size * 1.45, max(pitch, (rect.height - 30) / len(lines)))
    y = rect.y + rect.height / 2 + (len(lines) - 1) * pitch / 2 - _BASELINE * size
    for line in lines:
        x = rect.x + (rect.width - text_width(line, FontRole.SONG, size)) / 2
        draw_text(canvas, x, y, line, FontRole.SONG, size)
        y -= pitch


def _draw_paragraph(canvas: "Canvas", paragraph: Paragraph) -> None:
    rect = paragraph.rect
    lines = wrap(paragraph.text, FontRole.SONG, paragraph.size, rect.width - 2 * PAD_X)
    fitted = Fitted(paragraph.size, tuple(lines), 0, 0)
    draw_lines(canvas, rect, fitted, FontRole.SONG, left=True)


def _draw_opinion(canvas: "Canvas", opinion: Opinion, texts: FormTexts) -> None:
    rect = opinion.rect
    inner = rect.width - 4 * PAD_X
    if opinion.text:
        fitted = fit(opinion.text, FontRole.FANGSONG, inner, rect.height / 2)
        top = rect.y + rect.height - PAD_Y - 4 - block_height(len(fitted.lines), fitted.size)
        area = Rect(rect.x + PAD_X, top, rect.width, block_height(len(fitted.lines), fitted.size))
        draw_lines(canvas, area, fitted, FontRole.FANGSONG, left=True)
    date = texts.text("signing_date_place")
    date_width = text_width(date, FontRole.SONG, LARGEST)
    x = rect.x + rect.width - 3 * PAD_X - date_width
    y = rect.y + 9
    draw_text(canvas, x, y, date, FontRole.SONG, LARGEST)
    if opinion.seal:
        seal = fit(opinion.seal, FontRole.SONG, inner, LARGEST)
        middle = min(
            x + date_width / 2,
            rect.x + rect.width - PAD_X - text_width(seal.lines[0], FontRole.SONG, seal.size) / 2,
        )
        width = text_width(seal.lines[0], FontRole.SONG, seal.size)
        draw_text(canvas, middle - width / 2, y + 22, seal.lines[0], FontRole.SONG, seal.size)


def _draw_choices(canvas: "Canvas", place: Place) -> None:
    words = dict(place.choices)
    for value, x, size, _width in choice_positions(place):
        side = _TICK_BOX * size
        middle = place.rect.y + place.rect.height / 2
        canvas.setLineWidth(0.7)
        canvas.rect(x, middle - side / 2, side, side)
        draw_text(canvas, x + side + 3, middle - _BASELINE * size, words[value], FontRole.SONG, size)
