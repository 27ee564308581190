"""The main window: tab bar with its menu, notices, status bar."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QSize, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPaintEvent, QShortcut, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QPushButton,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.settings import PROGRAM_NAME
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.help import Help, topic_of
from cdo_desktop.ui.common.notices import WindowNotices
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.readiness import WhenReady, at_once
from cdo_desktop.ui.common.style import MEDIUM, SMALL, TIGHT, TOOLBAR_ICON_SIZE
from cdo_desktop.ui.common.tasks import Tasks

if TYPE_CHECKING:
    from cdo_desktop.ui.common.finder import FinderProvider
    from cdo_desktop.ui.common.undo_actions import UndoActions

_SIZE = (1240, 720)
_LEAST = (760, 420)  # fits a screen of 1366×768 at 150 %
_SCREEN_SHARE = 0.95
_PLACE_WIDTH = 480  # a long path must not widen the window
_GEOMETRY, _TAB = "window/geometry", "window/tab"
_OPERATOR = "window/operator"
FIRST_TAB = "名册备案"


class MainWindow(QMainWindow):
    """Empty at first, so that it is painted before the database is open; tabs come in by `show_page`."""

    sample_removal_wanted = Signal()
    painted = Signal()
    """The empty frame is on the screen."""
    closing = Signal()

    def __init__(self, memory: QSettings, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.memory = memory
        self._tab_left = str(memory.value(_TAB, ""))
        self._finder_providers: Callable[[], Sequence[FinderProvider]] = tuple
        self.notices = WindowNotices(self, now)
        self.tasks = Tasks(self, report=self.notices.error)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("页签")
        frame = _EmptyPage()
        frame.painted.connect(self.painted)
        self.tabs.addTab(frame, FIRST_TAB)
        self.menu_button = _menu_button()
        self.help = Help(self)
        self.help_action = make_action(
            "帮助(&H)", parent=self, triggered=self.show_help, icon="help", shortcut=shortcuts.HELP
        )
        self.find_action = make_action(
            "查找人员、单位、命令(&K)…",
            parent=self,
            triggered=self.find_anywhere,
            icon="search",
            shortcut=shortcuts.FIND_ANYWHERE,
        )
        for action in (self.find_action, self.help_action):
            self.addAction(action)
            self.menu_button.menu().addAction(action)
        self.undo_bar = _undo_bar()
        corner = _Row(self.undo_bar, self.menu_button)
        corner.row.setContentsMargins(0, 0, 0, TIGHT // 2)  # Qt puts it at the bottom
        self.tabs.setCornerWidget(corner)
        self._builders: dict[QWidget, Callable[[], QWidget]] = {}  # by the empty page in the place
        self._when_ready: WhenReady = at_once
        self.tabs.currentChanged.connect(self._tab_chosen)
        self.sample_bar = _SampleBar()
        self.sample_bar.remove_button.clicked.connect(lambda: self.sample_removal_wanted.emit())
        self.place = QLabel()
        self.place.setProperty("role", "muted")
        self.operator = QLabel()
        self.operator.setProperty("role", "muted")
        self.operator.setVisible(False)
        self.backup_age = QLabel()
        self.backup_age.setVisible(False)
        self.setWindowTitle(PROGRAM_NAME)
        self.setMinimumSize(*_LEAST)
        room = self.screen().availableSize()
        self.resize(QSize(*_SIZE).boundedTo(room * _SCREEN_SHARE))
        self._build()
        self._restore()

    def _build(self) -> None:
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sample_bar)
        layout.addWidget(self.notices.bar)
        layout.addWidget(self.tabs, 1)
        self.setCentralWidget(centre)
        self._status = _Row(self.notices.status)
        self.statusBar().addWidget(self._status, 1)
        self.statusBar().addPermanentWidget(self.operator)
        self.statusBar().addPermanentWidget(self.backup_age)
        self.statusBar().addPermanentWidget(self.place)
        for number in range(1, 8):
            key = QShortcut(QKeySequence(shortcuts.tab_key(number)), self)
            key.activated.connect(lambda number=number: self.tabs.setCurrentIndex(number - 1))

    def _restore(self) -> None:
        geometry = self.memory.value(_GEOMETRY)
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)

    def show_page(self, page: QWidget, first: QWidget, *, place: str, sample: bool) -> None:
        """Put a page into the first tab in place of what was there, and say whose data it shows.

        ``first`` gets the keyboard. A focus proxy of the page would do that too, but it keeps Tab from
        reaching anything else inside.
        """
        self.set_further_tabs(())
        old = self.tabs.widget(0)
        self.tabs.insertTab(0, page, FIRST_TAB)
        self.tabs.setCurrentIndex(0)
        self.tabs.removeTab(1)
        if old is not None:
            old.deleteLater()
        metrics = self.place.fontMetrics()
        self.place.setText(metrics.elidedText(place, Qt.TextElideMode.ElideMiddle, _PLACE_WIDTH))
        self.place.setToolTip(place)
        self.setWindowTitle(f"{PROGRAM_NAME} — 示例区" if sample else PROGRAM_NAME)
        self.sample_bar.setVisible(sample)
        first.setFocus()

    def set_further_tabs(
        self,
        tabs: Sequence[tuple[str, Callable[[], QWidget]]],
        when_ready: WhenReady = at_once,
    ) -> None:
        """Show these tabs beside the first; each is built when it is first looked at, and all is ready."""
        self._builders = {}
        self._when_ready = when_ready
        while self.tabs.count() > 1:
            old = self.tabs.widget(1)
            self.tabs.removeTab(1)
            if old is not None:
                old.deleteLater()
        for title, build in tabs:
            empty = QWidget()
            self.tabs.addTab(empty, title)
            self._builders[empty] = build
        for place in range(self.tabs.count()):
            self._tell_key(place)
        if tabs and self._tab_left:
            QTimer.singleShot(0, self, self._go_to_tab_left)  # the register shows at once all the same

    def _go_to_tab_left(self) -> None:
        """Go on in the tab of the last time, once: what is opened later begins with the register."""
        titles = [self.tabs.tabText(place) for place in range(self.tabs.count())]
        if self._tab_left in titles:
            self.tabs.setCurrentIndex(titles.index(self._tab_left))
        self._tab_left = ""

    def _tab_chosen(self, index: int) -> None:
        _commit_input_method()
        empty = self.tabs.widget(index)
        if empty in self._builders:
            self._when_ready(empty, lambda: self._build_tab(empty))

    def _build_tab(self, empty: QWidget) -> None:
        """Put a page in the place of its empty tab; not if another was chosen while it was waited for."""
        if empty is not self.tabs.currentWidget() or empty not in self._builders:
            return
        build, index = self._builders.pop(empty), self.tabs.currentIndex()
        page, title = build(), self.tabs.tabText(index)
        self.tabs.insertTab(index + 1, page, title)
        self.tabs.setCurrentIndex(index + 1)
        self.tabs.removeTab(index)
        self._tell_key(index)
        empty.deleteLater()
        page.setFocus()

    def _tell_key(self, place: int) -> None:
        self.tabs.setTabToolTip(place, f"{self.tabs.tabText(place)}（{shortcuts.tab_key(place + 1)}）")

    def add_menu(self, menu: QMenu) -> None:
        """Put a menu's commands into the window's own menu, below its title."""
        own = self.menu_button.menu()
        own.addSection(menu.title())
        own.addActions(menu.actions())

    def add_command(self, action: QAction) -> None:
        """Put a command of the program at the head of the window's own menu."""
        own = self.menu_button.menu()
        present = own.actions()
        if present:
            own.insertAction(present[0], action)
        else:
            own.addAction(action)

    def commands(self) -> list[QAction]:
        """Return the commands of the window's menu, to be found by Ctrl+K."""
        actions = self.menu_button.menu().actions()
        return [action for action in actions if not action.isSeparator() and action is not self.find_action]

    def show_undo(self, undo: "UndoActions | None") -> None:
        """Offer 撤销 and 重做 over every tab and by their keys, and after an edit in the status bar."""
        for action in self.undo_bar.actions():
            self.removeAction(action)
        self.undo_bar.clear()
        if undo is not None:
            self.undo_bar.addActions(undo.actions)
            self.addActions(undo.actions)
            self._status.row.addWidget(undo.offer)
        self.undo_bar.setVisible(undo is not None)

    def show_operator(self, name: str) -> None:
        """Say in the status bar who works here; with "" nothing."""
        self.operator.setText(f"经办人：{name}")
        self.operator.setVisible(bool(name))

    def show_backup_age(self, text: str, *, warning: bool) -> None:
        """Say in the status bar how old the last backup is; with "" nothing."""
        self.backup_age.setText(text)
        self.backup_age.setProperty("role", "message" if warning else "muted")
        self.backup_age.style().polish(self.backup_age)
        self.backup_age.setVisible(bool(text))

    def set_finder(self, providers: Callable[[], Sequence["FinderProvider"]]) -> None:
        """Set what Ctrl+K asks; ``providers`` is called when it is pressed."""
        self._finder_providers = providers

    def find_anywhere(self) -> None:
        """Open the finder over the window; without a register there is nothing to find."""
        _commit_input_method()
        self._when_ready(self, self._open_finder)

    def _open_finder(self) -> None:
        from cdo_desktop.ui.common.finder import Finder

        providers = self._finder_providers()
        if providers:
            Finder(providers, self).appear()

    def show_help(self) -> None:
        """Open the manual at what is looked at."""
        self.help.show(topic_of(self.focusWidget()) or topic_of(self.tabs.currentWidget()))

    def remembered_layout(self, tab: str) -> str:
        """Return how the columns of a tab were left."""
        return str(self.memory.value(f"{tab}/layout", ""))

    def remember_layout(self, tab: str, layout: str) -> None:
        """Keep the columns of a tab for the next start."""
        self.memory.setValue(f"{tab}/layout", layout)

    def remembered_operator(self) -> int | None:
        """Return who came in the last time."""
        kept = str(self.memory.value(_OPERATOR, ""))
        return int(kept) if kept.isdecimal() else None

    def remember_operator(self, operator_id: int) -> None:
        """Keep who came in for the next start."""
        self.memory.setValue(_OPERATOR, operator_id)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Running work is finished or given up by choice; nothing is killed in the middle."""
        _commit_input_method()
        if self.tasks.busy and self.tasks.titles:
            question = f"{'、'.join(self.tasks.titles)}还没有完成。"
            if not self.notices.ask(question, "取消并退出", "等它完成"):
                event.ignore()
                return
            self.tasks.cancel_all()
        self.tasks.wait_all()
        self.memory.setValue(_GEOMETRY, self.saveGeometry())
        self.memory.setValue(_TAB, self.tabs.tabText(self.tabs.currentIndex()))
        self.help.close()
        self.closing.emit()
        event.accept()


def _commit_input_method() -> None:
    # 5 ms: not before the first paint
    from cdo_desktop.ui.common.input_guard import commit_input_method

    commit_input_method()


def _menu_button() -> QToolButton:
    button = QToolButton()
    button.setText("菜单(&M)")
    button.setAccessibleName("菜单")
    button.setToolTip("帮助、显示大小、颜色（Alt+M）")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setAutoRaise(True)
    button.setMenu(QMenu(button))
    return button


def _undo_bar() -> QToolBar:
    bar = QToolBar("撤销和重做")
    bar.setIconSize(QSize(TOOLBAR_ICON_SIZE, TOOLBAR_ICON_SIZE))
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.setMovable(False)
    bar.hide()
    return bar


class _Row(QWidget):
    """Widgets side by side from the left, each as wide as it wants to be."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(SMALL)
        self.row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        for widget in widgets:
            self.row.addWidget(widget)


class _EmptyPage(QWidget):
    """Stands in the first tab until there is something to show."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._seen = False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self, self.painted.emit)  # once the rest of the window is painted as well


class _SampleBar(QFrame):
    """Says that the data is invented, and removes it in one click."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setProperty("kind", "warning")
        text = QLabel("正在使用示例区：人员都是虚构的，与正式名册分开存放。")
        self.remove_button = QPushButton("删除示例区，开始正式使用")
        self.remove_button.setAccessibleName(self.remove_button.text())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        layout.addWidget(text, 1)
        layout.addWidget(self.remove_button)
        self.setVisible(False)
