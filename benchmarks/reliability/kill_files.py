"""R3: kill -9 during backup, restore and export: before every single file operation, then at random moments.

Backup: every file with the name of a backup is a good one. Restore: the data is wholly the old or wholly the
restored one, and a second try works. Export: the target is the old file or the whole new one.
"""

import argparse
import math
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2

from benchmarks.reliability.kills import (
    Killed,
    Report,
    Work,
    count_events,
    random_delays,
    ready,
    run_and_kill,
    run_and_kill_at,
)
from benchmarks.reliability.offices import (
    TODAY,
    Clerk,
    Clock,
    backups_of,
    copy_office,
    digests,
    make_sample,
)
from cdo_desktop.errors import AppError
from cdo_desktop.office import Office
from cdo_desktop.paths import DATABASE_NAME
from cdo_desktop.services.attachment_rows import of_unit
from cdo_desktop.store.attachments import AttachmentFolder
from cdo_desktop.store.backup import list_backups, verify_backup
from cdo_desktop.store.backup_attachments import attachment_check
from cdo_desktop.store.integrity import check_database
from cdo_desktop.store.manifest import BackupKind

TRIALS = 100
_ATTACHMENTS = 5


@dataclass
class Losses:
    """What happened to one kind of work."""

    name: str
    trials: int = 0
    unfinished: int = 0
    temporary: int = 0  # kills that left a temporary file; harmless, cleared later
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"R3 {self.name} kills={self.trials} lost={len(self.lost)} "
            f"(before the end: {self.unfinished}, temporary files left: {self.temporary})"
        )


def back_up(report: Report, folder: Path) -> None:
    """Back up, as at start."""
    service = backups_of(folder)
    ready(report)
    service.back_up(BackupKind.START)


def restore(report: Report, folder: Path, backup: Path) -> None:
    """Restore."""
    service = backups_of(folder)
    ready(report)
    service.restore(backup)


def export_roster(report: Report, folder: Path, target: Path) -> None:
    """Write the roster workbook over an older one."""
    with Office(folder, Clock()) as office:
        export = office.roster_export
        ready(report)
        export.write(target, as_of=TODAY, full=True)


def export_forms(report: Report, folder: Path, target: Path) -> None:
    """Write all forms in one file over an older one."""
    with Office(folder, Clock()) as office:
        batch = office.forms.compose()
        ready(report)
        office.forms.write_one_file(batch, target)


Judge = Callable[[Path], str]  # what was lost, or ""


def kill_everywhere(
    name: str, work: Work, prepare: Callable[[], tuple[Path, tuple[object, ...]]], judge: Judge, trials: int
) -> Losses:
    """Kill before every file operation, then ``trials`` times at random; judge what is left each time."""
    losses = Losses(name)
    for killed, folder in _kills(work, prepare, trials):
        losses.trials += 1
        losses.unfinished += not killed.finished
        losses.temporary += any(folder.rglob(".cdo-*"))
        lost = judge(folder)
        if lost:
            losses.lost.append(lost)
    return losses


