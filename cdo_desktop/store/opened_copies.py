"""Copies of attachments to be looked at: read-only, marked as from outside, gone when the program closes.

Other programs only ever see such a copy: what they change or leave behind is no longer the attachment.
"""

import logging
import os
import secrets
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cdo_desktop.errors import StorageError, system_reason
from cdo_desktop.paths import make_folder

logger = logging.getLogger(__name__)

OPENED_FOLDER: Final = "opened"  # in the data folder: the names are personal data, and so is what they hold
_HAS_STREAMS = os.name == "nt"
_ZONE = "[ZoneTransfer]\r\nZoneId=3\r\n"  # the internet: Office opens it in its protected view


class OpenedCopies:
    """The copies of one data folder."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder / OPENED_FOLDER
        self._made: list[Path] = []

    def make(self, name: str, content: bytes) -> Path:
        """Write a fresh copy in a folder of its own and return it; raises StorageError."""
        folder = make_folder(self._folder) / secrets.token_hex(4)
        copy = folder / name
        try:
            folder.mkdir()
            self._made.append(folder)
            copy.write_bytes(content)
            mark_as_from_outside(copy)
            copy.chmod(stat.S_IREAD)
        except OSError as error:
            raise StorageError(
                f"附件“{name}”没有打开：写入“{folder}”时出错（{system_reason(error)}）。"
                "附件本身没有改动，请检查磁盘和空间后再试。"
            ) from error
        return copy

    def clear(self) -> None:
        """Delete the copies made by this object; one still held open elsewhere goes at the next start."""
        for folder in self._made:
            _delete(folder)
        self._made.clear()

    def clear_all(self) -> None:
        """Delete whatever was left behind by earlier runs of the program."""
        if self._folder.is_dir():
            for folder in self._folder.iterdir():
                if folder not in self._made:
                    _delete(folder)


def mark_as_from_outside(path: Path) -> None:
    """Give a file the mark of the web, where the system knows it; without it Office trusts the file."""
    if not _HAS_STREAMS:
        return
    try:
        with Path(f"{path}:Zone.Identifier").open("w", encoding="ascii", newline="") as stream:
            stream.write(_ZONE)
    except OSError:
        logger.warning("no mark of the web on this disk", exc_info=True)  # FAT has no streams


def _delete(folder: Path) -> None:
    def make_writable(function: Callable[[str], object], path: str, _error: object) -> None:
        try:
            Path(path).chmod(stat.S_IWRITE)
            function(path)
        except OSError:
            logger.info("a copy is still open elsewhere: %s", folder.name)

    shutil.rmtree(folder, onerror=make_writable)
