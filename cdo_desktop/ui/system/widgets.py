"""The small widgets that the pages of this tab share: buttons, lists, headings."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QAction, QDesktopServices, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QToolBar,
    QTreeWidget,
    QTreeWidgetItem,
)

from cdo_desktop.errors import StorageError
from cdo_desktop.ui.common.actions import plain_text
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.style import TIGHT, TOOLBAR_ICON_SIZE


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
