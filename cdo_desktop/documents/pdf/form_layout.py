"""Where everything stands on a 备案表, in points from the lower left corner of its page.

The page is A4 with the measured look of the 干部任免审批表: outer border 1.5 pt, inner lines 0.5 pt, text of
12 pt, two-character labels spread. Rows have a least and a greatest height; the page is always filled down to
its margin. A row whose text needs more takes it from the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from cdo_desktop.documents.pdf.cell_text import SMALLEST, block_height, height_needed, wrap
from cdo_desktop.documents.pdf.fonts import FontRole
from cdo_desktop.documents.pdf.form_rows import CHOICES, COLUMNS, Block, Box, LayoutKey, Row, form_blocks
from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.errors import InvalidInputError

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
_BAND = 10 * MM


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


@lru_cache(maxsize=32)
def plan_rows(key: LayoutKey, texts: FormTexts) -> "FormPlan":
    """Return the rows of a form before they have heights."""
    blocks = form_blocks(key)
    blocks = [
        replace(block, rows=tuple(_measured(row, key, texts) for row in block.rows)) for block in blocks
    ]
    return FormPlan(key, tuple(blocks), texts)


@dataclass(frozen=True)
class FormPlan:
    """The rows of a form, to be laid out with or without rows that need more height."""

    key: LayoutKey
    blocks: tuple[Block, ...]
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


def _measured(row: Row, key: LayoutKey, texts: FormTexts) -> Row:
    """Give a row of running text the height of its text."""
    if not row.paragraph:
        return row
    width = RIGHT - LEFT - _BAND - 2 * PAD_X
    text = substituted(texts.text(row.paragraph, key.post), texts, key.receiving_body)
    lines = len(wrap(text, FontRole.SONG, row.size, width))
    needed = (block_height(lines, row.size) + 2 * PAD_Y + 1.5) / MM
    return replace(row, least=needed, most=needed + 2)


def _heights(rows: Sequence[Row], needs: Mapping[str, float]) -> list[float]:
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
    if spare < 0:
        raise InvalidInputError(
            "表上的固定文字太长，一页放不下，没有打印任何内容。请缩短表格文字文件里的“职责知悉”或“个人信息告知”。"
        )
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

    def add_block(self, block: Block, top: float, heights: Sequence[float]) -> None:
        height = sum(heights)
        x = LEFT
        if block.band == "bands.counterpart":  # one row: its name lies in a wide cell
            width = _BAND + COLUMNS[0] * MM
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

    def _row(self, row: Row, x: float, y: float, height: float, whose: str) -> None:
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
            choices = tuple((word, self._choice(word)) for word in CHOICES.get(entry.field, ()))
            self.places.append(Place(entry.field, whose + label.replace("\n", ""), rect, choices))
            x += entry.value_mm * MM

    def _label(self, rect: Rect, text: str) -> None:
        self.labels.append(Label(rect, "　".join(text) if len(text) == 2 and rect.width > 15 * MM else text))

    def _box(self, box: Box, x: float, y: float, height: float) -> None:
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


def row_height_for(text: str, width: float, size: float = SMALLEST) -> float:
    """Return the height in points of a row that holds all of a value at one size."""
    return height_needed(text, FontRole.FANGSONG, width, size) + 2 * PAD_Y + 0.5
