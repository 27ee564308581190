"""What long work says about itself, and how it is asked to stop."""

from dataclasses import dataclass

from cdo_desktop.errors import CancelledError


@dataclass(frozen=True)
class ProgressState:
    """How far the work is; a ``total`` of 0 means that its length is not known."""

    done: int = 0
    total: int = 0
    text: str = ""


class Progress:
    """Handed to long work, which calls `step` before every item; touches no widget.

    One thread writes whole states and another reads them, so no lock is needed.
    """

    def __init__(self) -> None:
        self._state = ProgressState()
        self._cancelled = False

    @property
    def state(self) -> ProgressState:
        """The newest state."""
        return self._state

    @property
    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._cancelled = True

    def step(self, done: int, total: int, text: str = "") -> None:
        """Tell that ``done`` of ``total`` items are finished and ``text`` is next.

        Raises CancelledError once the user has asked to stop, so that the work undoes itself and ends.
        """
        self._state = ProgressState(done, total, text)
        if self._cancelled:
            raise CancelledError("已取消，这次操作没有完成。")
