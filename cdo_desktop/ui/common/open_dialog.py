"""The one way to open a dialog over a window, so that none stays in memory once it is closed."""

from PySide6.QtWidgets import QDialog


def open_dialog(dialog: QDialog) -> None:
    """Open a dialog over its window; it is gone for good once it is closed."""
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
