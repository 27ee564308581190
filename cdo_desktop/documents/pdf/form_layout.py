"""Where everything stands on a 备案表, in points from the lower left corner of its page.

The page is A4 with the measured look of the 干部任免审批表: outer border 1.5 pt, inner lines 0.5 pt, text of
12 pt, two-character labels spread. Rows have a least and a greatest height; the page is always filled down to
its margin. A row whose text needs more takes it from the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from cdo_desktop.documents.pdf.cell_text import block_height, height_needed, wrap
from cdo_desktop.documents.pdf.fonts import FontRole
from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.rules.vocabulary import ChangeReason, FilingKind, Handover, HeadStatus, PostKind

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT = 22 * MM, 190 * MM
TABLE_TOP = 262.5 * MM
TABLE_BOTTOM = 25.5 * MM
TITLE_BASELINE = 267.5 * MM
FOOTER_BASELINE = 20.5 * MM
QR_SIDE = 19 * MM
QR_LEFT, QR_BOTTOM = 171 * MM, 266.5 * MM

PAD_X = 5.5
PAD_Y = 2.4
DUTY_SIZE = 10.5
NOTICE_SIZE = 8.5

_BAND = 10 * MM
_COLUMNS = (23.0, 30.0, 22.0, 30.0, 22.0, 31.0)  # mm, label and value by turns, right of the band

BLANK_CHOICES = {"late": ("否", "是")}
"""Choices that only the receiving body makes, by hand."""

_CHOICES = {
    "kind": tuple(FilingKind),
    "head_status": tuple(HeadStatus),
    "change_reason": tuple(ChangeReason),
    "handover": tuple(Handover),
    **BLANK_CHOICES,
}


@dataclass(frozen=True)
class Rect:
    """A rectangle on the page, in points."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Label:
    """Fixed text in a cell; ``stacked`` text runs downwards, one or two characters a line."""

    rect: Rect
    text: str
    stacked: bool = False


@dataclass(frozen=True)
class Place:
    """A cell for one field's value; with ``choices`` it holds check boxes (value, printed word)."""

    field: str
    label: str
    rect: Rect
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """Fixed running text."""

    rect: Rect
    text: str
    size: float


@dataclass(frozen=True)
class Opinion:
    """A box to sign and seal: prepared text at the top, place of seal and date at the bottom right."""

    rect: Rect
    text: str
    seal: str


@dataclass(frozen=True)
class FormLayout:
    """One page. ``heights`` are those of its rows in points."""

    heights: tuple[float, ...]
    labels: tuple[Label, ...]
    places: tuple[Place, ...]
    paragraphs: tuple[Paragraph, ...]
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True)
class LayoutKey:
    """All that the fixed part of a page depends on."""

    post: PostKind
    kind: FilingKind
    receiving_body: str
    birth_month: bool
    political_status: bool


@dataclass(frozen=True)
class _Entry:
    field: str
    label_mm: float
    value_mm: float
    label_key: str = ""


@dataclass(frozen=True)
class _Box:
    key: str
    width_mm: float  # with its 10 mm band


@dataclass(frozen=True)
class _Row:
    least: float  # mm
    most: float
    entries: tuple[_Entry, ...] = ()
    boxes: tuple[_Box, ...] = ()
    paragraph: str = ""
    size: float = 0.0


@dataclass(frozen=True)
class _Block:
    rows: tuple[_Row, ...]
    band: str = ""
    right: _Box | None = None


@lru_cache(maxsize=32)
def plan_rows(key: LayoutKey, texts: FormTexts) -> "FormPlan":
    """Return the rows of a form before they have heights."""
    blocks = _blocks(key)
    blocks = [
        replace(block, rows=tuple(_measured(row, key, texts) for row in block.rows)) for block in blocks
    ]
    return FormPlan(key, tuple(blocks), texts)


@dataclass(frozen=True)
class FormPlan:
    """The rows of a form, to be laid out with or without rows that need more height."""

    key: LayoutKey
    blocks: tuple[_Block, ...]
    texts: FormTexts

    @cached_property
    def standard(self) -> FormLayout:
        """The layout in which no row needs more than the others."""
        return self.layout()

    def layout(self, needs: Mapping[str, float] | None = None) -> FormLayout:
        """Lay the page out; ``needs`` are heights in points that the row of a field should have at least.

        What does not fit on the page is granted as far as the other rows can shrink, the smallest need first.
        """
        rows = [row for block in self.blocks for row in block.rows]
        heights = _heights(rows, needs or {})
        return _place(self, heights)


def substituted(text: str, texts: FormTexts, receiving_body: str) -> str:
    """Return a text of the files with the names in braces filled in."""
    contact = texts.text("office_contact") or texts.text("contact_line")
    return text.replace("{receiving_body}", receiving_body).replace("{office_contact}", contact)


