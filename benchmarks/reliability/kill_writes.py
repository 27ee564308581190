"""R1: kill -9 while a clerk works through the services.

A run without a kill gives the content after every step. A killed run must come back as one of them: not
before what was acknowledged, at most one step after it, the history at the same step as the data.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reliability.kills import Report, random_delays, ready, run_and_kill
from benchmarks.reliability.offices import Clerk, Clock, copy_office, digests, make_sample, make_sheet
from cdo_desktop.documents.readers.roster_sheet import RosterSheet
from cdo_desktop.office import Office
from cdo_desktop.store.integrity import check_database

TRIALS = 1000
STEPS = 40
WARM_UP = 3  # steps that a clerk has done long before: they import and compile
SHORTEST, LONGEST = 0.005, 0.300  # seconds
KILLS_A_SEED = 25


@dataclass
class Losses:
    """Counts of what must stay 0, and of what shows that the trials bite."""

    trials: int = 0
    acknowledged: int = 0
    in_flight: int = 0  # the step that was under way was complete
    rolled_back: int = 0  # a journal was left to be rolled back
    lost: int = 0
    half: int = 0
    history_apart: int = 0
    damaged: int = 0

    @property
    def total(self) -> int:
        """Everything that must not happen."""
        return self.lost + self.half + self.history_apart + self.damaged

    def __str__(self) -> str:
        return (
            f"R1 kills={self.trials} acknowledged={self.acknowledged} lost={self.lost} half={self.half} "
            f"history_apart={self.history_apart} damaged={self.damaged} "
            f"(in flight and complete: {self.in_flight}, journals rolled back: {self.rolled_back})"
        )


def work(report: Report, folder: Path, seed: int, sheet: RosterSheet) -> None:
    """Work until killed, and report each step when its transaction is committed."""
    with Office(folder, Clock()) as office:
        clerk = Clerk(office, seed, sheet)
        for number in range(1, STEPS + 1):
            clerk.step()
            if number == WARM_UP:
                ready(report)
            elif number > WARM_UP:
                report(number)


def expected(folder: Path, seed: int, sheet: RosterSheet) -> list[tuple[str, str]]:
    """Return the content before the first step and after each one."""
    with Office(folder, Clock()) as office:
        clerk = Clerk(office, seed, sheet)
        database = office.data_folder / "cdo.sqlite3"
        states = [digests(database)]
        for _ in range(STEPS):
            clerk.step()
            states.append(digests(database))
    return states


def run(trials: int, folder: Path, seed: int = 1) -> Losses:
    """Kill that many children and count what was lost."""
    losses = Losses()
    sample = make_sample(folder / "sample")
    sheet = make_sheet(sample, folder / "sheet")
    states: list[tuple[str, str]] = []
    for number, delay in enumerate(random_delays(trials, LONGEST, seed, SHORTEST)):
        seeds_work = seed * 1_000_000 + number // KILLS_A_SEED
        if number % KILLS_A_SEED == 0:
            copy_office(sample, folder / "expected")
            states = expected(folder / "expected", seeds_work, sheet)
        database = copy_office(sample, folder / "killed")
        killed = run_and_kill(work, database.parent, seeds_work, sheet, after=delay)
        _judge(losses, database, states[WARM_UP:], len(killed.reports))
    return losses


def _judge(losses: Losses, database: Path, states: list[tuple[str, str]], acknowledged: int) -> None:
    losses.trials += 1
    losses.acknowledged += acknowledged
    losses.rolled_back += database.with_name(f"{database.name}-journal").exists()
    if not check_database(database, thorough=True).ok:
        losses.damaged += 1
        return
    data, history = digests(database)
    allowed = states[acknowledged : acknowledged + 2]
    if (data, history) in allowed:
        losses.in_flight += (data, history) != allowed[0]
    elif any(data == known for known, _ in allowed) or any(history == known for _, known in allowed):
        losses.history_apart += 1
    elif (data, history) in states:
        losses.lost += 1
    else:
        losses.half += 1


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        losses = run(options.trials, Path(name), options.seed)
    print(f"{losses} in {time.monotonic() - begun:.0f} s")
    return 1 if losses.total else 0


if __name__ == "__main__":
    sys.exit(main())
