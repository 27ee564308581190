"""Sees when a window has been painted for the first time; used by both sides of the start-up benchmark."""

import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Holds the monotonic time at which the first exposure of a window was wholly painted."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0

    def watch(self, window: QWidget) -> None:
        """Show the window and wait for its paint; nothing but its own surface is watched."""
        window.winId()  # makes the platform's window, which `show` would do next
        handle = window.windowHandle()
        handle.installEventFilter(self)
        window.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let Qt paint the exposure, and note the time when it has."""
        if self.at or event.type() not in (QEvent.Type.Expose, QEvent.Type.Paint):
            return False
        watched.removeEventFilter(self)
        QCoreApplication.sendEvent(watched, event)
        self.at = time.monotonic()
        self.painted.emit()
        return True


def resident_megabytes() -> float:
    """Return this process's resident memory, 0 where the system does not say (Windows)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
