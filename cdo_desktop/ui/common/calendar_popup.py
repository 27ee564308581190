"""The calendar that drops down from a date field: Monday first, with 休 and 班 on the days."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, QLocale, QPoint, QRect, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPalette, Qt, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.tones import Tone, tone_colour

OFF_MARK = "休"


class MarkedCalendar(QCalendarWidget):
    """A month whose days carry the marks of the working calendar."""

    def __init__(
        self, day_mark: Callable[[date], str], today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._day_mark = day_mark
        self._today = today
        self.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.setGridVisible(False)
        self.setNavigationBarVisible(False)  # `CalendarPopup` has one that says 2026年10月
        self.setAccessibleName("日历")
        plain = QTextCharFormat()  # weekends are told by 休, not by Qt's red
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(day, plain)

    @override
    def paintCell(self, painter: QPainter, rect: QRect, day: QDate | date) -> None:
        shown = day if isinstance(day, date) else date(day.year(), day.month(), day.day())
        palette = self.palette()
        group = QPalette.ColorGroup.Active
        selected = QDate(shown.year, shown.month, shown.day) == self.selectedDate()
        mark = self._day_mark(shown)
        painter.save()
        if selected:
            painter.fillRect(rect, palette.color(group, QPalette.ColorRole.Highlight))
            colour = palette.color(group, QPalette.ColorRole.HighlightedText)
        elif (shown.year, shown.month) != (self.yearShown(), self.monthShown()):
            colour = palette.color(group, QPalette.ColorRole.PlaceholderText)
        else:
            colour = palette.color(group, QPalette.ColorRole.Text)
        if shown == self._today():
            painter.setPen(tone_colour(Tone.ACCENT, palette) if not selected else colour)
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.setPen(colour)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(shown.day))
        if mark:
            small = painter.font()
            small.setPointSizeF(small.pointSizeF() * 0.75)
            painter.setFont(small)
            tone = Tone.SUCCESS if mark.startswith(OFF_MARK) else Tone.WARNING
            painter.setPen(colour if selected else tone_colour(tone, palette))
            corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            painter.drawText(rect.adjusted(0, 1, -3, 0), corner, mark[:1])
        painter.restore()


class CalendarPopup(QFrame):
    """Closes with the day picked by click or Enter, with 今天, or unpicked by Esc."""

    picked = Signal(object)  # datetime.date

    def __init__(
        self, today: Callable[[], date], day_mark: Callable[[date], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._today = today
        self.calendar = MarkedCalendar(day_mark, today)
        self.calendar.clicked.connect(self._pick)
        self.calendar.activated.connect(self._pick)
        self.month_label = QLabel()
        self.month_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.month_label.setProperty("role", "heading")
        self.calendar.currentPageChanged.connect(self._show_month)
        self.today_button = QPushButton("今天(&T)")
        self.today_button.setAccessibleName("今天")
        self.today_button.setAutoDefault(False)
        self.today_button.clicked.connect(lambda: self._finish(self._today()))
        row = QHBoxLayout()
        row.addWidget(self.today_button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        layout.addLayout(self._make_head())
        layout.addWidget(self.calendar)
        layout.addLayout(row)

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(_turn_button("chevrons-left", "上一年", self.calendar.showPreviousYear))
        head.addWidget(_turn_button("chevron-left", "上个月", self.calendar.showPreviousMonth))
        head.addWidget(self.month_label, 1)
        head.addWidget(_turn_button("chevron-right", "下个月", self.calendar.showNextMonth))
        head.addWidget(_turn_button("chevrons-right", "下一年", self.calendar.showNextYear))
        return head

    def _show_month(self, year: int, month: int) -> None:
        self.month_label.setText(f"{year}年{month}月")

    def open_at(self, corner: QPoint, day: date) -> None:
        """Show the month of ``day`` with its left top at ``corner``, moved onto the screen."""
        self.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self.calendar.showSelectedDate()
        self._show_month(self.calendar.yearShown(), self.calendar.monthShown())
        self.adjustSize()
        screen = QGuiApplication.screenAt(corner) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = max(room.left(), min(corner.x(), room.right() - self.width()))
        top = max(room.top(), min(corner.y(), room.bottom() - self.height()))
        self.move(left, top)
        self.show()
        self.calendar.setFocus()

    def _pick(self, day: QDate) -> None:
        self._finish(date(day.year(), day.month(), day.day()))

    def _finish(self, day: date) -> None:
        self.hide()
        self.picked.emit(day)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_T:
            self._finish(self._today())
        else:
            super().keyPressEvent(event)


def _turn_button(icon_name: str, name: str, turn: Callable[[], object]) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(icon_name))
    button.setAutoRaise(True)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.clicked.connect(lambda _checked=False: turn())
    return button
