"""A slip in the year of a change is seen before it counts a limit."""

from datetime import date

import pytest

from cdo_desktop.rules.change_days import ancient_day, day_messages, impossible_day

TODAY = date(2026, 11, 24)
LEAP_DAY = date(2028, 2, 29)


@pytest.mark.parametrize("field", ["since", "change_date", "left_on"])
@pytest.mark.parametrize("day", [None, date(2000, 1, 1), TODAY, date(2027, 11, 24)])
def test_a_change_may_lie_up_to_a_year_ahead(field: str, day: date | None) -> None:
    assert day_messages(TODAY, **{field: day}) == {}


@pytest.mark.parametrize(
    ("field", "word"), [("since", "任职日期"), ("change_date", "变更日期"), ("left_on", "离任日期")]
)
def test_a_change_further_ahead_or_long_ago_is_refused_at_its_field(field: str, word: str) -> None:
    for day in (date(2027, 11, 25), date(2062, 3, 1)):
        assert day_messages(TODAY, **{field: day}) == {field: f"{word} {day} 在一年以后，请核对年份。"}
        assert impossible_day(field, day, TODAY)
    old = date(1999, 12, 31)
    assert day_messages(TODAY, **{field: old}) == {field: f"{word} 1999-12-31 早于 2000 年，请核对年份。"}
    assert (impossible_day(field, old, TODAY), bool(ancient_day(field, old))) == ("", True)


def test_nobody_learns_of_a_change_after_today() -> None:
    assert day_messages(TODAY, known_on=TODAY) == {}
    assert day_messages(TODAY, known_on=date(2026, 11, 25), since=date(2026, 11, 25)) == {
        "known_on": "知悉日期 2026-11-25 晚于今天 2026-11-24，请核对。"
    }
    assert set(day_messages(TODAY, known_on=date(1962, 3, 1))) == {"known_on"}


def test_a_year_from_a_leap_day_ends_with_february() -> None:
    assert impossible_day("since", date(2029, 2, 28), LEAP_DAY) == ""
    assert impossible_day("since", date(2029, 3, 1), LEAP_DAY)
