"""Keeps the selection of a grid by key while its rows are fetched anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from cdo_desktop.ui.common.table_grid import GridView
from cdo_desktop.ui.common.table_model import TableModel

KeyT = TypeVar("KeyT")
RowT = TypeVar("RowT")
_FLAG = QItemSelectionModel.SelectionFlag


@dataclass(frozen=True)
class Selected(Generic[KeyT]):
    """The selected keys in the order seen, the current one if any with its column, and the scroll bars."""

    keys: Sequence[KeyT]
    current: tuple[KeyT, ...]
    column: int
    scrolled: tuple[int, int]


class KeyedSelection(Generic[KeyT, RowT]):
    """Reads and sets the selection of a grid by the keys of its model."""

    def __init__(self, grid: GridView, model: TableModel[KeyT, RowT]) -> None:
        self._grid = grid
        self._model = model

    def keys(self) -> list[KeyT]:
        """Return the keys of the selected rows, in the order seen."""
        rows: set[int] = set()
        selection: Any = self._grid.selectionModel().selection()  # a list, which its type stub hides
        for part in selection:
            rows.update(range(part.top(), part.bottom() + 1))
        return self._model.keys_at(sorted(rows))

    def current(self) -> tuple[KeyT, ...]:
        """Return the key of the row with the keyboard focus, or nothing."""
        index = self._grid.currentIndex()
        return (self._model.key_at(index.row()),) if index.isValid() else ()

    def capture(self) -> Selected[KeyT]:
        """Return what is selected now."""
        column = self._grid.usual_column()
        scrolled = self._grid.horizontalScrollBar().value(), self._grid.verticalScrollBar().value()
        return Selected(self.keys(), self.current(), column, scrolled)

    def restore(self, before: Selected[KeyT], keep_scrolled: bool) -> None:
        """Select what is still there; ``keep_scrolled`` leaves the rows where they were on the screen."""
        grid = self._grid
        grid.doItemsLayout()  # else the scroll bars do not know the new rows yet
        self._select_rows(self._model.indexes_of(before.keys))
        across, down = before.scrolled
        grid.verticalScrollBar().setValue(down if keep_scrolled else 0)
        row = self._model.index_of(before.current[0]) if before.current else -1
        if row >= 0:
            index = self._model.index(row, before.column)
            grid.selectionModel().setCurrentIndex(index, _FLAG.NoUpdate)
            if not keep_scrolled:
                grid.scrollTo(index)
        grid.horizontalScrollBar().setValue(across)

    def select(self, keys: Iterable[KeyT]) -> int:
        """Select these keys alone, show the first and make it current; return how many are there."""
        rows = self._model.indexes_of(keys)
        self._select_rows(rows)
        if rows:
            index = self._model.index(rows[0], self._grid.usual_column())
            self._grid.selectionModel().setCurrentIndex(index, _FLAG.NoUpdate)
            self._grid.scrollTo(index)
        return len(rows)

    def _select_rows(self, rows: Sequence[int]) -> None:
        selection = QItemSelection()
        last = self._model.column_count - 1
        for first, end in _runs(rows):
            selection.select(self._model.index(first, 0), self._model.index(end, last))
        self._grid.selectionModel().select(selection, _FLAG.ClearAndSelect)


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending row numbers as pieces without gaps: first and last of each."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
