"""Putting a backup in the place of the present data: unpack, verify, prepare, then swap."""

import logging
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cdo_desktop import paths
from cdo_desktop.errors import FileInUseError, StorageError, system_reason
from cdo_desktop.store.attachments import ATTACHMENTS_FOLDER, TEMPORARY, AttachmentFolder, StoredFile
from cdo_desktop.store.backup import (
    BEFORE_RESTORE,
    row_counts,
    verify_backup,
)
from cdo_desktop.store.backup_attachments import BACKUPS_FOLDER, first_whole
from cdo_desktop.store.connection import connect, storage_errors
from cdo_desktop.store.durable import make_folders, rename_over, sync_file
from cdo_desktop.store.integrity import (
    CheckReport,
    NamedCheck,
    check_database,
    is_from_outside,
    open_existing,
)
from cdo_desktop.store.manifest import Manifest
from cdo_desktop.store.schema import HEAD
from cdo_desktop.store.sealed_file import (
    PackedFile,
    Tick,
    extract,
    extract_database,
    file_digest,
    not_a_backup,
    open_sealed,
)

logger = logging.getLogger(__name__)

JOURNALS: Final = ("-journal", "-wal", "-shm")
_RENAMES_OPEN_FILES = os.name != "nt"  # Windows does not, and protects them from others by that itself
_FOLDER = f"{TEMPORARY}restore-"
_SPARE = 16 << 20  # bytes to leave on the disk
_WRITE_VERSION, _HIGHEST_WRITE_VERSION = 18, 2  # place in the header of SQLite's file, and rollback or WAL
_NOTHING_CHANGED = "没有恢复，现有数据没有改动。"
_TEXTS_LEFT = "名册等数据已经恢复，只有表格文字没有全部恢复。"


@dataclass(frozen=True)
class Unpacked:
    """A backup unpacked in a temporary folder and found whole.

    ``files`` are those of the folder beside the database. ``missing`` counts the attachments whose content is
    neither in the backup nor beside it nor in the present data.
    """

    folder: Path
    manifest: Manifest
    report: CheckReport
    files: tuple[PackedFile, ...]
    missing: int

    @property
    def database(self) -> Path:
        """The unpacked database."""
        return self.folder / paths.DATABASE_NAME


@dataclass(frozen=True)
class Restored:
    """What a restore did. ``kept`` is the database that was there before, if there was one."""

    manifest: Manifest
    kept: Path | None
    files_added: int
    files_replaced: int
    missing: int  # attachments whose content could not be found


