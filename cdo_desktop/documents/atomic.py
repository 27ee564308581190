"""Writing a file so that the previous one survives a crash, a full disk and an open Excel."""

import errno
import logging
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cdo_desktop.errors import AppError, FileInUseError, StorageError, system_reason
from cdo_desktop.paths import sync_folder

logger = logging.getLogger(__name__)

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_WINDOWS_DISK_FULL = {39, 112}  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
_WINDOWS_REPLACE_ATTEMPTS = 5
_WINDOWS_REPLACE_PAUSE = 0.1  # seconds; virus scanners hold a new file for a moment


@contextmanager
def atomic_target(path: Path) -> Iterator[Path]:
    """Give the block an empty file to write, which takes the place of ``path`` when the block ends well.

    The file lies in the folder of ``path`` and has its suffix; the block opens, writes and closes it. When
    the block or the replacing fails, ``path`` is as before and the new file is gone. Raises FileInUseError
    when another program holds ``path``, StorageError when the disk is full or the folder is missing,
    read-only or forbidden; what the block raises about other files passes through.
    """
    target = _checked_target(path)
    fresh = _new_file_beside(target)
    try:
        try:
            yield fresh
            _sync_file(fresh)
        except OSError as error:
            if error.filename is not None and Path(os.fsdecode(error.filename)) != fresh:
                raise
            raise _storage_error(error, target) from error
        _replace(fresh, target)
    finally:
        _remove_if_left(fresh)


def _checked_target(path: Path) -> Path:
    """Return the file itself, which may be written; raises as `atomic_target` does."""
    try:
        target = path.resolve() if path.is_symlink() else path.absolute()
        _refuse_unwritable(target)
    except OSError as error:  # a folder that may not even be looked into
        raise _storage_error(error, path) from error
    return target


def _refuse_unwritable(target: Path) -> None:
    if target.is_dir():
        raise StorageError(f"“{target}” 是一个文件夹，不能写成文件。请换一个文件名。")
    if not target.exists():
        return
    if not os.access(target, os.W_OK):
        raise StorageError(f"“{target.name}” 是只读文件，没有改动。请取消它的只读属性，或另存为别的名字。")
    try:
        # Excel and WPS lock what they show: better known before the work than after it.
        with target.open("r+b"):
            pass
    except PermissionError as error:
        raise _in_use(target) from error
    except OSError as error:
        raise _storage_error(error, target) from error


def _new_file_beside(target: Path) -> Path:
    # A short name: the folder may already use up most of the 259 characters of Windows.
    fresh = target.parent / f".cdo-{secrets.token_hex(4)}{target.suffix}"
    try:
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        if target.exists():
            shutil.copymode(target, fresh)
    except OSError as error:
        raise _storage_error(error, target) from error
    return fresh


def _sync_file(fresh: Path) -> None:
    with fresh.open("r+b") as file:
        os.fsync(file.fileno())


def _replace(fresh: Path, target: Path) -> None:
    attempts = _WINDOWS_REPLACE_ATTEMPTS if sys.platform == "win32" else 1
    for attempt in range(1, attempts + 1):
        try:
            fresh.replace(target)
            break
        except PermissionError as error:
            if attempt == attempts:
                raise _in_use(target) from error
            time.sleep(_WINDOWS_REPLACE_PAUSE)
        except OSError as error:
            raise _storage_error(error, target) from error
    try:
        sync_folder(target.parent)
    except OSError:  # some network folders cannot; the file is in its place, whatever a power cut might do
        logger.warning("the folder of a new file could not be synced", exc_info=True)


def _remove_if_left(fresh: Path) -> None:
    try:
        fresh.unlink(missing_ok=True)
    except OSError:
        logger.warning("a temporary file could not be removed: %s", fresh.name, exc_info=True)


def _is_there(target: Path) -> bool:
    try:
        return target.exists()
    except OSError:
        return False


def _in_use(target: Path) -> FileInUseError:
    return FileInUseError(
        f"“{target.name}” 正被 Excel 或 WPS 打开，没有写入。"
        "请把它关闭后再试，或另存为别的名字；原文件没有改动。"
    )


def fullest_place(folder: Path) -> str:
    """Return the full drive, or a folder on it: that of a new file or that of temporary files."""
    import tempfile

    free: dict[Path, int] = {}
    with suppress(OSError):  # nor is there room to try which folder temporary files go to
        for place in (folder, Path(tempfile.gettempdir())):
            free[place] = shutil.disk_usage(place).free
    place = min(free, key=free.__getitem__, default=folder)
    return place.drive or str(place)


def _storage_error(error: OSError, target: Path) -> AppError:
    """Return the sentence for a failure to write ``target``."""
    kept = "原文件没有改动。" if _is_there(target) else ""
    if error.errno in _FULL or getattr(error, "winerror", None) in _WINDOWS_DISK_FULL:
        place = fullest_place(target.parent)
        return StorageError(
            f"“{place}” 的空间不够，“{target.name}” 没有写成。{kept}请清理磁盘，或换一个位置保存。"
        )
    if not target.parent.is_dir():
        return StorageError(
            f"文件夹 “{target.parent}” 不存在，“{target.name}” 没有写成。请换一个位置保存，"
            "或检查移动盘、共享文件夹是否已断开。"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"文件夹 “{target.parent}” 不允许写入，“{target.name}” 没有写成。{kept}请换一个位置保存。"
        )
    if error.errno in (errno.ENAMETOOLONG, errno.EINVAL):
        return StorageError(f"系统不接受文件名 “{target.name}”，没有写成。请换一个较短、没有特殊符号的名字。")
    return StorageError(
        f"“{target.name}” 没有写成（{system_reason(error)}）。{kept}请换一个位置保存，或检查磁盘。"
    )
