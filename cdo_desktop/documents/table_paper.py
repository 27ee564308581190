"""A list as a paper and as a workbook: the same title, heads and values for both."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

Cell: TypeAlias = str | int | date | None
"""A text may hold line ends; None is an empty cell."""


@dataclass(frozen=True)
class PaperColumn:
    """A heading, its width on paper and in a workbook; running text stands at the ``left``."""

    title: str
    millimetres: float
    characters: int
    left: bool = False


@dataclass(frozen=True)
class TablePaper:
    """A list with a line above it: what it is at the left, of which day at the right.

    ``nothing`` stands in the first line of a list without rows. The columns share the width of the page in
    proportion.
    """

    name: str
    title: str
    note: str
    dated: str
    page: str
    columns: tuple[PaperColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str
    landscape: bool = True
    size: float = 9.0
