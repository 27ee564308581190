"""The contents of attachments: files named by their digest, each there before any row names it.

`attachments/ab/ab12….pdf` in the data folder holds what rows refer to; the same tree below `backups/` holds a
second copy of all that a backup there refers to (decision 014).
"""

import hashlib
import logging
import os
import re
import secrets
import sqlite3
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cdo_desktop.errors import FileInUseError, StorageError, system_reason
from cdo_desktop.paths import sync_folder
from cdo_desktop.rules.attachments import KINDS, kind_of
from cdo_desktop.store.durable import make_folders, rename_over
from cdo_desktop.store.sealed_file import PackedFile, Tick, file_digest

logger = logging.getLogger(__name__)

ATTACHMENTS_FOLDER: Final = "attachments"
TEMPORARY: Final = ".cdo-"  # how every unfinished file begins (documents.atomic)
_DIGEST = re.compile("[0-9a-f]{64}")
_SUFFIXES = "|".join(kind.suffix for kind in KINDS)
_NAME = re.compile(f"([0-9a-f]{{2}})/(\\1[0-9a-f]{{62}}\\.(?:{_SUFFIXES}))")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class StoredFile:
    """One content, as its rows tell of it."""

    sha256: str
    suffix: str
    size: int

    @property
    def name(self) -> str:
        """Its path below the folder of attachments, with slashes."""
        return f"{self.sha256[:2]}/{self.sha256}.{self.suffix}"

    @property
    def is_named_right(self) -> bool:
        """Whether the name is one that `AttachmentFolder` gives, and so leads nowhere else."""
        return _NAME.fullmatch(self.name) is not None

    @property
    def packed(self) -> PackedFile:
        """The same as an entry of a backup."""
        return PackedFile(f"{ATTACHMENTS_FOLDER}/{self.name}", self.size, self.sha256)


class _OtherContentError(Exception):
    """What was read is not what the name says."""


def _no_tick(_done: int) -> None: ...


