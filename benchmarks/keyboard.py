"""A clerk without a mouse: keys go where the window system would send them, and are counted."""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeySequence, Qt, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cdo_desktop.rules.pinyin import pinyin_of

PATIENCE = 20.0  # seconds; reached only when something is wrong
_POLL_MS = 2


class StuckError(Exception):
    """What should have come onto the screen did not come."""


class Keyboard:
    """Presses keys and waits for what they bring.

    A modifier counts as a key of its own, a Chinese word as the letters of its pinyin and the space that
    takes it: the usual way of typing it, through the events that an input method sends.
    """

    def __init__(self) -> None:
        self.keys = 0
        self.thoughts = 0

    def think(self) -> None:
        """Note that a person would stop here to decide or to find something."""
        self.thoughts += 1

    def press(self, *chords: str) -> None:
        """Press each of these, like ``Ctrl+R`` or ``Down``."""
        for chord in chords:
            QTest.keySequence(_window(), QKeySequence(chord))
            self.keys += chord.count("+") + 1
            _let_work()

    def type(self, text: str) -> None:
        """Type letters and digits."""
        for letter in text:
            QTest.keyClick(_window(), Qt.Key(ord(letter.upper())))
            self.keys += 1
            _let_work()

    def compose(self, *words: str) -> None:
        """Type Chinese words in pinyin, one after another."""
        for word in words:
            letters = pinyin_of(word).full
            for end in range(1, len(letters) + 1):
                _send_composition(QInputMethodEvent(letters[:end], []))
            taken = QInputMethodEvent()
            taken.setCommitString(word)
            _send_composition(taken)
            self.keys += len(letters) + 1

    def until(self, shown: Callable[[], object], what: str) -> None:
        """Wait until something is on the screen; the wait of the program, not of the clerk."""
        end = time.monotonic() + PATIENCE
        while not shown():
            _give_the_keyboard_back()
            if time.monotonic() > end:
                raise StuckError(f"{what}: not shown; the keyboard is in {_told(QApplication.focusWidget())}")
            _let_work(_POLL_MS)


def _window() -> QWindow:
    """Return the window that the system gives keys to."""
    _give_the_keyboard_back()
    window = QGuiApplication.focusWindow()
    if window is None:
        raise StuckError("no window has the keyboard")
    return window


def _send_composition(event: QInputMethodEvent) -> None:
    widget = QApplication.focusWidget()
    if widget is None:
        raise StuckError("nothing takes the text that is composed")
    QCoreApplication.sendEvent(widget, event)
    _let_work()


def _let_work(milliseconds: int = 0) -> None:
    """Let Qt work; not QTest's wait, which keeps the workers from running."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _give_the_keyboard_back() -> None:
    """Let the window below a closed one have the keyboard: Windows does, the offscreen platform does not."""
    if QGuiApplication.focusWindow() is None:
        windows = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        front = QApplication.activeModalWidget() or next(iter(windows), None)
        if front is not None:
            front.activateWindow()
            _let_work()


def _told(widget: QWidget | None) -> str:
    return "nothing" if widget is None else f"{type(widget).__name__} {widget.accessibleName()}".strip()
