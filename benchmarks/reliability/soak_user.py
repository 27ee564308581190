"""A user without a plan: random clicks, keys and texts at whatever window is in front."""

import random
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QKeySequence, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.tasks import Tasks

_TARGETS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
)
_KEYS = (
    *("Return", "Return", "Tab", "Tab", "Shift+Tab", "Down", "Up", "Home", "End", "PgDown", "PgUp", "Space"),
    *("Esc", "Alt+Down", "Shift+F10", "Ctrl+Home", "Ctrl+End", "Shift+Down", "Backspace"),
    *(value for name, value in vars(shortcuts).items() if name.isupper()),
    *(shortcuts.tab_key(number) for number in (1, 1, 2)),
)
_TEXTS = (
    *("张三", "王", "zs", "lsh", "科长", "罗店镇", "不存在的人"),
    *("20260305", "2026.3.5", "3月5日", "2026-13-40"),
    *("13800000001", "021-56691234", "=1+1", "<b>粗</b>&\"'", "𠮷田", "买买提·艾力", "10", "-1", " ", "％_"),
    *("a" * 300, "述" * 300, "😀", "宝委〔2026〕1号"),
)
_PLAIN = Qt.KeyboardModifier.NoModifier
_LONGEST_PAUSE_MS = 40
_PATIENCE = 60  # actions in one dialog before it is left
_DEEPEST = 4  # windows over one another