def _kills(
    work: Work, prepare: Callable[[], tuple[Path, tuple[object, ...]]], trials: int
) -> Iterator[tuple[Killed, Path]]:
    folder, arguments = prepare()
    longest = run_and_kill(work, folder, *arguments, after=None).seconds
    folder, arguments = prepare()
    events = count_events(work, folder, *arguments, folder=folder)
    for event in range(1, events + 1, max(1, events // trials)):
        folder, arguments = prepare()
        yield run_and_kill_at(work, folder, *arguments, event=event, folder=folder), folder
    for delay in random_delays(trials, longest, seed=3):
        folder, arguments = prepare()
        yield run_and_kill(work, folder, *arguments, after=delay), folder


def run(trials: int, folder: Path, *, exports: bool = True) -> list[Losses]:
    """Run all kinds of work; exports take most of the time."""
    sample = make_sample(folder / "sample")
    results = [
        _run_backups(trials, folder, sample),
        _run_restores(trials, folder, sample, share=False),
        _run_restores(trials, folder, sample, share=True),
    ]
    if exports:
        results.append(_run_export("roster", ".xlsx", export_roster, trials, folder, sample))
        results.append(_run_export("forms", ".pdf", export_forms, trials, folder, sample))
    return results


def _attach(data: Path, first: int) -> None:
    """Add files to a unit, numbered from the first on."""
    files = []
    for number in range(first, first + _ATTACHMENTS):
        files.append(data.parent / f"{number:04d}.pdf")
        files[-1].write_bytes(b"%PDF-1.4" + bytes([number]) * 200_000)
    with Office(data, Clock()) as office:
        office.attachments.add(of_unit(2), files)


def _lost_attachments(data: Path) -> str:
    """Return what is wrong with the contents that the rows of a data folder name."""
    report = check_database(data / DATABASE_NAME, extra=[attachment_check(data, thorough=True)])
    return "".join(finding.sentence for finding in report.findings)


def _run_backups(trials: int, folder: Path, sample: Path) -> Losses:
    data = folder / "backup"
    copy_office(sample, data)
    _attach(data, 0)
    backups_of(data).back_up(BackupKind.START)
    _attach(data, _ATTACHMENTS)
    before = digests(data / DATABASE_NAME)
    made = {backup.path for backup in list_backups(data / "backups")}
    beside = AttachmentFolder(data / "backups")
    shared = {stored for backup in made for stored in verify_backup(backup).shared}

    def prepare() -> tuple[Path, tuple[object, ...]]:
        for backup in list_backups(data / "backups"):
            if backup.path not in made:
                backup.path.unlink()
        for path in beside.orphans({stored.name for stored in shared}, before=math.inf):
            path.unlink()
        return data, ()

    def judge(_folder: Path) -> str:
        present = {backup.path for backup in list_backups(data / "backups")}
        for backup in present:
            try:
                manifest = verify_backup(backup)
            except AppError as error:
                return f"{backup.name}: {error}"
            count = _ATTACHMENTS if backup in made else 2 * _ATTACHMENTS
            if len([stored for stored in manifest.shared if beside.is_whole(stored)]) != count:
                return f"{backup.name}: not all attachments are beside it"
        if not made <= present:
            return "a backup made before is gone"
        if digests(data / DATABASE_NAME) != before:
            return "the database changed"
        return ""

    return kill_everywhere("backup", back_up, prepare, judge, trials)


def _run_restores(trials: int, folder: Path, sample: Path, *, share: bool) -> Losses:
    backup, restored = _backup_to_restore(folder, sample, share=share)
    data, present = folder / "restore", folder / "present"
    shutil.rmtree(present, ignore_errors=True)
    copy_office(sample, present)
    _attach(present, 0)
    before = digests(present / DATABASE_NAME)

    def prepare() -> tuple[Path, tuple[object, ...]]:
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(present, data)
        return data, (backup,)

    def judge(_folder: Path) -> str:
        database = data / DATABASE_NAME
        if not database.exists() or not check_database(database).ok:
            return "no good database"
        is_old = digests(database) == before
        if not is_old and digests(database) != restored:
            return "neither the old data nor the restored"
        lost = _lost_attachments(data)
        if lost:
            return lost
        backups_of(data).restore(backup)
        again = digests(database)
        return _lost_attachments(data) if again == restored else "the second try did not work"

    return kill_everywhere("restore of shared" if share else "restore", restore, prepare, judge, trials)


def _backup_to_restore(folder: Path, sample: Path, *, share: bool) -> tuple[Path, tuple[str, str]]:
    """Return a backup that differs from the sample, and its content; one to share lies in its own folder."""
    source = folder / f"other {share}"
    database = copy_office(sample, source)
    with Office(source, Clock()) as office:
        clerk = Clerk(office, seed=5)
        for _ in range(10):
            clerk.step()
    _attach(source, _ATTACHMENTS)
    backup = backups_of(source).back_up(target=None if share else folder / "other.cdobak")
    return backup.path, digests(database)


def _run_export(name: str, suffix: str, work: Work, trials: int, folder: Path, sample: Path) -> Losses:
    data = folder / f"export {name}"
    copy_office(sample, data)
    target = data / f"报表{suffix}"
    work(lambda _message: None, data, target)
    old = target.read_bytes()
    whole = _content(target)

    def prepare() -> tuple[Path, tuple[object, ...]]:
        target.write_bytes(old)
        return data, (target,)

    def judge(_folder: Path) -> str:
        if target.read_bytes() != old and _content(target) != whole:
            return "neither the old file nor the whole new one"
        return ""

    return kill_everywhere(f"export of {name}", work, prepare, judge, trials)


def _content(target: Path) -> object:
    if target.suffix == ".pdf":
        document = pypdfium2.PdfDocument(target)
        pages = [page.get_textpage().get_text_range().splitlines()[:3] for page in document]
        document.close()
        return pages
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(target) as book:
        return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    options = parser.parse_args()
    begun = time.monotonic()
    lost = 0
    with tempfile.TemporaryDirectory() as name:
        for losses in run(options.trials, Path(name)):
            print(losses, *losses.lost, sep="\n  ", flush=True)
            lost += len(losses.lost)
    print(f"R3 all in {time.monotonic() - begun:.0f} s")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
