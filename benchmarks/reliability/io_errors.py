"""R5: the n-th call on a file fails, once and for ever, for every n from the first to the last.

Whatever fails: no crash, a sentence in Chinese, every file and the data as before or as after, and the next
try works. The calls are those of SQLite and of Python alike: opening, reading, writing, syncing, cutting,
renaming, removing and making.
"""

import argparse
import errno
import logging
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.faults import can_be_built, failing, run_with_faults
from benchmarks.reliability.works import WORKS, Place, Stock, Work, do, expect, spread, told_well

TRIALS = 400  # of one kind of work, and as many again for ever
MODULE = "benchmarks.reliability.io_errors"


@dataclass
class Losses:
    """What became of one kind of work."""

    name: str
    calls: int = 0
    trials: int = 0
    told: int = 0
    left: int = 0  # unfinished files that could not be removed either; cleared later
    failed: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        calls = ", ".join(f"{name} {count}" for name, count in self.failed.most_common())
        done = self.trials - self.told
        return (
            f"R5 {self.name}: calls={self.calls} trials={self.trials} lost={len(self.lost)} "
            f"(told: {self.told}, done all the same: {done}, unfinished files: {self.left}; "
            f"failing: {calls})"
        )


def run(folder: Path, trials: int, names: list[str]) -> list[Losses]:
    """Let every call of each kind of work fail, or so many of them."""
    stock = Stock(folder / "stock")
    place = Place(folder / "place", stock)
    works = [work for work in WORKS if not names or work.name in names]
    return [_run_work(work, place, trials) for work in works]


def _run_work(work: Work, place: Place, trials: int) -> Losses:
    losses = Losses(work.name)
    expected = expect(work, place)
    place.lay_out(work.source(place.stock))
    with failing(place.folder, 0, 0) as fault:
        do(work, place)
    losses.calls = fault.calls
    for number in spread(fault.calls, trials, seed=1):
        for for_ever in (False, True):
            place.lay_out(work.source(place.stock))
            losses.trials += 1
            where = f"call {number}{' and all after it' if for_ever else ''}"
            try:
                with failing(place.folder, number, errno.EIO, for_ever=for_ever) as fault:
                    error = do(work, place)
                where += f" ({fault.failed})"
                losses.failed.update([fault.failed])
                losses.told += error is not None
                losses.left += bool(place.leftovers())
                lost = expected.judge(work, place.state(), error)
                if error is not None and not told_well(error):
                    lost.append(f"said: {error}")
                lost += [f"left open: {name}" for name in place.left_open()]
                again = do(work, place) if error is not None else None
                if again is not None:
                    lost.append(f"the next try: {again}")
                else:
                    lost += [
                        f"after the next try {what}" for what in expected.judge(work, place.state(), None)
                    ]
            except Exception:  # noqa: BLE001  what must never be raised is what is looked for
                lost = [traceback.format_exc(limit=-6)]
            losses.lost += [f"{where}: {what}" for what in lost]
    return losses


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    parser.add_argument("--work", action="append", default=[], choices=[work.name for work in WORKS])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if options.inside:
            return _inside(Path(name), options.trials, options.work)
        if not can_be_built():
            print("R5 not run: it needs Linux and a C compiler")
            return 0
        done = run_with_faults(MODULE, [*sys.argv[1:], "--inside"], Path(name))
    print(done.stdout, end="")
    return done.returncode


def _inside(folder: Path, trials: int, names: list[str]) -> int:
    logging.disable(logging.CRITICAL)  # what could not be removed is logged, thousands of times
    sys.unraisablehook = lambda _what: None  # and a file that cannot be closed says so to nobody
    begun = time.monotonic()
    results = run(folder, trials, names)
    for losses in results:
        print(losses, *losses.lost[:8], sep="\n  ", flush=True)
    lost = sum(len(losses.lost) for losses in results)
    trials = sum(losses.trials for losses in results)
    print(f"R5 trials={trials} lost={lost} in {time.monotonic() - begun:.0f} s")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
