"""What a pasted block would do to a table: which column and row each cell belongs to, and old → new.

Knows no widget and no database: the tab's `PasteInto` finds the rows and writes them.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from cdo_desktop.errors import AppError, InvalidInputError
from cdo_desktop.rules.text import clean_text
from cdo_desktop.ui.common.pasted_block import TOO_NARROW, Block
from cdo_desktop.ui.common.table_columns import Column

Step = Callable[[int, int], None]
"""Told how many of how many lines are done; raises CancelledError when the user wants to stop."""


class PasteState(StrEnum):
    """What would become of a cell or a line."""

    CHANGED = "修改"
    SAME = "不变"
    WRONG = "有误"


@dataclass(frozen=True)
class PasteAsked:
    """Which row a line is for: ``key`` in the table, or what the line's naming columns say of it."""

    key: Hashable = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PasteTarget:
    """The record found for a line, or the ``problem`` why there is none.

    By column key: ``values`` as stored, ``shown`` as the table shows them where that is something else (a
    masked phone), ``refused`` why a column cannot be changed in this row, ``records`` what it is stored in:
    one person in two posts has one phone. ``opened`` comes back on saving, to see whether the record has
    changed meanwhile.
    """

    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, Hashable] = field(default_factory=dict)
    opened: Any = None
    problem: str = ""


@dataclass(frozen=True)
class PasteChange:
    """New values, by column key, for one record."""

    opened: Any
    values: Mapping[str, str]


class PasteInto(Protocol):
    """What a tab offers a paste from its service; every method runs off the GUI thread."""

    def naming(self, columns: Sequence[Sequence[str]]) -> Sequence[str]:
        """Return for each column of texts the key of the naming column it looks like, or ""."""

    def find(
        self, asked: Sequence[PasteAsked], columns: Sequence[str], shown: Collection[Any]
    ) -> Sequence[PasteTarget]:
        """Return the record of every line, as it is stored now; ``columns`` are to be changed.

        Of several rows with the names of a line, the only one that the table has ``shown`` is meant.
        """

    def save(self, changes: Sequence[PasteChange], step: Step) -> str:
        """Write all in one transaction, or nothing; return what to say of it. Raises AppError."""


@dataclass(frozen=True)
class PasteStart:
    """Where in the table the block goes: visible columns in their order, rows from the first one on."""

    columns: tuple[str, ...]
    column: str
    keys: tuple[Hashable, ...]
    """Of the rows that a block without names fills, one after the other."""
    selected: tuple[Hashable, ...]
    shown: Collection[Any]
    """The keys of all rows that the table shows now."""


@dataclass(frozen=True)
class PasteCell:
    """One cell of the preview; ``text`` as it was copied, ``note`` why it is wrong or odd."""

    column: str
    text: str
    state: PasteState
    before: str = ""
    after: str = ""
    note: str = ""


@dataclass(frozen=True)
class PasteLine:
    """One line of the block: its number there, whom it is about, and its cells by column key."""

    number: int
    name: str
    cells: Mapping[str, PasteCell]
    opened: Any
    problem: str = ""

    @property
    def state(self) -> PasteState:
        """The worst of its cells; a line without a row is wrong."""
        states = {cell.state for cell in self.cells.values()}
        if self.problem or PasteState.WRONG in states:
            return PasteState.WRONG
        return PasteState.CHANGED if PasteState.CHANGED in states else PasteState.SAME

    @property
    def values(self) -> dict[str, str]:
        """What would be written."""
        return {key: cell.after for key, cell in self.cells.items() if cell.state is PasteState.CHANGED}


@dataclass(frozen=True)
class PastePlan:
    """The whole preview. ``columns`` are filled, ``told`` says in words what goes where."""

    columns: tuple[str, ...]
    lines: tuple[PasteLine, ...]
    told: str

    def count(self, state: PasteState) -> int:
        """Return how many lines are in a state."""
        return sum(line.state is state for line in self.lines)

    @property
    def changed_cells(self) -> int:
        """How many cells of lines without a problem would change."""
        return sum(len(line.values) for line in self.lines if line.state is PasteState.CHANGED)

    def changes(self) -> list[PasteChange]:
        """Return what is to be written: the lines without a problem."""
        return [
            PasteChange(line.opened, line.values) for line in self.lines if line.state is PasteState.CHANGED
        ]


