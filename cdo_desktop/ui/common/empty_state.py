"""What a list shows while it is empty: why, and the next step."""

from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cdo_desktop.ui.common.actions import plain_text
from cdo_desktop.ui.common.icons import Picture
from cdo_desktop.ui.common.push_button import PushButton
from cdo_desktop.ui.common.tones import Tone

_PICTURE = 48


class EmptyState(QWidget):
    """A picture, one sentence, and buttons for what can be done now."""

    def __init__(
        self,
        icon_name: str,
        title: str,
        text: str = "",
        actions: tuple[QAction, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        """The first of ``actions`` is the likely one and stands out."""
        super().__init__(parent)
        self._picture = Picture(_PICTURE)
        self._picture.show_icon(icon_name, Tone.MUTED)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = _centred(title, "heading")
        self.text = _centred(text, "muted")
        if not text:
            self.text.hide()  # shown before it has a parent, it would be a window of its own for a moment
        self.buttons = [_button(action, primary=place == 0) for place, action in enumerate(actions)]
        row = QHBoxLayout()
        row.addStretch(1)
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self._picture)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addSpacing(4)
        layout.addLayout(row)
        layout.addStretch(3)
        self.setAccessibleName(f"{title} {text}".strip())

    def set_text(self, title: str, text: str) -> None:
        """Say something else, as when a filter leaves nothing."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.setAccessibleName(f"{title} {text}".strip())


def _centred(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label


def _button(action: QAction, *, primary: bool) -> PushButton:
    button = PushButton(action.text())
    button.setAccessibleName(plain_text(action.text()))
    button.setToolTip(action.toolTip())
    button.setEnabled(action.isEnabled())
    if primary:
        button.setProperty("role", "primary")
    else:
        button.setIcon(action.icon())
    button.clicked.connect(action.trigger)

    def follow() -> None:
        button.setEnabled(action.isEnabled())
        button.setToolTip(action.toolTip())

    action.changed.connect(follow)
    return button
