"""Errors whose text is shown to the user; anything else is a bug and reaches the crash hook."""

from dataclasses import dataclass


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


class CancelledError(AppError):
    """The user stopped the work; nothing of it was kept."""
