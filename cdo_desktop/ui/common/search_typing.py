"""What is typed into a search field: asked for once the typing rests, and left by keys into the rows."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QLineEdit

from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.table_view import DataTable

_DELAY_MS = 120
KeyT = TypeVar("KeyT")
RowT = TypeVar("RowT")


class SearchTyping(QObject):
    """Belongs to one line."""

    text_changed = Signal(str)
    left = Signal(bool)
    """Into the rows; True with Down, which goes on from what the search selected."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._timer = QTimer(self, interval=_DELAY_MS, singleShot=True)
        self._timer.timeout.connect(self._search)
        line.textChanged.connect(lambda _text: self._timer.start())
        line.installEventFilter(self)

    def focus(self) -> None:
        """Put the keyboard into the field, its text ready to be typed over."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def search_now(self) -> None:
        """Search for what was typed last without waiting for more."""
        if self._timer.isActive():
            self._timer.stop()
            self._search()

    def show_text(self, text: str) -> None:
        """Follow the table, as when its filters were cleared; what is being typed stays."""
        if self._line.text().strip() != text.strip() and not self._timer.isActive():
            self._line.setText(text)
            self._timer.stop()

    def _search(self) -> None:
        self.text_changed.emit(self._line.text().strip())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down and Enter go into the table, Esc empties the field."""
        if watched is self._line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.search_now()
                self.left.emit(event.key() == Qt.Key.Key_Down)
                return True
            if event.key() == Qt.Key.Key_Escape and self._line.text():
                self._line.clear()
                return True
        return False


class TableSearch(QObject, Generic[KeyT, RowT]):
    """Lets a table follow its search field; the first row found is selected: the next key acts on it."""

    def __init__(self, table: DataTable[KeyT, RowT], text: Callable[[], str]) -> None:
        super().__init__(table)
        self._table = table
        self._text = text

    def search(self, text: str) -> None:
        """Show what matches."""
        self._table.set_text(text)
        if text.strip() and self._table.model.key_count:
            self._table.select_key(self._table.model.key_at(0))

    def leave(self, down: bool) -> None:
        """Go into the rows; the search has selected the first already, so that Down means the second."""
        table = self._table
        table.grid.enter()
        if down and self._text().strip() and table.model.key_count > 1:
            first, second = table.model.key_at(0), table.model.key_at(1)
            if table.selected_keys() == [first]:
                table.select_key(second)
