"""The bar inside a window or dialog that says what went wrong, without stopping the work."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtGui import QGuiApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common.icons import Picture, icon
from cdo_desktop.ui.common.style import provide_glyphs
from cdo_desktop.ui.common.tones import Tone


class NoticeKind(Enum):
    """How serious a notice is; the value names its look in the style sheet."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_ICONS = {
    NoticeKind.INFO: ("info-circle", Tone.ACCENT),
    NoticeKind.WARNING: ("alert-triangle", Tone.WARNING),
    NoticeKind.ERROR: ("alert-circle", Tone.DANGER),
}
_ICON_SIZE = 20


@dataclass(frozen=True)
class NoticeAction:
    """A button in a notice: what it says and does. Pressing it closes the notice."""

    text: str
    run: Callable[[], object]


@dataclass(frozen=True)
class _Notice:
    kind: NoticeKind
    text: str
    details: str = ""
    actions: tuple[NoticeAction, ...] = ()


class NoticeBar(QFrame):
    """Hidden while there is nothing to say; closing the newest of several shows the one before it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setAccessibleName("提示")
        self._notices: list[_Notice] = []
        self.action_buttons: list[QPushButton] = []
        self._picture = Picture(_ICON_SIZE)
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.more = QLabel()
        self.more.setProperty("role", "muted")
        self.copy_button = QPushButton("复制详情")
        self.copy_button.setAccessibleName("复制这条提示的详情")
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(self._copy)
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("x"))
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("关闭提示")
        self.close_button.setAccessibleName("关闭提示")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self.close_newest)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(8)
        layout.addWidget(self._picture)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.more)
        self._actions = QHBoxLayout()
        layout.addLayout(self._actions)
        layout.addWidget(self.copy_button)
        layout.addWidget(self.close_button)
        self.hide()

    def show_text(self, kind: NoticeKind, text: str, actions: tuple[NoticeAction, ...] = ()) -> None:
        """Show a plain sentence, with a button for each action."""
        self._add(_Notice(kind, text, actions=actions))

    def show_error(self, error: AppError) -> None:
        """Show the error's sentence; 复制详情 copies what a developer needs as well."""
        self._add(_Notice(NoticeKind.ERROR, str(error), error_details(error)))

    def close_newest(self) -> None:
        """Close the notice that shows."""
        if self._notices:
            self._notices.pop()
        self._show_newest()

    def clear(self) -> None:
        """Close all notices, because the next attempt begins; what waits for an answer stays."""
        self._notices = [notice for notice in self._notices if notice.actions]
        self._show_newest()

    def take_back(self, text: str) -> None:
        """Close the notice with this sentence, which is no longer so."""
        self._notices = [notice for notice in self._notices if notice.text != text]
        self._show_newest()

    @property
    def text(self) -> str:
        """The sentence that shows, or nothing."""
        return self._notices[-1].text if self._notices else ""

    def _add(self, notice: _Notice) -> None:
        self._notices = [old for old in self._notices if old.text != notice.text]
        self._notices.append(notice)
        self._show_newest()
        from PySide6.QtGui import QAccessible, QAccessibleEvent  # not before something is said

        QAccessible.updateAccessibility(QAccessibleEvent(self.label, QAccessible.Event.Alert))

    def _show_actions(self, notice: _Notice) -> None:
        for button in self.action_buttons:
            button.hide()
            button.deleteLater()
        self.action_buttons = []
        for action in notice.actions:
            button = QPushButton(action.text)
            button.setAccessibleName(action.text)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, action=action: self._act(notice, action))
            self._actions.addWidget(button)
            QWidget.setTabOrder(self.action_buttons[-1] if self.action_buttons else self.copy_button, button)
            self.action_buttons.append(button)

    def _act(self, notice: _Notice, action: NoticeAction) -> None:
        self._notices = [other for other in self._notices if other is not notice]
        self._show_newest()
        action.run()

    def _show_newest(self) -> None:
        self.setVisible(bool(self._notices))
        if not self._notices:
            return
        notice = self._notices[-1]
        self._picture.show_icon(*_ICONS[notice.kind])
        provide_glyphs(notice.text)
        self.label.setText(notice.text)
        self.label.setAccessibleName(notice.text)
        earlier = len(self._notices) - 1
        self.more.setText(f"还有 {earlier} 条")
        self.more.setVisible(earlier > 0)
        self.copy_button.setVisible(bool(notice.details))
        self._show_actions(notice)
        self.setProperty("kind", notice.kind.value)
        self.style().unpolish(self)
        self.style().polish(self)

    def _copy(self) -> None:
        if self._notices:
            notice = self._notices[-1]
            QGuiApplication.clipboard().setText(notice.details or notice.text)


def error_details(error: BaseException) -> str:
    """Return the sentence, the kinds of error behind it and the lines of the program they came from."""
    lines = [str(error)]
    current: BaseException | None = error
    while current is not None:
        lines.append(
            f"{type(current).__name__}: {current}" if current is not error else type(current).__name__
        )
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return "\n".join(lines)
