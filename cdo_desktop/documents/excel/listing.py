"""Plain lists as a workbook: one sheet a list, each with its title, a note, a head and rows of values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cdo_desktop.documents.atomic import atomic_target
from cdo_desktop.documents.table_paper import Cell

MOST_LINES: Final = 1_048_570  # of a sheet, the head and what stands above it apart


@dataclass(frozen=True)
class ListColumn:
    """A heading with its width in characters; what is ``centred`` is short."""

    title: str
    width: int
    centred: bool = False


@dataclass(frozen=True)
class ListSheet:
    """One list; its rows are taken one after the other and may raise to stop.

    Whole numbers and dates stay what they are, every text stays a text. A ``printed`` list has arrows
    in its head and rows as high as their text in every program, which costs time and memory.
    """

    name: str
    title: str
    note: str
    columns: Sequence[ListColumn]
    rows: Iterable[Sequence[Cell]]
    printed: bool = False
    landscape: bool = True


def write_listing(sheets: Sequence[ListSheet], target: Path) -> None:
    """Write the lists in their order.

    What a row raises leaves the file that was there before. Raises FileInUseError or StorageError, as
    ``atomic_target`` does.
    """
    from cdo_desktop.documents.excel.listing_book import write_book  # openpyxl takes 0.1 s

    with atomic_target(target) as fresh:
        write_book(sheets, fresh)
