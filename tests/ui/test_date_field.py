"""A date is typed in any common way, stepped, or picked."""

from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.calendar_popup import CalendarPopup, MarkedCalendar
from cdo_desktop.ui.common.date_field import DateField
from cdo_desktop.ui.common.month_field import MonthField

TODAY = date(2026, 11, 24)


def mark(day: date) -> str:
    return {date(2026, 10, 1): "休", date(2026, 10, 10): "班"}.get(day, "")


@pytest.fixture
def field(qtbot: QtBot) -> DateField:
    made = DateField(lambda: TODAY, mark)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("20260305", date(2026, 3, 5)),
        ("2026.3.5", date(2026, 3, 5)),
        ("2026-3-5", date(2026, 3, 5)),
        ("2026/03/05", date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5)),
        ("2026 年 3 月 5 日", date(2026, 3, 5)),
        ("３月５日", date(2026, 3, 5)),
        ("3月5日", date(2026, 3, 5)),
        ("２０２６．３．５", date(2026, 3, 5)),
        ("20240229", date(2024, 2, 29)),
    ],
)
def test_common_spellings_are_read_and_tidied(
    qtbot: QtBot, field: DateField, typed: str, expected: date
) -> None:
    field.line.setText(typed)
    assert field.day() == expected
    assert field.problem() == ""
    field.line.editingFinished.emit()
    assert field.text() == expected.isoformat()


@pytest.mark.parametrize("typed", ["20260230", "26.3.5", "13月5日", "明天", "5/3/2026", "2026.3"])
def test_doubtful_text_stays_and_says_why(field: DateField, typed: str) -> None:
    field.line.setText(typed)
    field.line.editingFinished.emit()
    assert field.day() is None
    assert field.text() == typed
    assert field.problem() != ""
    assert field.hint.text() == ""


def test_empty_is_no_problem(field: DateField) -> None:
    field.set_day(None)
    assert field.day() is None
    assert field.problem() == ""


@pytest.mark.parametrize(
    ("day", "hint"),
    [
        (date(2026, 10, 1), "周四 休"),
        (date(2026, 10, 10), "周六 班"),
        (date(2026, 11, 24), "周二"),
    ],
)
def test_weekday_and_mark_stand_beside(field: DateField, day: date, hint: str) -> None:
    field.set_day(day)
    assert field.hint.text() == hint
    assert field.line.accessibleDescription() == hint


@pytest.mark.parametrize(
    ("key", "start", "expected"),
    [
        (Qt.Key.Key_Up, date(2026, 2, 28), date(2026, 3, 1)),
        (Qt.Key.Key_Down, date(2026, 3, 1), date(2026, 2, 28)),
        (Qt.Key.Key_PageUp, date(2026, 1, 31), date(2026, 2, 28)),
        (Qt.Key.Key_PageDown, date(2026, 3, 31), date(2026, 2, 28)),
        (Qt.Key.Key_PageDown, date(2026, 1, 15), date(2025, 12, 15)),
        (Qt.Key.Key_T, date(2020, 1, 1), TODAY),
        (Qt.Key.Key_Up, None, TODAY),
    ],
)
def test_keys_step_the_date(
    qtbot: QtBot, field: DateField, key: Qt.Key, start: date | None, expected: date
) -> None:
    field.set_day(start)
    QTest.keyClick(field.line, key)
    assert field.day() == expected


def test_read_only_field_does_not_step(qtbot: QtBot, field: DateField) -> None:
    field.set_day(TODAY)
    field.set_read_only(True)
    QTest.keyClick(field.line, Qt.Key.Key_Up)
    QTest.keyClick(field.line, Qt.Key.Key_T)
    assert field.day() == TODAY


def test_calendar_opens_by_key_on_the_month_of_the_date(qtbot: QtBot, field: DateField) -> None:
    field.set_day(date(2026, 10, 12))
    QTest.keyClick(field.line, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = field.findChild(CalendarPopup)
    assert popup is not None
    assert popup.isVisible()
    assert popup.month_label.text() == "2026年10月"
    assert popup.calendar.firstDayOfWeek() == Qt.DayOfWeek.Monday
    popup.calendar.activated.emit(QDate(2026, 10, 14))
    assert field.day() == date(2026, 10, 14)
    assert not popup.isVisible()


def test_today_button_and_key_pick_today(qtbot: QtBot, field: DateField) -> None:
    field.set_day(date(2020, 1, 1))
    field.open_calendar()
    popup = field.findChild(CalendarPopup)
    assert popup is not None
    popup.today_button.click()
    assert field.day() == TODAY


def test_calendar_asks_for_the_mark_of_every_day_it_paints(qtbot: QtBot) -> None:
    asked: set[date] = set()

    def note(day: date) -> str:
        asked.add(day)
        return ""

    calendar = MarkedCalendar(note, lambda: TODAY)
    qtbot.addWidget(calendar)
    calendar.setSelectedDate(QDate(2026, 10, 12))
    calendar.grab()
    assert {date(2026, 10, day) for day in range(1, 32)} <= asked


def test_change_is_told_once_for_each_text(qtbot: QtBot, field: DateField) -> None:
    with qtbot.waitSignal(field.changed):
        field.set_day(TODAY)
    assert isinstance(field.hint, QLabel)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("202603", "2026-03"),
        ("2026-3", "2026-03"),
        ("2026.3", "2026-03"),
        ("2026年3月", "2026-03"),
        ("２０２６年１２月", "2026-12"),
        ("2026-13", ""),
        ("3月", ""),
    ],
)
def test_months_are_read(qtbot: QtBot, typed: str, month: str) -> None:
    field = MonthField(lambda: TODAY)
    qtbot.addWidget(field)
    field.setText(typed)
    assert field.month() == month
    assert (field.problem() == "") is bool(month)


def test_month_steps_over_the_year(qtbot: QtBot) -> None:
    field = MonthField(lambda: TODAY)
    qtbot.addWidget(field)
    field.set_month("2026-12")
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.month() == "2027-01"
    QTest.keyClick(field, Qt.Key.Key_PageDown)
    assert field.month() == "2026-01"
    QTest.keyClick(field, Qt.Key.Key_T)
    assert field.month() == "2026-11"
