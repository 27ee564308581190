"""Ctrl+K: one line to type in and under it all that it finds, from the keyboard alone.

A tab adds what it has by a `FinderProvider`; the finder knows no record and no command itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QEvent, QKeyCombination, QObject, QSize
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.input_guard import is_composing
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import MEDIUM, SMALL, provide_glyphs
from cdo_desktop.ui.common.tones import Tone, tone_colour

LINES_OF_A_GROUP = 8
_WIDTH, _HEIGHT, _LINE = 680, 480, 17  # device independent pixels, at a line of 17
_LARGEST_SHARE = 0.9  # of the window
_TITLE_SHARE = 0.42
_PAGE = 8
_AGAIN = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_K)
_HINT = "输入姓名、单位或命令：汉字、拼音、首字母都可以"
_MISSED = "没有找到“{text}”。可以试试姓名或单位简称的一部分、拼音或首字母。"


@dataclass(frozen=True)
class FinderLine:
    """One line; ``open`` is called when it is chosen, after the finder has closed."""

    title: str
    detail: str
    open: Callable[[], object]
    enabled: bool = True


@dataclass(frozen=True)
class FinderGroup:
    """Lines of one kind, best first. ``more`` says that ``total`` was not counted to the end."""

    title: str
    lines: tuple[FinderLine, ...]
    total: int
    more: bool = False

    @property
    def head(self) -> str:
        """The title with the count of what is not listed: 人员（前 8 个，共 23 个）."""
        if self.total <= len(self.lines):
            return self.title
        return f"{self.title}（前 {len(self.lines)} 个，共 {self.total}{' 个以上' if self.more else ' 个'}）"


class FinderProvider(Protocol):
    """What a tab offers the finder."""

    def find(self, text: str, limit: int) -> Sequence[FinderGroup]:
        """Return what a text finds, at most ``limit`` lines a group; an empty text is the first look.

        Asked with every letter, on the GUI thread: it answers within a few milliseconds. May raise AppError.
        """


class Finder(QDialog):
    """The palette over a window; it closes when something is chosen, on Esc, and when its window is left."""

    def __init__(self, providers: Sequence[FinderProvider], window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._providers = tuple(providers)
        self._window = window
        self._openable: list[tuple[QTreeWidgetItem, FinderLine]] = []
        self._place = 0
        self.setWindowTitle("查找")
        self.setAccessibleName("查找")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = QLineEdit()
        self.field.setPlaceholderText(_HINT)
        self.field.setAccessibleName(_HINT)
        self.field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.setClearButtonEnabled(True)
        self.list = _make_list()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setProperty("role", "muted")
        self.message.setVisible(False)
        self._build()
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda item, _column: self._clicked(item))

    def _build(self) -> None:
        panel = QFrame()
        panel.setProperty("role", "panel")
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, SMALL)
        inside.setSpacing(SMALL)
        inside.addWidget(self.field)
        inside.addWidget(self.message)
        inside.addWidget(self.list, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel)

    def appear(self) -> None:
        """Show the palette over the upper middle of its window."""
        window = self._window
        scale = self.fontMetrics().lineSpacing() / _LINE
        size = QSize(round(_WIDTH * scale), round(_HEIGHT * scale)).boundedTo(window.size() * _LARGEST_SHARE)
        self.resize(size)
        self.list.setColumnWidth(0, round(size.width() * _TITLE_SHARE))
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - size.width()) // 2, corner.y() + window.height() // 10)
        self._search("")
        self.show()
        self.activateWindow()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def current(self) -> FinderLine | None:
        """Return the line that Enter would open."""
        return self._openable[self._place][1] if self._openable else None

    # Rows

    def _search(self, text: str) -> None:
        groups: list[FinderGroup] = []
        message = ""
        try:
            for provider in self._providers:
                groups += provider.find(text, LINES_OF_A_GROUP)
        except AppError as error:
            message = str(error)
        if not groups and not message and text.strip():
            message = _MISSED.format(text=text.strip())
        self._show(groups, message)

    def _show(self, groups: Sequence[FinderGroup], message: str) -> None:
        self.message.setText(message)
        self.message.setVisible(bool(message))
        self._openable = []
        self.list.clear()
        provide_glyphs("".join(line.title + line.detail for group in groups for line in group.lines))
        for group in groups:
            self._add_head(group)
            for line in group.lines:
                self._add_line(line)
        self._go(0)

    def _add_head(self, group: FinderGroup) -> None:
        head = QTreeWidgetItem([group.head])
        head.setSizeHint(0, self._row_size())
        head.setFlags(Qt.ItemFlag.NoItemFlags)
        font = self.font()
        font.setBold(True)
        head.setFont(0, font)
        self.list.addTopLevelItem(head)
        head.setFirstColumnSpanned(True)

    def _add_line(self, line: FinderLine) -> None:
        item = QTreeWidgetItem([line.title, line.detail])
        item.setSizeHint(0, self._row_size())
        item.setForeground(1, tone_colour(Tone.MUTED, self.palette()))
        item.setToolTip(1, line.detail)
        if line.enabled:
            self._openable.append((item, line))
        else:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addTopLevelItem(item)

    def _row_size(self) -> QSize:
        return QSize(0, self.fontMetrics().lineSpacing() + SMALL)

    # Keyboard

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        """Move and open from within the field; everything else is typing."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._openable:
            self._go((self._place + (1 if key == Qt.Key.Key_Down else -1)) % len(self._openable))
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._go(self._place + (_PAGE if key == Qt.Key.Key_PageDown else -_PAGE))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            line = self.current()
            if line is not None and not is_composing():
                self._open(line)
        elif event.keyCombination() == _AGAIN:
            self.reject()
        else:
            return False
        return True

    def _go(self, place: int) -> None:
        """Make another of the lines that can be opened the current one."""
        self._place = max(0, min(place, len(self._openable) - 1))
        said = ""
        if self._openable:
            item, line = self._openable[self._place]
            self.list.setCurrentItem(item)
            said = f"{line.title} {line.detail}".strip()
        if self._place == 0:
            self.list.scrollToTop()  # with the head above the first line
        self.field.setAccessibleDescription(said)

    def _clicked(self, item: QTreeWidgetItem) -> None:
        for openable, line in self._openable:
            if openable is item:
                self._open(line)
                return

    def _open(self, line: FinderLine) -> None:
        self.accept()
        line.open()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isVisible() and not self.isActiveWindow():
            self.reject()


def _make_list() -> QTreeWidget:
    lines = QTreeWidget()
    lines.setAccessibleName("找到的内容")
    lines.setColumnCount(2)
    lines.setHeaderHidden(True)
    lines.setRootIsDecorated(False)
    lines.setUniformRowHeights(True)
    lines.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    lines.setFrameShape(QFrame.Shape.NoFrame)
    lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return lines
