"""The days of a change as people type them: a slip in the year is seen before it counts a limit."""

from datetime import date
from typing import Final

FIRST_YEAR: Final = 2000
_WORDS: Final = {
    "since": "任职日期",
    "change_date": "变更日期",
    "left_on": "离任日期",
    "known_on": "知悉日期",
}


def impossible_day(field: str, day: date | None, today: date) -> str:
    """Say why a day cannot be that of a change, or of hearing of it; "" when it can.

    A change may be decided up to a year ahead, but nobody hears of it on a day to come.
    """
    if day is None:
        return ""
    if field == "known_on":
        return f"{_WORDS[field]} {day} 晚于今天 {today}，请核对。" if day > today else ""
    is_far = (day.year - 1, day.month, day.day) > (today.year, today.month, today.day)
    return f"{_WORDS[field]} {day} 在一年以后，请核对年份。" if is_far else ""


def ancient_day(field: str, day: date | None) -> str:
    """Point out a day long before there was anything to file; "" when it is not one."""
    if day is None or day.year >= FIRST_YEAR:
        return ""
    return f"{_WORDS[field]} {day} 早于 {FIRST_YEAR} 年，请核对年份。"


def day_messages(today: date, **days: date | None) -> dict[str, str]:
    """Return a sentence for each day, by its field, that a form refuses."""
    found = {
        field: impossible_day(field, day, today) or ancient_day(field, day) for field, day in days.items()
    }
    return {field: message for field, message in found.items() if message}
