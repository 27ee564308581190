"""What is said to a unit that has not sent its paper, and the numbers to call: each copied by one key."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from cdo_desktop.services.contacts import ChaseText, PhoneNumber
from cdo_desktop.ui.common.style import SMALL, TIGHT, provide_glyphs

_MOST_PERSONS = 4  # each with buttons of its own; of more all numbers are copied together
_MOST_LINES = 5
_CHARS_A_LINE = 60


class ChaseWords(QWidget):
    """The sentence above, the numbers below."""

    copied = Signal(str)
    """What was put on the clipboard, in a word."""

    def __init__(self, chase: ChaseText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        provide_glyphs(chase.text)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(TIGHT)
        self._add_text("催办的话", chase.text)
        self.copy_text = self._button("复制催办语(&C)", chase.text, "催办语")
        self.number_buttons: list[QPushButton] = []
        head = QGridLayout()
        head.setHorizontalSpacing(SMALL)
        head.setVerticalSpacing(TIGHT)
        head.setColumnStretch(0, 1)
        head.addWidget(self.copy_text, 0, 3)
        self._layout.addLayout(head)
        if not chase.phones:
            head.addWidget(_label("名册里没有登记电话"), 0, 0)
        elif len(chase.phones) <= _MOST_PERSONS:
            for row, phone in enumerate(chase.phones):
                self._add_person(head, row, phone)
        else:
            lines = "\n".join(f"{_person(phone)}　{_numbers(phone)}" for phone in chase.phones)
            self._add_text("电话", lines)
            self.number_buttons.append(self._button("复制全部电话(&1)", lines, "全部电话"))
            head.addWidget(self.number_buttons[0], 0, 2)

    def _add_text(self, name: str, text: str) -> None:
        edit = QPlainTextEdit(text)
        edit.setReadOnly(True)
        edit.setTabChangesFocus(True)
        edit.setAccessibleName(name)
        lines = sum(1 + len(line) // _CHARS_A_LINE for line in text.splitlines())
        margins = 2 * (edit.frameWidth() + int(edit.document().documentMargin())) + TIGHT
        edit.setFixedHeight(edit.fontMetrics().lineSpacing() * max(2, min(lines, _MOST_LINES)) + margins)
        self._layout.addWidget(edit)

    def _add_person(self, grid: QGridLayout, row: int, phone: PhoneNumber) -> None:
        grid.addWidget(_label(_person(phone)), row, 0)
        for column, number in enumerate(filter(None, (phone.office_phone, phone.mobile)), start=1):
            key = len(self.number_buttons) + 1
            button = self._button(f"复制 {number}(&{key})", number, number)
            self.number_buttons.append(button)
            grid.addWidget(button, row, column)

    def _button(self, text: str, content: str, word: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(f"复制{word}")
        button.setAutoDefault(True)  # Enter on it copies, instead of logging the call

        def copy() -> None:
            QGuiApplication.clipboard().setText(content)
            self.copied.emit(word)

        button.clicked.connect(copy)
        return button


def _label(text: str) -> QLabel:
    label = QLabel(text)
    provide_glyphs(text)
    return label


def _person(phone: PhoneNumber) -> str:
    return f"{phone.unit} {phone.post} {phone.name}"


def _numbers(phone: PhoneNumber) -> str:
    named = (("办公", phone.office_phone), ("手机", phone.mobile))
    return "　".join(f"{label} {number}" for label, number in named if number)
