"""Pages of 备案表: every value fitted into its place, the fixed part drawn once a layout."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdo_desktop.documents.pdf.cell_text import SMALLEST, Fitted, broken_after, fit, marked, tidy
from cdo_desktop.documents.pdf.filing_data import (
    FilingFormData,
    chosen,
    content_digest,
    missing_fields,
    shown_texts,
)
from cdo_desktop.documents.pdf.fonts import (
    FontRole,
    blank_missing,
    missing_characters,
    reserve_characters,
)
from cdo_desktop.documents.pdf.form_drawing import (
    FOOTER_SIZE,
    draw_fixed,
    draw_footer,
    draw_instructions,
    draw_tick,
    draw_value,
    footer_width,
    free_text_area,
    value_area,
)
from cdo_desktop.documents.pdf.form_layout import (
    PAGE_HEIGHT,
    PAGE_WIDTH,
    QR_BOTTOM,
    QR_LEFT,
    QR_SIDE,
    FormLayout,
    FormPlan,
    Place,
    plan_rows,
    row_height_for,
)
from cdo_desktop.documents.pdf.form_rows import LayoutKey
from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.documents.pdf.qr import FILING, PaperMark, draw_code, encode
from cdo_desktop.rules.vocabulary import ChangeReason, FilingKind, PostKind

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_OFTEN_WRITTEN = (
    "0123456789abcdefghijklmnopqrstuvwxyz@.-_，。、（）〔〕—·年月日号无暂定男女上海市宝山区人民政府街道镇办事处党工委"
    "副书记主任科员组局长中心数据信息管理服务公共资源大学培训目录编制归集共享应用场景情况属实同意报备"
)
_FOOTER_FIELDS = ("filler", "filler_phone")
_NAMES = frozenset({"name", "backup_name", "counterpart_name", "predecessor_name"})
_NAME_SIZE = 10.0  # a name on several lines is not made smaller: its row grows


@dataclass(frozen=True)
class PreparedForm:
    """A form's page: its layout, what is written where, what is ticked, and what could not be done."""

    key: LayoutKey
    layout: FormLayout
    values: tuple[tuple[Place, Fitted], ...]
    ticks: tuple[tuple[Place, str], ...]
    footer: tuple[tuple[str, str, Fitted], ...]  # field, label, value
    missing: tuple[tuple[str, tuple[str, ...]], ...]  # label of the field, characters that no font has
    too_long: tuple[tuple[str, Fitted], ...]  # label of the field, what of it fits
    strange: tuple[tuple[str, str], ...]  # label of a field with boxes, a word that has no box
    empty: tuple[str, ...]  # labels of the fields that have to be filled in and are not


