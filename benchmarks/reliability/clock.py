"""R17: an office whose clock jumps between its actions: hours and years to and fro, to 1970 and to 2099.

The history must stay in the order of the actions, its chain whole and every id its own; what was done must be
in a backup when the office closes; and the check must warn exactly when the clock is behind the last record.
Times before 2 January 1970 cannot be turned into seconds, as on Windows.
"""

import argparse
import logging
import random
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.reliability.losses import Losses
from benchmarks.reliability.offices import Clerk, backups_of, copy_office, make_sample
from cdo_desktop.errors import UnreadableFileError
from cdo_desktop.office import Office
from cdo_desktop.services.trail import TrailQuery
from cdo_desktop.store.backup import read_manifest, state_of, verify_backup

TRIALS, DAYS, STEPS = 40, 6, 3
_TOLERATED = timedelta(hours=1)
_WARNING = "电脑的时间早于最近一条记录"
_IDS = ("SELECT uuid FROM filings", "SELECT id FROM history", "SELECT id FROM audit_links")


class WindowsTime(datetime):
    """A local time that Windows cannot count in seconds while it is near the beginning of 1970."""

    def timestamp(self) -> float:
        """Return the seconds since 1970."""
        if self.year == 1970 and self.timetuple().tm_yday < 2:
            raise OSError(22, "Invalid argument")
        return super().timestamp()


FIRST, LAST = WindowsTime(1970, 1, 1, 0, 0, 1), WindowsTime(2099, 12, 31, 12)
JUMPS: Mapping[str, Callable[[datetime], datetime]] = {
    "none": lambda now: now,
    "the same second again": lambda now: now - timedelta(seconds=2),
    "summer time ends": lambda now: now - timedelta(hours=1),
    "summer time begins": lambda now: now + timedelta(hours=1),
    "hours back": lambda now: now - timedelta(hours=30),
    "a year back": lambda now: now - timedelta(days=365),
    "a year on": lambda now: now + timedelta(days=365),
    "1970": lambda _now: FIRST,
    "2099": lambda _now: LAST,
    "set right": lambda _now: WindowsTime(2026, 11, 24, 9),
}


class JumpingClock:
    """Tells one second more with every look, and something else after a jump."""

    def __init__(self, chance: random.Random) -> None:
        self.now = JUMPS["set right"](FIRST)
        self._chance = chance

    def __call__(self) -> datetime:
        """Return the time."""
        self.now += timedelta(seconds=1)
        return self.now

    def jump(self) -> None:
        """Be set to another time, or not."""
        moved = JUMPS[self._chance.choice(list(JUMPS))](self.now)
        self.now = min(max(moved, FIRST), LAST)


@dataclass
class ClockLosses(Losses):
    """What was done, and what must not have happened."""

    offices: int = 0
    steps: int = 0
    backups: int = 0
    warned: int = 0

    def __str__(self) -> str:
        return (
            f"R17 offices={self.offices} steps={self.steps} backups={self.backups} "
            f"warned={self.warned} lost={len(self.lost)}"
        )


def run(sample: Path, folder: Path, trials: int, days: int = DAYS) -> ClockLosses:
    """Let so many offices live through days at which the clock jumps."""
    losses = ClockLosses()
    for seed in range(trials):
        losses.offices += 1
        chance = random.Random(seed)
        clock = JumpingClock(chance)
        data = copy_office(sample, folder / str(seed)).parent
        for day in range(days):
            try:
                lost = _live(data, clock, seed * days + day, losses)
            except Exception:  # noqa: BLE001  what must never be raised is what is looked for
                lost = [traceback.format_exc(limit=-6)]
            losses.lost += [f"seed {seed} day {day} at {clock.now}: {what}" for what in lost]
    return losses


def _live(data: Path, clock: JumpingClock, seed: int, losses: ClockLosses) -> list[str]:
    """Start, work, back up by hand, close and look at what there is."""
    database = data / "cdo.sqlite3"
    before = _history(database)
    lost: list[str] = []
    clock.jump()
    with Office(data, clock) as office:
        office.backups.guard_start(office.gate)
        clerk = Clerk(office, seed)
        for _ in range(STEPS):
            clock.jump()
            clerk.step()
            losses.steps += 1
        clock.jump()
        by_hand = office.backups.back_up().path
        if office.trail.keys(TrailQuery()) != [row[0] for row in reversed(_history(database))]:
            lost.append("the list of the history is not in the order of the actions")
    clock.jump()
    backups_of(data, clock).back_up_if_changed()
    losses.backups += 1
    after = _history(database)
    if after[: len(before)] != before or len(after) <= len(before):
        lost.append("the history did not grow at its end")
    return lost + _found_wrong(data, by_hand) + _check(data, clock, after, losses)


def _history(database: Path) -> list[tuple[int, str, str]]:
    """Return id, time and action of every line in the order of writing."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT id, at, action FROM history ORDER BY rowid").fetchall()


def _found_wrong(data: Path, by_hand: Path) -> list[str]:
    database = data / "cdo.sqlite3"
    backups = backups_of(data).backups()
    lost = [] if by_hand.exists() else ["the backup made by hand is gone"]
    if not any(read_manifest(backup.path).state == state_of(database) for backup in backups):
        lost.append("no backup holds what was done")
    for backup in backups:
        try:
            verify_backup(backup.path)
        except UnreadableFileError:
            lost.append(f"{backup.path.name} is not whole")
    with closing(sqlite3.connect(database)) as connection:
        for query in _IDS:
            ids = connection.execute(query).fetchall()
            if len(set(ids)) != len(ids):
                lost.append(f"an id twice: {query}")
    return lost


def _check(
    data: Path, clock: JumpingClock, history: Sequence[tuple[int, str, str]], losses: ClockLosses
) -> list[str]:
    """Ask the program what it thinks of the data: nothing is wrong, but perhaps the clock."""
    newest = max(datetime.fromisoformat(at) for _number, at, _action in history)
    behind = newest > clock.now + _TOLERATED
    report = backups_of(data, clock).check(thorough=True)
    warned = any(_WARNING in sentence for sentence in report.warnings)
    losses.warned += warned
    lost = list(report.problems)
    if warned != behind:
        lost.append(f"warned: {warned}, the last record is of {newest}")
    return lost


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    options = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        losses = run(make_sample(Path(name) / "sample"), Path(name), options.trials)
    return losses.tell(begun)


if __name__ == "__main__":
    sys.exit(main())
