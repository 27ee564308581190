"""由谁经办: the page that stands in the first tab until somebody has said who they are."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QSize, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.errors import AppError
from cdo_desktop.services.sign_in import OperatorChoice
from cdo_desktop.ui.common.help import set_topic
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.push_button import PushButton
from cdo_desktop.ui.common.style import HUGE, ICON_SIZE, LARGE, MEDIUM, SMALL, TIGHT, provide_glyphs, restyle
from cdo_desktop.ui.common.tasks import Tasks

if TYPE_CHECKING:
    from cdo_desktop.services.operators import SignedIn

SignIn = Callable[[int, str], "SignedIn"]

_FORGOTTEN = (
    "忘记 PIN：请另一位经办人登录后，在“系统 → 经办人”里重设。只有一位经办人时，见使用手册“忘记 PIN”。"
)
_NO_PIN = "没有设置 PIN，直接进入"
_CARD_CHARS = 26  # the width of the card in Chinese characters
_MOST_ROWS, _LEAST_ROWS = 6, 2  # seen at once; on a small screen fewer


class SignInPage(QWidget):
    """Lists who may work here; nothing of the register is read before one of them has come in."""

    signed_in = Signal(object)
    """A `SignedIn`."""

    def __init__(
        self,
        choices: Sequence[OperatorChoice],
        last: int | None,
        sign_in: SignIn,
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        """``last`` came in the last time and is chosen already."""
        super().__init__(parent)
        set_topic(self, "经办人")
        self._choices = tuple(choices)
        self._sign_in = sign_in
        self._tasks = tasks
        self._busy = False
        self.list = OperatorList(choices, tasks)
        self.pin = _PinLine()
        self.message = _label("", "message")
        self.button = PushButton("进入(&E)")
        self.button.setAccessibleName("进入")
        self.button.setProperty("role", "primary")
        self._build()
        self.list.currentRowChanged.connect(lambda _row: self._show_choice())
        self.list.itemActivated.connect(lambda _item: self._go_on())
        self.list.digit_typed.connect(self._begin_pin)
        self.pin.returnPressed.connect(self.enter)
        self.pin.moved.connect(self.list.step)
        self.pin.textEdited.connect(lambda _text: self._say(""))
        self.button.clicked.connect(lambda _checked=False: self.enter())
        self.list.setCurrentRow(next((i for i, c in enumerate(choices) if c.operator_id == last), 0))
        self._show_choice()

    def _build(self) -> None:
        title = _label("由谁经办？", "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card = QFrame()
        card.setProperty("role", "panel")
        card.setFixedWidth(self.fontMetrics().horizontalAdvance("经") * _CARD_CHARS + 2 * HUGE)
        caption = QLabel("PIN(&P)")
        caption.setBuddy(self.pin)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(HUGE, LARGE, HUGE, LARGE)
        inside.setSpacing(SMALL)
        inside.addWidget(self.list)
        inside.addSpacing(TIGHT)
        inside.addWidget(caption)
        inside.addWidget(self.pin)
        inside.addWidget(self.message)
        inside.addSpacing(TIGHT)
        inside.addWidget(self.button)
        inside.addSpacing(TIGHT)
        inside.addWidget(_label(_FORGOTTEN, "muted"))
        # With an alignment instead, the card would get the height that its texts need at the page's width.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(MEDIUM)
        layout.addStretch(2)
        layout.addWidget(title)
        layout.addLayout(middle)
        layout.addStretch(3)

    @property
    def first(self) -> QWidget:
        """What gets the keyboard: the PIN of whoever came the last time, or the list."""
        return self.pin if self.pin.isEnabled() else self.list

    @property
    def chosen(self) -> OperatorChoice:
        """The operator who is marked in the list."""
        return self._choices[max(0, self.list.currentRow())]

    def _show_choice(self) -> None:
        self._say("")
        self.pin.clear()
        self.pin.setEnabled(self.chosen.has_pin)
        self.pin.setPlaceholderText("" if self.chosen.has_pin else _NO_PIN)

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.pin.setAccessibleDescription(text)
        self.pin.setProperty("wrong", bool(text))
        restyle(self.pin)

    def _go_on(self) -> None:
        """Enter in the list: to the PIN, or straight in."""
        if self.chosen.has_pin:
            self.pin.setFocus()
        else:
            self.enter()

    def _begin_pin(self, digit: str) -> None:
        if self.chosen.has_pin:
            self.pin.setFocus()
            self.pin.insert(digit)

    def enter(self) -> None:
        """Try to come in, once until the outcome is there; the PIN takes 0.1 s to check."""
        if self._busy:
            return
        chosen, pin = self.chosen, self.pin.text()
        if chosen.has_pin and not pin.strip():
            self._say("请输入 PIN。")
            self.pin.setFocus()
            return
        self._set_busy(True)
        self._tasks.run(
            lambda: self._sign_in(chosen.operator_id, pin),
            owner=self,
            done=self.signed_in.emit,
            failed=self._refused,
        )

    def _refused(self, error: AppError) -> None:
        self._set_busy(False)
        self.pin.clear()
        self._say(str(error))
        self.first.setFocus()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.list.setEnabled(not busy)
        self.button.setEnabled(not busy)
        self.pin.setReadOnly(busy)


class OperatorList(QListWidget):
    """Names, found by their first letters in pinyin as well."""

    digit_typed = Signal(str)

    def __init__(self, choices: Sequence[OperatorChoice], tasks: Tasks) -> None:
        super().__init__()
        self._names = [choice.name for choice in choices]
        self._tasks = tasks
        self._keys: list[tuple[str, ...]] = []
        self._typed = ""
        self._since = QElapsedTimer()
        self.setAccessibleName("经办人")
        self.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.setFrameShape(QFrame.Shape.NoFrame)  # at 150 % its lines would be painted over in part
        height = self.fontMetrics().height() + 2 * SMALL
        for choice in choices:
            provide_glyphs(choice.name)
            item = QListWidgetItem(icon("lock" if choice.has_pin else "user"), choice.name)
            item.setToolTip("需要 PIN" if choice.has_pin else "不需要 PIN")
            item.setSizeHint(QSize(0, height))
            self.addItem(item)
        self._height = min(len(choices), _MOST_ROWS) * height + 2 * self.frameWidth()
        self.setMaximumHeight(self._height)
        self.setMinimumHeight(min(len(choices), _LEAST_ROWS) * height + 2 * self.frameWidth())

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the marked operator in sight when a message takes room."""
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def step(self, rows: int) -> None:
        """Mark another operator, so many rows further down."""
        self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + rows)))

    @override
    def keyboardSearch(self, search: str) -> None:
        """Jump to a name by what was typed within a moment: letters of its pinyin, or its characters."""
        if search.isdigit():
            self.digit_typed.emit(search)
            return
        interval = QGuiApplication.styleHints().keyboardInputInterval()
        again = self._since.isValid() and self._since.elapsed() < interval
        self._typed = (self._typed if again else "") + search.lower()
        self._since.start()
        if self._keys:
            self._jump()
        else:
            self._tasks.run(lambda: [_keys_of(name) for name in self._names], owner=self, done=self._know)

    def _know(self, keys: list[tuple[str, ...]]) -> None:
        self._keys = keys
        self._jump()

    def _jump(self) -> None:
        first = self.currentRow() + (len(self._typed) == 1)
        for place in range(first, first + self.count()):
            row = place % self.count()
            if any(key.startswith(self._typed) for key in self._keys[row]):
                self.setCurrentRow(row)
                return


def _keys_of(name: str) -> tuple[str, ...]:
    from cdo_desktop.rules.pinyin import pinyin_of  # 0.2 s: when the first letter is typed

    keys = pinyin_of(name)
    return keys.initials, keys.full, name.lower()


class _PinLine(QLineEdit):
    """Shows dots; the arrow keys still choose the operator above."""

    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(64)
        self.setAccessibleName("PIN")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
