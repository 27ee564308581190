"""R2: kill -9 before every SQL statement of an upgrade, from every stored version and from no database.

What is left must be wholly the old or wholly the new database, and the next start must bring it up to date.
"""

import argparse
import itertools
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, event

from benchmarks.reliability.kills import Report, ready, run_and_kill
from benchmarks.reliability.offices import Clock, digests
from cdo_desktop import paths
from cdo_desktop.office import Office
from cdo_desktop.store import open_database
from cdo_desktop.store.integrity import check_database
from cdo_desktop.store.schema import HEAD, schema_version

STORED = Path(__file__).parents[2] / "tests" / "data" / "databases"
_NEVER = 1 << 40


@dataclass
class Losses:
    """What became of the upgrades from one version."""

    version: str
    statements: int = 0
    trials: int = 0
    old: int = 0
    new: int = 0
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"R2 from {self.version} to {HEAD}: statements={self.statements} kills={self.trials} "
            f"lost={len(self.lost)} (left old: {self.old}, new: {self.new})"
        )


def upgrade(report: Report, folder: Path, statement: int) -> None:
    """Open an office as at start, and die before its n-th SQL statement, from 1 on; report their number."""
    counter = itertools.count(1)

    def die(_sql: str) -> None:
        if next(counter) == statement:
            os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

    def trace(connection: sqlite3.Connection, _entry: object) -> None:
        connection.set_trace_callback(die)

    event.listen(Engine, "connect", trace)
    ready(report)
    Office(folder, Clock()).close()
    report(next(counter) - 1)


def run(folder: Path, every: int = 1, versions: tuple[str, ...] = ()) -> list[Losses]:
    """Kill before every n-th statement from each version; "none" is a first start."""
    stored = {path.stem: path for path in sorted(STORED.glob("v*.sqlite3"))}
    names = versions or ("none", *(name for name in stored if name != f"v{HEAD}"))
    return [_run_version(name, stored.get(name), folder / name, every) for name in names]


def _run_version(name: str, source: Path | None, folder: Path, every: int) -> Losses:
    losses = Losses(name)
    states = _states(source, folder / "expected")
    data = folder / "killed"
    _lay_out(source, data)
    (counted,) = run_and_kill(upgrade, data, _NEVER, after=None).reports
    losses.statements = int(str(counted))
    for statement in range(1, losses.statements + 1, every):
        _lay_out(source, data)
        killed = run_and_kill(upgrade, data, statement, after=None)
        losses.trials += 1
        if killed.finished:
            losses.lost.append(f"{statement}: was not killed")
            continue
        losses.lost += [f"{statement}: {lost}" for lost in _judge(losses, data, states)]
    return losses


def _lay_out(source: Path | None, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if source is not None:
        shutil.copyfile(source, folder / paths.DATABASE_NAME)


def _states(source: Path | None, folder: Path) -> list[tuple[str, str]]:
    """Return the content as it was, after the migrations, and after the first use of the new version."""
    _lay_out(source, folder)
    database = folder / paths.DATABASE_NAME
    states = [digests(database) if source is not None else ("", "")]
    open_database(database).close()
    states.append(digests(database))
    Office(folder, Clock()).close()
    return [*states, digests(database)]


def _judge(losses: Losses, data: Path, states: list[tuple[str, str]]) -> list[str]:
    database = data / paths.DATABASE_NAME
    lost = []
    version = schema_version(database)
    if version == HEAD:
        losses.new += 1
        if _data_of(database) not in [data for data, _history in states[1:]] and losses.version != "none":
            lost.append("half new")
    else:
        losses.old += 1
        if version is not None and digests(database) != states[0]:
            lost.append("half old")
    Office(data, Clock()).close()
    if schema_version(database) != HEAD or not check_database(database, thorough=True).ok:
        lost.append("the next start did not bring it up to date")
    elif _data_of(database) != states[-1][0] and losses.version != "none":  # a new one has an id of its own
        lost.append("the next start made something else of it")
    return lost


def _data_of(database: Path) -> str:
    return digests(database)[0]


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        results = run(Path(name), options.every)
    for losses in results:
        print(losses, *losses.lost[:5], sep="\n  ")
    print(f"R2 in {time.monotonic() - begun:.0f} s")
    return 1 if any(losses.lost for losses in results) else 0


if __name__ == "__main__":
    sys.exit(main())