class RandomUser(QObject):
    """Acts every few milliseconds until told to stop; the same seed makes the same choices."""

    def __init__(
        self, window: Callable[[], QWidget | None], tasks: Callable[[], Tasks | None], seed: int
    ) -> None:
        super().__init__()
        self.actions = 0
        self.latest: deque[str] = deque(maxlen=60)
        self.visited: Counter[str] = Counter()  # actions by kind of window
        self._window = window
        self._tasks = tasks
        self._chance = random.Random(seed)
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._step)
        self._seen: QWidget | None = None
        self._in_one_window = 0
        self._weighted: tuple[tuple[Callable[[QWidget], str], int], ...] = (
            (self._click, 40),
            (self._click_row, 10),
            (self._type, 20),
            (self._press, 22),
            (self._turn_wheel, 4),
            (self._resize, 1),
        )

    def start(self) -> None:
        """Begin, or go on."""
        if not self._next.isActive():
            self._next.start(0)

    def stop(self) -> None:
        """Act no more."""
        self._next.timeout.disconnect(self._step)
        self._next.stop()

    def _step(self) -> None:
        # The next step is set before this one: an action may open a dialog with a loop of its own.
        self._next.start(self._chance.randrange(_LONGEST_PAUSE_MS))
        tasks = self._tasks()
        if tasks is not None and tasks.busy and self._chance.random() < 0.8:
            return  # a user waits mostly, and not always
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._window()
        if front is None or not front.isVisible():
            return
        self.actions += 1
        self.visited.update([type(front).__name__])
        if self._is_enough_of(front):
            self._leave(front)
            return
        actions, weights = zip(*self._weighted, strict=True)
        (action,) = self._chance.choices(actions, weights)
        # Said before it is done, for what it does may be the last.
        self.latest.append(f"{self.actions} {type(front).__name__} {action.__name__}")
        said = action(front)
        self.latest.append(f"{self.actions} {said}")

    def _is_enough_of(self, front: QWidget) -> bool:
        self._in_one_window = self._in_one_window + 1 if front is self._seen else 0
        self._seen = front
        if front is self._window():
            return False
        over = sum(widget.isModal() and widget.isVisible() for widget in QApplication.topLevelWidgets())
        return self._in_one_window > _PATIENCE or over > _DEEPEST

    def _leave(self, front: QWidget) -> None:
        """Press Esc, or close by the window's own button; a question whether to save gets any answer."""
        self.latest.append(f"{self.actions} leave {type(front).__name__}")
        if self._chance.random() < 0.5:
            QTest.keyClick(front, Qt.Key.Key_Escape)
        else:
            front.close()

    def _click(self, front: QWidget) -> str:
        targets = [
            part
            for kind in _TARGETS
            for part in front.findChildren(kind)
            if part.isVisible() and part.isEnabled() and part.window() is front.window()
        ]
        if not targets:
            return self._hit(front, Qt.MouseButton.LeftButton, double=False)
        part = self._chance.choice(targets)
        viewport = part.viewport() if isinstance(part, QAbstractItemView) else part
        button = self._chance.choices((Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton), (12, 1))[0]
        return self._hit(viewport, button, double=self._chance.random() < 0.1)

    def _click_row(self, front: QWidget) -> str:
        tables = [view for view in front.findChildren(QAbstractItemView) if view.isVisible()]
        if not tables:
            return self._click(front)
        return self._hit(self._chance.choice(tables).viewport(), Qt.MouseButton.LeftButton, double=True)

    def _hit(self, part: QWidget, button: Qt.MouseButton, *, double: bool) -> str:
        written = part.text() if isinstance(part, QAbstractButton | QLineEdit) else ""
        said = f"click {type(part).__name__} {part.accessibleName() or written:.20}"
        seen = part.visibleRegion().boundingRect()
        place = self._place_in(seen if not seen.isEmpty() else part.rect())
        QTest.mouseClick(part, button, pos=place)
        if double and shiboken6.isValid(part) and part.isVisible():
            QTest.mouseDClick(part, button, pos=place)
        return said

    def _place_in(self, area: QRect) -> QPoint:
        return QPoint(
            area.left() + self._chance.randrange(max(1, area.width())),
            area.top() + self._chance.randrange(max(1, area.height())),
        )

    def _type(self, front: QWidget) -> str:
        target = front.focusWidget() or front
        text = self._chance.choice(_TEXTS)
        if self._chance.random() < 0.5:
            QTest.keyClick(target, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        for character in text[: self._chance.choice((3, 20, 300))]:
            if not shiboken6.isValid(target):
                break
            QTest.sendKeyEvent(QTest.KeyAction.Click, target, Qt.Key.Key_unknown, character, _PLAIN)
        return f"type {text:.20}"

    def _press(self, front: QWidget) -> str:
        name = self._chance.choice(_KEYS)
        QTest.keySequence(front.focusWidget() or front, QKeySequence(name))
        return f"press {name}"

    def _turn_wheel(self, front: QWidget) -> str:
        handle = front.window().windowHandle()
        if handle is not None:
            turn = QPoint(0, self._chance.choice((-120, 120)))
            QTest.wheelEvent(handle, self._place_in(front.rect()), turn)
        return "wheel"

    def _resize(self, front: QWidget) -> str:
        front.window().resize(self._chance.randrange(760, 1366), self._chance.randrange(420, 768))
        return "resize"


class RandomFiles:
    """Stands for the file dialogs of the system: gives one of the files laid out, a new name, or nothing."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._chance = random.Random(seed)
        self._folder = folder
        self._inputs = sorted((folder / "in").iterdir())
        self._out = folder / "out"
        self._out.mkdir()

    def _none(self) -> bool:
        return self._chance.random() < 0.3

    def save_as(self, _parent: QWidget, _title: str, name: str, _pattern: str) -> Path | None:
        """Give a file to write, now and then an old one."""
        return None if self._none() else self._out / f"{self._chance.randrange(3)}-{name}"

    def open_file(self, _parent: QWidget, _title: str, pattern: str) -> Path | None:
        """Give a file to read, mostly of the kind asked for."""
        fitting = [path for path in self._inputs if path.suffix and path.suffix in pattern] or self._inputs
        return None if self._none() else self._chance.choice(fitting)

    def open_files(self, parent: QWidget, title: str, pattern: str) -> list[Path]:
        """Give one or two files to read."""
        found = [self.open_file(parent, title, pattern) for _ in range(self._chance.randrange(1, 3))]
        return [path for path in found if path is not None]

    def folder(self, _parent: QWidget, title: str) -> Path | None:
        """Give a folder to write into; the data stays where it is."""
        return None if "数据文件夹" in title or self._none() else self._out
