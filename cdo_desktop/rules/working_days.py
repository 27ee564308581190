"""Working days in mainland China and the three-working-day limit of the register (policy 二（三）)."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from cdo_desktop.errors import InvalidInputError, UnreadableFileError
from cdo_desktop.rules.statutory import FIRST_YEAR, LAST_YEAR, LAW, statutory_days

FILING_LIMIT = 3
SHIPPED_CALENDAR = "holidays_2023_2026.json"  # in resources/calendar
_ONE_DAY = timedelta(days=1)
_FIRST_DAY = date(FIRST_YEAR, 1, 1)
_LAST_DAY = date(LAST_YEAR, 12, 31)
_SATURDAY = 5


@dataclass(frozen=True)
class SpecialDay:
    """A day off (休) or a make-up work day (班), and the paper that says so."""

    day: date
    is_off: bool
    name: str
    notice: str


@dataclass(frozen=True)
class DueDate:
    """The last day of a limit; provisional while the notice of a year it counts through is missing."""

    day: date
    provisional: bool

    def __str__(self) -> str:
        """Return ``2026-02-25``, or ``2027-01-04 暂定`` while provisional."""
        return f"{self.day.isoformat()} 暂定" if self.provisional else self.day.isoformat()


@dataclass(frozen=True)
class WorkingCalendar:
    """Tells working days from days off; immutable.

    In an announced year its special days and the weekends decide. In a year without a notice the weekends and
    the statutory days do, and every limit that counts through it is provisional.
    """

    _special: Mapping[date, SpecialDay] = field(hash=False, repr=False)
    _announced: frozenset[int]
    _worked: dict[int, tuple[date, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)
    """The working days of the years that were counted through so far."""

    @classmethod
    def build(cls, days: Iterable[SpecialDay], announced: Iterable[int]) -> Self:
        """Build a calendar; a day given both as off and as a work day raises ``InvalidInputError``."""
        special: dict[date, SpecialDay] = {}
        for entry in days:
            known = special.setdefault(entry.day, entry)
            if known.is_off != entry.is_off:
                raise InvalidInputError(
                    f"{entry.day.isoformat()}既登记为放假，又登记为上班，请在工作日历中改正其中一条。"
                )
        return cls(special, frozenset(announced))

    def is_announced(self, year: int) -> bool:
        """Whether the notice of the year is in."""
        return year in self._announced

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on the day; by weekends and statutory days where the notice is missing."""
        known = self.special(day)
        return day.weekday() < _SATURDAY if known is None else not known.is_off

    def special(self, day: date) -> SpecialDay | None:
        """Return why a day is marked 休 or 班, or None for an ordinary day.

        The statutory days of a year without a notice are marked too, with the law in place of the notice.
        """
        known = self._special.get(day)
        if known is not None or day.year in self._announced:
            return known
        name = statutory_days(day.year).get(day)
        return None if name is None else SpecialDay(day, True, name, LAW)

    def due_date(self, changed: date, limit: int = FILING_LIMIT) -> DueDate:
        """Return the ``limit``-th working day strictly after the change.

        Source: policy 二（三）; 民法典 201 (the first day does not count), 203 (a day off is not the last).
        Raises ``InvalidInputError`` when the count leaves 1949–2100.
        """
        if limit < 1:
            raise InvalidInputError("期限至少为1个工作日，请核对设置。")
        provisional = False
        left = limit
        for day in _days(changed, _LAST_DAY):
            provisional = provisional or not self.is_announced(day.year)
            if self.is_working_day(day):
                left -= 1
            if left == 0:
                return DueDate(day, provisional)
        raise InvalidInputError(
            f"从{changed.isoformat()}起算的期限超出了{LAST_YEAR}年，无法推算，请核对日期的年份。"
        )

    def is_still_provisional(self, noted: bool, changed: date | None, due: date | None) -> bool:
        """Whether a limit that was counted as provisional is so even now.

        What is final keeps its day, provisional only while a notice is missing that it went through.
        """
        if not noted or due is None:
            return False
        first = changed + _ONE_DAY if changed is not None else due
        return any(not self.is_announced(year) for year in range(first.year, due.year + 1))

    def working_days_between(self, after: date, until: date) -> int:
        """Count working days after ``after`` up to and including ``until``; 0 if ``until`` is not later.

        With today and a due date this is what remains of the limit.
        """
        if until <= after:
            return 0
        _refuse_outside(after, until)
        whole_years = sum(len(self._working_days(year)) for year in range(after.year, until.year))
        return whole_years + self._worked_until(until) - self._worked_until(after)

    def late_days(self, due: date, received: date) -> int:
        """Count the working days by which a paper came late; 0 when it came in time."""
        return self.working_days_between(due, received)

    def _worked_until(self, day: date) -> int:
        """Count the working days of a day's year up to that day."""
        return bisect_right(self._working_days(day.year), day)

    def _working_days(self, year: int) -> tuple[date, ...]:
        found = self._worked.get(year)
        if found is None:
            first = date(year, 1, 1)
            days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
            found = self._worked[year] = tuple(day for day in days if self.is_working_day(day))
        return found


def _refuse_outside(*days: date) -> None:
    for day in days:
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise InvalidInputError(
                f"工作日只能推算{FIRST_YEAR}年至{LAST_YEAR}年，{day.isoformat()}不在其中，请核对日期的年份。"
            )


def _days(after: date, until: date) -> Iterator[date]:
    """Yield the days after ``after`` to ``until``, both within the supported years."""
    _refuse_outside(after, until)
    day = after
    while day < until:
        day += _ONE_DAY
        yield day


def load_shipped(path: Path) -> tuple[tuple[SpecialDay, ...], tuple[int, ...]]:
    """Read the shipped State Council notices: their special days, and the years they announce.

    ``path`` is ``paths.resource("calendar", SHIPPED_CALENDAR)``. Raises ``UnreadableFileError`` when the file
    is missing or damaged.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        days = tuple(
            SpecialDay(date.fromisoformat(day), kind == "off", name, notice["title"])
            for notice in content["notices"]
            for kind in ("off", "work")
            for day, name in notice[kind].items()
        )
        years = tuple(int(notice["year"]) for notice in content["notices"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFileError(
            f"随程序提供的节假日文件“{path.name}”打不开或已损坏，您的数据没有受影响，请重新安装程序。"
        ) from error
    return days, years


def shipped_calendar(path: Path) -> WorkingCalendar:
    """Return the calendar of the shipped notices alone; ``path`` as for ``load_shipped``."""
    return WorkingCalendar.build(*load_shipped(path))