@dataclass(frozen=True)
class _Layout:
    """What each column of the block is: a column of the table, by its place in the block."""

    names: Mapping[int, str]
    fills: Mapping[int, str]
    has_heads: bool
    left_out: tuple[str, ...]


def make_plan(columns: Sequence[Column[Any]], block: Block, start: PasteStart, into: PasteInto) -> PastePlan:
    """Compare a block with what is stored; raises InvalidInputError when none of it can go in anywhere."""
    known = {column.key: column for column in columns}
    layout = _layout(columns, known, block, start, into)
    rows = list(enumerate(block, start=1))[layout.has_heads :]
    rows = [(number, row) for number, row in rows if any(cell.strip() for cell in row)]
    if layout.names:
        asked = [_by_name(layout, row) for _number, row in rows]
    else:
        rows, asked = _by_place(rows, start)
    fills = tuple(layout.fills.values())
    targets = _find(asked, fills, start, into)
    taken: dict[Hashable, tuple[int, str]] = {}
    lines = tuple(
        _line(known, layout, number, row, target, taken)
        for (number, row), target in zip(rows, targets, strict=True)
    )
    return PastePlan(fills, lines, _told(known, layout, lines))


# Columns


def _layout(
    columns: Sequence[Column[Any]],
    known: Mapping[str, Column[Any]],
    block: Block,
    start: PasteStart,
    into: PasteInto,
) -> _Layout:
    heads = _heads(columns, block)
    if heads:
        named = {place: column.key for place, column in heads.items() if column.names}
        fills = {place: column.key for place, column in heads.items() if column.paste is not None}
        titles = enumerate(map(clean_text, block[0]))
        left_out = tuple(title for place, title in titles if title and place not in named | fills)
        if not fills:
            raise InvalidInputError(
                f"复制的列（{'、'.join(left_out) or '只有名称'}）都不能粘贴到这张表。没有改动任何内容。"
                f"可以粘贴的有：{_pastable(columns)}。"
            )
        return _Layout(named, fills, True, left_out)
    named = _leading_names(block, into)
    fills, left_out = _from_start(known, range(len(named), len(block[0])), start)
    if not fills:
        raise InvalidInputError(
            f"粘贴的起点不对：“{known[start.column].title}”起没有可以粘贴的列。没有改动任何内容。"
            f"请先点一下要填的第一格（{_pastable(columns)}），或者连同表头一起复制，再按 Ctrl+V。"
        )
    return _Layout(named, fills, False, left_out)


def _heads(columns: Sequence[Column[Any]], block: Block) -> dict[int, Column[Any]]:
    """Return the columns that the first row names, if it is a row of heads."""
    titles = {_key(column.title): column for column in columns}
    for column in columns:
        if column.paste is not None:
            titles |= {_key(head): column for head in column.paste.heads}
    texts = [_key(cell) for cell in block[0]]
    found = {place: titles[text] for place, text in enumerate(texts) if text in titles}
    enough = len(block) > 1 and 2 * len(found) >= sum(map(bool, texts))
    return _first_of_each(found) if found and enough else {}


def _first_of_each(found: Mapping[int, Column[Any]]) -> dict[int, Column[Any]]:
    seen: set[str] = set()
    kept = {}
    for place, column in found.items():
        if column.key not in seen:
            seen.add(column.key)
            kept[place] = column
    return kept


def _leading_names(block: Block, into: PasteInto) -> dict[int, str]:
    """Return the first columns that hold names, if others are left to be filled."""
    by_column = list(zip(*block, strict=True))
    if len(by_column) < 2:
        return {}
    named: dict[int, str] = {}
    for place, key in enumerate(into.naming(by_column)):
        if not key or key in named.values():
            break
        named[place] = key
    return named if len(named) < len(by_column) else {}


def _from_start(
    known: Mapping[str, Column[Any]], places: Sequence[int], start: PasteStart
) -> tuple[dict[int, str], tuple[str, ...]]:
    """Lay the block's columns side by side over the visible ones from the current one on."""
    fills: dict[int, str] = {}
    left_out: list[str] = []
    at = start.columns.index(start.column)
    for offset, place in enumerate(places):
        if at + offset >= len(start.columns):
            left_out.append(f"第 {place + 1} 列")
            continue
        column = known[start.columns[at + offset]]
        if column.paste is None:
            left_out.append(column.title)
        else:
            fills[place] = column.key
    return fills, tuple(left_out)


