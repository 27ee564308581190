"""Watches an event loop from another thread: how long it did not turn, and what it was doing then."""

import faulthandler
import re
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

BEAT_MS = 20
_PAUSE = 0.02  # seconds between two looks
_CALLS = 12


@dataclass(frozen=True)
class Stall:
    """The loop stood still: for how long, and without the time that other programs had the processor."""

    at: float  # seconds after the beginning
    seconds: float
    own_seconds: float
    place: str

    def __str__(self) -> str:
        own, whole = self.own_seconds * 1000, self.seconds * 1000
        return f"{self.at:.1f} s: {whole:.0f} ms, own {own:.0f} ms, in {self.place}"


class LoopWatch(QObject):
    """Beats in the loop; a thread notes every time that the beat is late by more than ``limit`` seconds."""

    def __init__(self, limit: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stalls: list[Stall] = []
        self.longest = 0.0
        self._limit = limit
        self._begun = self._beaten = time.monotonic()
        self._waited = _queue_waits()
        self._main = threading.get_ident()
        self._place = ""
        self._ended = threading.Event()
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _beat(self) -> None:
        now, waited = time.monotonic(), _queue_waits()
        seconds = now - self._beaten - BEAT_MS / 1000
        own = seconds - max((waits - self._waited.get(thread, waits) for thread, waits in waited.items()))
        self.longest = max(self.longest, own)
        if own > self._limit:
            self.stalls.append(Stall(now - self._begun, seconds, own, self._place or "unknown"))
        self._beaten, self._waited, self._place = now, waited, ""

    def _look(self) -> None:
        while not self._ended.wait(_PAUSE):
            late = time.monotonic() - self._beaten
            if late > self._limit / 2 and not self._place:
                self._place = _place_of(self._main)

    def end(self) -> None:
        """Stop watching."""
        self._timer.stop()
        self._ended.set()
        self._thread.join()


def _place_of(thread: int) -> str:
    """Return the innermost calls of a thread.

    Not from its frames: holding one for a moment keeps what Qt lent to it, a rectangle on the stack for
    instance, and Qt's next object at that place is then taken for the old one.
    """
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file)
        file.seek(0)
        text = file.read().decode("utf-8", "replace")
    part = text.partition(f"0x{thread:016x}")[2].partition("\n\n")[0]
    calls = re.findall(r'File ".*?([^/\\"]+)", line (\d+)', part)[:_CALLS]
    return " < ".join(f"{name}:{line}" for name, line in calls)


def _queue_waits() -> dict[str, float]:
    """Return how many seconds each thread was ready to run while others had the processor; Linux only.

    Of every thread, because the loop may wait for what another one holds, Python's own lock first of all, and
    that one for the processor.
    """
    waits = {"": 0.0}
    for file in Path("/proc/self/task").glob("*/schedstat"):
        with suppress(OSError):  # the thread has just ended
            waits[file.parent.name] = int(file.read_text(encoding="ascii").split()[1]) / 1e9
    return waits
