"""The one table of the program: rows on demand, filter row, frozen columns, copy, remembered layout."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.table_arranging import ColumnArranger
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.common.table_copy import CopiedTable, clipboard_data
from cdo_desktop.ui.common.table_grid import GridView
from cdo_desktop.ui.common.table_layout import TableLayout, default_layout, layout_from_json
from cdo_desktop.ui.common.table_menus import ColumnCommands, columns_menu, head_menu
from cdo_desktop.ui.common.table_messages import TableMessages
from cdo_desktop.ui.common.table_model import RowSource, TableModel, TableQuery
from cdo_desktop.ui.common.table_retry import Retry
from cdo_desktop.ui.common.table_selection import KeyedSelection
from cdo_desktop.ui.common.tasks import Tasks

KeyT = TypeVar("KeyT")
RowT = TypeVar("RowT")

FILTER_DELAY = 120
"""Milliseconds after the last letter until a filter is asked of the source."""

REST_DELAY = 60
"""Milliseconds from the first rows of a long list until the others are looked up."""


def count_text(shown: int, total: int) -> str:
    """Say how many rows are seen: 「显示 23 / 共 150」, or 「共 150」 when none is filtered away."""
    return f"共 {total}" if shown == total else f"显示 {shown} / 共 {total}"


class DataTable(QWidget, Generic[KeyT, RowT]):
    """Shows the rows of a source; what the user does in it comes out as its signals.

    Nothing is asked of the source before the first `reload`.
    """

    activated = Signal(object)
    """The key of the row that was double-clicked, or on which Enter was pressed."""
    selection_changed = Signal()
    query_changed = Signal(object)
    """The `TableQuery` shown from now on: sorting or filters changed."""
    counts_changed = Signal(int, int)
    """Rows shown, and rows there are without filters; see `count_text`."""
    layout_changed = Signal()
    """Columns moved, resized or hidden, or another sorting: `save_layout` has something new."""
    failed = Signal(object)
    """An `AppError` of the source; the rows shown before stay."""

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        source: RowSource[KeyT, RowT],
        *,
        frozen: int = 1,
        name: str = "表格",
        tasks: Tasks | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Build an empty table; the first ``frozen`` columns do not scroll, screen readers say ``name``.

        With ``tasks`` the rows behind the first ones of a long `HeadSource` are looked up off the GUI thread.
        """
        super().__init__(parent)
        self.columns = tuple(columns)
        self._frozen = min(frozen, len(self.columns) - 1)  # the keyboard needs a column that scrolls
        self._query = TableQuery()
        self._loaded = False
        self._restoring = False
        self._menu_actions: list[QAction] = []
        self._tasks = tasks
        self.model = TableModel[KeyT, RowT](self.columns, source, self)
        self.grid = GridView(self.columns, self._frozen, self)
        self.grid.attach(self.model)
        self._arranger = ColumnArranger(self.columns, self.grid)
        self._selection = KeyedSelection(self.grid, self.model)
        self._messages = TableMessages(self.grid)
        self._retry = Retry(self)
        self._filter_timer = QTimer(self)
        self._filter_timer.setSingleShot(True)
        self._filter_timer.setInterval(FILTER_DELAY)
        self._build(name)
        self._make_actions()
        self._connect()

    # Rows

    def reload(self) -> None:
        """Ask the source anew; selection, focus and scroll position stay with their rows."""
        self._loaded = True
        self._fill(self._query, keep_scrolled=True)

    def query(self) -> TableQuery:
        """Return what is shown or, before the first `reload`, will be."""
        return self._query

    def set_query(self, query: TableQuery) -> None:
        """Show other rows; the filter fields and the heads follow."""
        self._filter_timer.stop()
        if query != self._query:
            self._query = query
            self._show_query()
            if self._loaded:
                self._fill(query, keep_scrolled=False)
            self.query_changed.emit(query)

    def set_text(self, text: str) -> None:
        """Search all columns."""
        self.set_query(replace(self._query, text=text))

    def set_filter(self, key: str, text: str) -> None:
        """Set one filter: a column's, or any other the source knows; blank removes it."""
        self.set_query(self._query.with_filter(key, text))

    def set_extra(self, key: str, value: object) -> None:
        """Set what the table is about, such as an as-of date; clearing the filters keeps it."""
        self.set_query(replace(self._query, extra={**self._query.extra, key: value}))

    def clear_filters(self) -> None:
        """Show all rows."""
        self.set_query(self._query.without_filters())

    def focus_filter(self, key: str = "") -> None:
        """Put the keyboard focus into the filter field of a column, by default the first one."""
        for field in self._arranger.fields():
            if not key or self.columns[field.section].key == key:
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                field.selectAll()
                return

    def set_empty_state(self, widget: QWidget) -> None:
        """Show ``widget`` where the rows would be when there are none at all."""
        self._messages.set_empty_state(widget)

    # Selection

    def selected_keys(self) -> list[KeyT]:
        """Return the keys of the selected rows, in the order seen."""
        return self._selection.keys()

    def current_key(self) -> KeyT | None:
        """Return the key of the row with the keyboard focus, if there is one."""
        current = self._selection.current()
        return current[0] if current else None

    def current_column(self) -> str:
        """Return the key of the column that was clicked last or gone to with Left and Right."""
        return self.columns[self.grid.usual_column()].key

    def select_key(self, key: KeyT) -> bool:
        """Select one row alone and scroll to it; False if it is not shown."""
        return self._selection.select([key]) == 1

    def select_keys(self, keys: Iterable[KeyT]) -> int:
        """Select these rows alone, scroll to the first, and return how many of them are shown."""
        return self._selection.select(keys)

    # Commands

    def shown_columns(self) -> tuple[str, ...]:
        """Return the keys of the visible columns as they are seen from left to right."""
        return tuple(self.columns[section].key for section in self._arranger.shown())

    def add_command(self, action: QAction) -> None:
        """Offer a command of the table itself, beside 复制; its key works in the rows."""
        self._own_actions.append(action)
        self.grid.addAction(action)

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """Set the commands of the context menu: those of the toolbar, separators included."""
        self._menu_actions = list(actions)

    def rows_menu(self) -> QMenu:
        """Return the context menu of the rows: the tab's commands, then those of every table."""
        menu = QMenu(self)
        menu.addActions(self._menu_actions)
        menu.addSeparator()
        menu.addActions(self._own_actions)
        menu.addAction(self.select_all_action)
        return menu

    def columns_menu(self) -> QMenu:
        """Return a menu to show and hide columns, sort, and go back to the first layout."""
        return columns_menu(self._column_commands(), self)

    def copy(self, with_heads: bool = False) -> None:
        """Put the selected rows, with the columns as they are seen, on the clipboard as TSV and HTML."""
        sections = self._arranger.shown()
        keys = self.selected_keys()
        if not keys:
            return
        try:
            rows = self.model.rows_of(keys)
        except AppError as error:
            self.failed.emit(error)
            return
        columns = [self.columns[section] for section in sections]
        table = CopiedTable(
            tuple(column.title for column in columns),
            [tuple(column.text(row) for column in columns) for row in rows],
            tuple(column.align_right for column in columns),
        )
        QGuiApplication.clipboard().setMimeData(clipboard_data(table, with_heads))

    # Layout

    def save_layout(self) -> str:
        """Return columns and sorting as JSON for `restore_layout`."""
        return TableLayout(self._arranger.layout_now(), self._query.sort, self._query.descending).to_json()

    def restore_layout(self, text: str) -> None:
        """Arrange the table as remembered; what no longer fits is left out."""
        self._apply_layout(layout_from_json(text, self.columns, self._frozen))

    def reset_layout(self) -> None:
        """Go back to the columns and the order that the table was made with."""
        self._apply_layout(default_layout(self.columns))
        self.layout_changed.emit()

    def _apply_layout(self, layout: TableLayout) -> None:
        self._arranger.apply(layout.columns)
        self.set_query(self._query.sorted_by(layout.sort, layout.descending))

    # Inside

    def _build(self, name: str) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.grid)
        self.setFocusProxy(self.grid)
        self.setAccessibleName(name)
        self.grid.setAccessibleName(name)
        self.grid.heads.setAccessibleName(f"{name}的表头")
        self.grid.frozen_heads.setAccessibleName(f"{name}固定列的表头")

    def _make_actions(self) -> None:
        def action(text: str, triggered: Callable[[], object], icon: str = "", shortcut: str = "") -> QAction:
            return make_action(text, parent=self, triggered=triggered, icon=icon, shortcut=shortcut)

        self.copy_action = action("复制", self.copy, "copy", shortcuts.COPY)
        self.copy_with_heads_action = action(
            "连同表头复制", lambda: self.copy(with_heads=True), shortcut=shortcuts.COPY_WITH_HEADS
        )
        self.select_all_action = action("全选", self.grid.selectAll, shortcut=shortcuts.SELECT_ALL)
        self._own_actions = [self.copy_action, self.copy_with_heads_action]
        self.grid.addActions([*self._own_actions, self.select_all_action])
        self.clear_filters_action = action("清除筛选", self.clear_filters, "filter-off")
        set_available(self.clear_filters_action, "没有筛选条件")

    def _connect(self) -> None:
        grid, model = self.grid, self.model
        model.failed.connect(self._retry.failed)
        self._retry.told.connect(self.failed)
        self._retry.wanted.connect(self.reload)
        model.rest_wanted.connect(self._get_rest)
        model.counts_changed.connect(self._counted)
        self._messages.clear_wanted.connect(self._clear_and_enter)
        self._arranger.changed.connect(self.layout_changed)
        self._arranger.hid_filter.connect(self._filter)
        grid.selectionModel().selectionChanged.connect(self._selected)
        grid.opened.connect(lambda row: self.activated.emit(model.key_at(row)))
        grid.sort_wanted.connect(self._head_clicked)
        grid.menu_wanted.connect(self._show_rows_menu)
        for heads in (grid.heads, grid.frozen_heads):
            heads.menu_wanted.connect(self._show_head_menu)
        for field in self._arranger.every_field().values():
            field.textChanged.connect(self._filter_timer.start)
            field.leave_down.connect(self._enter_rows)
            field.leave_empty.connect(self._enter_rows)
        self._filter_timer.timeout.connect(self._filter)

    def _fill(self, query: TableQuery, keep_scrolled: bool) -> None:
        before = self._selection.capture()
        self._restoring = True
        filled = self.model.reload(query) if keep_scrolled else self.model.set_query(query)
        if filled:
            self._retry.succeeded()
            self._selection.restore(before, keep_scrolled)
        self._restoring = False
        if filled and self.model.is_whole:
            self._counted(self.model.key_count, self.model.total)
        if set(self.selected_keys()) != set(before.keys):
            self.selection_changed.emit()

    def _counted(self, shown: int, total: int) -> None:
        if self._restoring:
            return  # told once the selection is in place
        self._messages.show_counts(shown, total)
        self.counts_changed.emit(shown, total)

    def _get_rest(self) -> None:
        """Look the other rows up once the first ones have been painted: both at once would take longer."""
        model = self.model
        query, tasks = model.query, self._tasks

        def done(keys: Sequence[KeyT]) -> None:
            if query == model.query:
                model.complete(keys)

        def begin() -> None:
            if model.is_whole:
                return
            if tasks is None:
                model.complete_now()
            else:
                tasks.run(model.ask_all(), owner=self, done=done, failed=self.failed.emit)

        QTimer.singleShot(REST_DELAY, self, begin)

    def _selected(self) -> None:
        if not self._restoring:
            self.selection_changed.emit()

    def _filter(self) -> None:
        """Ask for what stands in the filter fields."""
        typed = {self.columns[n].key: field.text() for n, field in self._arranger.every_field().items()}
        self.set_query(replace(self._query, filters={**self._query.filters, **typed}))

    def _show_query(self) -> None:
        filters = self._query.filters
        for section, field in self._arranger.every_field().items():
            text = filters.get(self.columns[section].key, "")
            if field.text().strip() != text.strip():
                field.setText(text)
        self._filter_timer.stop()
        set_available(self.clear_filters_action, "" if self._query.is_filtered else "没有筛选条件")
        self._show_sorting()

    def _show_sorting(self) -> None:
        keys = [column.key for column in self.columns]
        section = keys.index(self._query.sort) if self._query.sort in keys else -1
        order = Qt.SortOrder.DescendingOrder if self._query.descending else Qt.SortOrder.AscendingOrder
        self.grid.heads.setSortIndicator(section, order)
        self.grid.frozen_heads.setSortIndicator(section, order)

    def _head_clicked(self, section: int) -> None:
        """Ascending, then descending, then the source's own order."""
        column = self.columns[section]
        if not column.sortable:
            self._show_sorting()
        elif self._query.sort != column.key:
            self._sort(column.key, False)
        elif not self._query.descending:
            self._sort(column.key, True)
        else:
            self._sort("", False)

    def _sort(self, key: str, descending: bool) -> None:
        self.set_query(self._query.sorted_by(key, descending))
        self._show_sorting()
        self.layout_changed.emit()

    def _enter_rows(self) -> None:
        """Go from the filter row into the rows, with the filters as typed."""
        if self._filter_timer.isActive():
            self._filter_timer.stop()
            self._filter()
        self.grid.enter()

    def _clear_and_enter(self) -> None:
        self.clear_filters()
        self.grid.enter()

    def _column_commands(self) -> ColumnCommands:
        arranger = self._arranger
        return ColumnCommands(
            columns=self.columns,
            frozen=self._frozen,
            order=arranger.order,
            is_hidden=arranger.is_hidden,
            set_hidden=arranger.set_hidden,
            sorting=lambda: (self._query.sort, self._query.descending),
            sort=self._sort,
            reset=self.reset_layout,
        )

    def _show_rows_menu(self, position: QPoint) -> None:
        self._pop_up(self.rows_menu(), position)

    def _show_head_menu(self, section: int, position: QPoint) -> None:
        self._pop_up(head_menu(self._column_commands(), section, self), position)

    def _pop_up(self, menu: QMenu, position: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)