def _blocks(key: LayoutKey) -> list[_Block]:
    c1, v1, c2, v2, c3, v3 = _COLUMNS
    cdo = key.post is PostKind.CDO
    leaving = key.kind is FilingKind.LEAVE
    blocks = [
        _Block((_row(_Entry("kind", 33, v1 + c2 + v2), _Entry("filled_on", c3, v3)),)),
        _Block(
            (
                _row(_Entry("unit_full_name", c1, v1 + c2 + v2), _Entry("unit_category", c3, v3)),
                _row(_Entry("unit_address", c1, v1 + c2 + v2), _Entry("unit_postcode", c3, v3)),
            ),
            "bands.unit",
        ),
        _Block(tuple(_person_rows(key, cdo)), "bands.person"),
        _Block(
            (
                _row(
                    _Entry("counterpart_name", 14, 24),
                    _Entry("counterpart_title", 14, 38),
                    _Entry("counterpart_phone", 14, 31),
                ),
            ),
            "bands.counterpart",
        ),
        _Block(tuple(_change_rows(leaving)), "bands.leave" if leaving else "bands.change"),
    ]
    if not leaving:
        blocks.append(_Block((_Row(0, 0, paragraph="duty.text", size=DUTY_SIZE),), "bands.duty"))
    blocks.append(_Block((_Row(0, 0, paragraph="notice.text", size=NOTICE_SIZE),), "bands.notice"))
    blocks.append(_Block((_Row(33, 40, boxes=_signatures(cdo, leaving)),)))
    blocks.append(
        _Block(
            (
                _row(_Entry("received_on", 21, 30), _Entry("number", 18, 27)),
                _row(_Entry("late", 21, 30), _Entry("late_days", 18, 27)),
                _row(_Entry("late_note", 21, 75)),
                _row(_Entry("clerk", 21, 30), _Entry("chief", 18, 27)),
            ),
            "bands.office_use",
            _Box("office", 62),
        )
    )
    return blocks


def _row(*entries: _Entry) -> _Row:
    return _Row(8, 11.5, entries)


def _person_rows(key: LayoutKey, cdo: bool) -> list[_Row]:
    c1, v1, c2, v2, c3, v3 = _COLUMNS
    wide = sum(_COLUMNS) - c1
    rows = [_row(_Entry("name", c1, v1), _Entry("sex", c2, v2), _Entry("since", c3, v3))]
    if key.birth_month and key.political_status:
        rows.append(_row(_Entry("birth_month", c1, v1), _Entry("political_status", c2, v2 + c3 + v3)))
    elif key.birth_month or key.political_status:
        rows.append(_row(_Entry("birth_month" if key.birth_month else "political_status", c1, wide)))
    contact = _row(_Entry("office_phone", c1, v1), _Entry("mobile", c2, v2), _Entry("email", c3, v3))
    title = _row(_Entry("title", c1, wide))
    basis = _row(_Entry("basis", c1, wide))
    if cdo:
        head = _row(_Entry("head_status", c1, v1 + c2), _Entry("head_note", v2 - 8, c3 + v3 + 8))
        return [*rows, title, head, basis, _row(_Entry("work_scope", c1, wide)), contact]
    return [
        *rows,
        _row(_Entry("section", c1, v1 + c2 + v2), _Entry("rank", c3, v3)),
        title,
        _row(_Entry("duties", c1, wide)),
        _row(_Entry("digital_years", c1, v1), _Entry("education", c2, v2 + c3 + v3)),
        basis,
        _row(_Entry("training", c1, wide)),
        _row(
            _Entry("platform_account", c1, v1), _Entry("backup_name", c2, v2), _Entry("backup_phone", c3, v3)
        ),
        contact,
    ]


def _change_rows(leaving: bool) -> list[_Row]:
    c1, v1, c2, v2, c3, v3 = _COLUMNS
    wide = sum(_COLUMNS) - c1
    if leaving:
        return [
            _row(_Entry("change_reason", c1, wide, "labels.leave_reason")),
            _row(_Entry("leave_date", c1, v1 + c2), _Entry("handover", v2 - 8, c3 + v3 + 8)),
        ]
    return [
        _row(_Entry("predecessor_name", c1, v1), _Entry("predecessor_title", c2, v2 + c3 + v3)),
        _row(_Entry("change_reason", c1, wide)),
        _row(_Entry("change_date", c1, v1), _Entry("due_date", c2, v2), _Entry("handover", 10, c3 + v3 - 10)),
    ]


def _signatures(cdo: bool, leaving: bool) -> tuple[_Box, ...]:
    if cdo:
        return (_Box("unit", 168),) if leaving else (_Box("person", 76), _Box("unit", 92))
    if leaving:
        return (_Box("cdo", 76), _Box("unit", 92))
    return (_Box("person", 50), _Box("cdo", 54), _Box("unit", 64))


def _measured(row: _Row, key: LayoutKey, texts: FormTexts) -> _Row:
    """Give a row of running text the height of its text."""
    if not row.paragraph:
        return row
    width = RIGHT - LEFT - _BAND - 2 * PAD_X
    text = substituted(texts.text(row.paragraph, key.post), texts, key.receiving_body)
    lines = len(wrap(text, FontRole.SONG, row.size, width))
    needed = (block_height(lines, row.size) + 2 * PAD_Y + 1.5) / MM
    return replace(row, least=needed, most=needed + 2)


