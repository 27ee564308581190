"""A year on one sheet: twelve months with 休 and 班, painted in one widget and walked with the arrow keys."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    Qt,
)
from PySide6.QtWidgets import QToolTip, QWidget

from cdo_desktop.rules.notice_text import WEEKDAYS
from cdo_desktop.rules.working_days import SpecialDay, WorkingCalendar
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.tones import Tone, tone_colour

_MONTHS = 12
_WEEK = 7
_LINES = 8  # month name, weekdays, six weeks
_GAP = 14
_SATURDAY = 5
_DAY_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -_WEEK, Qt.Key.Key_Down: _WEEK}


@dataclass(frozen=True)
class _Grid:
    """Where everything stands at the present size, in pixels."""

    columns: int
    cell: QSize

    @property
    def month(self) -> QSize:
        return QSize(self.cell.width() * _WEEK, self.cell.height() * _LINES)

    def corner(self, month: int) -> QPoint:
        row, column = divmod(month - 1, self.columns)
        return QPoint(column * (self.month.width() + _GAP), row * (self.month.height() + _GAP // 2))

    def day(self, day: date) -> QRect:
        first = date(day.year, day.month, 1).weekday()
        line, column = divmod(first + day.day - 1, _WEEK)
        corner = self.corner(day.month)
        left = corner.x() + column * self.cell.width()
        return QRect(QPoint(left, corner.y() + (line + 2) * self.cell.height()), self.cell)


class YearCalendar(QWidget):
    """Shows one year of a working calendar. Arrows, page keys, Home, End and T move the day looked at."""

    day_changed = Signal(object)  # the day looked at
    year_wanted = Signal(int)  # the keys went over the end of the year

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._calendar = WorkingCalendar.build((), ())
        self._grid = _Grid(4, QSize(24, 18))
        self.year = today().year
        self.day = today()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("年历")

    def show_year(self, year: int, days: WorkingCalendar) -> None:
        """Show a year; the day looked at stays at its place in the year."""
        self._calendar = days
        self.year = year
        self.setAccessibleName(f"{year} 年年历")
        last = calendar.monthrange(year, self.day.month)[1]
        self.look_at(date(year, self.day.month, min(self.day.day, last)))
        self.update()

    def look_at(self, day: date) -> None:
        """Move to a day of the year that shows."""
        before, self.day = self.day, day
        self.setAccessibleDescription(self.describe(day))
        if before.year == day.year:
            for changed in (before, day):
                self.update(self._grid.day(changed).adjusted(-2, -2, 2, 2))
        self.day_changed.emit(day)

    def describe(self, day: date) -> str:
        """Say what a day is: 2026-02-14 周六　班（春节）."""
        special = self._calendar.special(day)
        shown = f"{day.isoformat()} 周{WEEKDAYS[day.weekday()]}"
        if special is None:
            return f"{shown}　{'工作日' if self._calendar.is_working_day(day) else '周末'}"
        mark = "休" if special.is_off else "班，调休上班"
        provisional = "" if self._calendar.is_announced(day.year) or not special.is_off else "，暂定"
        return f"{shown}　{mark}（{special.name}{provisional}）"

    def source_of(self, day: date) -> str:
        """Return the paper that makes a day special, or nothing."""
        special = self._calendar.special(day)
        return special.notice if special is not None else ""

    # Size

    @override
    def sizeHint(self) -> QSize:
        cell = self._least_cell()
        return QSize(4 * (cell.width() * _WEEK + _GAP), 3 * (cell.height() * _LINES + _GAP // 2))

    @override
    def minimumSizeHint(self) -> QSize:
        cell = self._least_cell()
        return QSize(2 * (cell.width() * _WEEK + _GAP), cell.height() * _LINES)

    def _least_cell(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance("00") + 10, metrics.height() + 2)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        least = self._least_cell()
        room = self.width() + _GAP
        columns = next(count for count in (6, 4, 3, 2, 1) if count == 1 or room >= count * _least(least))
        if columns == 6 and self.height() >= 3 * (least.height() * _LINES + _GAP // 2):
            columns = 4  # as a wall calendar has it, where there is room
        rows = _MONTHS // columns
        width = (room // columns - _GAP) // _WEEK
        height = max((self.height() // rows - _GAP // 2) // _LINES, least.height())
        self._grid = _Grid(columns, QSize(min(width, 2 * least.width()), min(height, 2 * least.height())))
        self.setMinimumHeight(rows * (least.height() * _LINES + _GAP // 2))

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for month in range(1, _MONTHS + 1):
            corner = self._grid.corner(month)
            if event.rect().intersects(QRect(corner, self._grid.month)):
                self._paint_month(painter, month, corner)
        painter.end()

    def _paint_month(self, painter: QPainter, month: int, corner: QPoint) -> None:
        palette, cell = QGuiApplication.palette(), self._grid.cell
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(tone_colour(Tone.TEXT, palette))
        head = QRect(corner, QSize(self._grid.month.width(), cell.height()))
        painter.drawText(head.adjusted(4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, f"{month}月")
        painter.setFont(self.font())
        painter.setPen(tone_colour(Tone.MUTED, palette))
        for place, name in enumerate(WEEKDAYS):
            left = corner + QPoint(place * cell.width(), cell.height())
            painter.drawText(QRect(left, cell), Qt.AlignmentFlag.AlignCenter, name)
        for number in range(1, calendar.monthrange(self.year, month)[1] + 1):
            self._paint_day(painter, date(self.year, month, number))

    def _paint_day(self, painter: QPainter, day: date) -> None:
        palette, rect = QGuiApplication.palette(), self._grid.day(day)
        special = self._calendar.special(day)
        selected = day == self.day and self.hasFocus()
        ink = tone_colour(Tone.TEXT if day.weekday() < _SATURDAY else Tone.MUTED, palette)
        if special is not None:
            ink = tone_colour(Tone.SUCCESS if special.is_off else Tone.WARNING, palette)
            self._paint_back(painter, rect, special)
        if selected:
            painter.fillRect(rect.adjusted(1, 1, -1, -1), palette.color(QPalette.ColorRole.Highlight))
            ink = palette.color(QPalette.ColorRole.HighlightedText)
        elif day == self.day:
            painter.setPen(tone_colour(Tone.BORDER, palette))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        if day == self._today():
            painter.setPen(QPen(tone_colour(Tone.ACCENT, palette) if not selected else ink, 2))
            painter.drawRect(rect.adjusted(2, 2, -2, -2))
        painter.setPen(ink)
        if special is None:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(day.day))
            return
        painter.drawText(
            rect.adjusted(0, 0, -rect.width() // 3, 0), Qt.AlignmentFlag.AlignCenter, str(day.day)
        )
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * 0.75)
        painter.setFont(small)
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(0, 0, -3, 0), corner, "休" if special.is_off else "班")
        painter.setFont(self.font())

    def _paint_back(self, painter: QPainter, rect: QRect, special: SpecialDay) -> None:
        palette = QGuiApplication.palette()
        inner = rect.adjusted(1, 1, -1, -1)
        if special.is_off and not self._calendar.is_announced(special.day.year):
            pen = QPen(tone_colour(Tone.SUCCESS, palette), 1, Qt.PenStyle.DashLine)  # 暂定: not firm yet
            painter.setPen(pen)
            painter.drawRect(inner.adjusted(0, 0, -1, -1))
            return
        back = Tone.SUCCESS_BACK if special.is_off else Tone.WARNING_BACK
        painter.fillRect(inner, tone_colour(back, palette))

    # Keys and mouse

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _DAY_KEYS:
            self._go(self.day + timedelta(days=_DAY_KEYS[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._go_month(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key == Qt.Key.Key_Home:
            self.look_at(date(self.year, 1, 1))
        elif key == Qt.Key.Key_End:
            self.look_at(date(self.year, _MONTHS, 31))
        elif key == Qt.Key.Key_T:
            self._go(self._today())
        else:
            super().keyPressEvent(event)

    def _go(self, day: date) -> None:
        if day.year != self.year:
            self.day = day.replace(year=self.year) if (day.month, day.day) != (2, 29) else day
            self.year_wanted.emit(day.year)
        else:
            self.look_at(day)

    def _go_month(self, step: int) -> None:
        year, month = divmod(self.year * _MONTHS + self.day.month - 1 + step, _MONTHS)
        last = calendar.monthrange(year, month + 1)[1]
        self._go(date(year, month + 1, min(self.day.day, last)))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position().toPoint())
        if day is not None:
            self.look_at(day)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            day = self.day_at(event.pos())
            if day is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), f"{self.describe(day)}\n{self.source_of(day)}".strip())
            return True
        return super().event(event)

    def day_at(self, point: QPoint) -> date | None:
        """Return the day painted at a point, or None beside the days."""
        for month in range(1, _MONTHS + 1):
            if QRect(self._grid.corner(month), self._grid.month).contains(point):
                for number in range(1, calendar.monthrange(self.year, month)[1] + 1):
                    day = date(self.year, month, number)
                    if self._grid.day(day).contains(point):
                        return day
        return None

    def rect_of(self, day: date) -> QRect:
        """Return where a day of the year that shows is painted."""
        return self._grid.day(day)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)


def _least(cell: QSize) -> int:
    return cell.width() * _WEEK + _GAP
