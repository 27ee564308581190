"""Files let go over a widget as Qt delivers them: to what lies under the mouse, and up to who takes them."""

from PySide6.QtCore import QMimeData, QPointF, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget


def drop_files(target: QWidget, *urls: QUrl) -> bool:
    """Drag files over a widget with Shift held and let them go; tell whether they were taken.

    Shift asks for moving, and so do some file managers: who agrees lets them delete the originals.
    """
    data = QMimeData()
    data.setUrls(list(urls))
    offered = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    how = (offered, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    place = target.rect().center()
    entered = QDragEnterEvent(place, *how)
    assert entered.proposedAction() is Qt.DropAction.MoveAction
    entered.ignore()
    QApplication.sendEvent(target, entered)
    if not entered.isAccepted():
        return False
    dropped = QDropEvent(QPointF(place), *how)
    QApplication.sendEvent(target, dropped)
    assert (entered.dropAction(), dropped.dropAction()) == (Qt.DropAction.CopyAction,) * 2
    return True