class FormPages:
    """Adds pages to one PDF. Without a canvas it only prepares them."""

    def __init__(self, texts: FormTexts, canvas: "Canvas | None" = None) -> None:
        self._texts = texts
        self._canvas = canvas
        self._fixed: dict[object, str] = {}  # what a form XObject shows → its name
        self.count = 0

    def reserve(self, post: PostKind, receiving_body: str) -> None:
        """Set the fixed part's characters apart, so that the files of a batch share their making."""
        body = receiving_body or self._texts.text("receiving_body")
        canvas = self._drawing_canvas()
        fixed = self._texts.fixed_characters(post)
        if not missing_characters(fixed + body):
            reserve_characters(canvas, fixed + body, FontRole.SONG)
            reserve_characters(canvas, _OFTEN_WRITTEN, FontRole.FANGSONG)
            reserve_characters(canvas, self._texts.text("title", post), FontRole.TITLE)

    def prepare(self, form: FilingFormData) -> PreparedForm:
        """Fit a form's values into a layout with as high rows as they need and the page allows."""
        key = self._key(form)
        shown, missing = self._printable(form)
        words = chosen(form)
        layout, values, ticks = _laid_out(plan_rows(key, self._texts), shown, words)
        labels = {place.field: place.label for place in layout.places}
        footer = self._footer(shown)
        labels |= {field: label.rstrip("：: ") for field, label, _fitted in footer}
        too_long = [(place.label, fitted) for place, fitted, _text in values if not fitted.fits]
        too_long += [(labels[field], fitted) for field, _label, fitted in footer if not fitted.fits]
        return PreparedForm(
            key,
            layout,
            tuple((place, fitted) for place, fitted, _text in values),
            ticks,
            footer,
            tuple((labels[field], characters) for field, characters in missing if field in labels),
            tuple(too_long),
            tuple(
                (place.label, words[place.field])
                for place in layout.places
                if place.choices and place.field != "change_reason" and place.field in words
                if words[place.field] not in dict(place.choices)
            ),
            tuple(labels[field] for field in missing_fields(form) if field in labels),
        )

    def add(self, form: FilingFormData) -> None:
        """Draw a form on a page of its own."""
        canvas = self._drawing_canvas()
        prepared = self.prepare(form)
        canvas.doForm(self._fixed_part(prepared))
        mark = self._texts.text("too_long")
        for place, fitted in prepared.values:
            draw_value(canvas, place, marked(fitted, value_area(place)[0], mark))
        for place, word in prepared.ticks:
            draw_tick(canvas, place, word)
        footer = [
            (field, label, marked(fitted, footer_width(field), mark))
            for field, label, fitted in prepared.footer
        ]
        draw_footer(canvas, footer)
        self._draw_code(form)
        self._end_page()

    def _draw_code(self, form: FilingFormData) -> None:
        code = form.code
        if code is not None:
            paper = PaperMark(
                code.database_id, FILING, code.record_id, code.page, code.pages, content_digest(form)
            )
            draw_code(self._drawing_canvas(), QR_LEFT, QR_BOTTOM, QR_SIDE, encode(paper))

    def add_instructions(
        self, post: PostKind, receiving_body: str, *, back_of: FilingFormData | None = None
    ) -> None:
        """Draw the 填表说明 of a post's form on a page of its own, with the code of whose back it is."""
        canvas = self._drawing_canvas()
        body = receiving_body or self._texts.text("receiving_body")
        key = ("instructions", post, body)
        if key not in self._fixed:
            self._begin_fixed(key)
            draw_instructions(canvas, post, self._texts, body)
            canvas.endForm()
        canvas.doForm(self._fixed[key])
        if back_of is not None:
            self._draw_code(back_of)
        self._end_page()

    def _key(self, form: FilingFormData) -> LayoutKey:
        return LayoutKey(
            form.post,
            form.kind or FilingKind.CHANGE,
            form.receiving_body or self._texts.text("receiving_body"),
            bool(form.birth_month) or self._texts.flag("show_birth_month"),
            bool(form.political_status) or self._texts.flag("show_political_status"),
        )

    def _printable(self, form: FilingFormData) -> tuple[dict[str, str], list[tuple[str, tuple[str, ...]]]]:
        """Return what the cells show, with blanks for characters that no font has, and those characters."""
        shown = {field: tidy(text) for field, text in shown_texts(form, self._texts).items()}
        missing: list[tuple[str, tuple[str, ...]]] = []
        if missing_characters("".join(shown.values()).replace("\n", "")):
            for field, text in shown.items():
                lines = text.split("\n")
                characters = missing_characters("".join(lines))
                if characters:
                    missing.append((field, characters))
                    shown[field] = "\n".join(blank_missing(line) for line in lines)
        return shown, missing

    def _footer(self, shown: dict[str, str]) -> tuple[tuple[str, str, Fitted], ...]:
        footer = []
        for field in _FOOTER_FIELDS:
            label = self._texts.text(f"footer.{field}")
            text = shown.get(field, "").replace("\n", " ")
            fitted = fit(text, FontRole.FANGSONG, footer_width(field), FOOTER_SIZE, FOOTER_SIZE)
            footer.append((field, label, fitted))
        return tuple(footer)

    def _fixed_part(self, prepared: PreparedForm) -> str:
        """Return the name of the form XObject with a layout's borders and labels, drawing it if it is new."""
        canvas = self._drawing_canvas()
        key = (prepared.key, prepared.layout.heights)
        if key not in self._fixed:
            self._begin_fixed(key)
            title = self._texts.text("title", prepared.key.post)
            draw_fixed(canvas, prepared.layout, title, self._texts)
            canvas.endForm()
        return self._fixed[key]

    def _begin_fixed(self, key: object) -> None:
        name = f"fixed{len(self._fixed)}"
        self._fixed[key] = name
        self._drawing_canvas().beginForm(name, 0, 0, PAGE_WIDTH, PAGE_HEIGHT)

    def _drawing_canvas(self) -> "Canvas":
        if self._canvas is None:
            raise ValueError("these pages are only prepared, there is no PDF to draw on")
        return self._canvas

    def _end_page(self) -> None:
        self._drawing_canvas().showPage()
        self.count += 1


