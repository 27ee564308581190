"""A field for a month: typed in any common way, or with the arrow keys."""

import re
from collections.abc import Callable
from datetime import date
from unicodedata import normalize

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from cdo_desktop.ui.common.overriding import override

_MONTH = re.compile(r"(\d{4})\s*(?:年|[-./])?\s*(\d{1,2})\s*月?")
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 12, Qt.Key.Key_PageDown: -12}
_FIRST_YEAR = 1900


class MonthField(QLineEdit):
    """Accepts 202603, 2026-3 and 2026年3月; up and down step months, page keys years, T is this month."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.setPlaceholderText("如 202603")
        self.setToolTip("↑↓ 加减一个月，PageUp/PageDown 加减一年，T 为本月")
        self.editingFinished.connect(self._tidy)

    def month(self) -> str:
        """Return ``2026-03``, or nothing while the text is no month."""
        return _read(self.text())

    def set_month(self, month: str) -> None:
        """Show a month."""
        self.setText(_read(month) or month)

    def problem(self) -> str:
        """Return why the text is no month, or nothing."""
        if not self.text().strip() or self.month():
            return ""
        return "看不懂这个月份，请写成 202603 或 2026年3月。"

    def _tidy(self) -> None:
        month = self.month()
        if month and month != self.text():
            self.setText(month)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if self.isReadOnly() or not plain:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_T:
            self.setText(f"{self._today():%Y-%m}")
        elif key in _STEPS:
            self._step(_STEPS[key])
        else:
            super().keyPressEvent(event)

    def _step(self, months: int) -> None:
        month = self.month()
        if not month:
            self.setText(f"{self._today():%Y-%m}")
            return
        count = int(month[:4]) * 12 + int(month[5:]) - 1 + months
        self.setText(f"{count // 12:04d}-{count % 12 + 1:02d}")


def _read(text: str) -> str:
    match = _MONTH.fullmatch(normalize("NFKC", text).strip())
    if match is None:
        return ""
    year, month = int(match[1]), int(match[2])
    return f"{year:04d}-{month:02d}" if year >= _FIRST_YEAR and 1 <= month <= 12 else ""
