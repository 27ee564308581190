"""What the tab asks of each of its pages."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """One page of 备案办理."""

    refreshed = Signal()

    def refresh_all(self) -> None:
        """Read the page anew, and let the tab read what it shows itself: F5."""
        self.reload()
        self.refreshed.emit()

    def reload(self) -> None:
        """Read everything anew, keeping selection and filters."""
        raise NotImplementedError

    def enter(self) -> None:
        """Take the keyboard."""
        raise NotImplementedError
