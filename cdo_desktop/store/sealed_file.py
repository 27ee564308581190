"""The file of a backup: the database as it is, then a zip of all else, then a seal.

The database is copied to where it stays: what SQLite has checked is what is kept, and nothing is written
twice. Zip programs read a zip that has something before it, and SQLite a database with something after it; so
both can be reached without this program. The seal, in the comment at the very end, is the SHA-256 of all
bytes before it; it finds every changed or missing byte before anything is unpacked.
"""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from cdo_desktop.errors import UnreadableFileError

Tick: TypeAlias = Callable[[int], None]  # bytes done since the last one; raises CancelledError to stop

_CHUNK = 1 << 20
_SEAL_LENGTH = 64  # hexadecimal digits
_NO_SEAL = b"0" * _SEAL_LENGTH
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError)


@dataclass(frozen=True)
class PackedFile:
    """One file of a backup: its path inside, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


@contextmanager
def add_zip(target: Path, name: str, tick: Tick) -> Iterator[tuple[zipfile.ZipFile, PackedFile]]:
    """Append a zip to a database for the block to fill, then seal both.

    The block is also given what the database is, under the ``name`` it shall have.
    """
    digest = hashlib.sha256()
    # Opened once: given a path that it cannot open, zipfile would begin a file anew, without the database.
    with target.open("r+b") as file:
        size = 0
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            tick(len(chunk))
        with zipfile.ZipFile(file, "a") as archive:
            archive.comment = _NO_SEAL
            yield archive, PackedFile(name, size, digest.hexdigest())
        _seal(file, size, digest, tick)


def _seal(file: IO[bytes], size: int, digest: "hashlib._Hash", tick: Tick) -> None:
    """Add what comes after the first ``size`` bytes to their digest, and write that at the very end."""
    left = file.seek(0, os.SEEK_END) - size - _SEAL_LENGTH
    file.seek(size)
    while left > 0:
        chunk = file.read(min(_CHUNK, left))
        digest.update(chunk)
        left -= len(chunk)
        tick(len(chunk))
    digest.update(_NO_SEAL)
    file.seek(-_SEAL_LENGTH, os.SEEK_END)
    file.write(digest.hexdigest().encode("ascii"))


def add_file(archive: zipfile.ZipFile, name: str, source: Path, tick: Tick) -> PackedFile:
    """Put a file into the zip and return what was read of it."""
    digest, size = hashlib.sha256(), 0
    # Stored: scans do not get smaller, and a date from the file could not lie before 1980.
    with source.open("rb") as file, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as out:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
            size += len(chunk)
            tick(len(chunk))
    return PackedFile(name, size, digest.hexdigest())


def has_good_seal(path: Path, tick: Tick = lambda _done: None) -> bool:
    """Read a whole file and tell whether it is exactly what was sealed."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        left = os.fstat(file.fileno()).st_size - _SEAL_LENGTH
        if left <= 0:
            return False
        while left > 0:
            chunk = file.read(min(_CHUNK, left))
            if not chunk:
                return False
            digest.update(chunk)
            left -= len(chunk)
            tick(len(chunk))
        seal = file.read(_SEAL_LENGTH + 1)
    digest.update(_NO_SEAL)
    return seal == digest.hexdigest().encode("ascii")


@contextmanager
def open_sealed(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip for reading; raises UnreadableFileError for whatever is wrong with it."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _BROKEN as error:
        raise not_a_backup(path) from error


def read_small(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Return the content of an entry that has at most ``limit`` bytes."""
    with archive.open(name) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise zipfile.BadZipFile(f"{name} is too large")
    return content


def extract(archive: zipfile.ZipFile, packed: PackedFile, target: Path, tick: Tick) -> None:
    """Write one file of the zip to ``target``; raises BadZipFile when it is not what was packed."""
    with archive.open(packed.name) as file:
        _copy(file, packed, target, tick)


def extract_database(backup: Path, packed: PackedFile, target: Path, tick: Tick) -> None:
    """Write the database at the head of a backup to ``target``; raises BadZipFile as `extract` does."""
    with backup.open("rb") as file:
        _copy(file, packed, target, tick)


def _copy(source: IO[bytes], packed: PackedFile, target: Path, tick: Tick) -> None:
    digest, left = hashlib.sha256(), packed.size
    with target.open("xb") as out:
        while left > 0 and (chunk := source.read(min(_CHUNK, left))):
            digest.update(chunk)
            out.write(chunk)
            left -= len(chunk)
            tick(len(chunk))
        out.flush()
        os.fsync(out.fileno())
    if left or digest.hexdigest() != packed.sha256:
        raise zipfile.BadZipFile(f"{packed.name} is not what was packed")


def holds(archive: zipfile.ZipFile, packed: PackedFile, tick: Tick) -> bool:
    """Read one file of the zip and tell whether it is what was packed."""
    digest = hashlib.sha256()
    with archive.open(packed.name) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            tick(len(chunk))
    return digest.hexdigest() == packed.sha256


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def not_a_backup(path: Path) -> UnreadableFileError:
    """Return the refusal of a file that is no backup, or no longer what was written."""
    return UnreadableFileError(
        f"“{path.name}”不是本程序的备份，或者已经损坏（与封存时的校验值不符）。"
        "没有恢复，现有数据没有改动。请另选一份备份。"
    )
