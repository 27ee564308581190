"""What a table shows: its columns, and the small marks that stand before a cell's text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cdo_desktop.rules.text import Checked
from cdo_desktop.ui.common.tones import Tone

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class CellMark:
    """An icon before a cell's text.

    ``icon`` is a file name of resources/icons, whose shape carries the meaning together with ``tone``, so
    that colour is never the only signal. ``word`` says the same to the tooltip and the screen reader.
    """

    icon: str
    tone: Tone
    word: str
    tint: Tone | None = None
    """A ground for the whole cell, where many cells have to be told apart at a glance."""


@dataclass(frozen=True)
class PasteRule:
    """How a text from elsewhere goes into a column, see `table_pasting`.

    ``parse`` returns it in its stored form, with a warning where it is odd; it raises `AppError` for what
    cannot be accepted. ``heads`` are other words by which a sheet may call the column.
    """

    parse: Callable[[str], Checked]
    heads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column(Generic[RowT]):
    """One column of a table.

    ``key`` is its stable id: remembered layouts, filters and sorting name it. ``width`` is in device
    independent pixels at 9 pt and grows with the font. ``align_right`` marks figures: they are copied to
    Excel as numbers, everything else as text. ``tooltip`` is shown instead of the full text of a cut cell.
    ``hidden`` columns wait in the column menu until the user shows them. Into a column with ``paste`` a block
    can be pasted; the text of a column that ``names`` tells which row a line of such a block is about.
    """

    key: str
    title: str
    text: Callable[[RowT], str]
    width: int = 100
    align_right: bool = False
    filterable: bool = True
    sortable: bool = True
    tooltip: Callable[[RowT], str] | None = None
    mark: Callable[[RowT], CellMark | None] | None = None
    hidden: bool = False
    paste: PasteRule | None = None
    names: bool = False