class AttachmentFolder:
    """One tree of contents; needs no database."""

    def __init__(self, parent: Path) -> None:
        """``parent`` is the data folder, or the folder of its backups."""
        self._parent = parent
        self.path = parent / ATTACHMENTS_FOLDER

    def path_of(self, stored: StoredFile) -> Path:
        """Return where a content lies, or would lie."""
        return self.path / stored.name

    def has(self, stored: StoredFile) -> bool:
        """Tell whether a file of that name and size is there; its content is not read."""
        try:
            return self.path_of(stored).stat().st_size == stored.size
        except OSError:
            return False

    def is_whole(self, stored: StoredFile) -> bool:
        """Read a content and tell whether it is what its name says."""
        try:
            return self.has(stored) and file_digest(self.path_of(stored)) == stored.sha256
        except OSError:
            return False

    def put(self, content: bytes, suffix: str) -> StoredFile:
        """Keep a content, and return its name once it is on the disk and was read back.

        Raises StorageError or FileInUseError when the disk refuses; nothing that was there is changed then.
        """
        stored = StoredFile(hashlib.sha256(content).hexdigest(), suffix, len(content))
        if self.is_whole(stored):
            self.renew(stored)
        else:
            with _storage_errors(self.path):
                self._write(stored, [content], _no_tick)
        return stored

    def copy_from(self, other: "AttachmentFolder", stored: StoredFile, tick: Tick = _no_tick) -> bool:
        """Keep a content that lies in another tree; False when it is missing there, or not what it was.

        Raises StorageError or FileInUseError when the disk refuses.
        """
        source = other.path_of(stored)
        with _storage_errors(self.path):
            try:
                with source.open("rb") as file:
                    self._write(stored, iter(lambda: file.read(_CHUNK), b""), tick)
            except _OtherContentError:
                return False
            except OSError as error:
                if error.filename is None or Path(os.fsdecode(error.filename)) != source:
                    raise
                return False
        return True

    def read(self, stored: StoredFile) -> bytes | None:
        """Return a content, or None when it is missing or not what it was."""
        try:
            content = self.path_of(stored).read_bytes()
        except OSError as error:
            logger.warning("an attachment cannot be read: %s: %s", stored.name, type(error).__name__)
            return None
        is_whole = len(content) == stored.size and hashlib.sha256(content).hexdigest() == stored.sha256
        return content if is_whole else None

    def renew(self, stored: StoredFile) -> None:
        """Let a content count as new: nobody collects it before a row names it or a day has gone by."""
        try:
            os.utime(self.path_of(stored))
        except OSError:
            logger.warning("the time of an attachment cannot be set: %s", stored.name, exc_info=True)

    def _write(self, stored: StoredFile, chunks: Iterable[bytes], tick: Tick) -> None:
        target = self.path_of(stored)
        make_folders(target.parent, self._parent)
        fresh = self.path / f"{TEMPORARY}{secrets.token_hex(4)}.{stored.suffix}"
        digest, size = hashlib.sha256(), 0
        try:
            with fresh.open("xb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                    tick(len(chunk))
                file.flush()
                os.fsync(file.fileno())
            if (digest.hexdigest(), size) != (stored.sha256, stored.size):
                raise _OtherContentError
            if file_digest(fresh) != stored.sha256:
                raise StorageError("附件写完后读回的内容不一致，没有保存。已有的数据没有改动，请检查磁盘。")
            rename_over(fresh, target)
            sync_folder(target.parent)
            sync_folder(self.path)  # in case a killed process made the folder and could not sync it
        finally:
            fresh.unlink(missing_ok=True)

    def orphans(self, referenced: Container[str], before: float) -> list[Path]:
        """Return the contents that nobody refers to and that are older than ``before``, seconds of the epoch.

        ``referenced`` has their names; files with names that are none of ours are left alone.
        """
        found = []
        for path in self.path.glob("??/*"):
            name = f"{path.parent.name}/{path.name}"
            if _NAME.fullmatch(name) and name not in referenced and _is_older(path, before):
                found.append(path)
        return found


def _is_older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except OSError:
        return False


def delete_contents(files: Iterable[Path]) -> int:
    """Delete contents and return how many went; one that is held open elsewhere goes next time."""
    deleted = 0
    for path in files:
        try:
            path.unlink()
            deleted += 1
        except OSError:
            logger.warning("an attachment could not be deleted: %s", path.name, exc_info=True)
    return deleted


@dataclass(frozen=True)
class References:
    """What the rows of a database refer to: contents with the name of a row each; rows that name none."""

    files: dict[StoredFile, str]
    odd: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The names of the contents."""
        return frozenset(stored.name for stored in self.files)


def references_of(connection: sqlite3.Connection) -> References:
    """Return what the rows refer to; nothing for a database from before there were attachments."""
    query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'attachments'"
    if not connection.execute(query).fetchone()[0]:
        return References({})
    files: dict[StoredFile, str] = {}
    odd = []
    rows = connection.execute("SELECT id, sha256, media_type, size, name FROM attachments ORDER BY id")
    for row_id, sha256, media_type, size, name in rows:
        kind = kind_of(str(media_type))
        if kind is None or not _DIGEST.fullmatch(str(sha256)) or not isinstance(size, int):
            odd.append(f"attachments row {row_id}")
        else:
            files.setdefault(StoredFile(str(sha256), kind.suffix, size), str(name))
    return References(files, tuple(odd))


@contextmanager
def _storage_errors(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into sentences; nothing has been saved then."""
    try:
        yield
    except PermissionError as error:
        raise FileInUseError(
            f"附件文件夹“{folder}”里的文件正被别的程序使用，或不允许写入，没有保存。"
            "已有的数据没有改动，请稍后再试，或检查权限。"
        ) from error
    except OSError as error:
        raise StorageError(
            f"附件没有保存：写入“{folder}”时出错（{system_reason(error)}）。"
            "已有的数据没有改动，请检查磁盘和空间后再试。"
        ) from error
