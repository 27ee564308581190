"""R14: random data folders backed up, wiped and restored; backups with one changed byte or cut short.

Then a folder of 1 GB (goal: back within 60 s) and the time of a backup against SQLite's own copy with
a quick_check (performance.md part 7, goal 2).
"""

import argparse
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reliability.offices import Clerk, Clock, backups_of, copy_office, digests, make_sample
from cdo_desktop.errors import AppError, UnreadableFileError
from cdo_desktop.office import Office
from cdo_desktop.services.attachment_rows import of_unit
from cdo_desktop.store.backup import verify_backup
from cdo_desktop.store.manifest import BackupKind

FOLDERS, FLIPS, CUTS = 20, 300, 100
SECONDS_FOR_1_GB = 60
RATIO_GOAL = 2.0
_ROUNDS = 3


@dataclass
class Losses:
    """Counts of what must stay 0."""

    folders: int = 0
    different_data: int = 0
    different_files: int = 0
    damaged: int = 0
    accepted: int = 0  # damaged backups that were taken
    changed: int = 0  # refused, but something in the folder is not as before

    @property
    def total(self) -> int:
        """Everything that must not happen."""
        return self.different_data + self.different_files + self.accepted + self.changed

    def __str__(self) -> str:
        return (
            f"R14 folders={self.folders} different_data={self.different_data} "
            f"different_files={self.different_files} damaged_backups={self.damaged} "
            f"accepted={self.accepted} changed={self.changed}"
        )


def run(folders: int, flips: int, cuts: int, folder: Path) -> Losses:
    """Try so many folders, then so many damaged backups of the last one."""
    losses = Losses()
    sample = make_sample(folder / "sample")
    backup = folder / "backup.cdobak"
    data = folder / "数据 区#1%20"
    for seed in range(folders):
        chance = random.Random(seed)
        if data.exists():
            shutil.rmtree(data)
        database = copy_office(sample, data)
        with Office(data, Clock()) as office:
            clerk = Clerk(office, seed)
            for _ in range(chance.randrange(1, 12)):
                clerk.step()
        _attach(data, chance)
        content, files = digests(database), _files(data)
        backups_of(data).back_up(target=backup)
        shutil.rmtree(data)
        backups_of(data).restore(backup)
        losses.folders += 1
        losses.different_data += digests(database) != content
        losses.different_files += _files(data) != files
    _try_damaged(losses, backup, data, flips, cuts)
    return losses


def _attach(data: Path, chance: random.Random) -> None:
    contents = (chance.randbytes(chance.choice((0, 1, 3000, 300_000))) for _ in range(chance.randrange(0, 8)))
    _attach_contents(data, contents)
    texts = data / "forms" / "备案表.txt"
    texts.parent.mkdir()
    texts.write_text(f"受理单位：第{chance.randrange(99)}号", encoding="utf-8")


def _attach_contents(data: Path, contents: Iterable[bytes]) -> None:
    """Attach contents to a unit."""
    with Office(data, Clock()) as office:
        for number, content in enumerate(contents):
            file = data.parent / f"{number:04d}.pdf"
            file.write_bytes(b"%PDF-1.4" + content)
            office.attachments.add(of_unit(2), [file])
            file.unlink()


def _files(data: Path) -> dict[str, bytes]:
    """Return every file beside the database with its content."""
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file() and path.parent != data
    }


def _try_damaged(losses: Losses, backup: Path, data: Path, flips: int, cuts: int) -> None:
    good = backup.read_bytes()
    chance = random.Random(14)
    database = data / "cdo.sqlite3"
    before = (database.read_bytes(), _files(data), sorted(path.name for path in data.iterdir()))
    for number in range(flips + cuts):
        damaged = bytearray(good)
        if number < flips:
            damaged[chance.randrange(len(good))] ^= 1 << chance.randrange(8)
        else:
            del damaged[chance.randrange(len(good)) :]
        backup.write_bytes(damaged)
        losses.damaged += 1
        try:
            backups_of(data).restore(backup)
            losses.accepted += 1
        except UnreadableFileError:
            after = (database.read_bytes(), _files(data), sorted(path.name for path in data.iterdir()))
            losses.changed += after != before
    backup.write_bytes(good)
    verify_backup(backup)


