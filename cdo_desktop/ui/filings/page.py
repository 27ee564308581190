"""What the tab asks of each of its pages."""

from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """One page of 备案办理."""

    def reload(self) -> None:
        """Read everything anew, keeping selection and filters."""
        raise NotImplementedError

    def enter(self) -> None:
        """Take the keyboard."""
        raise NotImplementedError
