"""Errors whose text is shown to the user; anything else is a bug and reaches the crash hook."""

import errno
from dataclasses import dataclass
from typing import Final

_USED_BY_ANOTHER: Final = "正被别的程序使用"
_REASONS: Final = {
    errno.EACCES: "没有读写的权限",
    errno.EBUSY: _USED_BY_ANOTHER,
    errno.EDQUOT: "磁盘配额已用完",
    errno.EEXIST: "同名的文件或文件夹已经存在",
    errno.EINVAL: "名称或内容不被系统接受",
    errno.EIO: "磁盘读写出错",
    errno.EISDIR: "这是一个文件夹",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENOENT: "找不到这个文件或文件夹",
    errno.ENOSPC: "磁盘空间不足",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EPERM: "没有读写的权限",
    errno.EROFS: "磁盘是只读的",
}
_WINDOWS_REASONS: Final = {32: _USED_BY_ANOTHER, 33: _USED_BY_ANOTHER, 123: "名称中有不允许的字符"}


class AppError(Exception):
    """Something the user can act on; ``str(error)`` is a complete Chinese sentence."""


class InvalidInputError(AppError):
    """A value that cannot be accepted; ``field`` names the form field it belongs to, if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InvalidFormError(AppError):
    """Several fields of one form cannot be accepted; ``messages`` maps a field to its sentence."""

    def __init__(self, messages: dict[str, str]) -> None:
        super().__init__("有内容需要改正，见各栏旁边的提示。还没有保存，您填写的内容仍在窗口中。")
        self.messages = messages


class NotFoundError(AppError):
    """The record is no longer there."""


@dataclass(frozen=True)
class FieldConflict:
    """One field that two people changed: as it was opened, as typed here, as saved by the other."""

    label: str
    original: str
    mine: str
    theirs: str


class ConflictError(AppError):
    """A form was opened before somebody else saved the same record; nothing was written."""

    def __init__(self, message: str, fields: tuple[FieldConflict, ...] = ()) -> None:
        super().__init__(message)
        self.fields = fields


class UnreadableFileError(AppError):
    """A file from outside cannot be read as what it claims to be."""


class FileInUseError(AppError):
    """The target file is held open by another program."""


class StorageError(AppError):
    """The disk, the folder or the database refuses: full, read-only, locked or damaged."""


class BusyError(StorageError):
    """Another program has the database now; it may be free in a moment."""


class CancelledError(AppError):
    """The user stopped the work; nothing of it was kept."""


def system_reason(error: OSError) -> str:
    """Return in Chinese why the system refused, to stand inside a sentence.

    What the system itself says is English where Python reads the C library; a Chinese Windows ends it with a
    full stop.
    """
    windows: int | None = getattr(error, "winerror", None)
    known = _WINDOWS_REASONS.get(windows or 0) or _REASONS.get(error.errno or 0)
    return known or (error.strerror or str(error)).rstrip("。. ")
