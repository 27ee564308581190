"""F1 and the ? of dialogs: which page of the manual belongs to what is looked at.

A widget says it once with `set_topic`; whatever is inside belongs to the same page unless it says another.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.style import TOOLBAR_ICON_SIZE

if TYPE_CHECKING:
    from cdo_desktop.ui.common.help_window import HelpWindow

_TOPIC = "help_topic"  # dynamic property: the title of a page or a part of the manual


def set_topic(widget: QWidget, title: str) -> None:
    """Say which page or part of the manual tells of a widget."""
    widget.setProperty(_TOPIC, title)


def topic_of(widget: QWidget | None) -> str:
    """Return the title for a widget or what it stands in, "" where nobody said one."""
    while widget is not None:
        title = widget.property(_TOPIC)
        if title:
            return str(title)
        widget = widget.parentWidget()
    return ""


class Help(QObject):
    """The window with the manual, made when it is first asked for; one for the whole program."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shown: HelpWindow | None = None

    def show(self, title: str = "") -> None:
        """Open the manual at a title."""
        if self._shown is None:
            from cdo_desktop.ui.common.help_window import HelpWindow

            self._shown = HelpWindow(self._window.screen())
        self._shown.show_title(title)
        self._shown.show()
        self._shown.raise_()
        self._shown.activateWindow()

    def close(self) -> None:
        """Close the window, as when the program ends."""
        if self._shown is not None:
            self._shown.close()
            self._shown.deleteLater()
            self._shown = None


class HelpButton(QToolButton):
    """The ? of a dialog; F1 presses it."""

    def __init__(self, ui: UiContext) -> None:
        super().__init__()
        self.setIcon(icon("help"))
        self.setIconSize(QSize(TOOLBAR_ICON_SIZE, TOOLBAR_ICON_SIZE))
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("帮助")
        self.setShortcut(shortcuts.HELP)
        self.setToolTip(f"这个窗口的说明（{shortcuts.HELP}）")
        self.clicked.connect(lambda _checked=False: ui.show_help(topic_of(self)))
