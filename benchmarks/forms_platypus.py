"""The same 备案表 pages made with reportlab's platypus, the way reportlab is mostly used.

One table with spans a form, a Paragraph in every cell, rare characters by font markup. Geometry, words, sizes
and the code come from the program itself, so that the page is the same and only the way of making it differs.
"""

from collections.abc import Iterable
from html import escape
from itertools import pairwise
from typing import Any, BinaryIO

from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from cdo_desktop.documents.pdf.cell_text import LARGEST, Fitted, fit, line_pitch
from cdo_desktop.documents.pdf.filing_data import FilingFormData, content_digest
from cdo_desktop.documents.pdf.fonts import FontRole, new_canvas, text_runs
from cdo_desktop.documents.pdf.form_drawing import (
    BAND_SIZE,
    FOOTER_SIZE,
    TITLE_SIZE,
    TWO_LINE_LABEL,
    choice_positions,
)
from cdo_desktop.documents.pdf.form_layout import (
    FOOTER_BASELINE,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    QR_BOTTOM,
    QR_LEFT,
    QR_SIDE,
    TABLE_BOTTOM,
    TABLE_TOP,
    Place,
    Rect,
)
from cdo_desktop.documents.pdf.form_pages import FormPages, PreparedForm
from cdo_desktop.documents.pdf.form_texts import FormTexts, form_texts
from cdo_desktop.documents.pdf.qr import FILING, PaperMark, draw_code, encode

_STYLES: dict[tuple[FontRole, float, int], ParagraphStyle] = {}


