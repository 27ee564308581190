"""Keeping the data safe: backups on their ladder, the check of the database, and the way back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from cdo_desktop import paths
from cdo_desktop.documents.atomic import atomic_target
from cdo_desktop.errors import AppError, StorageError, UnreadableFileError
from cdo_desktop.services.audit import BACKUPS, RESTORED, anchor_check, trail_check
from cdo_desktop.services.journal import Journal, Values, note
from cdo_desktop.services.setup import finish_transaction
from cdo_desktop.store import Database
from cdo_desktop.store.attachments import ATTACHMENTS_FOLDER
from cdo_desktop.store.backup import (
    BackupFile,
    clear_leftovers,
    database_id_of,
    delete_backups,
    delete_unshared,
    free_name,
    list_backups,
    read_manifest,
    row_counts,
    source_size,
    state_of,
    write_backup,
)
from cdo_desktop.store.backup_attachments import BACKUPS_FOLDER, attachment_check
from cdo_desktop.store.connection import storage_errors
from cdo_desktop.store.integrity import (
    CheckReport,
    NamedCheck,
    check_database,
    open_existing,
    run_checks,
)
from cdo_desktop.store.ladder import kept_backups
from cdo_desktop.store.manifest import BackupKind, Manifest
from cdo_desktop.store.restore import Restored, Unpacked, restore_backup, unpacked
from cdo_desktop.store.schema import HEAD, open_database, schema_version
from cdo_desktop.store.write_gate import CHECKING, DAMAGED, WriteGate

Progress: TypeAlias = Callable[[int, int], None]  # done, of how much; raises CancelledError to stop
Note: TypeAlias = Callable[[str, Values], None]  # action, and what there is to say of it

START_AFTER: Final = timedelta(hours=20)
BACKED_UP: Final = "备份"
NOT_BACKED_UP: Final = "备份没有成功"
CHECK_FAILED: Final = "数据检查发现问题"
_LEFTOVER_AFTER = 2 * 60 * 60  # seconds
UNSHARED_AFTER: Final = 24 * 60 * 60  # seconds
_COUNTED = {
    "units": "单位",
    "persons": "人员",
    "tenures": "任职",
    "filings": "备案",
    "attachments": "附件",
    "history": "变更记录",
}


@dataclass(frozen=True)
class BackupRow:
    """One backup of the data folder, for the list."""

    path: Path
    kind: BackupKind
    made_at: datetime
    size: int  # bytes
    missing: int = 0  # attachments whose content was lost already; only told when it is made


@dataclass(frozen=True)
class CountRow:
    """How many records of a kind there are; None where they cannot be counted."""

    label: str
    in_backup: int
    now: int | None


@dataclass(frozen=True)
class BackupFacts:
    """What a backup would bring back, beside what there is now; it has been unpacked and checked in full."""

    manifest: Manifest
    counts: tuple[CountRow, ...]
    problems: tuple[str, ...]
    missing: int  # attachments whose content is nowhere to be found
    other_database: bool  # the backup is of another office's data, or of the sample


class BackupService:
    """Backs up, checks and restores one data folder; needs no open database."""

    def __init__(
        self,
        data_folder: Path,
        journal: Journal,
        checks: Sequence[NamedCheck] = (),
        note: Note = lambda _action, _values: None,
    ) -> None:
        """``checks`` are asked of the database beside those of its structure.

        ``note`` writes what was done into the history of the open database.
        """
        self._folder = data_folder
        self._database = data_folder / paths.DATABASE_NAME
        self._backups = data_folder / BACKUPS_FOLDER
        self._journal = journal
        self._checks = tuple(checks)
        self._trail_checks = (trail_check(), anchor_check(self._backups))
        self._note = note
        self._last_report: CheckReport | None = None

    def check(self, *, thorough: bool = False) -> CheckReport:
        """Look the database and its attachments over; raises StorageError when it is missing or locked.

        While the last check found a problem, no backup is deleted.
        """
        attachments = attachment_check(self._folder, thorough=thorough)
        checks = (*self._checks, *self._trail_checks, attachments)
        report = check_database(self._database, now=self._journal.clock(), thorough=thorough, extra=checks)
        self._last_report = report
        return report

    def check_trail(self) -> CheckReport:
        """Look only at the audit trail: its chain, and whether backups know more of it."""
        return run_checks(self._database, self._trail_checks)

    def guard_start(self, gate: WriteGate) -> CheckReport:
        """After the first paint: check, then let everybody write, then back up when that is due.

        Writers are held back while it runs, and for good when a problem is found; reading goes on. The audit
        trail and the attachments are looked at after that: whatever is wrong with them stops nobody's work
        (decisions 012, 014). Raises
        StorageError when the database is locked (the gate stays shut: try again) or the backup did not work
        (the gate is open).
        """
        gate.shut(CHECKING)
        report = check_database(self._database, now=self._journal.clock(), extra=self._checks)
        self._last_report = report
        if report.stops_work:
            gate.shut(DAMAGED)
            return report
        gate.open()
        aside = (*self._trail_checks, attachment_check(self._folder, thorough=False))
        report = report.with_more(run_checks(self._database, aside))
        self._last_report = report
        if not report.ok:
            self._note(CHECK_FAILED, {"problems": len(report.problems)})
        self.back_up_if_due()
        return report

    def back_up(
        self,
        kind: BackupKind = BackupKind.MANUAL,
        target: Path | None = None,
        progress: Progress | None = None,
    ) -> BackupRow:
        """Write a verified backup into the data folder, or to ``target`` (a file, or a folder to put it in).

        One written to a ``target`` holds all attachments; those of the data folder share them, and are
        then thinned to the ladder, but for those made by hand. Raises StorageError when the database is
        damaged, locked or missing, or the disk is full.
        """
        at = self._journal.clock()
        if target is None or target.is_dir():
            file = free_name(paths.make_folder(target or self._backups), kind, at)
        else:
            file = target
        share = target is None
        told = {"kind": str(kind), "file": file.name}
        self._note(BACKED_UP, told)  # first, so that the backup holds it and equals the database
        try:
            tick = _ticks(progress, source_size(self._database, share=share))
            with atomic_target(file) as fresh:
                manifest = write_backup(self._database, fresh, kind, at, tick, share=share)
        except AppError:
            self._note(NOT_BACKED_UP, told)
            raise
        if target is None and not manifest.problems:
            self._thin(at)
        return BackupRow(file, kind, manifest.made_at, file.stat().st_size, len(manifest.missing))

    def back_up_if_due(self) -> BackupRow | None:
        """At start: back up when the last one is older than 20 hours; return None when it is not.

        A backup from the future (a wrong clock) does not count.
        """
        now = self._journal.clock()
        if not self._has_database():
            return None
        past = [backup.made_at for backup in list_backups(self._backups) if backup.made_at <= now]
        if past and now - max(past) < START_AFTER:
            return None
        return self.back_up(BackupKind.START)

    def back_up_if_changed(self) -> BackupRow | None:
        """On close: back up when no backup holds the present state; return None when one does."""
        if not self._has_database():
            return None
        state = state_of(self._database)
        newest_first = reversed(list_backups(self._backups))
        if any(_state_in(backup) == state for backup in newest_first):
            return None
        return self.back_up(BackupKind.CLOSE)

    def backups(self) -> tuple[BackupRow, ...]:
        """Return the backups in the data folder, newest first."""
        return tuple(
            BackupRow(backup.path, backup.kind, backup.made_at, backup.path.stat().st_size)
            for backup in reversed(list_backups(self._backups))
        )

    def last_backup(self) -> datetime | None:
        """Return when the newest backup was made, one from the future left out."""
        now = self._journal.clock()
        past = [backup.made_at for backup in list_backups(self._backups) if backup.made_at <= now]
        return max(past, default=None)

    def examine(self, backup: Path, progress: Progress | None = None) -> BackupFacts:
        """Unpack a backup, check all of it and compare it with the present data (恢复演练); changes nothing.

        Raises UnreadableFileError for a wrong or damaged file.
        """
        folder = paths.make_folder(self._folder)
        ticks = _ticks(progress, _size(backup))
        with unpacked(backup, folder, ticks, (trail_check(),)) as content:
            report = content.report
            manifest, missing = content.manifest, content.missing
        counts, database_id = self._present()
        rows = tuple(
            CountRow(label, manifest.counts.get(table, 0), counts.get(table) if counts else None)
            for table, label in _COUNTED.items()
        )
        other = bool(database_id) and manifest.database_id != database_id
        return BackupFacts(manifest, rows, report.problems, missing, other)

    def restore(self, backup: Path, progress: Progress | None = None) -> Restored:
        """Put a backup in the place of the present data, which is kept beside it; close the database first.

        The restored data is brought up to date and says in its history when and from what it was restored.
        Raises UnreadableFileError for a wrong or damaged file, StorageError when the disk or another program
        is in the way; nothing is changed then.
        """
        paths.make_folder(self._folder)
        tick = _ticks(progress, _size(backup))
        return restore_backup(backup, self._database, self._journal.clock(), self._bring_up_to_date, tick)

    def _bring_up_to_date(self, content: Unpacked) -> None:
        database = open_database(content.database)
        # Whoever works now may be none of the operators that the backup knows.
        journal = Journal(self._journal.clock, self._journal.actor)
        database.before_commit = partial(finish_transaction, journal)
        try:
            with database.write() as session:
                made_at = content.manifest.made_at.isoformat(sep=" ", timespec="seconds")
                journal.record(session, RESTORED, BACKUPS, 0, after={"made_at": made_at})
        finally:
            database.close()

    def _thin(self, now: datetime) -> None:
        if self._last_report is not None and not self._last_report.ok:
            return  # the last good one may be among the old ones, or the witness of what was cut off
        automatic = [backup for backup in list_backups(self._backups) if backup.kind is not BackupKind.MANUAL]
        kept = kept_backups(automatic, lambda backup: backup.made_at, now)
        delete_backups(automatic, kept.__contains__)
        delete_unshared(self._backups, now, UNSHARED_AFTER)
        own, beside = self._folder / ATTACHMENTS_FOLDER, self._backups / ATTACHMENTS_FOLDER
        clear_leftovers((self._backups, self._folder, own, beside), now, _LEFTOVER_AFTER)

    def _has_database(self) -> bool:
        return self._database.exists() and self._database.stat().st_size > 0

    def _present(self) -> tuple[dict[str, int] | None, str]:
        """Return the present counts and the database's id; None and "" when it cannot be read."""
        if not self._has_database():
            return None, ""
        try:
            with storage_errors(self._database), open_existing(self._database) as connection:
                return row_counts(connection), database_id_of(connection)
        except StorageError:
            return None, ""  # damaged: that is why somebody looks at a backup


