"""A table whose source is busy asks again by itself."""

from PySide6.QtCore import QObject, QTimer, Signal

from cdo_desktop.errors import AppError, BusyError

SOON_MS, LATER_MS = 250, 1_000
QUIET_TRIES = 10
"""So often it is not worth a word: another program has mostly saved by then."""


class Retry(QObject):
    """Decides what a failure of the source leads to: another try, a word to the user, or both."""

    wanted = Signal()
    """The source is to be asked again."""
    told = Signal(object)
    """The `AppError` that the user is to see."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tries = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.wanted)

    def failed(self, error: AppError) -> None:
        """Note a failure; one that waiting does not mend is told at once."""
        if not isinstance(error, BusyError):
            self.told.emit(error)
            return
        if self._timer.isActive():
            return
        self._tries += 1
        if self._tries == QUIET_TRIES:
            self.told.emit(error)
        self._timer.start(SOON_MS if self._tries < QUIET_TRIES else LATER_MS)

    def succeeded(self) -> None:
        """Note that the source has answered."""
        self._tries = 0
        self._timer.stop()
