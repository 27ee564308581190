"""The container of a backup: an ordinary zip whose comment is the SHA-256 of all bytes before it.

The digest is taken of what was meant to be written; reading the file back and comparing finds every changed
or missing byte, also those that no zip program looks at, before anything is unpacked.
"""

import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

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


class _Hashing:
    """A stream that can only be written on, and takes the digest of what passes."""

    def __init__(self, file: io.BufferedWriter) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


@contextmanager
def write_sealed(target: Path) -> Iterator[zipfile.ZipFile]:
    """Give the block a zip to fill, and seal it when the block ends well."""
    with target.open("wb") as file:
        stream = _Hashing(file)
        with zipfile.ZipFile(stream, "w") as archive:  # type: ignore[call-overload]
            archive.comment = _NO_SEAL
            yield archive
        file.seek(-_SEAL_LENGTH, os.SEEK_END)
        file.write(stream.digest.hexdigest().encode("ascii"))


def add_file(
    archive: zipfile.ZipFile, name: str, source: Path, tick: Tick, *, compress: bool = False
) -> PackedFile:
    """Put a file into the zip and return what was read of it."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as file, archive.open(entry, "w", force_zip64=True) as out:
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
    """Write one entry to ``target``, synced; raises BadZipFile when it is not what was packed."""
    digest, size = hashlib.sha256(), 0
    with archive.open(packed.name) as file, target.open("xb") as out:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > packed.size:
                break
            digest.update(chunk)
            out.write(chunk)
            tick(len(chunk))
        out.flush()
        os.fsync(out.fileno())
    if (size, digest.hexdigest()) != (packed.size, packed.sha256):
        raise zipfile.BadZipFile(f"{packed.name} is not what was packed")


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
