"""R16: years of backups under a clock that jumps; what stays is compared with a plain reading of the rule."""

import argparse
import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cdo_desktop.store.ladder import DAILY, MONTHLY, WEEKLY, kept_backups

TRIALS = 40
DAYS = 365
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Stamp:
    """A simulated backup; ``serial`` is the true order."""

    serial: int
    at: datetime


@dataclass
class Losses:
    """Counts of what must stay 0."""

    thinnings: int = 0
    most_kept: int = 0
    wrong_ladder: int = 0
    newest_deleted: int = 0
    year_end_deleted: int = 0
    future_deleted: int = 0

    @property
    def total(self) -> int:
        """Everything that must not happen."""
        return self.wrong_ladder + self.newest_deleted + self.year_end_deleted + self.future_deleted

    def __str__(self) -> str:
        return (
            f"R16 thinnings={self.thinnings} wrong_ladder={self.wrong_ladder} "
            f"newest_deleted={self.newest_deleted} year_end_deleted={self.year_end_deleted} "
            f"future_deleted={self.future_deleted} (most files at once: {self.most_kept})"
        )


def plain_ladder(stamps: Iterable[Stamp], now: datetime) -> set[Stamp]:
    """Return what stays, written down again from quality.md part 2 without looking at the program."""
    newest_first = sorted(stamps, key=lambda stamp: (stamp.at, stamp.serial), reverse=True)
    kept = {stamp for stamp in newest_first if stamp.at > now}
    past = [stamp for stamp in newest_first if stamp.at <= now]
    yesterday = now.date() - timedelta(days=1)
    kept |= {stamp for stamp in past if stamp.at.date() >= yesterday}
    for year in {stamp.at.year for stamp in past}:
        kept.add(next(stamp for stamp in past if stamp.at.year == year))
    older = [stamp for stamp in past if stamp.at.date() < yesterday]
    days = _newest_of(older, lambda day: day.toordinal())[:DAILY]
    kept |= set(days)
    after_days = [stamp for stamp in older if days and stamp.at.date() < days[-1].at.date()]
    weeks = _without_first_if_shared(after_days, days, _week)[:WEEKLY] if len(days) == DAILY else []
    kept |= set(weeks)
    after_weeks = [stamp for stamp in after_days if weeks and stamp.at.date() < weeks[-1].at.date()]
    if len(weeks) == WEEKLY:
        kept |= set(_without_first_if_shared(after_weeks, weeks, _month)[:MONTHLY])
    return kept


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7  # weeks begin on Monday, as day 1 did


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _newest_of(stamps: list[Stamp], period: Callable[[date], int]) -> list[Stamp]:
    found: dict[int, Stamp] = {}
    for stamp in stamps:
        found.setdefault(period(stamp.at.date()), stamp)
    return list(found.values())


def _without_first_if_shared(
    stamps: list[Stamp], finer: list[Stamp], period: Callable[[date], int]
) -> list[Stamp]:
    """A week or month that the finer rung ends in has its newest backup there already."""
    shared = period(finer[-1].at.date())
    return [stamp for stamp in _newest_of(stamps, period) if period(stamp.at.date()) != shared]


def simulate(seed: int, days: int, losses: Losses) -> None:
    """Live through so many days with one to four backups each, thinning after every one."""
    chance = random.Random(seed)
    true_time = datetime(2026, 1, 1, 8)
    error = timedelta()  # of the computer's clock
    files: list[Stamp] = []
    year_ends: dict[int, Stamp] = {}
    serial = 0
    for _day in range(days):
        true_time += timedelta(days=1 if chance.random() > 0.1 else chance.randrange(1, 20))
        if chance.random() < 0.02:
            error = chance.choice([timedelta(), _YEAR, -_YEAR, timedelta(hours=-3), timedelta(minutes=10)])
        for _backup in range(chance.randrange(1, 5)):
            serial += 1
            same_second = chance.random() < 0.2 and files
            now = files[-1].at if same_second and files[-1].at <= true_time + error else true_time + error
            now += timedelta(minutes=0 if same_second else chance.randrange(0, 300))
            newest = Stamp(serial, now)
            files.append(newest)
            year_ends[now.year] = max(
                newest, year_ends.get(now.year, newest), key=lambda stamp: (stamp.at, stamp.serial)
            )
            kept = kept_backups(files, lambda stamp: stamp.at, now)
            _judge(losses, files, kept, newest, now, year_ends)
            files = [stamp for stamp in files if stamp in kept]


def _judge(
    losses: Losses,
    files: list[Stamp],
    kept: frozenset[Stamp],
    newest: Stamp,
    now: datetime,
    year_ends: dict[int, Stamp],
) -> None:
    losses.thinnings += 1
    losses.most_kept = max(losses.most_kept, len(kept))
    losses.wrong_ladder += kept != plain_ladder(files, now)
    losses.newest_deleted += newest not in kept
    losses.year_end_deleted += any(stamp not in kept for stamp in year_ends.values())
    losses.future_deleted += any(stamp not in kept for stamp in files if stamp.at > now)


def run(trials: int, days: int = DAYS) -> Losses:
    """Simulate so many lives of an office."""
    losses = Losses()
    for seed in range(trials):
        simulate(seed, days, losses)
    return losses


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    options = parser.parse_args()
    losses = run(options.trials)
    print(f"{losses} in {options.trials} lives of {DAYS} days with backups")
    return 1 if losses.total else 0


if __name__ == "__main__":
    sys.exit(main())
