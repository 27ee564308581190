"""What a roster says of one post, and where: the lines that an import works on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cdo_desktop.documents.readers.roster_head import Head
from cdo_desktop.documents.readers.roster_rows import SheetRows
from cdo_desktop.documents.readers.roster_values import is_vacant, read_value
from cdo_desktop.rules.roster_columns import RosterField

F = RosterField


class CellRef(NamedTuple):
    """One cell of a workbook, counted from 1; ``named`` when its sheet has to be told apart from others."""

    sheet: str
    row: int
    column: int
    named: bool = False

    @property
    def label(self) -> str:
        """Return C5, or 名册!C5 where several sheets are read."""
        place = f"{column_letters(self.column)}{self.row}"
        return f"{self.sheet}!{place}" if self.named else place


@dataclass(frozen=True)
class RosterProblem:
    """What is wrong in a cell; not ``blocking`` is a hint, and the line goes in."""

    ref: CellRef
    field: RosterField | None
    message: str
    blocking: bool


@dataclass(frozen=True)
class RosterLine:
    """One post. ``values`` has what was there and understood: "" for an empty cell, nothing for no column."""

    sheet: str
    row: int
    values: Mapping[RosterField, str | date]
    cells: Mapping[RosterField, CellRef]
    problems: tuple[RosterProblem, ...]


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1, as Excel shows them."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class _RowCells(Mapping[RosterField, CellRef]):
    """The cells of one row, one a field; mostly nobody asks where they are."""

    __slots__ = ("_columns", "_named", "_row", "_sheet")

    def __init__(self, sheet: str, row: int, columns: Mapping[RosterField, int], named: bool) -> None:
        self._sheet = sheet
        self._row = row
        self._columns = columns
        self._named = named

    def __getitem__(self, field: RosterField) -> CellRef:
        return CellRef(self._sheet, self._row, self._columns[field], self._named)

    def __contains__(self, field: object) -> bool:
        return field in self._columns

    def __iter__(self) -> Iterator[RosterField]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


class PlainRows:
    """Reads the rows of a table that leave nothing to decide, which are nearly all of a large roster's.

    Such a row is one post with its unit and its holder, its columns are one a field, no cell is merged with
    one above, and every cell is understood without a word. ``unit_above`` says that lines above tell
    the unit.
    """

    def __init__(self, rows: SheetRows, head: Head, *, named: bool, unit_above: bool) -> None:
        self._rows = rows
        self._named = named
        self._columns = [(column.field, column.index) for column in head.columns if column.field is not None]
        self._places = {field: index + 1 for field, index in self._columns}
        self._exist = (
            not unit_above
            and len(self._places) == len(head.columns)
            and all(column.post is None for column in head.columns)
            and not any(column.field is F.TITLE and "科室" in column.heading for column in head.columns)
            and {F.POST, F.NAME} <= self._places.keys()
        )

    def line(self, row: int) -> RosterLine | None:
        """Return the line of a row, counted from 0; None where something is special."""
        if not self._exist or self._rows.is_merged(row):
            return None
        sheet = self._rows.sheet
        cells = sheet.rows[row]
        values: dict[RosterField, str | date] = {}
        for field, index in self._columns:
            value, message = read_value(field, cells[index])
            if value is None or message:
                return None
            values[field] = value
        unit = values.get(F.UNIT_FULL_NAME) or values.get(F.UNIT_SHORT_NAME)
        if not unit or not values[F.POST] or is_vacant(cells[self._places[F.NAME] - 1]):
            return None
        places = _RowCells(sheet.name, row + 1, self._places, self._named)
        return RosterLine(sheet.name, row + 1, values, places, ())
