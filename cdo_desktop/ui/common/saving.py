"""Saving a file the user asked for: off the GUI thread, and again when Excel or WPS holds it open."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import AppError, FileInUseError
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.result_line import ResultLine

Write = Callable[[Path, Progress], str]
"""Writes a file or into a folder and returns what to say about it; runs in a task."""


class Saving:
    """Writes files for one dialog and shows where they went."""

    def __init__(
        self, dialog: QWidget, ui: UiContext, line: ResultLine, failed: Callable[[AppError], None]
    ) -> None:
        self._dialog = dialog
        self._ui = ui
        self._line = line
        self._failed = failed

    def save(
        self,
        title: str,
        choose: Callable[[], Path | None],
        write: Write,
        done: Callable[[], None] | None = None,
    ) -> None:
        """Ask with ``choose`` where to write and write; ``title`` is what the progress window says."""
        target = choose()
        if target is not None:
            self._write(target, title, choose, write, done)

    def _write(
        self,
        target: Path,
        title: str,
        choose: Callable[[], Path | None],
        write: Write,
        done: Callable[[], None] | None,
    ) -> None:
        def saved(said: str) -> None:
            self._ui.notices.info(said)
            self._line.show_path(said, target)
            if done is not None:
                done()

        def not_saved(error: AppError) -> None:
            if not isinstance(error, FileInUseError):
                self._failed(error)
                return
            answer = self._ui.notices.choose(str(error), ("换个名字…", "已关闭，重试", "取消"))
            other = choose() if answer == 0 else target
            if answer < 2 and other is not None:
                self._write(other, title, choose, write, done)
            else:
                self._failed(error)

        self._line.hide()
        self._ui.tasks.run_with_progress(
            lambda progress: write(target, progress),
            owner=self._dialog,
            title=title,
            done=saved,
            failed=not_saved,
        )
