"""R40 and R3 for attachments: what must be refused is refused, and a kill loses no content.

R40: dangerous names with harmless and with dangerous contents, good names with contents in disguise, and rows
that somebody changed in the database; none may be taken, and none handed out to be opened.
R3: kill -9 before every file operation of adding, removing and tidying. No row may point to a missing or
changed content, the rows are those before or those after, and a second try works.
"""

import argparse
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from benchmarks.reliability.attachment_names import (
    DANGEROUS,
    GOOD,
    PDF,
    PROGRAM,
    disguised,
    write_if_possible,
)
from benchmarks.reliability.kill_files import Losses, kill_everywhere
from benchmarks.reliability.kills import Report, ready
from benchmarks.reliability.offices import Clock, copy_office, digests, make_sample
from cdo_desktop import paths
from cdo_desktop.errors import AppError
from cdo_desktop.office import Office
from cdo_desktop.rules.attachments import check_name
from cdo_desktop.services.attachment_rows import Owner, of_unit
from cdo_desktop.store.attachments import ATTACHMENTS_FOLDER
from cdo_desktop.store.backup_attachments import attachment_check
from cdo_desktop.store.integrity import check_database

TRIALS = 100
OWNER: Owner = of_unit(2)
_TAMPERED = (
    ("name", "任免文件.pdf.exe"),
    ("name", "..\\..\\任免文件.lnk"),
    ("name", "任免\u202eexe.pdf"),
    ("name", "任免文件.docx"),
    ("media_type", "application/x-msdownload"),
    ("media_type", "application/msword"),
    ("sha256", "../../cdo.sqlite3"),
    ("sha256", "0" * 64),
    ("size", 1),
)


