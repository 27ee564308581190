"""Backups of a data folder: database, attachments and form texts in one sealed file, checked when made.

Those that stay in the data folder share the attachments, which lie beside them once (decision 014).
"""

import logging
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zipfile import ZipFile, ZipInfo

from cdo_desktop import __version__, paths, settings
from cdo_desktop.errors import AppError, StorageError, system_reason
from cdo_desktop.store.attachments import (
    TEMPORARY,
    AttachmentFolder,
    delete_contents,
    references_of,
)
from cdo_desktop.store.audit_chain import LINKS_TABLE, ChainHead, head_of
from cdo_desktop.store.backup_attachments import Gathered, gather, trees_of
from cdo_desktop.store.connection import not_a_database, storage_errors
from cdo_desktop.store.integrity import check_database, open_existing, quoted, stored_version, tables_of
from cdo_desktop.store.manifest import MANIFEST_NAME, BackupKind, Manifest, as_json, parse_manifest
from cdo_desktop.store.sealed_file import (
    PackedFile,
    Tick,
    add_file,
    add_zip,
    has_good_seal,
    holds,
    not_a_backup,
    open_sealed,
    read_small,
)

logger = logging.getLogger(__name__)

SUFFIX: Final = ".cdobak"
BEFORE_RESTORE: Final = ".before-restore-"  # in the name of what a restore put aside

_NAME = re.compile(r"(\d{8}-\d{6})(?:-(\d{1,4}))?-(" + "|".join(BackupKind) + r")\.cdobak")
_TIME = "%Y%m%d-%H%M%S"
_MOST_MANIFEST = 64 << 20
_DATABASE_ID_QUERY = "SELECT value FROM settings WHERE key = ?"


@dataclass(frozen=True)
class BackupFile:
    """A backup in the folder, as its name tells."""

    path: Path
    kind: BackupKind
    made_at: datetime
    serial: int = 0  # of backups made in one second


def backup_name(kind: BackupKind, at: datetime, serial: int = 0) -> str:
    """Return the file name that `list_backups` understands: 20261124-090001-启动.cdobak."""
    number = f"-{serial}" if serial else ""
    return f"{at.strftime(_TIME)}{number}-{kind}{SUFFIX}"


def free_name(folder: Path, kind: BackupKind, at: datetime) -> Path:
    """Return a name that no backup of any kind has yet."""
    taken = {backup.serial for backup in list_backups(folder) if backup.made_at == at.replace(microsecond=0)}
    return folder / backup_name(kind, at, max(taken, default=-1) + 1)


def list_backups(folder: Path) -> list[BackupFile]:
    """Return the backups of a folder, oldest first; other files are none of ours and left alone."""
    found = []
    for path in folder.glob(f"*{SUFFIX}"):
        match = _NAME.fullmatch(path.name)
        at = _parsed_time(match[1]) if match else None
        if match and at is not None:
            found.append(BackupFile(path, BackupKind(match[3]), at, int(match[2] or 0)))
    return sorted(found, key=lambda backup: (backup.made_at, backup.serial))


def _parsed_time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _TIME)  # noqa: DTZ007  local time, as the office knows it
    except ValueError:
        return None


def state_of(database: Path) -> str:
    """Return a text that changes whenever the database is written, restored or replaced.

    Only asks the folder: opening and closing the file would drop the locks that SQLite holds in this process.
    """
    facts = database.stat()
    return f"{facts.st_mtime_ns}-{facts.st_size}"


def write_backup(
    database: Path,
    target: Path,
    kind: BackupKind,
    at: datetime,
    tick: Tick = lambda _done: None,
    *,
    share: bool = False,
) -> Manifest:
    """Write a verified backup over the empty file ``target`` and return what it holds.

    Attachments are those that the copied rows name, whatever is added or removed meanwhile; with ``share``
    they are kept beside the backups of the data folder and not in the file. One whose content is lost keeps
    nothing else from being backed up: the manifest tells.

    The caller moves the file to its name only when this returns. Raises StorageError when the database cannot
    be read, is damaged, or the disk is full; nothing else is changed.
    """
    state = _copy_database(database, target)
    report = check_database(target, quick=True)
    if report.damaged:
        raise not_a_database(database)
    with storage_errors(target), open_existing(target) as connection:
        counts, schema = row_counts(connection), stored_version(connection)
        database_id, chain_head = database_id_of(connection), stored_head(connection)
        named = references_of(connection).files
    attached = gather(named, trees_of(database.parent), share=share, tick=tick)
    with add_zip(target, paths.DATABASE_NAME, tick) as (archive, packed):
        manifest = Manifest(
            kind=kind,
            made_at=at.replace(microsecond=0),
            program_version=__version__,
            schema=schema,
            database_id=database_id,
            state=state,
            counts=counts,
            problems=report.problems,
            files=(packed, *_add_files(archive, _files_of(attached, database.parent), tick)),
            chain_head=chain_head,
            shared=attached.shared,
            missing=attached.missing,
        )
        archive.writestr(ZipInfo(MANIFEST_NAME), as_json(manifest))
    _read_back(target, manifest, tick)
    return manifest


def _copy_database(database: Path, target: Path) -> str:
    """Copy all pages as of one moment, and return the state that they show."""
    with storage_errors(database), open_existing(database) as source, closing(sqlite3.connect(target)) as out:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on nobody else commits
        state = state_of(database)
        out.execute("PRAGMA journal_mode = OFF")  # a copy that is cut short is thrown away
        out.execute("PRAGMA synchronous = OFF")  # the finished backup is synced as a whole
        source.backup(out)
        source.execute("ROLLBACK")
        out.execute("PRAGMA journal_mode = DELETE")  # in case the original was left in another mode
    return state


