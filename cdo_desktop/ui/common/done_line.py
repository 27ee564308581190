"""A line that tells what was done, with buttons for what may come next."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.style import ICON_SIZE, MEDIUM, SMALL, TIGHT
from cdo_desktop.ui.common.tones import Tone


class DoneLine(QFrame):
    """Hidden until there is something to tell; stays until it is closed or the next thing is told."""

    def __init__(
        self,
        buttons: Sequence[QAbstractButton],
        close_name: str = "收起这一行",
        parent: QWidget | None = None,
    ) -> None:
        """``close_name`` is what a screen reader calls the button that closes the line."""
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._picture = QLabel()
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("x"))
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("收起这一行")
        self.close_button.setAccessibleName(close_name)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MEDIUM, TIGHT, SMALL, TIGHT)
        layout.setSpacing(SMALL)
        for widget in (self._picture, self.label, *buttons, self.close_button):
            layout.addWidget(widget)
        self.hide()

    def tell(self, text: str) -> None:
        """Show the line with a text."""
        self.label.setText(text)
        self.setAccessibleName(text)
        picture = icon("circle-check", Tone.SUCCESS)
        self._picture.setPixmap(picture.pixmap(QSize(ICON_SIZE, ICON_SIZE), self.devicePixelRatioF()))
        self.show()
