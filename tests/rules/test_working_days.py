"""The three-working-day limit against the State Council notices and an independent package."""

from collections import Counter
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdo_desktop import paths
from cdo_desktop.errors import InvalidInputError, UnreadableFileError
from cdo_desktop.rules.statutory import LAW, statutory_days
from cdo_desktop.rules.working_days import (
    FILING_LIMIT,
    SHIPPED_CALENDAR,
    DueDate,
    SpecialDay,
    WorkingCalendar,
    load_shipped,
    shipped_calendar,
)

YEARS = (2023, 2024, 2025, 2026)
SHIPPED = paths.resource("calendar", SHIPPED_CALENDAR)
CALENDAR = shipped_calendar(SHIPPED)

# domain.md §8.3, and the two days around the end of the known years
DUE_DATES = [
    ("2023-01-19", "2023-01-29"),
    ("2023-01-20", "2023-01-30"),
    ("2023-09-26", "2023-10-07"),
    ("2024-02-07", "2024-02-18"),
    ("2024-02-09", "2024-02-20"),
    ("2024-09-13", "2024-09-19"),
    ("2024-12-31", "2025-01-06"),
    ("2025-01-24", "2025-02-05"),
    ("2025-09-28", "2025-10-09"),
    ("2025-12-31", "2026-01-06"),
    ("2026-02-13", "2026-02-25"),
    ("2026-09-30", "2026-10-10"),
    ("2026-10-08", "2026-10-12"),
    ("2026-11-23", "2026-11-26"),
    ("2026-12-28", "2026-12-31"),
    ("2026-12-29", "2027-01-04 暂定"),
]

# domain.md §8.2, January to December
MONTHS = {
    2023: "18 20 23 20 21 21 21 23 20 19 22 21",
    2024: "22 18 21 22 21 19 23 22 21 19 21 22",
    2025: "19 19 21 22 19 20 23 21 23 18 20 23",
    2026: "21 16 22 21 19 21 23 21 22 18 21 23",
}
WORKING_DAYS = {2023: 249, 2024: 251, 2025: 248, 2026: 248}

# From days that are firm for years to days far outside every notice; the limits of the program stay inside.
days = st.dates(date(2020, 1, 1), date(2032, 12, 31))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize(("changed", "due"), DUE_DATES)
def test_due_date_is_the_third_working_day_after_the_change(changed: str, due: str) -> None:
    assert str(CALENDAR.due_date(date.fromisoformat(changed))) == due


@pytest.mark.parametrize("year", YEARS)
def test_every_change_of_a_known_year_is_due_on_the_third_day_of_an_independent_calendar(year: int) -> None:
    known = [day for day in days_of(year) if day <= date(2026, 12, 28)]  # later ones need the year after
    assert len(known) > 360
    for changed in known:
        after = (changed + timedelta(days=n) for n in range(1, 30))
        third = next(islice(filter(chinese_calendar.is_workday, after), 2, None))
        assert CALENDAR.due_date(changed) == DueDate(third, provisional=False)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_an_independent_calendar(year: int) -> None:
    ours = [CALENDAR.is_working_day(day) for day in days_of(year)]
    assert ours == [chinese_calendar.is_workday(day) for day in days_of(year)]


@pytest.mark.parametrize("year", YEARS)
def test_working_days_of_every_month_are_those_of_the_notices(year: int) -> None:
    counts = [0] * 12
    for day in days_of(year):
        counts[day.month - 1] += CALENDAR.is_working_day(day)
    assert " ".join(map(str, counts)) == MONTHS[year]
    assert sum(counts) == WORKING_DAYS[year]


def test_shipped_days_mark_weekdays_off_and_weekends_at_work() -> None:
    special, years = load_shipped(SHIPPED)
    assert years == YEARS
    assert len({entry.day for entry in special}) == len(special)
    for entry in special:
        assert entry.name
        year = (
            2023 if entry.day == date(2022, 12, 31) else entry.day.year
        )  # 元旦 of 2023 began the day before
        assert entry.notice == f"国务院办公厅关于{year}年部分节假日安排的通知"
        if not entry.is_off:
            assert entry.day.weekday() >= 5


