"""The small widgets that the pages of this tab share: buttons, lists, headings."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence, QShortcut, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QToolBar,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from cdo_desktop.errors import StorageError
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, plain_text
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.style import TIGHT, TOOLBAR_ICON_SIZE

_TIP = "cdo_tip"  # dynamic property: the tip without the reason for being disabled


def push_button(text: str, pressed: Callable[[], object], icon_name: str = "", tip: str = "") -> QPushButton:
    """Return a button with its accessible name; ``text`` may hold an access key."""
    button = QPushButton(text)
    if icon_name:
        button.setIcon(icon(icon_name))
    button.setAccessibleName(plain_text(text))
    button.setAutoDefault(False)
    if tip:
        button.setToolTip(tip)
    button.clicked.connect(lambda _checked=False: pressed())
    return button


def set_usable(button: QPushButton, reason: str = "") -> None:
    """Enable a button, or disable it and tell the ``reason`` in its tip, as `set_available` does."""
    tip = button.property(_TIP)
    if tip is None:
        tip = button.toolTip() or button.accessibleName()
        button.setProperty(_TIP, tip)
    button.setEnabled(not reason)
    button.setToolTip(f"{tip}\n现在不能用：{reason}" if reason else str(tip))


def on_delete(view: QWidget, button: QPushButton) -> None:
    """Let the Del key do in a list what a button beside it does."""
    key = QShortcut(QKeySequence(shortcuts.DELETE), view)
    key.setContext(Qt.ShortcutContext.WidgetShortcut)
    key.activated.connect(button.click)
    button.setToolTip(f"{button.toolTip() or button.accessibleName()}（{shortcuts.DELETE}）")


def add_refresh(page: QWidget, reload: Callable[[], object]) -> None:
    """Let F5 read a page anew."""
    page.addAction(
        make_action("刷新", parent=page, triggered=reload, icon="refresh", shortcut=shortcuts.REFRESH)
    )


def action_button(action: QAction, *, primary: bool = False) -> QPushButton:
    """Return a button that does what an action does, and is disabled with its reason when that is."""
    button = push_button(action.text(), action.trigger)
    if primary:
        button.setProperty("role", "primary")
    else:
        button.setIcon(action.icon())

    def follow() -> None:
        button.setEnabled(action.isEnabled())
        button.setToolTip(action.toolTip())

    action.changed.connect(follow)
    follow()
    return button


def toolbar(name: str, actions: Iterable[QAction | None]) -> QToolBar:
    """Return a toolbar of these actions; None is a separator."""
    bar = QToolBar(name)
    bar.setAccessibleName(name)
    bar.setIconSize(QSize(TOOLBAR_ICON_SIZE, TOOLBAR_ICON_SIZE))
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.setMovable(False)
    for action in actions:
        if action is None:
            bar.addSeparator()
        else:
            bar.addAction(action)
    return bar


def list_of(name: str, heads: Sequence[str], stretch: int) -> QTreeWidget:
    """Return a plain list with columns, one of which takes the room that is left."""
    tree = QTreeWidget()
    tree.setAccessibleName(name)
    tree.setHeaderLabels(list(heads))
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setAlternatingRowColors(True)
    tree.setStyleSheet(f"QTreeView::item {{ padding: 2px {TIGHT}px; }}")
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    return tree


def list_line(tree: QTreeWidget, texts: Sequence[str], key: object = None) -> QTreeWidgetItem:
    """Add a line and return it; ``key`` is found again by `line_key`."""
    item = QTreeWidgetItem(list(texts))
    item.setData(0, Qt.ItemDataRole.UserRole, key)
    for column, text in enumerate(texts):
        item.setToolTip(column, text)
    tree.addTopLevelItem(item)
    return item


def line_key(item: QTreeWidgetItem | None) -> object:
    """Return the key of a line, or None."""
    return None if item is None else item.data(0, Qt.ItemDataRole.UserRole)


def show_rows(tree: QTreeWidget, rows: int) -> None:
    """Give a list the height of some rows: it stands on a page that scrolls as a whole."""
    tree.setUniformRowHeights(True)
    height = tree.fontMetrics().lineSpacing() + 2 * TIGHT
    tree.setFixedHeight(height * rows + tree.header().sizeHint().height() + 2 * tree.frameWidth())


def label(text: str, role: str = "") -> QLabel:
    """Return a plain text that wraps; ``role`` is a role of the style sheet."""
    shown = QLabel(text)
    shown.setTextFormat(Qt.TextFormat.PlainText)
    shown.setWordWrap(True)
    if role:
        shown.setProperty("role", role)
    return shown


def open_in_system(path: str) -> None:
    """Open a folder or a file in the program the system has for it; raises StorageError."""
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
        raise StorageError(f"系统没有打开“{path}”。请在文件管理器中自行打开。")
