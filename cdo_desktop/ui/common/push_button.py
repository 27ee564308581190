"""A push button for places outside dialogs."""

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QPushButton

from cdo_desktop.ui.common.overriding import override


class PushButton(QPushButton):
    """Enter presses it as Space does; in a dialog Qt does that already."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