def test_special_tells_days_off_and_make_up_days_apart() -> None:
    day_off = CALENDAR.special(date(2026, 2, 23))
    make_up = CALENDAR.special(date(2026, 2, 28))
    assert day_off is not None
    assert (day_off.is_off, day_off.name) == (True, "春节")
    assert make_up is not None
    assert (make_up.is_off, make_up.name) == (False, "春节")
    assert CALENDAR.special(date(2026, 11, 28)) is None  # a plain Saturday needs no mark


def test_only_announced_years_are_firm() -> None:
    assert [year for year in range(2020, 2030) if CALENDAR.is_announced(year)] == list(YEARS)


def test_a_year_without_a_notice_has_the_days_of_the_law_off() -> None:
    off = [day for day in days_of(2027) if day.weekday() < 5 and not CALENDAR.is_working_day(day)]
    assert off == [
        date(2027, 1, 1),
        date(2027, 2, 5),
        date(2027, 2, 8),
        date(2027, 4, 5),
        date(2027, 6, 9),
        date(2027, 9, 15),
        date(2027, 10, 1),
    ]
    eve = CALENDAR.special(date(2027, 2, 5))
    assert eve == SpecialDay(date(2027, 2, 5), True, "春节", LAW)


def test_a_limit_becomes_firm_once_the_notice_is_in() -> None:
    special, years = load_shipped(SHIPPED)
    entered = [SpecialDay(date(2027, 1, day), True, "元旦", "2027年通知") for day in (1, 4)]
    calendar = WorkingCalendar.build((*special, *entered), (*years, 2027))
    assert calendar.due_date(date(2026, 12, 29)) == DueDate(date(2027, 1, 5), provisional=False)


def test_the_law_no_longer_decides_in_an_announced_year() -> None:
    calendar = WorkingCalendar.build((), (2027,))
    assert calendar.is_working_day(date(2027, 2, 5))
    assert calendar.special(date(2027, 2, 5)) is None


def test_a_notice_may_reach_into_the_december_before() -> None:
    make_up = SpecialDay(date(2028, 12, 30), False, "元旦", "2029年通知")
    calendar = WorkingCalendar.build((make_up,), ())
    assert calendar.is_working_day(date(2028, 12, 30))


def test_a_limit_is_provisional_when_it_only_passes_through_an_unknown_year() -> None:
    special, years = load_shipped(SHIPPED)
    calendar = WorkingCalendar.build(special, [year for year in years if year != 2025])
    assert str(calendar.due_date(date(2024, 12, 31))) == "2025-01-06 暂定"
    assert str(calendar.due_date(date(2024, 12, 26))) == "2024-12-31"


def test_a_day_cannot_be_off_and_at_work() -> None:
    both = [SpecialDay(date(2027, 2, 6), off, "春节", "通知") for off in (True, False)]
    with pytest.raises(InvalidInputError, match="2027-02-06既登记为放假，又登记为上班"):
        WorkingCalendar.build(both, (2027,))


def test_lateness_counts_working_days_only() -> None:
    due = date(2026, 2, 13)
    assert CALENDAR.late_days(due, date(2026, 2, 12)) == 0
    assert CALENDAR.late_days(due, due) == 0
    assert CALENDAR.late_days(due, date(2026, 2, 14)) == 1  # the make-up Saturday
    assert CALENDAR.late_days(due, date(2026, 2, 23)) == 1  # all of 春节
    assert CALENDAR.late_days(due, date(2026, 2, 24)) == 2


def test_what_remains_counts_from_tomorrow_to_the_due_date() -> None:
    assert CALENDAR.working_days_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert CALENDAR.working_days_between(date(2026, 10, 10), date(2026, 10, 10)) == 0
    assert CALENDAR.working_days_between(date(2026, 10, 11), date(2026, 10, 10)) == 0


