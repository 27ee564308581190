"""The toolbar of a tab: its commands, and buttons that open a menu."""

from typing import Protocol

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QWidget

from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.style import TOOLBAR_ICON_SIZE

_MORE = "qt_toolbar_ext_button"  # Qt's name of what opens the rest of a toolbar in a narrow window


class TableCommands(Protocol):
    """What a table offers to the toolbar above it."""

    clear_filters_action: QAction

    def columns_menu(self) -> QMenu:
        """Return a menu to show, hide and sort columns."""


def command_bar(title: str) -> QToolBar:
    """Return an empty toolbar whose commands show picture and words."""
    bar = QToolBar(title)
    bar.setIconSize(QSize(TOOLBAR_ICON_SIZE, TOOLBAR_ICON_SIZE))
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.setMovable(False)
    more = bar.findChild(QToolButton, _MORE)
    if more is not None:  # Qt's own picture is black, also on a dark ground
        more.setIcon(icon("chevrons-right"))
        more.setAccessibleName("更多命令")
        more.setToolTip("更多命令")
    return bar


def add_table_commands(bar: QToolBar, table: TableCommands, owner: QWidget) -> None:
    """End a toolbar with what belongs to the table: 清除筛选 and 列."""
    bar.addSeparator()
    bar.addAction(table.clear_filters_action)
    columns = menu_button("列", "columns", QMenu(owner))
    columns.menu().aboutToShow.connect(lambda: _refill(columns.menu(), table.columns_menu()))
    bar.addWidget(columns)


def menu_button(text: str, name: str, menu: QMenu) -> QToolButton:
    """Return a button that opens a menu; ``name`` is its icon."""
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(text)
    button.setIcon(icon(name))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setMenu(menu)
    return button


def separator(parent: QObject) -> QAction:
    """Return a line between the commands of a menu."""
    action = QAction(parent)
    action.setSeparator(True)
    return action


def _refill(menu: QMenu, source: QMenu) -> None:
    menu.clear()
    menu.addActions(source.actions())
