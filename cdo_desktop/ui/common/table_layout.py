"""The remembered look of a table: order, width and visibility of its columns, and its sorting."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cdo_desktop.ui.common.table_columns import Column

_VERSION = 1
_NARROWEST = 24
_WIDEST = 2000


@dataclass(frozen=True)
class ColumnLayout:
    """One column as the user left it; ``width`` in device independent pixels at 9 pt."""

    key: str
    width: int
    hidden: bool


@dataclass(frozen=True)
class TableLayout:
    """All columns in the order seen, frozen ones first, and the sorting."""

    columns: tuple[ColumnLayout, ...]
    sort: str = ""
    descending: bool = False

    def to_json(self) -> str:
        """Return the layout as text that `layout_from_json` understands."""
        columns = [{"key": c.key, "width": c.width, "hidden": c.hidden} for c in self.columns]
        kept = {"version": _VERSION, "columns": columns, "sort": self.sort, "descending": self.descending}
        return json.dumps(kept, ensure_ascii=False)


def default_layout(columns: Sequence[Column[Any]]) -> TableLayout:
    """Return the layout a table starts with."""
    return TableLayout(tuple(ColumnLayout(c.key, c.width, c.hidden) for c in columns))


def layout_from_json(text: str, columns: Sequence[Column[Any]], frozen: int) -> TableLayout:
    """Return a remembered layout fitted to the columns of today.

    Columns that no longer exist are dropped, new ones take the place where they are declared, frozen
    columns stay first and visible, and a text that cannot be understood gives the default layout.
    """
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        return default_layout(columns)
    if not isinstance(kept, dict) or not isinstance(kept.get("columns"), list):
        return default_layout(columns)
    known = {column.key: column for column in columns}
    remembered: dict[str, ColumnLayout] = {}
    for entry in kept["columns"]:
        key = entry.get("key") if isinstance(entry, dict) else None
        if isinstance(key, str) and key in known:
            remembered.setdefault(key, _fitted(entry, known[key]))
    sort = kept.get("sort")
    sortable = isinstance(sort, str) and sort in known and known[sort].sortable
    return TableLayout(
        _in_order(remembered, columns, frozen),
        str(sort) if sortable else "",
        sortable and kept.get("descending") is True,
    )


def _fitted(entry: dict[str, object], column: Column[Any]) -> ColumnLayout:
    width, hidden = entry.get("width"), entry.get("hidden")
    sound = isinstance(width, int) and not isinstance(width, bool) and _NARROWEST <= width <= _WIDEST
    return ColumnLayout(
        column.key,
        width if isinstance(width, int) and sound else column.width,
        hidden if isinstance(hidden, bool) else column.hidden,
    )


def _in_order(
    remembered: dict[str, ColumnLayout], columns: Sequence[Column[Any]], frozen: int
) -> tuple[ColumnLayout, ...]:
    order = list(remembered)
    for number, column in enumerate(columns):
        if column.key not in remembered:
            remembered[column.key] = ColumnLayout(column.key, column.width, column.hidden)
            before = columns[number - 1].key if number else ""
            order.insert(order.index(before) + 1 if before else 0, column.key)
    first = [column.key for column in columns[:frozen]]
    rest = [key for key in order if key not in first]
    if rest and all(remembered[key].hidden for key in rest):
        remembered[rest[0]] = replace(remembered[rest[0]], hidden=False)
    shown = [replace(remembered[key], hidden=False) for key in first]
    return (*shown, *(remembered[key] for key in rest))
