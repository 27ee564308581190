"""The one row model behind every table: keys of all rows, the rows themselves on demand by page."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QIcon

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import provide_glyphs
from cdo_desktop.ui.common.table_columns import CellMark, Column
from cdo_desktop.ui.common.table_qt import (
    ACCESSIBLE_TEXT,
    ALIGNMENT,
    DECORATION,
    DISPLAY,
    HORIZONTAL,
    LEFT,
    RIGHT,
    TOOL_TIP,
    Index,
)
from cdo_desktop.ui.common.table_query import HeadSource as HeadSource
from cdo_desktop.ui.common.table_query import RowSource as RowSource
from cdo_desktop.ui.common.table_query import TableQuery as TableQuery

KeyT = TypeVar("KeyT")
RowT = TypeVar("RowT")

PAGE_SHIFT = 7
PAGE_ROWS = 1 << PAGE_SHIFT
_PAGE_MASK = PAGE_ROWS - 1
_PAGES_KEPT = 32
HEAD_ROWS = 2 * PAGE_ROWS
"""So many rows of a `HeadSource` are shown before the others are asked for."""
_NO_ROOT = QModelIndex()


class Line(Generic[RowT]):
    """One fetched row with its strings ready to draw."""

    __slots__ = ("marks", "row", "texts")

    def __init__(self, row: RowT | None, texts: tuple[str, ...], marks: tuple[CellMark | None, ...]) -> None:
        self.row = row
        self.texts = texts
        self.marks = marks


class TableModel(QAbstractTableModel, Generic[KeyT, RowT]):
    """Serves a table view from a `RowSource`: all keys at once, rows by pages of 128.

    A `HeadSource` that has very many is shown with its first rows; then ``rest_wanted`` asks for `complete`.
    An `AppError` of the source leaves the old rows in place and is handed on by ``failed``.
    """

    rest_wanted = Signal()
    """Only the first rows are here: somebody is to call `complete`."""
    counts_changed = Signal(int, int)
    """Rows shown and rows there would be without filters."""
    _page_failed = Signal(object)
    failed = Signal(object)
    """An `AppError`: the source could not answer."""

    def __init__(
        self, columns: Sequence[Column[RowT]], source: RowSource[KeyT, RowT], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.column_count = len(self.columns)
        self._source = source
        self._page_failed.connect(self.failed, Qt.ConnectionType.QueuedConnection)
        self._query = TableQuery()
        self._keys: Sequence[KeyT] = ()
        self._is_whole = True
        self._is_new = True
        self._totals: dict[TableQuery, int] = {}
        self._total = 0
        self._pages: OrderedDict[int, list[Line[RowT]]] = OrderedDict()
        self._page_number = -1
        self._page: list[Line[RowT]] = []
        self.alignments = [RIGHT if column.align_right else LEFT for column in self.columns]
        self._has_mark = [column.mark is not None for column in self.columns]
        self._blank = ("",) * self.column_count
        self._no_marks: tuple[CellMark | None, ...] = (None,) * self.column_count

    # What the table holds

    @property
    def query(self) -> TableQuery:
        """The query whose rows are shown."""
        return self._query

    @property
    def keys(self) -> Sequence[KeyT]:
        """The keys of all rows shown, in their order."""
        self.complete_now()
        return self._keys

    @property
    def key_count(self) -> int:
        """How many rows are shown."""
        return len(self._keys)

    @property
    def total(self) -> int:
        """How many rows there are without filters."""
        return self._total

    def set_query(self, query: TableQuery) -> bool:
        """Show the rows of another query; False if the source failed and the old rows stay."""
        return self._fill(query)

    def reload(self, query: TableQuery | None = None) -> bool:
        """Ask the source again, totals included; False if it failed and the old rows stay."""
        self._totals.clear()
        return self._fill(self._query if query is None else query)

    def key_at(self, row: int) -> KeyT:
        """Return the key of a row number."""
        return self._keys[row]

    def keys_at(self, rows: Iterable[int]) -> list[KeyT]:
        """Return the keys of row numbers, in their order."""
        return [self._keys[row] for row in rows]

    def row_at(self, row: int) -> RowT | None:
        """Return the row shown at a row number, or None if it has been deleted meanwhile."""
        return self.line(row).row

    def index_of(self, key: KeyT) -> int:
        """Return the row number of a key, or -1 if it is not shown."""
        self.complete_now()
        try:
            return self._keys.index(key)
        except ValueError:
            return -1

    def indexes_of(self, keys: Iterable[KeyT]) -> list[int]:
        """Return the row numbers of those keys that are shown, ascending."""
        wanted = set(keys)
        if wanted:
            self.complete_now()
        return [number for number, key in enumerate(self._keys) if key in wanted] if wanted else []

    def rows_of(self, keys: Sequence[KeyT]) -> list[RowT]:
        """Fetch the rows of any keys anew, in order, without those that are gone; may raise `AppError`."""
        found: list[RowT] = []
        for start in range(0, len(keys), PAGE_ROWS * 4):
            part = keys[start : start + PAGE_ROWS * 4]
            rows = self._source.rows(part)
            found += [rows[key] for key in part if key in rows]
        return found

    def mark_at(self, row: int, column: int) -> CellMark | None:
        """Return the mark of a cell."""
        return self.line(row).marks[column]

    # Filling

    def _fill(self, query: TableQuery) -> bool:
        try:
            keys, whole = self._first_keys(query) if self._is_new else (self._source.keys(query), True)
            total = self._count(query, keys) if whole else 0
        except AppError as error:
            self.failed.emit(error)
            return False
        self._is_new = False
        self._reset(query, keys, total, whole=whole)
        if whole:
            self.counts_changed.emit(len(keys), total)
        else:
            self.rest_wanted.emit()
        return True

    def _first_keys(self, query: TableQuery) -> tuple[Sequence[KeyT], bool]:
        """Return the keys to begin with, and whether these are all."""
        source = self._source
        if not query.is_filtered and not query.sort and isinstance(source, HeadSource):
            keys: Sequence[KeyT] = source.head(query, HEAD_ROWS)
            if len(keys) == HEAD_ROWS:
                return keys, False
        return source.keys(query), True

    def _reset(self, query: TableQuery, keys: Sequence[KeyT], total: int, *, whole: bool) -> None:
        self.beginResetModel()
        self._query = query
        self._keys = keys
        self._is_whole = whole
        self._total = total
        self._pages.clear()
        self._page_number = -1
        self._page = []
        self.endResetModel()

    @property
    def is_whole(self) -> bool:
        """Whether all rows are here, not only the first."""
        return self._is_whole

    def ask_all(self) -> Callable[[], Sequence[KeyT]]:
        """Return what looks up all keys of the query shown; for another thread, raises `AppError`."""
        return partial(self._source.keys, self._query)

    def complete(self, keys: Sequence[KeyT]) -> None:
        """Add the rows behind the first ones, which stay as they are."""
        if self._is_whole:
            return
        known = len(self._keys)
        total = self._count(self._query, keys)
        if len(keys) < known or list(keys[:known]) != list(self._keys):  # they changed in between
            self._reset(self._query, keys, total, whole=True)
        else:
            self.beginInsertRows(QModelIndex(), known, len(keys) - 1)
            self._keys, self._total, self._is_whole = keys, total, True
            self._pages.pop((known - 1) >> PAGE_SHIFT, None)
            self._page_number = -1
            self.endInsertRows()
        self.counts_changed.emit(len(keys), total)

    def complete_now(self) -> None:
        """Add the rows behind the first ones at once: one that is wanted may be anywhere."""
        if not self._is_whole:
            try:
                self.complete(self._source.keys(self._query))
            except AppError as error:
                self.failed.emit(error)

    def _count(self, query: TableQuery, keys: Sequence[KeyT]) -> int:
        scope = query.without_filters().sorted_by("")
        if not query.is_filtered:
            self._totals = {scope: len(keys)}
        elif scope not in self._totals:
            self._totals = {scope: len(self._source.keys(scope))}
        return self._totals[scope]

    def line(self, row: int) -> Line[RowT]:
        """Return the prepared row at a row number, fetching its page if need be."""
        number = row >> PAGE_SHIFT
        if number != self._page_number:
            self._turn_to(number)
        return self._page[row & _PAGE_MASK]

    def _turn_to(self, number: int) -> None:
        page = self._pages.get(number)
        if page is None:
            page = self._pages[number] = self._fetch(number)
            if len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        self._page = page
        self._page_number = number

    def _fetch(self, number: int) -> list[Line[RowT]]:
        keys = self._keys[number << PAGE_SHIFT : (number + 1) << PAGE_SHIFT]
        try:
            rows = self._source.rows(keys)
        except AppError as error:
            # Asked while painting: the message waits for the event loop, the rows stay blank until a reload.
            self._page_failed.emit(error)
            rows = {}
        page = [self._prepare(rows[key]) if key in rows else self._missing() for key in keys]
        _provide_rare_glyphs(page)
        return page

    def _prepare(self, row: RowT) -> Line[RowT]:
        texts = tuple([_one_line(column.text(row)) for column in self.columns])
        marks = tuple([column.mark(row) if column.mark else None for column in self.columns])
        return Line(row, texts, marks)

    def _missing(self) -> Line[RowT]:
        return Line(None, self._blank, self._no_marks)

    # Qt

    @override
    def rowCount(self, parent: Index = _NO_ROOT) -> int:
        return 0 if parent.isValid() else len(self._keys)

    @override
    def columnCount(self, parent: Index = _NO_ROOT) -> int:
        return 0 if parent.isValid() else self.column_count

    @override
    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if role == DISPLAY:
            row = index.row()
            if row >> PAGE_SHIFT != self._page_number:
                self._turn_to(row >> PAGE_SHIFT)
            return self._page[row & _PAGE_MASK].texts[index.column()]
        if role == ALIGNMENT:
            return self.alignments[index.column()]
        if role == DECORATION:
            return self._icon(index) if self._has_mark[index.column()] else None
        if role == TOOL_TIP:
            return self._tooltip(index)
        if role == ACCESSIBLE_TEXT:
            return self._accessible_text(index)
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if orientation != HORIZONTAL:
            # Screen readers name a row by its first cell.
            named = role in (DISPLAY, ACCESSIBLE_TEXT) and 0 <= section < len(self._keys)
            return self.line(section).texts[0] if named else None
        if not 0 <= section < self.column_count:
            return None
        if role in (DISPLAY, ACCESSIBLE_TEXT, TOOL_TIP):
            return self.columns[section].title
        if role == ALIGNMENT:
            return self.alignments[section]
        return None

    def _icon(self, index: Index) -> QIcon | None:
        mark = self.line(index.row()).marks[index.column()]
        return icon(mark.icon, mark.tone) if mark is not None else None

    def _tooltip(self, index: Index) -> str | None:
        line = self.line(index.row())
        column = self.columns[index.column()]
        if column.tooltip is not None and line.row is not None:
            return column.tooltip(line.row) or None
        mark = line.marks[index.column()]
        text = line.texts[index.column()]
        return mark.word if mark is not None and mark.word not in text else None

    def _accessible_text(self, index: Index) -> str:
        line = self.line(index.row())
        text = line.texts[index.column()]
        mark = line.marks[index.column()]
        return text if mark is None or mark.word in text else f"{mark.word} {text}".rstrip()


def _provide_rare_glyphs(page: list[Line[RowT]]) -> None:
    text = "".join(["".join(line.texts) for line in page])
    if len(text.encode("utf-16-le")) != 2 * len(text):  # beyond the basic plane
        provide_glyphs(text)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text
