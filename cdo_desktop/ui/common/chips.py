"""A row of choices with counts, one of which is on: 全部 115 · 逾期 1 · 空缺 2."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from cdo_desktop.ui.common.style import SMALL, TIGHT

ALL = ""


class Chips(QWidget):
    """Shows how many rows each choice would leave; ``chosen`` carries the choice, "" for all."""

    chosen = Signal(str)

    def __init__(self, label: str, choices: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        caption = QLabel(label)
        caption.setProperty("role", "muted")
        layout.addWidget(caption)
        layout.addSpacing(SMALL - TIGHT)
        for choice in (ALL, *choices):
            button = self._add(label, choice)
            layout.addWidget(button)
        self.choose(ALL)

    def _add(self, label: str, choice: str) -> QToolButton:
        button = QToolButton()
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

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Write the counts behind the words; 全部 is their sum. A choice without rows stays to be seen."""
        for choice, button in self._buttons.items():
            count = counts.get(choice, 0) if choice else sum(counts.values())
            button.setText(f"{choice or '全部'} {count}")
            button.setAccessibleDescription(f"{count} 条")