def _heights(rows: Sequence[_Row], needs: Mapping[str, float]) -> list[float]:
    """Share the table's height among the rows, in points."""
    total = TABLE_TOP - TABLE_BOTTOM
    least = [row.least * MM for row in rows]
    most = [row.most * MM for row in rows]
    wanted = {
        index: max(needs.get(entry.field, 0.0) for entry in row.entries)
        for index, row in enumerate(rows)
        if any(needs.get(entry.field, 0.0) > least[index] for entry in row.entries)
    }
    spare = total - sum(least)
    for left, (index, height) in enumerate(sorted(wanted.items(), key=lambda item: item[1])):
        granted = min(height - least[index], spare / (len(wanted) - left))
        spare -= granted
        least[index] = most[index] = least[index] + max(0.0, granted)
    stretch = sum(most) - sum(least)
    share = min(1.0, max(0.0, spare / stretch)) if stretch else 0.0
    heights = [low + share * (high - low) for low, high in zip(least, most, strict=True)]
    signing = next(index for index, row in enumerate(rows) if row.boxes)
    heights[signing] += total - sum(heights)  # what is left, and rounding
    return heights


def _place(plan: FormPlan, heights: Sequence[float]) -> FormLayout:
    parts = _Parts(plan)
    top = TABLE_TOP
    done = 0
    for block in plan.blocks:
        block_heights = heights[done : done + len(block.rows)]
        parts.add_block(block, top, block_heights)
        top -= sum(block_heights)
        done += len(block.rows)
    return FormLayout(
        tuple(heights),
        tuple(parts.labels),
        tuple(parts.places),
        tuple(parts.paragraphs),
        tuple(parts.opinions),
    )


class _Parts:
    """Collects what stands on the page, block by block from the top."""

    def __init__(self, plan: FormPlan) -> None:
        self._key = plan.key
        self._texts = plan.texts
        self.labels: list[Label] = []
        self.places: list[Place] = []
        self.paragraphs: list[Paragraph] = []
        self.opinions: list[Opinion] = []

    def add_block(self, block: _Block, top: float, heights: Sequence[float]) -> None:
        height = sum(heights)
        x = LEFT
        if block.band == "bands.counterpart":  # one row: its name lies in a wide cell
            width = _BAND + _COLUMNS[0] * MM
            self._label(Rect(x, top - height, width, height), self._text(block.band))
            x += width
        elif block.band:
            band = Rect(x, top - height, _BAND, height)
            self.labels.append(Label(band, self._text(block.band), stacked=True))
            x += _BAND
        if block.right is not None:
            width = block.right.width_mm * MM
            self._box(block.right, RIGHT - width, top - height, height)
        for row, row_height in zip(block.rows, heights, strict=True):
            top -= row_height
            self._row(
                row, x, top, row_height, self._text(block.band) if block.band == "bands.counterpart" else ""
            )

    def _row(self, row: _Row, x: float, y: float, height: float, whose: str) -> None:
        if row.paragraph:
            self.paragraphs.append(
                Paragraph(Rect(x, y, RIGHT - x, height), self._text(row.paragraph), row.size)
            )
        for box in row.boxes:
            self._box(box, x, y, height)
            x += box.width_mm * MM
        for entry in row.entries:
            label = self._text(entry.label_key or f"labels.{entry.field}")
            self._label(Rect(x, y, entry.label_mm * MM, height), label)
            x += entry.label_mm * MM
            rect = Rect(x, y, entry.value_mm * MM, height)
            choices = tuple((word, self._choice(word)) for word in _CHOICES.get(entry.field, ()))
            self.places.append(Place(entry.field, whose + label.replace("\n", ""), rect, choices))
            x += entry.value_mm * MM

    def _label(self, rect: Rect, text: str) -> None:
        self.labels.append(Label(rect, "　".join(text) if len(text) == 2 and rect.width > 15 * MM else text))

    def _box(self, box: _Box, x: float, y: float, height: float) -> None:
        self.labels.append(
            Label(Rect(x, y, _BAND, height), self._text(f"opinions.{box.key}.band"), stacked=True)
        )
        rect = Rect(x + _BAND, y, box.width_mm * MM - _BAND, height)
        text, seal = (self._text(f"opinions.{box.key}.{part}") for part in ("text", "seal"))
        self.opinions.append(Opinion(rect, text, seal))

    def _text(self, key: str) -> str:
        return substituted(self._texts.text(key, self._key.post), self._texts, self._key.receiving_body)

    def _choice(self, word: str) -> str:
        return self._texts.text(f"choices.{word}", self._key.post)


def row_height_for(text: str, width: float) -> float:
    """Return the height in points of a row that holds all of a value at the smallest size."""
    return height_needed(text, FontRole.FANGSONG, width) + 2 * PAD_Y + 0.5
