"""A row of choices with counts, one of which is on: 全部 115 · 逾期 1 · 空缺 2."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from cdo_desktop.ui.common.actions import plain_text
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import SMALL, TIGHT

ALL = ""


class Chips(QWidget):
    """Shows how many rows each choice would leave; ``chosen`` carries the choice, "" for all.

    The access key of the label leads to the choice that is on, Left and Right to the ones beside it.
    """

    chosen = Signal(str)
    down_pressed = Signal()
    """Into what the choices are about."""

    def __init__(
        self, label: str, choices: Sequence[str], *, with_all: bool = True, parent: QWidget | None = None
    ) -> None:
        """``with_all`` puts 全部 before choices that share no row; else one of them is always on."""
        super().__init__(parent)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        self._caption = _Caption(label)
        self._caption.setProperty("role", "muted")
        layout.addWidget(self._caption)
        layout.addSpacing(SMALL - TIGHT)
        offered = (ALL, *choices) if with_all else tuple(choices)
        for choice in offered:
            button = self._add(plain_text(label), choice)
            layout.addWidget(button)
        self.choose(offered[0])

    def _add(self, label: str, choice: str) -> QToolButton:
        button = _Chip()
        button.down_pressed.connect(self.down_pressed)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setProperty("role", "chip")
        button.setText(choice or "全部")
        button.setAccessibleName(f"{label}：{choice or '全部'}")
        button.clicked.connect(lambda _checked=False, choice=choice: self.chosen.emit(choice))
        self._group.addButton(button)
        self._buttons[choice] = button
        return button

    def choose(self, choice: str) -> None:
        """Show a choice as the one that is on."""
        self._buttons[choice].setChecked(True)
        self._caption.setBuddy(self._buttons[choice])

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Write the counts behind the words; 全部 is their sum. A choice without rows stays to be seen."""
        for choice, button in self._buttons.items():
            count = counts.get(choice, 0) if choice else sum(counts.values())
            button.setText(f"{choice or '全部'} {count}")
            button.setAccessibleDescription(f"{count} 条")


class _Caption(QLabel):
    """Its access key leads to the choice that is on; Qt would press it as well, a tenth of a second later."""

    @override
    def event(self, event: QEvent) -> bool:
        buddy = self.buddy()
        if event.type() != QEvent.Type.Shortcut or buddy is None:
            return super().event(event)
        buddy.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True


class _Chip(QToolButton):
    """Leaves Down to what stands below; Qt would go to the next choice, as Right does."""

    down_pressed = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.down_pressed.emit()
        else:
            super().keyPressEvent(event)
