"""The menus of a table's heads: which columns are shown, and the sorting by keyboard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from cdo_desktop.ui.common.table_columns import Column


@dataclass(frozen=True)
class ColumnCommands:
    """What a column menu can do; columns are named by their place in ``columns``."""

    columns: Sequence[Column[Any]]
    frozen: int
    order: Callable[[], Sequence[int]]
    is_hidden: Callable[[int], bool]
    set_hidden: Callable[[int, bool], None]
    sorting: Callable[[], tuple[str, bool]]
    sort: Callable[[str, bool], None]
    reset: Callable[[], None]


def columns_menu(commands: ColumnCommands, parent: QWidget) -> QMenu:
    """Return a menu that shows and hides columns, sorts, and goes back to the first layout."""
    menu = QMenu("列与排序", parent)
    menu.addMenu(_sort_menu(commands, menu))
    menu.addSeparator()
    _add_columns(menu, commands)
    menu.addSeparator()
    _add(menu, "恢复默认列设置", commands.reset)
    return menu


def head_menu(commands: ColumnCommands, section: int, parent: QWidget) -> QMenu:
    """Return the context menu of one head: sort by it, hide it, and the column list."""
    menu = QMenu("列", parent)
    if section >= 0:
        column = commands.columns[section]
        key, descending = commands.sorting()
        if column.sortable:
            for text, down in (("升序排列", False), ("降序排列", True)):
                action = _add(menu, text, partial(commands.sort, column.key, down))
                action.setCheckable(True)
                action.setChecked(key == column.key and descending == down)
            _add(menu, "恢复默认顺序", lambda: commands.sort("", False)).setEnabled(bool(key))
            menu.addSeparator()
        hide = _add(menu, f"隐藏“{column.title}”列", lambda: commands.set_hidden(section, True))
        hide.setEnabled(_may_hide(commands, section))
        menu.addSeparator()
    shown = menu.addMenu("显示的列")
    _add_columns(shown, commands)
    _add(menu, "恢复默认列设置", commands.reset)
    return menu


def _sort_menu(commands: ColumnCommands, parent: QWidget) -> QMenu:
    menu = QMenu("排序", parent)
    key, descending = commands.sorting()
    group = QActionGroup(menu)
    choices = [("默认顺序", "")] + [(c.title, c.key) for c in commands.columns if c.sortable]
    for title, choice in choices:
        action = _add(menu, title, partial(commands.sort, choice, descending and bool(choice)))
        action.setCheckable(True)
        action.setChecked(choice == key)
        group.addAction(action)
    menu.addSeparator()
    down = _add(menu, "降序", lambda: commands.sort(key, not descending))
    down.setCheckable(True)
    down.setChecked(descending)
    down.setEnabled(bool(key))
    return menu


def _add_columns(menu: QMenu, commands: ColumnCommands) -> None:
    for section in commands.order():
        hidden = commands.is_hidden(section)
        toggle = partial(commands.set_hidden, section, not hidden)
        action = _add(menu, commands.columns[section].title, toggle)
        action.setCheckable(True)
        action.setChecked(not hidden)
        action.setEnabled(hidden or _may_hide(commands, section))


def _may_hide(commands: ColumnCommands, section: int) -> bool:
    scrolling = range(commands.frozen, len(commands.columns))
    others = (other for other in scrolling if other != section)
    return section in scrolling and not all(map(commands.is_hidden, others))


def _add(menu: QMenu, text: str, slot: Callable[[], None]) -> QAction:
    action = menu.addAction(text.replace("&", "&&"))
    action.triggered.connect(lambda _checked=False: slot())
    return action