def _pastable(columns: Sequence[Column[Any]]) -> str:
    return "、".join(column.title for column in columns if column.paste is not None)


def _key(text: str) -> str:
    return "".join(clean_text(text).split()).rstrip("：:*")


# Rows

_NOWHERE = PasteAsked()


def _by_name(layout: _Layout, row: Sequence[str]) -> PasteAsked:
    return PasteAsked(names={key: clean_text(row[place]) for place, key in layout.names.items()})


_Rows = list[tuple[int, tuple[str, ...]]]


def _find(
    asked: Sequence[PasteAsked], fills: Sequence[str], start: PasteStart, into: PasteInto
) -> list[PasteTarget]:
    """Find the record of every line that has a row; below the last row of the table there is none."""
    found = iter(into.find([line for line in asked if line != _NOWHERE], fills, start.shown))
    beyond = PasteTarget(problem="表里从起点往下没有这么多行，这一行没有地方放。")
    return [beyond if line == _NOWHERE else next(found) for line in asked]


def _by_place(rows: _Rows, start: PasteStart) -> tuple[_Rows, list[PasteAsked]]:
    """One line for every selected row if there are as many, or only one; else one row after the other."""
    if len(rows) == 1 and len(start.selected) > 1:
        return rows * len(start.selected), [PasteAsked(key) for key in start.selected]
    keys = start.selected if len(start.selected) == len(rows) else start.keys
    below = [PasteAsked(key) for key in keys[: len(rows)]]
    return rows, below + [_NOWHERE] * (len(rows) - len(below))


# Cells


def _line(
    known: Mapping[str, Column[Any]],
    layout: _Layout,
    number: int,
    row: Sequence[str],
    target: PasteTarget,
    taken: dict[Hashable, tuple[int, str]],
) -> PasteLine:
    cells: dict[str, PasteCell] = {}
    for place, key in layout.fills.items():
        if target.problem:
            cells[key] = PasteCell(key, clean_text(row[place]), PasteState.WRONG)
            continue
        cell = _cell(known[key], row[place], target)
        record = target.records.get(key)
        if record is not None and cell.text and cell.state is not PasteState.WRONG:
            first, said = taken.setdefault((record, key), (number, cell.after))
            if said != cell.after:
                note = f"与第 {first} 行是同一条记录，内容却不同（{said or '空'}）。"
                cell = PasteCell(key, cell.text, PasteState.WRONG, cell.before, "", note)
        cells[key] = cell
    name = target.name or " ".join(filter(None, (row[place].strip() for place in layout.names)))
    return PasteLine(number, name, cells, target.opened, target.problem)


def _cell(column: Column[Any], raw: str, target: PasteTarget) -> PasteCell:
    """Compare one cell; an empty one leaves what is stored alone, as in an import."""
    text, before = clean_text(raw), target.values.get(column.key, "")
    if not text or column.paste is None or text == target.shown.get(column.key):
        return PasteCell(column.key, "", PasteState.SAME, before, before)
    try:
        if TOO_NARROW.fullmatch(text):
            raise InvalidInputError("原表这一列太窄，复制来的只有 #；请拉宽后重新复制。")
        checked = column.paste.parse(raw)
    except AppError as error:
        return PasteCell(column.key, text, PasteState.WRONG, before, "", str(error))
    if checked.value == before:
        return PasteCell(column.key, text, PasteState.SAME, before, before)
    refused = target.refused.get(column.key, "")
    if refused:
        return PasteCell(column.key, text, PasteState.WRONG, before, "", refused)
    return PasteCell(column.key, text, PasteState.CHANGED, before, checked.value, checked.warning)


def _told(known: Mapping[str, Column[Any]], layout: _Layout, lines: Sequence[PasteLine]) -> str:
    """Say what goes where."""
    fills = "、".join(f"“{known[key].title}”" for key in layout.fills.values())
    if layout.names:
        names = "、".join(known[key].title for key in layout.names.values())
        way = f"按复制的{names}逐行对应"
    elif len({line.number for line in lines}) < len(lines):
        way = f"同样的内容填到选中的 {len(lines)} 行"
    else:
        first = next((line.name for line in lines if line.name), "")
        way = f"从“{first}”起逐行对应" if first else "逐行对应"
    left_out = f"不能粘贴而略过：{'、'.join(layout.left_out)}。" if layout.left_out else ""
    return f"{way}，粘贴到{fills}。空白的格保持原样。{left_out}"
