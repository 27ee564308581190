"""Which backups stay: all of two days, then one a day, a week, a month, and every year's last for ever.

The rungs are counted, not measured in days from now: a clock that jumps ahead a year makes every backup old,
and still leaves the newest twelve days of them.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

Stamp = TypeVar("Stamp", bound=Hashable)

RECENT_DAYS = 2  # today and yesterday
DAILY, WEEKLY, MONTHLY = 12, 10, 9
_RUNGS: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
    (DAILY, lambda at: at.date()),
    (WEEKLY, lambda at: at.isocalendar()[:2]),
    (MONTHLY, lambda at: (at.year, at.month)),
)


def kept_backups(
    backups: Iterable[Stamp], made_at: Callable[[Stamp], datetime], now: datetime
) -> frozenset[Stamp]:
    """Return the backups to keep; every other one may be deleted (quality.md part 2 no. 4).

    Of backups with the same time the later of the iterable counts as newer. What is dated after ``now`` was
    made under a wrong clock, or the clock is wrong now: it stays, and takes no place from the others.
    """
    ordered = sorted(backups, key=made_at)  # stable: equal times keep their order
    future = [backup for backup in ordered if made_at(backup) > now]
    past = [backup for backup in reversed(ordered) if made_at(backup) <= now]
    first_recent = now.date() - timedelta(days=RECENT_DAYS - 1)
    recent = [backup for backup in past if made_at(backup).date() >= first_recent]
    year_ends = {made_at(backup).year: backup for backup in reversed(past)}  # the newest of a year wins
    thinned = _thin(past[len(recent) :], made_at, past[: len(recent)])
    return frozenset([*future, *recent, *thinned, *year_ends.values()])


def _thin(older: list[Stamp], made_at: Callable[[Stamp], datetime], recent: list[Stamp]) -> Iterable[Stamp]:
    """Yield the newest of each day, then of each week, then of each month, newest first."""
    last = recent[-1] if recent else None
    rungs = iter(_RUNGS)
    left, period = next(rungs)
    for backup in older:
        while left == 0:
            following = next(rungs, None)
            if following is None:
                return
            left, period = following
        if last is None or period(made_at(backup)) != period(made_at(last)):
            yield backup
            last, left = backup, left - 1
