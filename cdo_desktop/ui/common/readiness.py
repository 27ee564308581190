"""What the window does only once the database library has been imported in the background."""

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QObject

from cdo_desktop.errors import AppError
from cdo_desktop.ui.common.tasks import Tasks

WhenReady: TypeAlias = Callable[[QObject, Callable[[], object]], None]
"""Does something for an owner, now or once everything is there."""


class Readiness:
    """Lets an action of the first seconds wait in the background: importing takes longer than a click."""

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

    def when_ready(self, owner: QObject, act: Callable[[], object]) -> None:
        """Act now, or as soon as everything is there; not at all when ``owner`` is gone by then."""
        if self._is_ready():
            act()
            return

        def prepared(_none: None) -> None:
            act()

        self._tasks.run(self._prepare, owner=owner, done=prepared, failed=self._failed, title="正在准备")


def at_once(_owner: QObject, act: Callable[[], object]) -> None:
    """Act now; stands in where nothing is imported later."""
    act()
