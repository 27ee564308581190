"""The manual in a window beside the program: a table of contents that can be searched, and the pages."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, QTimer, QUrl
from PySide6.QtGui import (
    QAction,
    QColor,
    QImage,
    QKeyEvent,
    QResizeEvent,
    QScreen,
    Qt,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.paths import resource
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.help_pages import HelpPart, manual
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.search_line import search_line
from cdo_desktop.ui.common.style import MEDIUM, SMALL
from cdo_desktop.ui.common.tones import Tone, tone_colour

_SIZE = QSize(1060, 680)
_SCREEN_SHARE = 0.92
_CONTENTS_WIDTH = 250
_MARGIN = 16
_CELL_PADDING = 5
_REFIT_MS = 120
_BACK = "Alt+Left"


class HelpWindow(QDialog):
    """Has no window above it, so that it can be read while a dialog of the program is open."""

    def __init__(self, screen: QScreen) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle("帮助")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._past: list[HelpPart] = []
        self._current: HelpPart | None = None
        self.search = search_line("查找：词语、拼音或首字母", "在帮助中查找")
        self.contents = _contents()
        self.missed = QLabel()
        self.missed.setWordWrap(True)
        self.missed.setProperty("role", "muted")
        self.missed.hide()
        self.page = HelpPageView()
        self._make_actions()
        self._lay_out()
        self.search.textChanged.connect(self._search)
        self.search.installEventFilter(self)
        self.contents.currentItemChanged.connect(self._chosen)
        self.page.anchorClicked.connect(lambda url: self.show_title(url.fragment(decoded())))
        self.resize(_SIZE.boundedTo(screen.availableSize() * _SCREEN_SHARE))
        self._search("")

    def _make_actions(self) -> None:
        def action(text: str, slot: Any, name: str, key: str) -> QAction:
            made = make_action(text, parent=self, triggered=slot, icon=name, shortcut=key)
            self.addAction(made)
            return made

        self.back = action("返回", self.go_back, "chevron-left", _BACK)
        self.back.setEnabled(False)
        self.find_action = action("查找", self._go_to_search, "search", shortcuts.FIND)

    def _lay_out(self) -> None:
        back = QToolButton()
        back.setDefaultAction(self.back)
        back.setAutoRaise(True)
        back.setAccessibleName("返回")
        head = QHBoxLayout()
        head.setSpacing(SMALL)
        head.addWidget(back)
        head.addWidget(self.search, 1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        column.addLayout(head)
        column.addWidget(self.missed)
        column.addWidget(self.contents, 1)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.page)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_CONTENTS_WIDTH, _SIZE.width() - _CONTENTS_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        layout.addWidget(splitter)

    def show_title(self, title: str) -> None:
        """Show a page, or the part of one, and mark it in the table of contents."""
        self.search.clear()
        self._show(manual().part(title))
        self.contents.setFocus()

    def go_back(self) -> None:
        """Show again what was read before."""
        if self._past:
            part = self._past.pop()
            self._current = None
            self._show(part)

    def _show(self, part: HelpPart) -> None:
        if self._current is not None and self._current != part:
            self._past.append(self._current)
        self._current = part
        self.back.setEnabled(bool(self._past))
        self.page.show_part(manual().pages[part.page], part, self.search.text())
        for item in self._items():
            if item.data(0, Qt.ItemDataRole.UserRole) == part.title:
                self.contents.blockSignals(True)
                self.contents.setCurrentItem(item)
                self.contents.blockSignals(False)

    def _items(self) -> list[QTreeWidgetItem]:
        return self.contents.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)

    def _search(self, text: str) -> None:
        """List the parts found, each below its page; the first is shown when something was typed."""
        found = manual().found(text)
        self.contents.blockSignals(True)
        self.contents.clear()
        pages: dict[int, QTreeWidgetItem] = {}
        for part in manual().parts:
            if part.is_page and any(other.page == part.page for other in found):
                pages[part.page] = _line(part, self.contents.invisibleRootItem())
            elif not part.is_page and part in found:
                _line(part, pages[part.page])
        self.contents.expandAll()
        self.contents.blockSignals(False)
        self.missed.setVisible(not found)
        self.missed.setText("" if found else f"没有找到“{text.strip()}”。可以换一个词，或清空后看目录。")
        if text.strip() and found:
            self._show(found[0])

    def _chosen(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if item is not None:
            self._show(manual().part(str(item.data(0, Qt.ItemDataRole.UserRole))))

    def _go_to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search Down and Enter go into the table of contents, Esc empties it before it closes."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.contents.setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)


def decoded() -> QUrl.ComponentFormattingOption:
    """Return how the target of a link is read: as it was written."""
    return QUrl.ComponentFormattingOption.FullyDecoded


def _contents() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setAccessibleName("目录")
    tree.setHeaderHidden(True)
    tree.setUniformRowHeights(True)
    tree.setIndentation(MEDIUM)
    tree.setRootIsDecorated(False)
    return tree


def _line(part: HelpPart, above: QTreeWidgetItem) -> QTreeWidgetItem:
    item = QTreeWidgetItem(above, [part.title])
    item.setData(0, Qt.ItemDataRole.UserRole, part.title)
    item.setToolTip(0, part.title)
    return item


class HelpPageView(QTextBrowser):
    """One page; pictures are never wider than it."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        # One that comes and goes changes the width, and with it the pictures, for ever.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName("帮助内容")
        self.document().setDocumentMargin(_MARGIN)
        self._page = ""
        self._part: HelpPart | None = None
        self._words = ""
        self._top: int | None = 0  # the block that stays on top; None once the reader has scrolled
        self.verticalScrollBar().actionTriggered.connect(self._scrolled)
        self._refit_timer = QTimer(self, interval=_REFIT_MS, singleShot=True)
        self._refit_timer.timeout.connect(self._refit)

    def show_part(self, page: str, part: HelpPart, words: str) -> None:
        """Show a page from one of its headings on, with the words of a search marked."""
        self._page, self._part, self._words = page, part, words
        self._fill()
        self._top = 0 if part.is_page else self._heading(part.title)
        self._go_to(self._top or 0)

    def _fill(self) -> None:
        self.document().clear()  # pictures of another width are forgotten with it
        self.setMarkdown(self._page)
        self._frame_tables()
        self._mark_words()

    def _refit(self) -> None:
        top = self._top
        if top is None:
            top = self.cursorForPosition(QPoint(_MARGIN, 0)).block().blockNumber()
        self._fill()
        self._go_to(top)

    def _scrolled(self) -> None:
        self._top = None

    def _go_to(self, number: int) -> None:
        """Scroll until a block stands on top; the first one with the margin above it."""
        block = self.document().findBlockByNumber(number)
        self.setTextCursor(QTextCursor(block))
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(int(top) - SMALL if number else 0)

    def _heading(self, title: str) -> int:
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and block.text() == title:
                return block.blockNumber()
            block = block.next()
        return 0

    def _frame_tables(self) -> None:
        border = tone_colour(Tone.BORDER, self.palette())
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                shape = frame.format()
                shape.setBorder(1)
                shape.setBorderCollapse(True)
                shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                shape.setBorderBrush(border)
                shape.setCellPadding(_CELL_PADDING)
                shape.setCellSpacing(0)
                shape.setTopMargin(SMALL)
                shape.setBottomMargin(SMALL)
                frame.setFormat(shape)

    def _mark_words(self) -> None:
        marked: list[QTextEdit.ExtraSelection] = []
        for word in self._words.split():
            cursor = self.document().find(word)
            while not cursor.isNull():
                selection = QTextEdit.ExtraSelection()
                selection.cursor = cursor  # type: ignore[attr-defined]
                selection.format.setBackground(_mark_colour(self))  # type: ignore[attr-defined]
                marked.append(selection)
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(marked)

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return a picture of the manual, made smaller where the page is narrower."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, QUrl(name))
        picture = QImage(str(resource("help", *QUrl(name).path().split("/"))))
        ratio = self.devicePixelRatioF()
        room = max(1, self.viewport().width() - 2 * _MARGIN - self.verticalScrollBar().width())
        if picture.width() > room:
            smooth = Qt.TransformationMode.SmoothTransformation
            picture = picture.scaledToWidth(min(picture.width(), round(room * ratio)), smooth)
            picture.setDevicePixelRatio(max(1.0, picture.width() / room))
        return picture

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self._page:
            self._refit_timer.start()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._page:
            self._refit_timer.start()


def _mark_colour(widget: QWidget) -> QColor:
    return tone_colour(Tone.WARNING_BACK, widget.palette())
