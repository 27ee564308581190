"""What looks wrong in the days off of a year, though each line could be read: a warning, never a refusal."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from cdo_desktop.rules.statutory import statutory_days
from cdo_desktop.rules.working_days import SpecialDay, WorkingCalendar

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def notice_warnings(year: int, days: Iterable[SpecialDay]) -> tuple[str, ...]:
    """Return what to look at again before a notice is stored, as sentences.

    A statutory day on which offices would work; and a year with more or fewer working days than the law
    leaves: what is worked on weekends must equal what is off on weekdays beyond the statutory days.
    Source: 全国年节及纪念日放假办法 第二条、第六条.
    """
    mine = tuple(days)
    calendar = WorkingCalendar.build(mine, {year})
    return (*_worked_holidays(year, calendar), *_wrong_count(year, mine, calendar))


def working_days_in(year: int, calendar: WorkingCalendar) -> int:
    """Count the working days of a year."""
    return sum(calendar.is_working_day(day) for day in days_of(year))


def working_days_by_law(year: int) -> int:
    """Return how many working days the law leaves in a year: its weekdays less the statutory days.

    A statutory day on a weekend is made up on a weekday, so that each takes one. Two of them on one day
    (中秋节 on 1 October) take two.
    """
    weekdays = sum(day.weekday() < _SATURDAY for day in days_of(year))
    return weekdays - sum(len(name.split("、")) for name in statutory_days(year).values())


def days_of(year: int) -> Iterator[date]:
    """Yield the days of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += _ONE_DAY


def _worked_holidays(year: int, calendar: WorkingCalendar) -> Iterator[str]:
    for day, name in statutory_days(year).items():
        if calendar.is_working_day(day):
            yield f"{day.month}月{day.day}日是法定假日（{name}），按这份安排却要上班。"


def _wrong_count(year: int, days: Iterable[SpecialDay], calendar: WorkingCalendar) -> Iterator[str]:
    # The days before New Year belong to this notice, but count in the year before.
    early = sum(_moved(special) for special in days if special.day.year < year)
    found, right = working_days_in(year, calendar) - early, working_days_by_law(year)
    if found != right:
        yield (
            f"按这份安排全年有 {found} 个工作日，而按法定假日推算应为 {right} 个，"
            f"{'少放了' if found > right else '多放了'} {abs(found - right)} 天，请核对有没有漏读或多写。"
        )


def _moved(special: SpecialDay) -> int:
    """Return how many weekdays a day takes (1) or gives back (-1); a weekend that is off anyway 0."""
    if special.is_off:
        return int(special.day.weekday() < _SATURDAY)
    return -1
