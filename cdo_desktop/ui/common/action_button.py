"""Push buttons that follow a command: its text, tooltip with the reason, and whether it can be used."""

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QPushButton

from cdo_desktop.ui.common.actions import plain_text


def button_for(action: QAction, *, primary: bool = False) -> QPushButton:
    """Return a button for a command; ``primary`` makes it stand out."""
    button = QPushButton(action.text())
    button.setAutoDefault(False)
    if primary:
        button.setProperty("role", "primary")  # no icon: its colour would not show on the accent
    else:
        button.setIcon(action.icon() if not action.icon().isNull() else QIcon())

    def follow() -> None:
        button.setText(action.text())
        button.setAccessibleName(plain_text(action.text()))
        button.setToolTip(action.toolTip())
        button.setEnabled(action.isEnabled())
        if button.parent() is not None or not action.isVisible():  # shown alone, it would be a window
            button.setVisible(action.isVisible())

    follow()
    action.changed.connect(follow)
    button.clicked.connect(lambda _checked=False: action.trigger())
    return button