@pytest.mark.parametrize("changed", [date.min, date(1948, 12, 31), date(2100, 12, 29), date.max])
def test_a_limit_outside_the_supported_years_is_refused(changed: date) -> None:
    with pytest.raises(InvalidInputError, match="请核对日期的年份"):
        CALENDAR.due_date(changed)


def test_counting_to_the_end_of_time_is_refused_at_once() -> None:
    with pytest.raises(InvalidInputError, match="9999-12-31不在其中"):
        CALENDAR.working_days_between(date(2026, 1, 1), date.max)


def test_a_limit_of_no_days_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="至少为1个工作日"):
        CALENDAR.due_date(date(2026, 1, 5), limit=0)


def test_the_first_and_the_last_year_can_be_counted() -> None:
    assert str(CALENDAR.due_date(date(1949, 1, 1))) == "1949-01-05 暂定"
    assert CALENDAR.due_date(date(2100, 12, 1)).provisional


@pytest.mark.parametrize("content", [None, "", "{}", '{"notices": [{"year": 2026}]}', '{"notices": 3}', "[]"])
def test_a_damaged_calendar_file_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "holidays.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"holidays\.json"):
        load_shipped(path)


@pytest.mark.parametrize("year", range(2014, 2027))
def test_the_days_of_the_law_are_off_in_every_notice(year: int) -> None:
    assert [day for day in statutory_days(year) if not chinese_calendar.is_holiday(day)] == []
    assert len(statutory_days(year)) == (13 if year >= 2025 else 11) - (year == 2020)


def test_two_festivals_on_one_day_are_both_named() -> None:
    assert statutory_days(2031)[date(2031, 10, 1)] == "中秋节、国庆节"


def test_the_certain_days_of_2027_are_those_of_the_law() -> None:
    listed = " ".join(f"{day:%m-%d}" for day in statutory_days(2027))
    assert listed == "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"


@given(days)
def test_due_date_is_a_working_day_with_two_before_it(changed: date) -> None:
    due = CALENDAR.due_date(changed)
    assert due.day > changed
    assert CALENDAR.is_working_day(due.day)
    between = CALENDAR.working_days_between(changed, due.day - timedelta(days=1))
    assert between == FILING_LIMIT - 1
    assert CALENDAR.late_days(due.day, due.day) == 0


@given(days, days)
def test_a_later_change_is_never_due_earlier(one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert CALENDAR.due_date(first).day <= CALENDAR.due_date(second).day


@given(days, days, days)
def test_counts_add_up_over_a_day_between(one: date, other: date, third: date) -> None:
    first, middle, last = sorted((one, other, third))
    parts = CALENDAR.working_days_between(first, middle) + CALENDAR.working_days_between(middle, last)
    assert parts == CALENDAR.working_days_between(first, last)


@given(days, days)
def test_a_count_is_that_of_the_days_one_by_one(one: date, other: date) -> None:
    first, last = sorted((one, other))
    each = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    assert CALENDAR.working_days_between(first, last) == sum(map(CALENDAR.is_working_day, each))


def test_counting_through_decades_looks_at_every_day_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar, looked = shipped_calendar(SHIPPED), Counter[date]()
    whole = WorkingCalendar.is_working_day

    def counted(self: WorkingCalendar, day: date) -> bool:
        looked[day] += 1
        return whole(self, day)

    monkeypatch.setattr(WorkingCalendar, "is_working_day", counted)
    counts = [calendar.working_days_between(date(1990, 1, 1), date(2026, 1, day)) for day in range(5, 16)]
    assert counts == sorted(counts)
    assert set(looked.values()) == {1}


@given(days, st.integers(1, 12))
def test_a_limit_is_the_same_as_counting_one_day_at_a_time(changed: date, limit: int) -> None:
    day = changed
    for _ in range(limit):
        day = CALENDAR.due_date(day, 1).day
    assert CALENDAR.due_date(changed, limit).day == day