@contextmanager
def unpacked(
    backup: Path,
    data_folder: Path,
    tick: Tick = lambda _done: None,
    checks: Sequence[NamedCheck] = (),
) -> Iterator[Unpacked]:
    """Unpack a backup beside the data and check it in full; the folder is gone when the block ends.

    Raises UnreadableFileError when the file is no good backup, StorageError when there is no room or a newer
    program wrote it.
    """
    manifest = verify_backup(backup, tick)
    if manifest.schema > HEAD:
        raise StorageError(
            f"备份“{backup.name}”由更新版本的程序（{manifest.program_version}）写成。"
            f"{_NOTHING_CHANGED}请安装新版本的程序后再恢复。"
        )
    own = AttachmentFolder(data_folder)
    absent = [stored for stored in manifest.shared if not own.is_whole(stored)]
    _require_room(data_folder, manifest.size + sum(stored.size for stored in absent))
    folder = data_folder / f"{_FOLDER}{secrets.token_hex(4)}"
    try:
        with _as_storage_error(data_folder):
            folder.mkdir()
            _unpack(backup, manifest, folder, tick)
            fetched = _fetch(absent, folder, (backup.parent, data_folder / BACKUPS_FOLDER), tick)
        missing = len(absent) - len(fetched) + len(manifest.missing)
        yield Unpacked(
            folder,
            manifest,
            _verified(backup, manifest, folder, checks),
            (*manifest.files[1:], *fetched),
            missing,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # what stays is cleared with the other leftovers


def restore_backup(
    backup: Path,
    database: Path,
    at: datetime,
    prepare: Callable[[Unpacked], None] = lambda _content: None,
    tick: Tick = lambda _done: None,
) -> Restored:
    """Put the content of a backup in the place of a database and the files beside it.

    ``prepare`` is called before anything is swapped: to bring the unpacked database up to date and to record
    the restore in it. Until the swap every error leaves the present data as it is; the swap itself is one
    renaming. The present database is kept as ``*.before-restore-YYYYmmdd-HHMMSS``, and so is a file that
    differs; attachments and texts that the backup does not have stay.
    """
    stamp = at.strftime("%Y%m%d-%H%M%S")
    with unpacked(backup, database.parent, tick) as content:
        prepare(content)
        prefix = f"{ATTACHMENTS_FOLDER}/"
        attached = [packed for packed in content.files if packed.name.startswith(prefix)]
        with _as_storage_error(database.parent):
            sync_file(content.database)
            # Attachments first: no row may name a file that is not there, whenever the power goes.
            added, replaced = _place_files(attached, content.folder, database.parent, stamp)
            kept = _swap(content.database, database, stamp)
        with _as_storage_error(database.parent, _TEXTS_LEFT):
            others = [packed for packed in content.files if not packed.name.startswith(prefix)]
            more, different = _place_files(others, content.folder, database.parent, stamp)
    return Restored(content.manifest, kept, added + more, replaced + different, content.missing)


def _require_room(data_folder: Path, size: int) -> None:
    with _as_storage_error(data_folder):
        free = shutil.disk_usage(data_folder).free
    if free < size + _SPARE:
        raise StorageError(
            f"“{data_folder.drive or data_folder}”的空间不够，恢复需要 {(size + _SPARE) >> 20} MB。"
            f"{_NOTHING_CHANGED}请清理后再试。"
        )


def _unpack(backup: Path, manifest: Manifest, folder: Path, tick: Tick) -> None:
    with open_sealed(backup) as archive:
        database, *others = manifest.files
        extract_database(backup, database, folder / paths.DATABASE_NAME, tick)
        for packed in others:
            target = folder / packed.name
            target.parent.mkdir(parents=True, exist_ok=True)
            extract(archive, packed, target, tick)


def _fetch(
    absent: Sequence[StoredFile], folder: Path, places: Sequence[Path], tick: Tick
) -> tuple[PackedFile, ...]:
    """Copy the attachments that lie beside backups to the unpacked ones, and return those that were found."""
    unpacked_to = AttachmentFolder(folder)
    sources = [AttachmentFolder(place) for place in dict.fromkeys(place.absolute() for place in places)]
    fetched = []
    for stored in absent:
        source = first_whole(stored, sources)
        if source is not None and unpacked_to.copy_from(source, stored, tick):
            fetched.append(stored.packed)
    return tuple(fetched)


def _verified(backup: Path, manifest: Manifest, folder: Path, checks: Sequence[NamedCheck]) -> CheckReport:
    database = folder / paths.DATABASE_NAME
    report = check_database(database, extra=checks)
    if report.damaged:
        raise not_a_backup(backup)
    with storage_errors(database), open_existing(database) as connection:
        counts = row_counts(connection)
    if counts != dict(manifest.counts):
        raise not_a_backup(backup)
    return report


def _place_files(
    files: Sequence[PackedFile], unpacked_to: Path, data_folder: Path, stamp: str
) -> tuple[int, int]:
    """Move files to their place in the data folder; return how many are new and how many differed."""
    added = replaced = 0
    for packed in files:
        target = data_folder / packed.name
        make_folders(target.parent, data_folder)
        if not target.exists():
            added += 1
        elif target.stat().st_size == packed.size and file_digest(target) == packed.sha256:
            continue
        else:
            _put_aside(target, stamp)
            replaced += 1
        (unpacked_to / packed.name).replace(target)
        paths.sync_folder(target.parent)
    return added, replaced


def _swap(new: Path, database: Path, stamp: str) -> Path | None:
    """Give the database's name to the new file, in one step that cannot be cut in two."""
    if not database.exists():
        _remove_journals(database)  # of a database that is gone; they would change the new one
        rename_over(new, database)
        _sync_swapped(database.parent)
        return None
    shutil.copymode(database, new)
    with _alone(database) as healthy:
        kept = _put_aside(database, stamp)
        try:
            if healthy:
                _remove_journals(database)  # all rolled back by now; what is left is a stranger's
            else:
                _move_journals(database, kept)
            rename_over(new, database)
        except OSError:
            _take_back(kept, database)
            raise
        _sync_swapped(database.parent)
    return kept


def _sync_swapped(folder: Path) -> None:
    """Write the swap to the disk. If that fails it is done all the same, and nobody may be told otherwise."""
    try:
        paths.sync_folder(folder)
    except OSError:
        logger.warning("the folder could not be synced after a restore", exc_info=True)


def _take_back(kept: Path, database: Path) -> None:
    """Undo a swap that the system refused."""
    _move_journals(kept, database)
    if database.exists():
        kept.unlink()
    else:
        kept.rename(database)


@contextmanager
def _alone(database: Path) -> Iterator[bool]:
    """Keep others from writing for the length of the block; yield False for a file that cannot be read.

    A transaction that was cut short is rolled back here, so that what is kept is whole.
    """
    address = f"{database.absolute().as_uri()}?mode=rw"
    with (
        storage_errors(database),
        closing(connect(address, uri=True)) as connection,
    ):
        healthy = True
        try:
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError as error:
            if is_from_outside(error) and not _is_marked_read_only(database):
                raise
            healthy = False
        if not _RENAMES_OPEN_FILES:
            _close_keeping_journals(connection, database, healthy)
        yield healthy


def _is_marked_read_only(database: Path) -> bool:
    """Whether the header asks for a newer SQLite to write, as only a damaged one of ours can."""
    with database.open("rb") as file:
        header = file.read(_WRITE_VERSION + 1)
    return len(header) > _WRITE_VERSION and header[_WRITE_VERSION] > _HIGHEST_WRITE_VERSION


def _close_keeping_journals(connection: sqlite3.Connection, database: Path, healthy: bool) -> None:
    """Close before the renaming; of what cannot be read SQLite would delete the journal, and with it data."""
    beside = [] if healthy else [_beside(database, suffix) for suffix in JOURNALS]
    kept = {journal: journal.read_bytes() for journal in beside if journal.exists()}
    connection.close()
    for journal, content in kept.items():
        if not journal.exists():
            journal.write_bytes(content)


def _put_aside(path: Path, stamp: str) -> Path:
    """Give a file a second name that tells it was there before; the first one is then replaced."""
    kept = path.with_name(f"{path.name}{BEFORE_RESTORE}{stamp}")
    serial = 1
    while kept.exists():
        serial += 1
        kept = path.with_name(f"{path.name}{BEFORE_RESTORE}{stamp}-{serial}")
    try:
        kept.hardlink_to(path)  # the file never lacks its own name, whenever the power goes
    except OSError:
        logger.info("no hard links here; the file is renamed instead")
        path.rename(kept)
    return kept


def _remove_journals(database: Path) -> None:
    for suffix in JOURNALS:
        _beside(database, suffix).unlink(missing_ok=True)


def _move_journals(database: Path, other: Path) -> None:
    for suffix in JOURNALS:
        if _beside(database, suffix).exists():
            _beside(database, suffix).replace(_beside(other, suffix))


def _beside(database: Path, suffix: str) -> Path:
    return database.with_name(f"{database.name}{suffix}")


@contextmanager
def _as_storage_error(data_folder: Path, outcome: str = _NOTHING_CHANGED) -> Iterator[None]:
    """Turn what the system refuses into sentences that say what the data is like now."""
    try:
        yield
    except PermissionError as error:
        raise FileInUseError(
            f"“{error.filename or data_folder}”正被别的程序使用，或不允许写入。{outcome}"
            "请关闭本程序的其他窗口和杀毒软件的扫描，再试一次。"
        ) from error
    except OSError as error:
        raise StorageError(
            f"恢复时读写“{data_folder}”出错：{system_reason(error)}。{outcome}请检查磁盘和空间后再试。"
        ) from error
