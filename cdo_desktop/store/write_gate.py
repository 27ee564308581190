"""A gate before every writing transaction: shut until the database has passed its check."""

from threading import Condition
from typing import Final

from cdo_desktop.errors import StorageError

CHECKING: Final = "正在检查数据，请稍后再保存。这次没有保存，您填写的内容仍在窗口中。"
DAMAGED: Final = (
    "数据检查没有通过，现在只能查看，不能保存；您填写的内容仍在窗口中。请从备份恢复，或联系维护人员。"
)
PATIENCE: Final = 5.0
"""Seconds a writer waits for a check to end, as long as for a locked database."""


class WriteGate:
    """Open at first; while it is shut, whoever wants to write is told why."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._reason = ""
        self._changed = Condition()

    @property
    def is_shut(self) -> bool:
        """Whether writing is refused now."""
        return bool(self._reason)

    def shut(self, reason: str) -> None:
        """Refuse to write from now on, with this sentence for the user."""
        self._set(reason)

    def open(self) -> None:
        """Let everybody write again."""
        self._set("")

    def _set(self, reason: str) -> None:
        with self._changed:
            self._reason = reason
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Return once no check is under way, or after so many seconds; the gate may be shut then."""
        with self._changed:
            self._changed.wait_for(lambda: self._reason != CHECKING, seconds)

    def enter(self) -> None:
        """Return while open; a check under way is waited for. Raises StorageError while shut."""
        with self._changed:
            self._changed.wait_for(lambda: self._reason != CHECKING, self._patience)
            if self._reason:
                raise StorageError(self._reason)