def _laid_out(
    plan: FormPlan, shown: dict[str, str], words: dict[str, str]
) -> tuple[FormLayout, list[tuple[Place, Fitted, str]], tuple[tuple[Place, str], ...]]:
    """Return the layout that shows most, with texts and ticks: rows grow where they have to."""
    layout = plan.standard
    values, ticks = _fitted(layout, shown, words)
    for name_size in (SMALLEST, _NAME_SIZE):  # a name gets more room only where nothing else needs it
        if all(_is_well_fitted(place, fitted, name_size) for place, fitted, _text in values):
            continue
        higher = plan.layout(_needs(values, name_size))
        attempt = _fitted(higher, shown, words)
        if name_size == SMALLEST or _cut(attempt[0]) <= _cut(values):
            layout, (values, ticks) = higher, attempt
    return layout, values, ticks


def _fitted(
    layout: FormLayout, shown: dict[str, str], words: dict[str, str]
) -> tuple[list[tuple[Place, Fitted, str]], tuple[tuple[Place, str], ...]]:
    """Return texts with their places, and ticks."""
    values: list[tuple[Place, Fitted, str]] = []
    ticks: list[tuple[Place, str]] = []
    for place in layout.places:
        text = shown.get(place.field, "")
        if place.choices:
            word = words.get(place.field, "")
            if not word:
                continue
            if word in (value for value, _printed in place.choices):
                ticks.append((place, word))
                continue
            if place.field != "change_reason":
                continue  # named in PreparedForm.strange
            # A reason in the unit's own words: 其他, and the words behind the boxes.
            ticks.append((place, ChangeReason.OTHER))
            place = replace(place, rect=free_text_area(place), choices=())
            text = shown["change_reason"]
        if text:
            area = value_area(place)
            name = place.field in _NAMES
            if name:
                text = broken_after("·", text, FontRole.FANGSONG, area[0], _NAME_SIZE, SMALLEST)
            values.append((place, fit(text, FontRole.FANGSONG, *area, one_line=name), text))
    return values, tuple(ticks)


def _is_well_fitted(place: Place, fitted: Fitted, name_size: float) -> bool:
    too_small = place.field in _NAMES and len(fitted.lines) > 1 and fitted.size < name_size
    return fitted.fits and not too_small


def _cut(values: list[tuple[Place, Fitted, str]]) -> int:
    """Return how many characters of all texts found no place."""
    return sum(fitted.total - fitted.kept for _place, fitted, _text in values)


def _needs(values: list[tuple[Place, Fitted, str]], name_size: float) -> dict[str, float]:
    """Return the least height of each text of several lines: other rows may shrink, theirs may not."""
    return {
        place.field: row_height_for(
            text, value_area(place)[0], name_size if place.field in _NAMES else SMALLEST
        )
        for place, fitted, text in values
        if len(fitted.lines) > 1 or not fitted.fits
    }