def _files_of(attached: Gathered, data_folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield all that is packed beside the database, with the name in the backup."""
    for stored, path in attached.packed.items():
        yield path, stored.packed.name
    yield from _form_texts(data_folder)


def _add_files(archive: ZipFile, files: Iterable[tuple[Path, str]], tick: Tick) -> Iterator[PackedFile]:
    for path, name in files:
        try:
            yield add_file(archive, name, path, tick)
        except OSError as error:
            if error.filename is None:
                raise  # about the backup, not about this file
            raise StorageError(
                f"文件“{path}”读不出（{system_reason(error)}），没有备份。现有数据没有改动，请检查后再试。"
            ) from error


def _read_back(target: Path, manifest: Manifest, tick: Tick) -> None:
    """Compare the files with what was read of them; the database was hashed from its place already."""
    with open_sealed(target) as archive:
        whole = all(holds(archive, packed, tick) for packed in manifest.files[1:])
        whole = whole and read_small(archive, MANIFEST_NAME, _MOST_MANIFEST) == as_json(manifest)
    if not whole:
        raise StorageError("备份写完后读回的内容不一致，没有保留这份备份。现有数据没有改动，请检查磁盘。")


def row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    query = "SELECT count(*) FROM {}"
    return {
        table: int(connection.execute(query.format(quoted(table))).fetchone()[0])
        for table in tables_of(connection)
    }


def database_id_of(connection: sqlite3.Connection) -> str:
    """Return the id that a database carries on paper, or ""."""
    if "settings" not in tables_of(connection):
        return ""
    row = connection.execute(_DATABASE_ID_QUERY, (settings.DATABASE_ID,)).fetchone()
    return str(row[0]) if row else ""


def stored_head(connection: sqlite3.Connection) -> ChainHead | None:
    """Return the head of the audit chain; None in a database of an earlier program."""
    return head_of(connection) if LINKS_TABLE in tables_of(connection) else None


def _form_texts(data_folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the office's own words on the forms, with the name in the backup."""
    for path in sorted((data_folder / settings.TEXTS_FOLDER).rglob("*")):
        odd = path.name.startswith(TEMPORARY) or BEFORE_RESTORE in path.name
        if path.is_file() and not path.is_symlink() and not odd:
            yield path, path.relative_to(data_folder).as_posix()


def source_size(database: Path, *, share: bool) -> int:
    """Return how many bytes a backup of this data folder has to read, as far as can be told before."""
    if not database.exists():
        return 0
    size = sum(
        path.stat().st_size for path in (database, *(path for path, _name in _form_texts(database.parent)))
    )
    with storage_errors(database), open_existing(database) as connection:
        named = references_of(connection).files
    beside = trees_of(database.parent).beside
    return size + sum(stored.size for stored in named if not (share and beside.has(stored)))


def read_manifest(backup: Path) -> Manifest:
    """Return what a backup says about itself, without reading all of it; raises UnreadableFileError."""
    with open_sealed(backup) as archive:
        return parse_manifest(read_small(archive, MANIFEST_NAME, _MOST_MANIFEST))


def verify_backup(backup: Path, tick: Tick = lambda _done: None) -> Manifest:
    """Read a whole backup and return its manifest; raises UnreadableFileError or StorageError."""
    try:
        sealed = has_good_seal(backup, tick)
    except OSError as error:
        raise StorageError(
            f"备份“{backup}”读不出：{system_reason(error)}。没有改动任何数据，请检查后再试。"
        ) from error
    if not sealed:
        raise not_a_backup(backup)
    return read_manifest(backup)


def delete_backups(backups: list[BackupFile], kept: Callable[[BackupFile], bool]) -> int:
    """Delete those that are not kept and return how many went; one held open elsewhere goes next time."""
    deleted = 0
    for backup in backups:
        if kept(backup):
            continue
        try:
            backup.path.unlink()
            deleted += 1
        except OSError:
            logger.warning("an old backup could not be deleted: %s", backup.path.name, exc_info=True)
    return deleted


def delete_unshared(backups_folder: Path, now: datetime, seconds: float) -> int:
    """Delete the attachments beside the backups that no backup refers to any more; return how many went.

    While a single backup cannot be read, everything stays.
    """
    beside = AttachmentFolder(backups_folder)
    before = paths.file_time(now) - seconds  # a backup being made may have put one there just now
    if not beside.orphans(frozenset(), before):
        return 0
    referenced: set[str] = set()
    for backup in backups_folder.glob(f"*{SUFFIX}"):  # also one that was given another name
        try:
            referenced.update(stored.name for stored in read_manifest(backup).shared)
        except (AppError, OSError):
            logger.warning(
                "a backup cannot be read, no attachment is deleted: %s", backup.name, exc_info=True
            )
            return 0
    return delete_contents(beside.orphans(referenced, before))


def clear_leftovers(folders: tuple[Path, ...], now: datetime, seconds: float) -> None:
    """Delete what a killed backup or restore left behind, once it is so old that nobody works on it."""
    for folder in folders:
        for path in folder.glob(f"{TEMPORARY}*"):
            try:
                if abs(paths.file_time(now) - path.stat().st_mtime) < seconds:
                    continue
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
            except OSError:
                logger.warning("a leftover could not be deleted: %s", path.name, exc_info=True)
