"""R24: an import of 500 lines goes in as a whole or not at all.

One bad line, in every place of a sample of places; cancelled after so many lines; killed while it writes.
Nothing may be in, data and history alike, unless the clerk chose to skip bad lines; after a kill everything
or nothing. A second import of the same workbook must change nothing.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from benchmarks.reliability.kills import Report, ready, run_and_kill
from benchmarks.reliability.losses import Losses
from benchmarks.reliability.offices import Clock, copy_office, digests, make_sample
from cdo_desktop.documents.readers.roster_sheet import RosterSheet
from cdo_desktop.errors import AppError, CancelledError
from cdo_desktop.office import Office
from cdo_desktop.rules.roster_columns import RosterField as F
from cdo_desktop.services.roster_import import ImportResult
from cdo_desktop.services.roster_plan import ImportChoices
from cdo_desktop.store.integrity import check_database

LINES, KILLS, CANCELS, BAD = 500, 100, 20, 20
_HEAD = (F.UNIT_SHORT_NAME, F.UNIT_CATEGORY, F.POST, F.NAME, F.SEX, F.TITLE, F.HEAD, F.SINCE, F.MOBILE)


@dataclass
class AtomicityLosses(Losses):
    """Counts of the trials, and what must not have happened."""

    kills: int = 0
    before: int = 0  # killed before the commit
    cancels: int = 0
    bad: int = 0

    def __str__(self) -> str:
        return (
            f"R24 bad_lines={self.bad} cancels={self.cancels} kills={self.kills} lost={len(self.lost)} "
            f"(after the kill nothing was in: {self.before}, everything: {self.kills - self.before})"
        )


def make_lines(folder: Path, count: int, bad: int | None = None) -> RosterSheet:
    """Return a roster of so many new units, the first day of one of them no date."""
    book = Workbook()
    sheet = book.active
    sheet.append([str(column) for column in _HEAD])
    for number in range(count):
        since = "二月三十日" if number == bad else date(2026, 3, 2)
        unit, mobile = f"第{number}中心", f"138{number:08d}"
        sheet.append([unit, "其他", "数据专员", "张三", "男", "科长", "否", since, mobile])
    path = folder / "名册.xlsx"
    book.save(path)
    with Office(folder / "reader", Clock()) as office:
        return office.roster_import.read(path)


def work(report: Report, folder: Path, sheet: RosterSheet) -> None:
    """Import until killed; the first line that is written begins the time."""

    def progress(done: int, _total: int) -> None:
        if done == 1:
            ready(report)

    with Office(folder, Clock()) as office:
        office.roster_import.apply(sheet, ImportChoices(), progress=progress)
        report("committed")


def run(lines: int, kills: int, cancels: int, bad: int, folder: Path, seed: int = 24) -> AtomicityLosses:
    """Try everything on the sample district."""
    losses, chance = AtomicityLosses(), random.Random(seed)
    sample = make_sample(folder / "sample")
    place = folder / "place"
    sheet = make_lines(folder, lines)
    before = digests(sample)
    for _ in range(bad):
        _one_bad_line(losses, copy_office(sample, place), make_lines(folder, lines, chance.randrange(lines)))
    for number in range(cancels):
        _cancel(losses, copy_office(sample, place), sheet, before, 1 + number * lines // cancels)
    killed = run_and_kill(work, copy_office(sample, place).parent, sheet, after=None)
    after = digests(place / sample.name)
    _again(losses, place, sheet, after)
    for _ in range(kills):
        _kill(losses, copy_office(sample, place), sheet, (before, after), chance.uniform(0, killed.seconds))
    return losses


def _one_bad_line(losses: AtomicityLosses, database: Path, sheet: RosterSheet) -> None:
    losses.bad += 1
    before = digests(database)
    with Office(database.parent, Clock()) as office:
        try:
            office.roster_import.apply(sheet, ImportChoices())
            losses.lost.append("a bad line went in")
        except AppError:
            if digests(database) != before:
                losses.lost.append("something went in beside a bad line")
        done = office.roster_import.apply(sheet, ImportChoices(), skip_problems=True)
    if done != ImportResult(len(sheet.lines) - 1, 0, 0, 1):
        losses.lost.append(f"skipping: {done}")


def _cancel(
    losses: AtomicityLosses, database: Path, sheet: RosterSheet, before: tuple[str, str], after_lines: int
) -> None:
    losses.cancels += 1

    def stop(done: int, _total: int) -> None:
        if done == after_lines:
            raise CancelledError("已取消，没有导入任何内容。")

    with Office(database.parent, Clock()) as office:
        try:
            office.roster_import.apply(sheet, ImportChoices(), progress=stop)
            losses.lost.append(f"not cancelled after {after_lines} lines")
        except CancelledError:
            if digests(database) != before:
                losses.lost.append(f"cancelled after {after_lines} lines, and something is in")


def _again(losses: AtomicityLosses, place: Path, sheet: RosterSheet, after: tuple[str, str]) -> None:
    with Office(place, Clock()) as office:
        done = office.roster_import.apply(sheet, ImportChoices())
    if done != ImportResult(0, 0, len(sheet.lines), 0) or digests(place / "cdo.sqlite3")[0] != after[0]:
        losses.lost.append(f"the second import: {done}")


def _kill(
    losses: AtomicityLosses,
    database: Path,
    sheet: RosterSheet,
    allowed: tuple[tuple[str, str], tuple[str, str]],
    seconds: float,
) -> None:
    losses.kills += 1
    killed = run_and_kill(work, database.parent, sheet, after=seconds)
    if not check_database(database, thorough=True).ok:
        losses.lost.append(f"damaged after {seconds:.3f} s")
        return
    found = digests(database)
    losses.before += found == allowed[0]
    if found not in allowed or ("committed" in killed.reports and found != allowed[1]):
        losses.lost.append(f"neither before nor after, {seconds:.3f} s")


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--cancels", type=int, default=CANCELS)
    parser.add_argument("--bad", type=int, default=BAD)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        losses = run(options.lines, options.kills, options.cancels, options.bad, Path(name))
    return losses.tell(begun)


if __name__ == "__main__":
    sys.exit(main())
