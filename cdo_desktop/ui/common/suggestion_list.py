"""What a line of text offers: fixed words, or what is looked up for what was typed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QStringListModel
from PySide6.QtGui import QAction, QKeyEvent, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit

from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.overriding import override

Suggest = Callable[[str], Sequence[str]]


class SuggestionList(QObject):
    """The list below a line; what it offers may be left aside.

    Fixed words are listed by the arrow at the line's end too: otherwise nobody would know that there are any.
    """

    def __init__(self, line: QLineEdit, label: str, choices: Sequence[str], suggest: Suggest | None) -> None:
        """``label`` is that of the field; ``suggest`` looks words up instead of ``choices``."""
        super().__init__(line)
        self._line = line
        self._words = QStringListModel(list(choices), self)
        self._completer = QCompleter(self._words, self)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._suggest = suggest
        if suggest is not None:
            self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
            line.textEdited.connect(self._look_up)
        line.setCompleter(self._completer)
        self._popup = self._completer.popup()
        self._popup.installEventFilter(self)  # asked before the completer's own
        self._arrow: QAction | None = self._list_arrow(label) if choices else None

    def _list_arrow(self, label: str) -> QAction:
        arrow = make_action(
            f"选择{label}",
            parent=self._line,
            triggered=self._show_all,
            icon="chevron-down",
            shortcut="Alt+Down",
        )
        self._line.addAction(arrow, QLineEdit.ActionPosition.TrailingPosition)
        return arrow

    def set_listed(self, *, listed: bool) -> None:
        """Let all words be listed, or not."""
        if self._arrow is not None:
            self._arrow.setVisible(listed)

    def _show_all(self) -> None:
        """List every word, whatever stands in the line."""
        self._line.setFocus()
        self._completer.setCompletionPrefix("")
        self._completer.complete()

    def _look_up(self, text: str) -> None:
        if self._suggest is not None:
            self._words.setStringList(list(self._suggest(text)))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the form when no suggestion is chosen; Qt would only close the list with it."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not self._popup.currentIndex().isValid()
        ):
            self._popup.hide()
            QCoreApplication.sendEvent(self._line, event)
            return True
        return super().eventFilter(watched, event)
