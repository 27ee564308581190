"""Where the head of a roster table stands in a sheet."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cdo_desktop.documents.readers.roster_headings import (
    UNKNOWN,
    Heading,
    read_heading_path,
    shown_heading,
)
from cdo_desktop.documents.readers.roster_layout import Column, HeadCell, IgnoredColumn, lay_out
from cdo_desktop.documents.readers.workbook import CellArea, SheetGrid
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.vocabulary import PostKind

F = RosterField

_REMARKS = (F.NOTE, F.HEAD_NOTE, F.BASIS, F.TITLE, F.WORK_SCOPE, F.DUTIES, F.TRAINING)
SEARCHED_ROWS = 30
_MOST_HEAD_ROWS = 3
_LONGEST_HEADING = 80


@dataclass(frozen=True)
class Head:
    """The head of one table: its 0-based rows, the columns below it, and the columns that are not read."""

    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    ignored: tuple[IgnoredColumn, ...]
    texts: tuple[Mapping[int, str], ...]  # the words of each head row, to know it again on a later page
    whole: bool  # no merged cell reaches out of it

    @property
    def posts(self) -> tuple[PostKind, ...]:
        """The posts that stand side by side; empty where every row is one post."""
        if any(column.field is F.NAME and column.post is None for column in self.columns):
            return ()
        names = (column.post for column in self.columns if column.field is F.NAME)
        return tuple(dict.fromkeys(post for post in names if post is not None))

    @cached_property
    def indexes(self) -> frozenset[int]:
        """The columns that are read."""
        return frozenset(column.index for column in self.columns)

    @cached_property
    def name_indexes(self) -> frozenset[int]:
        """The columns with the holders' names."""
        return frozenset(column.index for column in self.columns if column.field is F.NAME)

    @cached_property
    def remark_indexes(self) -> frozenset[int]:
        """The columns of free text, which may begin with any word."""
        return frozenset(column.index for column in self.columns if column.field in _REMARKS)

    @cached_property
    def _fields(self) -> frozenset[RosterField | None]:
        return frozenset(column.field for column in self.columns)

    def columns_of(self, post: str) -> tuple[Column, ...]:
        """Return the columns that say something of a post; others may stand beside it."""
        return tuple(column for column in self.columns if column.post is None or column.post == post)

    def has(self, *fields: RosterField) -> bool:
        """Whether some column holds one of these fields."""
        return not self._fields.isdisjoint(fields)

    @property
    def has_unit(self) -> bool:
        """Whether the unit of a row can be read."""
        return self.has(F.UNIT_FULL_NAME, F.UNIT_SHORT_NAME)

    @property
    def has_post(self) -> bool:
        """Whether the post of a row can be read."""
        return self.has(F.POST) or bool(self.posts)


def find_heads(sheet: SheetGrid, *, unit_known: bool, post_known: bool) -> tuple[Head, ...]:
    """Return the heads of all tables of a sheet, top down; a head repeated on each page counts again.

    ``unit_known`` and ``post_known`` say that the sheet tells the unit or the post of all its rows elsewhere,
    so that no column is needed for them.
    """

    def complete(head: Head) -> bool:
        return head.has(F.NAME) and (head.has_unit or unit_known) and (head.has_post or post_known)

    words = _Words(sheet)
    first = _first_head(words, complete)
    if first is None:
        return ()
    heads = [first]
    for row in words.rows_with_name_heading(first.last_row + 1):
        starts = range(max(heads[-1].last_row + 1, row - _MOST_HEAD_ROWS + 1), row + 1)
        again = _best(head for head in _candidates(words, starts) if complete(head))
        if again is not None and again.last_row >= row and len(again.columns) > 2:
            heads.append(again)
    return tuple(heads)


def nearest_head(sheet: SheetGrid) -> Head | None:
    """Return what comes closest to a head, to say what it lacks; None if nothing looks like one."""
    best = _best(_candidates(_Words(sheet), range(min(SEARCHED_ROWS, len(sheet.rows)))))
    return best if best is not None and len(best.columns) > 1 else None


def _first_head(words: "_Words", complete: Callable[[Head], bool]) -> Head | None:
    for row in range(min(SEARCHED_ROWS, len(words.sheet.rows))):
        upper = _best(head for head in _candidates(words, range(row, row + 1)) if complete(head))
        if upper is not None:
            # A title counted as part of the head adds nothing: the same head without it ranks higher.
            inside = _candidates(words, range(row, upper.last_row + 1))
            return _best(head for head in inside if complete(head))
    return None


def _best(heads: Iterable[Head]) -> Head | None:
    """Return the head that explains most columns and cuts no merged cell, with the fewest rows."""
    return max(
        heads,
        key=lambda head: (len(head.columns), head.whole, head.first_row - head.last_row, -head.first_row),
        default=None,
    )