def restore_1_gb(folder: Path) -> float:
    """Return the seconds that a folder of 1 GB, half database and half attachments, takes to come back."""
    data = folder / "large"
    database = copy_office(make_sample(folder / "sample"), data)
    _grow(database, 512 << 20)
    chance = random.Random(1)
    _attach_contents(data, (chance.randbytes(1 << 20) for _number in range(512)))
    backup = backups_of(data).back_up(target=folder / "large.cdobak").path
    shutil.rmtree(data)
    begun = time.monotonic()
    backups_of(data).restore(backup)
    seconds = time.monotonic() - begun
    shutil.rmtree(data)
    backup.unlink()
    return seconds


def attachments_of_1_gb(folder: Path) -> dict[str, float]:
    """Return the seconds that backups take where the scans have grown to 1 GB, and what comes with them."""
    data = folder / "scans"
    copy_office(make_sample(folder / "sample"), data)
    chance = random.Random(4)
    _attach_contents(data, (chance.randbytes(5 << 20) for _number in range(200)))
    service = backups_of(data)
    target = folder / "whole.cdobak"
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("to another place", lambda: service.back_up(target=target)),
        ("first in the data folder", lambda: service.back_up(BackupKind.START)),
        ("next in the data folder", lambda: service.back_up(BackupKind.CLOSE)),
        ("check at start", service.check),
        ("thorough check", lambda: service.check(thorough=True)),
        ("restore of the last", lambda: service.restore(service.backups()[0].path)),
    )
    seconds = {}
    for name, step in steps:
        begun = time.monotonic()
        step()
        seconds[name] = time.monotonic() - begun
    shutil.rmtree(data)
    target.unlink()
    return seconds


def _grow(database: Path, size: int) -> None:
    """Fill a database with rows of text, and an index over them, until it has that size."""
    chance = random.Random(2)
    words = [chance.randbytes(40).hex() for _ in range(1000)]
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE filler (id INTEGER PRIMARY KEY, word VARCHAR, text VARCHAR)")
        connection.execute("CREATE INDEX ix_filler_word ON filler (word)")
        while database.stat().st_size < size:
            rows = [(chance.choice(words), "".join(chance.choices(words, k=20))) for _ in range(5000)]
            connection.executemany("INSERT INTO filler (word, text) VALUES (?, ?)", rows)


def backup_ratio(folder: Path, size: int) -> tuple[float, float, float]:
    """Return floor and ours in seconds for a database of that size, and the ratio of these medians."""
    data = folder / "ratio"
    database = copy_office(make_sample(folder / "sample"), data)
    _grow(database, size)
    service = backups_of(data)
    floors, ours = [], []
    for _ in range(_ROUNDS):
        floors.append(_plain_backup(database, folder / "plain.sqlite3"))
        begun = time.monotonic()
        made = service.back_up(target=folder / "ratio.cdobak")
        ours.append(time.monotonic() - begun)
    verify_backup(made.path)
    shutil.rmtree(data)
    made.path.unlink()
    floor, our = statistics.median(floors), statistics.median(ours)
    return floor, our, our / floor


def _plain_backup(database: Path, target: Path) -> float:
    begun = time.monotonic()
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise AppError("The floor made no good copy.")
    seconds = time.monotonic() - begun
    target.unlink()
    return seconds


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folders", type=int, default=FOLDERS)
    parser.add_argument("--small", action="store_true", help="leave out what needs gigabytes of disk")
    options = parser.parse_args()
    begun = time.monotonic()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        losses = run(options.folders, FLIPS, CUTS, folder)
        print(f"{losses} in {time.monotonic() - begun:.0f} s", flush=True)
        failed = losses.total > 0
        if not options.small:
            shutil.rmtree(folder / "sample")
            seconds = restore_1_gb(folder)
            print(f"R14 restore of 1 GB: {seconds:.1f} s goal={SECONDS_FOR_1_GB}", flush=True)
            failed |= seconds > SECONDS_FOR_1_GB
            shutil.rmtree(folder / "sample")
            for name, seconds in attachments_of_1_gb(folder).items():
                print(f"1 GB of attachments, {name}: {seconds:.2f} s", flush=True)
            for megabytes in (5, 50, 700):
                shutil.rmtree(folder / "sample")
                floor, ours, ratio = backup_ratio(folder, megabytes << 20)
                print(
                    f"backup of {megabytes} MB ratio={ratio:.2f} goal={RATIO_GOAL} "
                    f"floor={floor:.3f} ours={ours:.3f}",
                    flush=True,
                )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