@dataclass
class Refusals:
    """What was tried and what came through."""

    names: int = 0
    written: int = 0  # of the names, those that the system let exist as files
    disguised: int = 0
    tampered: int = 0
    good: int = 0
    taken: list[str] = field(default_factory=list)
    handed_out: list[str] = field(default_factory=list)
    good_refused: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Everything that must not happen."""
        return len(self.taken) + len(self.handed_out) + len(self.good_refused)

    def __str__(self) -> str:
        return (
            f"R40 dangerous_names={self.names} (as real files: {self.written}) disguised={self.disguised} "
            f"taken={len(self.taken)} tampered_rows={self.tampered} handed_out={len(self.handed_out)} "
            f"good={self.good} good_refused={len(self.good_refused)}"
        )


def run_refusals(folder: Path) -> Refusals:
    """Try every file that must be refused, then those that must not."""
    found = Refusals()
    make_sample(folder / "data")
    incoming = folder / "incoming"
    incoming.mkdir()
    with Office(folder / "data", Clock()) as office:
        _try_names(found, office, incoming)
        _try_disguised(found, office, incoming)
        _try_good(found, office, incoming)
        _try_tampered(found, office, incoming)
    return found


def _try_names(found: Refusals, office: Office, incoming: Path) -> None:
    for name in DANGEROUS:
        found.names += 1
        try:
            check_name(name)
            found.taken.append(name)
        except AppError:
            pass
        for content in (PDF, PROGRAM):
            path = write_if_possible(incoming, name, content)
            if path is not None:
                found.written += content is PDF
                _must_be_refused(found, office, path)


def _try_disguised(found: Refusals, office: Office, incoming: Path) -> None:
    for name, content in disguised():
        path = write_if_possible(incoming, name, content)
        if path is not None:
            found.disguised += 1
            _must_be_refused(found, office, path)


def _must_be_refused(found: Refusals, office: Office, path: Path) -> None:
    added = office.attachments.add(OWNER, [path])
    contents = [file for file in (office.data_folder / ATTACHMENTS_FOLDER).rglob("*") if file.is_file()]
    if added.ids or contents or not all(refusal.reason for refusal in added.refused):
        found.taken.append(path.name)
    path.unlink()


def _try_good(found: Refusals, office: Office, incoming: Path) -> None:
    for name, content in GOOD.items():
        path = incoming / name
        path.write_bytes(content)
        found.good += 1
        added = office.attachments.add(OWNER, [path])
        if not added.ids:  # the same content under the same kind is told of and not doubled
            found.good_refused += [name for one in added.refused if "相同" not in one.reason]
        path.unlink()


def _try_tampered(found: Refusals, office: Office, incoming: Path) -> None:
    path = incoming / "任免文件.pdf"
    path.write_bytes(PDF + b"another")
    (number,) = office.attachments.add(OWNER, [path]).ids
    with closing(sqlite3.connect(office.data_folder / paths.DATABASE_NAME)) as connection:
        for column, value in _TAMPERED:
            query = f"SELECT {column} FROM attachments WHERE id = ?"
            (before,) = connection.execute(query, (number,)).fetchone()
            change = f"UPDATE attachments SET {column} = ? WHERE id = ?"
            with connection:
                connection.execute(change, (value, number))
            found.tampered += 1
            for action in (office.attachments.open_copy, _saving(office, incoming)):
                with suppress(AppError):
                    found.handed_out.append(f"{column}={value}: {action(number)}")
            with connection:
                connection.execute(change, (before, number))
    office.attachments.open_copy(number)


def _saving(office: Office, folder: Path) -> Callable[[int], object]:
    return lambda number: office.attachments.save_all([number], folder)


def add(report: Report, folder: Path, files: list[Path]) -> None:
    """Add files, as a clerk drops them."""
    with Office(folder, Clock()) as office:
        service = office.attachments
        ready(report)
        service.add(OWNER, files)


def remove_and_tidy(report: Report, folder: Path) -> None:
    """Remove every other file, and tidy as a start two days later does."""
    with Office(folder, Clock()) as office:
        service = office.attachments
        ready(report)
        service.remove([row.attachment_id for row in service.list_of(OWNER)][::2])
    later = Clock()
    later.now += timedelta(
        days=10_000
    )  # later than the times of the files, whatever the machine's clock says
    with Office(folder, later) as office:
        office.tidy()


def run_kills(trials: int, folder: Path) -> list[Losses]:
    """Kill at every file operation of adding, then of removing and tidying."""
    empty = make_sample(folder / "sample")
    files = []
    for number in range(4):
        files.append(folder / f"扫描件{number}.pdf")
        files[-1].write_bytes(PDF + bytes([number]) * 300_000)
    full = folder / "full"
    copy_office(empty, full)
    add(lambda _message: None, full, files)
    return [
        _run(trials, "adding attachments", add, (files,), folder / "adding", empty.parent, files),
        _run(trials, "removing and tidying", remove_and_tidy, (), folder / "removing", full, files),
    ]


def _run(
    trials: int,
    name: str,
    work: Callable[..., None],
    arguments: tuple[object, ...],
    data: Path,
    source: Path,
    files: list[Path],
) -> Losses:
    def prepare() -> tuple[Path, tuple[object, ...]]:
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(source, data)
        return data, arguments

    prepare()
    before = digests(data / paths.DATABASE_NAME)
    work(lambda _message: None, data, *arguments)
    after = digests(data / paths.DATABASE_NAME)

    def judge(_folder: Path) -> str:
        database = data / paths.DATABASE_NAME
        if digests(database) not in (before, after):
            return "the rows are neither those before nor those after"
        problem = _dangling(data)
        if problem:
            return problem
        with Office(data, Clock()) as office:
            office.attachments.add(OWNER, files)
            if len(office.attachments.list_of(OWNER)) != len(files):
                return "the second try did not add them all"
        return _dangling(data)

    return kill_everywhere(name, work, prepare, judge, trials)


def _dangling(data: Path) -> str:
    report = check_database(data / paths.DATABASE_NAME, extra=[attachment_check(data, thorough=True)])
    return "".join(finding.sentence for finding in report.findings)


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        refusals = run_refusals(folder / "refusals")
        print(refusals, *refusals.taken, *refusals.handed_out, *refusals.good_refused, sep="\n  ", flush=True)
        lost = refusals.total
        for losses in run_kills(options.trials, folder / "kills"):
            print(losses, *losses.lost, sep="\n  ", flush=True)
            lost += len(losses.lost)
    print(f"attachments all in {time.monotonic() - begun:.0f} s")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
