"""Questions whose buttons are verbs."""

import shiboken6
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import provide_glyphs
from cdo_desktop.ui.common.tones import Tone

_ICON_SIZE = 32


class Question(QMessageBox):
    """A question with up to three answers; closing it or pressing Esc means the last one."""

    def __init__(
        self,
        parent: QWidget | None,
        question: str,
        answers: tuple[str, ...],
        *,
        default: int = 0,
        danger: bool = False,
    ) -> None:
        """``answers`` are shown in this order; ``default`` is the place of the one that Enter means."""
        super().__init__(parent)
        self.setWindowTitle("请确认")
        self.setTextFormat(Qt.TextFormat.PlainText)
        provide_glyphs(question)
        self.setText(question)
        self._icon = icon("alert-triangle", Tone.WARNING) if danger else icon("help", Tone.ACCENT)
        self._show_icon()
        self.answers: list[QPushButton] = []
        for place, answer in enumerate(answers):
            # One role for all keeps them in the order given on every platform.
            button = self.addButton(answer, QMessageBox.ButtonRole.ActionRole)
            button.setAccessibleName(answer)
            button.setAutoDefault(place == default)
            self.answers.append(button)
        self.setDefaultButton(self.answers[default])
        self.setEscapeButton(self.answers[-1])

    def _show_icon(self) -> None:
        self.setIconPixmap(self._icon.pixmap(QSize(_ICON_SIZE, _ICON_SIZE), self.devicePixelRatioF()))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_icon()

    def ask(self) -> int:
        """Show the question and return the place of the answer."""
        self.exec()
        if not shiboken6.isValid(self):
            return len(self.answers) - 1  # the window was closed below it
        clicked = self.clickedButton()
        place = next((i for i, button in enumerate(self.answers) if button is clicked), len(self.answers) - 1)
        self.deleteLater()
        return place


def ask_yes_no(
    parent: QWidget | None, question: str, yes_label: str, no_label: str, *, danger: bool = False
) -> bool:
    """Ask; with ``danger`` Enter means no."""
    answers = (yes_label, no_label)
    return Question(parent, question, answers, default=1 if danger else 0, danger=danger).ask() == 0
