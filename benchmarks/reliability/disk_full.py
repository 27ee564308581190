"""R6: the disk is full, or gets full in the midst of the work.

A small tmpfs holds the data folder and what is exported, another one the temporary files. All but so many
bytes of it are taken before the work begins, from none to more than it needs. Where nothing can be mounted,
the n-th call that needs room fails instead (ENOSPC); the first line of the report says which.
"""

import argparse
import errno
import gc
import logging
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from benchmarks.reliability.faults import can_be_built, failing, run_with_faults
from benchmarks.reliability.works import (
    WORKS,
    Expectation,
    Place,
    Stock,
    Work,
    do,
    expect,
    spread,
    told_well,
)
from cdo_desktop.errors import AppError
from cdo_desktop.store import restore

TRIALS = 40  # of one kind of work
MODULE = "benchmarks.reliability.disk_full"
_DISK = 8 << 20  # bytes; a data folder of the sample, its backup and its exports fit well
_PAGE = 4096


@dataclass
class Losses:
    """What became of one kind of work."""

    name: str
    trials: int = 0
    told: int = 0
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"R6 {self.name}: trials={self.trials} lost={len(self.lost)} (told: {self.told})"


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[bool]:
    """Mount a disk of so many bytes on a folder; yield False where that is not possible."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            gc.collect()  # what an error holds open
            subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path, room: int) -> Path:
    """Take all of a disk but so many bytes with one file, and return it."""
    filler = folder / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(folder).free - room))
    return filler


def run_mounted(folder: Path, trials: int, names: list[str]) -> list[Losses]:
    """Do every kind of work with more and more room on the disk of the data."""
    stock = Stock(folder / "stock")
    with mock.patch.object(restore, "_SPARE", 0):  # else it looks for 16 MB first, and never gets full midway
        return [_run_work_mounted(work, stock, folder, trials) for work in _chosen(names)]


def _run_work_mounted(work: Work, stock: Stock, folder: Path, trials: int) -> Losses:
    losses = Losses(work.name)
    place = Place(folder / "disk" / "place", stock)
    with small_disk(folder / "disk", _DISK):
        expected = expect(work, place)
        needed = sum(path.stat().st_size for path in place.folder.rglob("*") if path.is_file())
        for room in _rooms(needed, trials):
            place.lay_out(work.source(stock))
            filler = fill(folder / "disk", room)
            _judge(losses, work, place, expected, f"{room >> 10} KB left", filler)
    return losses


def _rooms(needed: int, trials: int) -> list[int]:
    """Return how much is left each time: nothing, page by page, and then at random."""
    few = range(trials // 2)
    more = spread(max(1, needed // _PAGE - len(few)), trials - len(few), seed=2)
    return [pages * _PAGE for pages in (*few, *(len(few) + number for number in more))]


def run_temporary(folder: Path, names: list[str]) -> list[Losses]:
    """Do every kind of work with a full disk for temporary files."""
    stock = Stock(folder / "stock")
    place = Place(folder / "place", stock)
    results = []
    before = tempfile.tempdir
    for work in _chosen(names):
        losses = Losses(f"{work.name}, temporary files")
        expected = expect(work, place)
        with small_disk(folder / "temporary", 1 << 20):
            tempfile.tempdir = str(folder / "temporary")
            for room in (0, _PAGE, 4 * _PAGE, 16 * _PAGE):
                place.lay_out(work.source(stock))
                filler = fill(folder / "temporary", room)
                _judge(losses, work, place, expected, f"{room >> 10} KB left", filler, "temporary|临时文件夹")
            # What openpyxl could not finish it removes when the program ends.
            left = {path.name for path in (folder / "temporary").iterdir()} - {"filler"}
            losses.lost += [f"left behind: {name}" for name in left if not name.startswith("openpyxl.")]
            tempfile.tempdir = before
        results.append(losses)
    return results


def run_injected(folder: Path, trials: int, names: list[str]) -> list[Losses]:
    """Let the n-th call that needs room fail, and all after it."""
    stock = Stock(folder / "stock")
    place = Place(folder / "place", stock)
    results = []
    for work in _chosen(names):
        losses = Losses(work.name)
        expected = expect(work, place)
        place.lay_out(work.source(stock))
        with failing(place.folder, 0, 0, writes_only=True) as fault:
            do(work, place)
        for number in spread(fault.calls, trials, seed=2):
            place.lay_out(work.source(stock))
            with failing(place.folder, number, errno.ENOSPC, for_ever=True, writes_only=True):
                error = do(work, place)
            losses.trials += 1
            losses.told += error is not None
            lost = _problems(work, place, expected, error, place.folder.name)
            losses.lost += [f"call {number}: {what}" for what in lost]
        results.append(losses)
    return results


def _chosen(names: list[str]) -> list[Work]:
    return [work for work in WORKS if not names or work.name in names]


def _judge(
    losses: Losses,
    work: Work,
    place: Place,
    expected: Expectation,
    where: str,
    filler: Path,
    named: str = "",
) -> None:
    losses.trials += 1
    try:
        error = do(work, place)
        losses.told += error is not None
        lost = _problems(work, place, expected, error, named or place.folder.parent.name)
        filler.unlink()
        again = do(work, place) if error is not None else None
        if again is not None:
            lost.append(f"the next try: {again}")
        else:
            lost += [f"after the next try {what}" for what in expected.judge(work, place.state(), None)]
    except Exception:  # noqa: BLE001  what must never be raised is what is looked for
        lost = [traceback.format_exc(limit=-6)]
        filler.unlink(missing_ok=True)
    losses.lost += [f"{where}: {what}" for what in lost]


def _problems(
    work: Work, place: Place, expected: Expectation, error: AppError | None, named: str
) -> list[str]:
    """Return what is wrong after a try: half, empty or left-over files, or a sentence that names no place."""
    lost = expected.judge(work, place.state(), error)
    lost += [f"left behind: {path.name}" for path in place.leftovers()]
    lost += [f"left open: {name}" for name in place.left_open()]
    files = [path for root in (place.data, place.out) for path in root.rglob("*") if path.is_file()]
    # An empty database is what a first start makes first; the next one takes it for none.
    lost += [f"empty: {path.name}" for path in files if not path.stat().st_size and path != place.database]
    if error is not None and not (told_well(error) and re.search(named, str(error))):
        lost.append(f"said: {error}")
    return lost


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    parser.add_argument("--work", action="append", default=[], choices=[work.name for work in WORKS])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    sys.unraisablehook = lambda _what: None  # a file that cannot be closed says so to nobody
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with small_disk(folder / "try", 1 << 20) as can_mount:
            pass
        if options.inside:
            results = run_injected(folder, options.trials, options.work)
        elif can_mount:
            print("R6 on a small tmpfs")
            results = run_mounted(folder / "data", options.trials, options.work)
            results += run_temporary(folder / "temp", options.work)
        elif can_be_built():
            print("R6 with calls that fail: nothing can be mounted here")
            done = run_with_faults(MODULE, [*sys.argv[1:], "--inside"], folder)
            print(done.stdout, end="")
            return done.returncode
        else:
            print("R6 not run: nothing can be mounted here, and there is no C compiler")
            return 0
    return _report(results, begun)


def _report(results: list[Losses], begun: float) -> int:
    for losses in results:
        print(losses, *losses.lost[:8], sep="\n  ")
    lost = sum(len(losses.lost) for losses in results)
    trials = sum(losses.trials for losses in results)
    print(f"R6 trials={trials} lost={lost} in {time.monotonic() - begun:.0f} s")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