class _Choices(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Check boxes in a row, the words beside them set as paragraphs."""

    def __init__(self, place: Place, ticked: str) -> None:
        super().__init__()
        self._place = place
        self._ticked = ticked
        self._words = dict(place.choices)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self._place.rect.width - 2, LARGEST

    def draw(self) -> None:
        for value, x, size, width in choice_positions(self._place):
            left, side = x - self._place.rect.x, 0.86 * size
            self.canv.rect(left, 1, side, side)
            if value == self._ticked:
                self.canv.line(left + 1, 5, left + 4, 2)
                self.canv.line(left + 4, 2, left + side - 1, side)
            word = _paragraph(self._words[value], FontRole.SONG, size, TA_LEFT)
            word.wrap(width, PAGE_HEIGHT)
            word.drawOn(self.canv, left + side + 3, 0)


class _Code(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The QR code, drawn as the program draws it, outside the flow."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return 0, 0

    def drawOn(self, canvas: Any, _x: float, _y: float, _sW: float = 0) -> None:  # noqa: N802, N803
        draw_code(canvas, QR_LEFT, QR_BOTTOM, QR_SIDE, self._text)


def write_forms(forms: Iterable[FilingFormData], target: BinaryIO) -> None:
    """Write the forms into one PDF."""
    texts = form_texts()
    pages = FormPages(texts)
    story: list[Flowable] = []
    for form in forms:
        story.extend(_page(form, pages.prepare(form), texts))
    frame = Frame(0, 0, PAGE_WIDTH, PAGE_HEIGHT, 0, 0, 0, 0)
    template = PageTemplate(frames=[frame], pagesize=(PAGE_WIDTH, PAGE_HEIGHT))
    document = BaseDocTemplate(
        target, pageTemplates=[template], leftMargin=0, rightMargin=0, topMargin=0, bottomMargin=0
    )

    def canvas(file: BinaryIO, **_settings: Any) -> Any:
        return new_canvas(file, "platypus")

    document.build(story, canvasmaker=canvas)


def _page(form: FilingFormData, prepared: PreparedForm, texts: FormTexts) -> list[Flowable]:
    story: list[Flowable] = []
    if form.code is not None:
        mark = PaperMark(form.code.database_id, FILING, form.code.record_id, 1, 1, content_digest(form))
        story.append(_Code(encode(mark)))
    title = texts.text("title", form.post)
    above = PAGE_HEIGHT - TABLE_TOP - 13 * MM
    story += [Spacer(1, above), _paragraph(title, FontRole.TITLE, TITLE_SIZE, TA_CENTER)]
    story.append(Spacer(1, PAGE_HEIGHT - TABLE_TOP - above - line_pitch(TITLE_SIZE)))
    story.append(_table(prepared, texts))
    below = TABLE_BOTTOM - FOOTER_BASELINE - FOOTER_SIZE
    footer = " ".join(label + fitted.lines[0] for _field, label, fitted in prepared.footer)
    words = _paragraph(f"{footer} {texts.text('footer.copies')}", FontRole.SONG, FOOTER_SIZE, TA_CENTER)
    return [*story, Spacer(1, below), words, PageBreak()]


def _table(prepared: PreparedForm, texts: FormTexts) -> Table:
    layout = prepared.layout
    cells: list[tuple[Rect, Any]] = []
    for label in layout.labels:
        if label.stacked:
            width = 2 if label.rect.height < len(label.text) * BAND_SIZE * 1.2 else 1
            lines = [label.text[i : i + width] for i in range(0, len(label.text), width)]
            cells.append(
                (label.rect, _lines(Fitted(BAND_SIZE, tuple(lines), 0, 0), FontRole.SONG, TA_CENTER))
            )
        else:
            largest = TWO_LINE_LABEL if "\n" in label.text else LARGEST
            fitted = fit(
                label.text,
                FontRole.SONG,
                label.rect.width - 5,
                label.rect.height - 2.5,
                largest,
                one_line=True,
            )
            cells.append((label.rect, _lines(fitted, FontRole.SONG, TA_CENTER)))
    for paragraph in layout.paragraphs:
        cells.append((paragraph.rect, _paragraph(paragraph.text, FontRole.SONG, paragraph.size, TA_LEFT)))
    for opinion in layout.opinions:
        words = [opinion.text, opinion.seal, texts.text("signing_date_place")]
        cells.append(
            (opinion.rect, [_paragraph(word, FontRole.SONG, LARGEST, TA_CENTER) for word in words if word])
        )
    values = {place.field: fitted for place, fitted in prepared.values}
    ticks = {place.field: word for place, word in prepared.ticks}
    for place in layout.places:
        content: Any = ""
        if place.choices:
            content = _Choices(place, ticks.get(place.field, ""))
        elif place.field == "received_on":
            content = _paragraph(texts.text("date_place"), FontRole.SONG, 10.5, TA_CENTER)
        elif place.field in values:
            content = _lines(values[place.field], FontRole.FANGSONG, TA_CENTER)
        cells.append((place.rect, content))
    return _spanned(cells)


def _spanned(cells: list[tuple[Rect, Any]]) -> Table:
    """Return one table whose columns and rows are all the edges of the cells."""
    xs = sorted({round(edge, 1) for rect, _ in cells for edge in (rect.x, rect.x + rect.width)})
    ys = sorted(
        {round(edge, 1) for rect, _ in cells for edge in (rect.y, rect.y + rect.height)}, reverse=True
    )
    column, row = {x: i for i, x in enumerate(xs)}, {y: i for i, y in enumerate(ys)}
    data: list[list[Any]] = [[""] * (len(xs) - 1) for _ in ys[1:]]
    style: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 1),
        ("RIGHTPADDING", (0, 0), (-1, -1), 1),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ("INNERGRID", (0, 0), (-1, -1), 0.5, black),
        ("BOX", (0, 0), (-1, -1), 1.5, black),
    ]
    for rect, content in cells:
        left, right = column[round(rect.x, 1)], column[round(rect.x + rect.width, 1)] - 1
        top, bottom = row[round(rect.y + rect.height, 1)], row[round(rect.y, 1)] - 1
        data[top][left] = content
        if (left, top) != (right, bottom):
            style.append(("SPAN", (left, top), (right, bottom)))
    widths = [right - left for left, right in pairwise(xs)]
    heights = [upper - lower for upper, lower in pairwise(ys)]
    return Table(data, colWidths=widths, rowHeights=heights, style=style)


def _lines(fitted: Fitted, role: FontRole, align: int) -> Paragraph:
    markup = "<br/>".join(_markup(line, role) for line in fitted.lines)
    return Paragraph(markup, _style(role, fitted.size, align))


def _paragraph(text: str, role: FontRole, size: float, align: int) -> Paragraph:
    return Paragraph(_markup(text, role), _style(role, size, align))


def _markup(text: str, role: FontRole) -> str:
    """Return text as paragraph markup, its rare characters in the font that has them."""
    runs = text_runs(text, role)
    own = _main_font(role)
    pieces = [
        piece if font == own else f'<font name="{font}">{escape(piece)}</font>'
        for font, piece in (
            (font, escape(piece).replace("　", "&nbsp;&nbsp;") if font == own else piece)
            for font, piece in runs
        )
    ]
    return "".join(pieces)


def _main_font(role: FontRole) -> str:
    return text_runs("数", role)[0][0]


def _style(role: FontRole, size: float, align: int) -> ParagraphStyle:
    key = (role, size, align)
    if key not in _STYLES:
        _STYLES[key] = ParagraphStyle(
            f"{role}{size}{align}",
            fontName=_main_font(role),
            fontSize=size,
            leading=line_pitch(size),
            alignment=align,
            wordWrap="CJK",
        )
    return _STYLES[key]