def _candidates(words: "_Words", starts: Iterable[int]) -> Iterator[Head]:
    for first in starts:
        for last in range(first, min(first + _MOST_HEAD_ROWS, len(words.sheet.rows))):
            layout = lay_out(words.head_cells(first, last))
            if layout.columns:
                texts = tuple(words.in_row(row) for row in range(first, last + 1))
                whole = words.cuts_no_merged_cell(first, last)
                yield Head(first, last, layout.columns, layout.ignored, texts, whole)


@dataclass(frozen=True, eq=False)
class _Word:
    """The text of a cell; a merged cell and a group head are one word that stands over several columns."""

    text: str


class _Words:
    """A sheet seen as the words of a possible head."""

    def __init__(self, sheet: SheetGrid) -> None:
        self.sheet = sheet
        self._merged: dict[int, list[CellArea]] = {}  # by 0-based row; taller ones are no part of a head
        for area in sheet.merged:
            if area.last_row - area.first_row < _MOST_HEAD_ROWS:
                for row in range(area.first_row - 1, area.last_row):
                    self._merged.setdefault(row, []).append(area)

    def in_row(self, row: int) -> dict[int, str]:
        """Return the words of one row by column, merged cells not spread."""
        return {column: shown_heading(text) for column, text in self._raw(row).items()}

    def cuts_no_merged_cell(self, first: int, last: int) -> bool:
        """Whether the rows ``first`` to ``last`` hold merged cells entirely or not at all."""
        return all(
            area.first_row - 1 >= first and area.last_row - 1 <= last
            for row in (first, last)
            for area in self._merged.get(row, ())
        )

    def rows_with_name_heading(self, start: int) -> Iterator[int]:
        """Yield the rows from ``start`` on with a heading like 姓名 and no number or date.

        A line may say 部门, 任免文件 and 首席数据官 as well, and the name of who it is about in a remark.
        """
        for index in range(start, len(self.sheet.rows)):
            values = self.sheet.rows[index]
            if any(isinstance(value, date | int | float) for value in values):
                continue
            for value in values:
                if type(value) is str and "姓" in value and "名" in value and len(value) <= _LONGEST_HEADING:
                    yield index
                    break

    def head_cells(self, first: int, last: int) -> list[HeadCell]:
        """Read the rows ``first`` to ``last`` as one head, with group heads spread over their columns."""
        rows = self._spread(first, last)
        cells = []
        placed: set[_Word] = set()
        for column in sorted(set().union(*rows)):
            path: list[_Word] = []
            for row in rows:
                word = row.get(column)
                if word is not None and word not in path:
                    path.append(word)
            if not path or path[-1] in placed:
                continue  # a word over several columns with nothing below it names only the first of them
            placed.update(path)
            texts = tuple(word.text for word in path)
            cells.append(HeadCell(column, shown_heading(texts[-1]), _meaning(texts), len(path) > 1))
        return cells

    def _spread(self, first: int, last: int) -> list[dict[int, _Word]]:
        rows = [{c: _Word(text) for c, text in self._raw(row).items()} for row in range(first, last + 1)]
        covered: set[tuple[int, int]] = set()
        areas = {id(area): area for row in range(first, last + 1) for area in self._merged.get(row, ())}
        for area in areas.values():
            anchor = (
                rows[area.first_row - 1 - first].get(area.first_column - 1)
                if area.first_row > first
                else None
            )
            for row in range(max(first, area.first_row - 1), min(last + 1, area.last_row)):
                for column in range(area.first_column - 1, area.last_column):
                    covered.add((row, column))
                    if anchor is not None:
                        rows[row - first][column] = anchor
        for level in range(len(rows) - 1):
            self._spread_group_heads(rows, level, {c for r, c in covered if r == first + level})
        return rows

    def _spread_group_heads(self, rows: list[dict[int, _Word]], level: int, covered: set[int]) -> None:
        """Let an unmerged group head stand over the blanks to its right; drop a title over all columns."""
        row = rows[level]
        below = {c: word for lower in rows[level + 1 :] for c, word in lower.items()}
        for column in sorted(below):
            left = row.get(column - 1)
            is_group = left is not None and below.get(column - 1) not in (None, left)
            if column not in row and column not in covered and is_group and left is not None:
                row[column] = left
        used = set(below) | set(row)
        if len(used) > 1 and len({row.get(column) for column in used}) == 1:
            row.clear()

    def _raw(self, row: int) -> dict[int, str]:
        values = enumerate(self.sheet.rows[row])
        texts = ((c, v if isinstance(v, str) else "" if v is None else str(v)) for c, v in values)
        return {c: text for c, text in texts if shown_heading(text)}


def _meaning(texts: tuple[str, ...]) -> Heading:
    return UNKNOWN if any(len(text) > _LONGEST_HEADING for text in texts) else read_heading_path(texts)
