"""What the window does only once the database library has been imported in the background."""

from collections.abc import Callable
from typing import TypeAlias

import shiboken6
from PySide6.QtCore import QEventLoop, QObject
from PySide6.QtGui import QGuiApplication, Qt

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common.tasks import Tasks

WhenReady: TypeAlias = Callable[[QObject, Callable[[], object]], None]
"""Does something for an owner, now or once everything is there."""


class Readiness:
    """Lets an action of the first seconds wait for the import, which takes longer than a click.

    The window goes on painting meanwhile. What is clicked and typed is held back and comes in its order after
    the action: it acts on what was selected, opens one dialog, and that gets the next letters.
    """

    def __init__(
        self,
        tasks: Tasks,
        prepare: Callable[[], None],
        is_ready: Callable[[], bool],
        failed: Callable[[AppError], None],
    ) -> None:
        """``prepare`` may be running in another thread already; it then waits for that."""
        self._tasks = tasks
        self._prepare = prepare
        self._is_ready = is_ready
        self._failed = failed
        self._is_waiting = False

    def when_ready(self, owner: QObject, act: Callable[[], object]) -> None:
        """Act now, or as soon as everything is there; not at all when ``owner`` is gone by then.

        Another action that a timer brings meanwhile is given up: no user can ask for one.
        """
        if self._is_waiting:
            return
        if not self._is_ready():
            self._wait()
        if self._is_ready() and shiboken6.isValid(owner):
            act()

    def _wait(self) -> None:
        loop = QEventLoop()

        def failed(error: AppError) -> None:
            loop.quit()
            self._failed(error)

        self._is_waiting = True
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        self._tasks.run(self._prepare, owner=loop, done=lambda _none: loop.quit(), failed=failed)
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        QGuiApplication.restoreOverrideCursor()
        self._is_waiting = False


def at_once(_owner: QObject, act: Callable[[], object]) -> None:
    """Act now; stands in where nothing is imported later."""
    act()