def note_backup(data_folder: Path, journal: Journal, file: Path) -> None:
    """Tell the history of a database that is not open of its backup, unless it is of an older program."""
    path = data_folder / paths.DATABASE_NAME
    if schema_version(path) == HEAD:
        database = Database(path)
        database.before_commit = partial(finish_transaction, journal)
        note(database, journal, BACKED_UP, BACKUPS, {"kind": str(BackupKind.MANUAL), "file": file.name})
        database.close()


def refuse_lost_database(data_folder: Path) -> None:
    """Raise StorageError when the database is gone or empty, but there are backups of it.

    An empty register in its place would look as if everything had been deleted. Call before it is opened.
    """
    database = data_folder / paths.DATABASE_NAME
    backups = list_backups(data_folder / BACKUPS_FOLDER)
    if backups and schema_version(database) is None:
        newest = max(backup.made_at for backup in backups)
        raise StorageError(
            f"数据库“{database}”不见了或是空的，但有 {len(backups)} 份备份，最近在 {newest:%Y-%m-%d}。"
            f"没有新建空的名册。请从备份恢复；确实要重新开始，请先移走文件夹“{BACKUPS_FOLDER}”。"
        )


def _state_in(backup: BackupFile) -> str:
    """Return the state of the database that a backup holds, or "" for a file that cannot be read."""
    try:
        return read_manifest(backup.path).state
    except (UnreadableFileError, OSError):
        return ""


def _ticks(progress: Progress | None, size: int) -> Callable[[int], None]:
    """Turn bytes done into steps of a progress bar; every byte is handled twice: packed and read back."""
    if progress is None:
        return lambda _done: None
    done, total = 0, 2 * size

    def tick(count: int) -> None:
        nonlocal done
        done = min(done + count, total)
        progress(done, total)

    return tick


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
