"""R15: journals of another state lie beside the database that a backup replaces.

Each fixture is first tried on a plain copy of the file, as somebody would restore by hand: how often it ruins
the data is printed as the control. Through the program the content must be that of the backup, always.
"""

import argparse
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reliability.kills import Report, ready, run_and_kill
from benchmarks.reliability.offices import Clerk, Clock, backups_of, copy_office, digests, make_sample
from cdo_desktop.office import Office
from cdo_desktop.store.integrity import check_database
from cdo_desktop.store.restore import JOURNALS

TRIALS = 60
_ROWS = 300


@dataclass
class Losses:
    """Counts of what must stay 0, and the control."""

    trials: int = 0
    wrong_content: int = 0
    journals_left: int = 0
    control_ruined: int = 0

    @property
    def total(self) -> int:
        """Everything that must not happen."""
        return self.wrong_content + self.journals_left

    def __str__(self) -> str:
        return (
            f"R15 restores={self.trials} wrong_content={self.wrong_content} "
            f"journals_left={self.journals_left} (control, copied by hand: {self.control_ruined} ruined)"
        )


def stale_wal(database: Path, chance: random.Random) -> None:
    """Leave a write-ahead log with rows of another time, as a killed program of the WAL kind does."""
    other = database.with_name("other.sqlite3")
    shutil.copyfile(database, other)
    with closing(sqlite3.connect(other, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        _add_rows(connection, chance)
        for suffix in ("-wal", "-shm"):
            source = other.with_name(f"{other.name}{suffix}")
            if suffix == "-wal" or chance.random() < 0.5:
                shutil.copyfile(source, database.with_name(f"{database.name}{suffix}"))
    other.unlink()


def hot_journal(database: Path, chance: random.Random) -> None:
    """Leave the rollback journal of a transaction that was killed in the midst of writing."""
    other = database.with_name("other.sqlite3")
    shutil.copyfile(database, other)
    run_and_kill(_killed_transaction, other, chance.randrange(1 << 30), after=None)
    journal = other.with_name(f"{other.name}-journal")
    if not journal.exists():
        raise RuntimeError("the transaction left no journal")
    journal.replace(database.with_name(f"{database.name}-journal"))
    other.unlink()


def noise(database: Path, chance: random.Random) -> None:
    """Leave journals that hold nothing of sense."""
    for suffix in JOURNALS:
        database.with_name(f"{database.name}{suffix}").write_bytes(
            chance.randbytes(chance.randrange(1, 9000))
        )


def _killed_transaction(report: Report, database: Path, seed: int) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 5")  # spills into the file before the commit
        connection.execute("BEGIN IMMEDIATE")
        _add_rows(connection, random.Random(seed))
        connection.execute("UPDATE persons SET name = name || '改'")
        ready(report)
        os.kill(os.getpid(), 9 if os.name != "nt" else 15)


def _add_rows(connection: sqlite3.Connection, chance: random.Random) -> None:
    rows = [(f"key {number} {chance.random()}", "值" * 50) for number in range(_ROWS)]
    connection.executemany("INSERT INTO settings VALUES (?, ?)", rows)


FIXTURES: tuple[Callable[[Path, random.Random], None], ...] = (stale_wal, hot_journal, noise)


def run(trials: int, folder: Path) -> Losses:
    """Restore that many times beside stale journals."""
    losses = Losses()
    sample = make_sample(folder / "sample")
    data = folder / "data"
    copy_office(sample, data)
    with Office(data, Clock()) as office:
        clerk = Clerk(office, seed=15)
        for _ in range(8):
            clerk.step()
    database = data / "cdo.sqlite3"
    expected = digests(database)
    backup = backups_of(data).back_up(target=folder / "backup.cdobak").path
    good = shutil.copyfile(database, folder / "good.sqlite3")
    chance = random.Random(15)
    for number in range(trials):
        fixture = FIXTURES[number % len(FIXTURES)]
        losses.trials += 1
        copy_office(sample, data)
        fixture(database, chance)
        losses.control_ruined += _ruined_by_hand(good, database, folder / "hand", expected)
        if number % 2:
            database.unlink()  # only the journals are left
        backups_of(data).restore(backup)
        losses.journals_left += any(
            database.with_name(f"{database.name}{suffix}").exists() for suffix in JOURNALS
        )
        content = digests(database)
        losses.wrong_content += content != expected or not check_database(database).ok
        for kept in data.glob("*.before-restore-*"):
            kept.unlink()
    return losses


def _ruined_by_hand(good: Path, database: Path, folder: Path, expected: tuple[str, str]) -> bool:
    """Copy the good file over a database with these journals and tell whether it shows other content then."""
    folder.mkdir(exist_ok=True)
    copy = folder / database.name
    for old in folder.iterdir():
        old.unlink()
    for suffix in JOURNALS:
        source = database.with_name(f"{database.name}{suffix}")
        if source.exists():
            shutil.copyfile(source, copy.with_name(f"{copy.name}{suffix}"))
    shutil.copyfile(good, copy)
    try:
        return digests(copy) != expected or not check_database(copy).ok
    except sqlite3.DatabaseError:
        return True


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        losses = run(options.trials, Path(name))
    print(f"{losses} in {time.monotonic() - begun:.0f} s")
    return 1 if losses.total else 0


if __name__ == "__main__":
    sys.exit(main())
