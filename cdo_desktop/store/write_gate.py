"""A gate before every writing transaction: shut until the database has passed its check."""

from typing import Final

from cdo_desktop.errors import StorageError

CHECKING: Final = "正在检查数据，请过一两秒再保存。这次没有保存，您填写的内容仍在窗口中。"
DAMAGED: Final = (
    "数据检查没有通过，现在只能查看，不能保存；您填写的内容仍在窗口中。请从备份恢复，或联系维护人员。"
)


class WriteGate:
    """Open at first; while it is shut, whoever wants to write is told why."""

    def __init__(self) -> None:
        self._reason = ""

    @property
    def is_shut(self) -> bool:
        """Whether writing is refused now."""
        return bool(self._reason)

    def shut(self, reason: str) -> None:
        """Refuse to write from now on, with this sentence for the user."""
        self._reason = reason

    def open(self) -> None:
        """Let everybody write again."""
        self._reason = ""

    def enter(self) -> None:
        """Do nothing while open; raise StorageError while shut."""
        if self._reason:
            raise StorageError(self._reason)
