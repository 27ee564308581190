"""Files that are dragged into a window."""

from PySide6.QtGui import QDropEvent, Qt


def accept_copy(event: QDropEvent) -> None:
    """Take what is dragged as a copy, whatever was proposed.

    With Shift, or by the habit of a file manager, it is to be moved: whoever agrees lets the originals be
    deleted, also when the window is then closed without taking anything in.
    """
    if event.possibleActions() & Qt.DropAction.CopyAction:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
