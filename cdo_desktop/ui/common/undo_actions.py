"""撤销 and 重做 as two commands of the whole window, called by what they would take back or do again."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, Qt
from PySide6.QtWidgets import QToolButton

from cdo_desktop.errors import AppError
from cdo_desktop.services.undo import Turned, UndoService
from cdo_desktop.services.undo_stack import UndoChoice
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, set_available, set_title
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.icons import icon

MANY_ROWS = 50
"""Of one step; whoever turns more is asked first."""
OFFER_MS = 30_000
_OFFER_WIDTH = 420
_UNDO, _REDO = "撤销", "重做"


class UndoActions(QObject):
    """Belongs to one open office; both commands are disabled, and say why, while there is nothing to turn."""

    register_changed = Signal(object)
    """The register is another than it was; shows the id of the one post that it is about, or None."""
    _state_changed = Signal()  # the service tells it in the thread that wrote

    def __init__(self, service: UndoService, ui: UiContext, parent: QObject) -> None:
        super().__init__(parent)
        self._service = service
        self._ui = ui
        self._turning = ""
        self._newest = service.state.undo.number
        self.undo = make_action(
            _UNDO, parent=self, triggered=self._undo, icon="arrow-back-up", shortcut=shortcuts.UNDO
        )
        self.redo = make_action(
            _REDO, parent=self, triggered=self._redo, icon="arrow-forward-up", shortcut=shortcuts.REDO
        )
        self.redo.setShortcuts([QKeySequence(key) for key in (shortcuts.REDO, shortcuts.REDO_TOO)])
        self.actions = (self.undo, self.redo)
        self.offer = _Offer(self.undo)
        self._state_changed.connect(self._show_state, Qt.ConnectionType.QueuedConnection)
        service.changed = self._state_changed.emit
        self._show_available()

    def end(self) -> None:
        """Listen no more, for the office is being closed."""
        self._service.changed = lambda: None
        self.offer.deleteLater()

    def _show_state(self) -> None:
        """Follow the service; what has just been done can be taken back at once in the status bar."""
        newest = self._service.state.undo.number
        made = newest > self._newest
        self._newest = max(newest, self._newest)
        self._show_available()
        self.offer.show_for_a_while() if made else self.offer.hide()

    def _show_available(self) -> None:
        state = self._service.state
        for action, word, choice in ((self.undo, _UNDO, state.undo), (self.redo, _REDO, state.redo)):
            set_title(action, f"{word}：{choice.label}" if choice.possible else word)
            set_available(action, choice.reason or self._turning)

    # Turning back and forth

    def _undo(self) -> None:
        choice = self._service.state.undo
        question = (
            f"将撤销“{choice.label}”，{choice.row_count} 条记录回到这一步以前的样子；撤销以后还可以重做。"
        )
        self._turn(_UNDO, choice, question, self._service.undo)

    def _redo(self) -> None:
        choice = self._service.state.redo
        question = f"将重做“{choice.label}”，涉及 {choice.row_count} 条记录。"
        self._turn(_REDO, choice, question, self._service.redo)

    def _turn(self, word: str, choice: UndoChoice, question: str, turn: Callable[[int], Turned]) -> None:
        if not choice.possible or self._turning:
            return
        doubts = []
        if choice.since:
            doubts.append(f"{choice.since}。\n要撤销的是在它以前的“{choice.label}”吗？")
        if choice.row_count > MANY_ROWS:
            doubts.append(question)
        if doubts and not self._ui.notices.ask("\n".join(doubts), word, f"不{word}"):
            return
        self._turning = f"正在{word}“{choice.label}”"
        self._show_available()
        self._ui.tasks.run(
            lambda: turn(choice.number),
            owner=self,
            done=lambda turned: self._turned(word, turned),
            failed=self._not_turned,
            title=f"{word}：{choice.label}",
        )

    def _turned(self, word: str, turned: Turned) -> None:
        self._end_turning(turned.post_id)
        self._ui.notices.info(f"已{word}：{turned.label}")

    def _not_turned(self, error: AppError) -> None:
        self._end_turning(None)  # others have changed the register, most likely
        self._ui.notices.error(error)

    def _end_turning(self, post_id: int | None) -> None:
        self._turning = ""
        self._show_available()
        self.register_changed.emit(post_id)


class _Offer(QToolButton):
    """Takes back what has just been done; shows for half a minute in the status bar."""

    def __init__(self, undo: QAction) -> None:
        super().__init__()
        self._undo = undo
        self.setIcon(icon("arrow-back-up"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda _checked=False: undo.trigger())
        self.timer = QTimer(self, interval=OFFER_MS, singleShot=True)
        self.timer.timeout.connect(self.hide)
        self.hide()

    def show_for_a_while(self) -> None:
        """Show what would be taken back now."""
        title = self._undo.text()
        self.setFixedHeight(self.fontMetrics().height())  # the table above must not move for it
        self.setText(self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, _OFFER_WIDTH))
        self.setAccessibleName(title)
        self.setToolTip(self._undo.toolTip())
        self.show()
        self.timer.start()
