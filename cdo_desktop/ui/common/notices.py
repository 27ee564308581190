"""What the program tells the user and asks him: in the status bar and in a bar inside the window."""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Protocol

import shiboken6
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from cdo_desktop.errors import AppError, CancelledError, ConflictError
from cdo_desktop.ui.common.notice_bar import NoticeBar, NoticeKind


class ConflictChoice(Enum):
    """What to do with a form that somebody else was quicker to save."""

    KEEP_MINE = "用我的内容"
    TAKE_THEIRS = "用对方的内容"
    BACK = "回去再看看"


class Notices(Protocol):
    """How tabs and dialogs speak to the user; tests use a fake that records."""

    def info(self, text: str) -> None:
        """Tell what was done, with the time, in the status bar: 已保存 14:03:22."""

    def warn(self, text: str) -> None:
        """Tell what should be looked at, in the bar of the window."""

    def error(self, error: AppError) -> None:
        """Tell what went wrong, in the bar of the window; a cancelled action goes to the status bar."""

    def ask(self, question: str, yes_label: str, no_label: str, *, danger: bool = False) -> bool:
        """Ask; the labels are verbs (删除 / 保留). Enter and Esc mean no when ``danger`` is set."""

    def choose(self, question: str, answers: tuple[str, ...], *, default: int = 0) -> int:
        """Ask with several answers and return the place of the one chosen; Esc means the last."""

    def show_conflict(self, conflict: ConflictError) -> ConflictChoice:
        """Show what was opened, typed here and saved by the other person, field by field."""


class StatusLine(QLabel):
    """The newest notice at the left of the status bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("状态")
        self.setProperty("role", "muted")


class WindowNotices:
    """The notices of one window, which puts `bar` above its content and `status` into its status bar."""

    def __init__(self, window: QWidget, now: Callable[[], datetime]) -> None:
        self._window = window
        self._now = now
        self.bar = NoticeBar()
        self.status = StatusLine()

    def info(self, text: str) -> None:
        """Show ``text`` with the time."""
        self.status.setText(f"{text} {self._now():%H:%M:%S}")

    def warn(self, text: str) -> None:
        """Show ``text`` until it is closed."""
        self.bar.show_text(NoticeKind.WARNING, text)

    def error(self, error: AppError) -> None:
        """Show the error until it is closed, with its details to copy."""
        if isinstance(error, CancelledError):
            self.info(str(error))
        else:
            self.bar.show_error(error)

    def ask(self, question: str, yes_label: str, no_label: str, *, danger: bool = False) -> bool:
        """Ask in a dialog of the active window."""
        from cdo_desktop.ui.common.question import ask_yes_no

        return ask_yes_no(self._parent(), question, yes_label, no_label, danger=danger)

    def choose(self, question: str, answers: tuple[str, ...], *, default: int = 0) -> int:
        """Ask in a dialog of the active window."""
        from cdo_desktop.ui.common.question import Question

        return Question(self._parent(), question, answers, default=default).ask()

    def show_conflict(self, conflict: ConflictError) -> ConflictChoice:
        """Ask in the conflict dialog."""
        from cdo_desktop.ui.common.conflict_dialog import ConflictDialog

        dialog = ConflictDialog(conflict, self._parent())
        dialog.exec()
        if shiboken6.isValid(dialog):  # else the window was closed below it
            dialog.deleteLater()
        return dialog.choice

    def _parent(self) -> QWidget:
        return QApplication.activeModalWidget() or self._window
