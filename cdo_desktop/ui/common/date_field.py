"""A field for a date: typed in any common way, stepped with the arrow keys, or picked in a calendar."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from cdo_desktop.rules.dates import read_date
from cdo_desktop.ui.common.calendar_popup import CalendarPopup
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.overriding import override

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_DAY_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_MONTH_STEPS = {Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}


class DateField(QWidget):
    """A line for the date, a button for the calendar, and beside them the weekday with 休 or 班.

    Up and down step days, page keys months, T is today, Alt+Down or F4 opens the calendar.
    """

    changed = Signal()

    def __init__(
        self, today: Callable[[], date], day_mark: Callable[[date], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._today = today
        self._day_mark = day_mark
        self._popup: CalendarPopup | None = None
        self.line = QLineEdit()
        self.line.setPlaceholderText("如 20260305")
        self.line.setToolTip("可写 20260305、2026.3.5、3月5日；↑↓ 加减一天，T 为今天，Alt+↓ 打开日历")
        self.line.textChanged.connect(self._text_changed)
        self.line.editingFinished.connect(self.tidy)
        self.line.installEventFilter(self)
        self.button = QToolButton()
        self.button.setIcon(icon("calendar"))
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Alt+Down from the line does the same
        self.button.setToolTip("打开日历（Alt+↓）")
        self.button.setAccessibleName("打开日历")
        self.button.clicked.connect(self.open_calendar)
        self.hint = QLabel()
        self.hint.setProperty("role", "muted")
        self._fit_hint()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        layout.addWidget(self.hint)
        self.setFocusProxy(self.line)

    def _fit_hint(self) -> None:
        self.hint.setMinimumWidth(self.fontMetrics().horizontalAdvance("周三 休 "))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_hint()

    def text(self) -> str:
        """Return what stands in the line."""
        return self.line.text()

    def day(self) -> date | None:
        """Return the date, or None while the line is empty or no date."""
        return read_date(self.line.text(), today=self._today()).value

    def set_day(self, day: date | None) -> None:
        """Show a date."""
        self.line.setText(day.isoformat() if day is not None else "")

    def problem(self) -> str:
        """Return why the text is no date, or nothing."""
        text = self.line.text()
        return read_date(text, today=self._today()).problem if text.strip() else ""

    def state(self) -> str:
        """Return the date it means, or the text while it means none."""
        day = self.day()
        return day.isoformat() if day is not None else self.line.text().strip()

    def set_read_only(self, read_only: bool) -> None:
        """Keep the date selectable."""
        self.line.setReadOnly(read_only)
        self.button.setEnabled(not read_only)

    def tidy(self) -> None:
        """Write the date as 2026-03-05 once the line is left."""
        day = self.day()
        if day is not None and self.line.text() != day.isoformat():
            self.line.setText(day.isoformat())

    def open_calendar(self) -> None:
        """Show the calendar below the line."""
        if self._popup is None:
            self._popup = CalendarPopup(self._today, self._day_mark, self)
            self._popup.picked.connect(self._picked)
        below = self.line.mapToGlobal(QPoint(0, self.line.height()))
        self._popup.open_at(below, self.day() or self._today())

    def _picked(self, day: object) -> None:
        if isinstance(day, date):
            self.set_day(day)
        self.line.setFocus()

    def _text_changed(self, _text: str) -> None:
        day = self.day()
        mark = self._day_mark(day) if day is not None else ""
        self.hint.setText(f"{WEEKDAYS[day.weekday()]} {mark}".strip() if day is not None else "")
        self.line.setAccessibleDescription(self.hint.text())
        self.changed.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return not self.line.isReadOnly() and self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if key == Qt.Key.Key_F4 or (alt and key == Qt.Key.Key_Down):
            self.open_calendar()
            return True
        if event.modifiers() not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            return False
        if key == Qt.Key.Key_T:
            self.set_day(self._today())
        elif key in _DAY_STEPS:
            self._step(lambda day: _add_days(day, _DAY_STEPS[key]))
        elif key in _MONTH_STEPS:
            self._step(lambda day: _add_months(day, _MONTH_STEPS[key]))
        else:
            return False
        return True

    def _step(self, move: Callable[[date], date]) -> None:
        day = self.day()
        self.set_day(move(day) if day is not None else self._today())


def _add_days(day: date, count: int) -> date:
    """Return the day ``count`` days later, staying inside the calendar's years."""
    if not date.min.toordinal() <= day.toordinal() + count <= date.max.toordinal():
        return day
    return day + timedelta(days=count)


def _add_months(day: date, count: int) -> date:
    """Return the same day of another month, or that month's last day."""
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    if not date.min.year <= year < date.max.year:
        return day
    return date(year, month, min(day.day, monthrange(year, month)[1]))
