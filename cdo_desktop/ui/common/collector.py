"""Python's garbage collector, kept out of worker threads."""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 3_000
_FULL_EVERY = 20  # rounds


class Collector(QObject):
    """Collects on the GUI thread alone, where the automatic collector runs in whichever thread allocates.

    A widget that is destroyed in a worker thread leaves its timers behind, and Qt crashes when they fire.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rounds = 0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Take over from the automatic collector; what exists by now stays to the end and is passed over."""
        if self._timer.isActive():
            return
        gc.disable()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """Give back to the automatic collector."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def collect(self) -> None:
        """Collect what has died since the last round; everything now and then."""
        self._rounds += 1
        if self._rounds % _FULL_EVERY == 0:
            gc.collect()
        elif gc.get_count()[0] > gc.get_threshold()[0]:
            gc.collect(1)
