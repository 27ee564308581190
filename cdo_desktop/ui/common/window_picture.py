"""A picture of a window that shows what it was opened for, to check an installation."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from cdo_desktop.ui.common.tasks import Tasks

_PAINT_MS = 500  # what is painted after the work: icons, the selection


class WindowPicture(QObject):
    """Saves the window as an image once nothing runs any more, then closes it and ends the program.

    The exit status is 0, or 1 if the image could not be written.
    """

    def __init__(self, window: QWidget, tasks: Tasks, file: Path) -> None:
        super().__init__(window)
        self._window = window
        self._tasks = tasks
        self._file = file
        self._quiet = QTimer(self, singleShot=True, interval=_PAINT_MS)
        self._quiet.timeout.connect(self._take)
        tasks.busy_changed.connect(self._look)
        self._look(tasks.busy)

    def _look(self, busy: bool) -> None:
        if busy:
            self._quiet.stop()
        else:
            self._quiet.start()

    def _take(self) -> None:
        saved = self._window.grab().save(str(self._file))
        self._window.close()
        QApplication.exit(0 if saved else 1)
