"""What a form asks for, and the small editors that hold one value each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from unicodedata import normalize

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from cdo_desktop.ui.common.date_field import DateField
from cdo_desktop.ui.common.month_field import MonthField
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import provide_glyphs
from cdo_desktop.ui.common.suggestion_list import Suggest, SuggestionList

FieldValue = str | date | bool | None


class FieldKind(Enum):
    """How a value is entered, and what `Form.values` returns for it."""

    TEXT = "text"  # str, without blanks at the ends
    MULTILINE = "multiline"  # str
    CHOICE = "choice"  # str, empty while nothing is chosen
    CHECK = "check"  # bool
    DATE = "date"  # date or None
    MONTH = "month"  # str like 2026-03, or empty
    NUMBER = "number"  # str like 80.5, or empty: Decimal and int are made by the service
    COMPLETER = "completer"  # str; what is suggested may be left aside
    PIN = "pin"  # str, shown as dots and never kept in a draft


@dataclass(frozen=True)
class Field:
    """One question of a form.

    ``choices`` are what a CHOICE offers and a COMPLETER suggests; ``suggest`` looks up suggestions for
    what was typed instead (by pinyin as well). ``unit`` stands behind the field (分, %). ``access_key`` is a
    letter; without one the form takes the next that is free.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    max_length: int | None = None
    placeholder: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    suggest: Suggest | None = None
    unit: str = ""
    wide: bool = False
    lines: int = 3
    access_key: str = ""

    @property
    def full_width(self) -> bool:
        """Whether the field takes a row of its own."""
        return self.wide or self.kind is FieldKind.MULTILINE


class Editor(QObject):
    """Holds the value of one field; `widget` is what the form shows, `focus` what takes the keys."""

    changed = Signal()

    def __init__(self, widget: QWidget, focus: QWidget | None = None) -> None:
        super().__init__(widget)
        self.widget = widget
        self.focus = focus or widget

    def value(self) -> FieldValue:
        """Return the value; None for a date that is empty or not readable."""
        raise NotImplementedError

    def set_value(self, value: FieldValue) -> None:
        """Show a value."""
        raise NotImplementedError

    def state(self) -> str:
        """Return what stands in the field, readable or not, to see whether it was changed."""
        return str(self.value())

    def set_state(self, state: str) -> None:
        """Show again what `state` returned, readable or not."""
        self.set_value(state)

    def is_empty(self) -> bool:
        """Whether nothing stands in the field."""
        return self.value() in ("", None)

    def problem(self) -> str:
        """Return why what stands in the field cannot be read, or nothing."""
        return ""

    def set_read_only(self, read_only: bool) -> None:
        """Let the value be seen and copied only."""
        self.widget.setEnabled(not read_only)


class _TextEditor(Editor):
    def __init__(self, field: Field) -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self.line.setPlaceholderText(field.placeholder)
        self.line.textChanged.connect(self._changed)

    def _changed(self, text: str) -> None:
        provide_glyphs(text)
        self.changed.emit()

    def value(self) -> FieldValue:
        """Return the text without blanks at its ends."""
        return self.line.text().strip()

    def set_value(self, value: FieldValue) -> None:
        """Show a text from its beginning."""
        self.line.setText("" if value is None else str(value))
        self.line.setCursorPosition(0)

    def set_read_only(self, read_only: bool) -> None:
        """Keep the text selectable."""
        self.line.setReadOnly(read_only)


class _PinEditor(_TextEditor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)


class _CompleterEditor(_TextEditor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._suggestions = SuggestionList(self.line, field.label, field.choices, field.suggest)

    def set_read_only(self, read_only: bool) -> None:
        """Keep the text selectable, and offer nothing."""
        super().set_read_only(read_only)
        self._suggestions.set_listed(listed=not read_only)


class _NumberEditor(_TextEditor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)

    def value(self) -> FieldValue:
        """Return plain digits, whatever the width they were typed in."""
        return normalize("NFKC", self.line.text()).replace(",", "").strip()

    def problem(self) -> str:
        """Refuse what is no decimal number."""
        text = str(self.value())
        digits = text.removeprefix("-").replace(".", "", 1)
        if not text or (digits.isascii() and digits.isdigit()):
            return ""
        return "请填写数字，例如 80 或 80.5。"


class _LinesEdit(QPlainTextEdit):
    """As high as a number of lines, whatever the font."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self._fit()

    def _fit(self) -> None:
        margins = 2 * (self.frameWidth() + int(self.document().documentMargin()))
        self.setFixedHeight(self.fontMetrics().lineSpacing() * self._lines + margins + 2)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()


class _MultilineEditor(Editor):
    def __init__(self, field: Field) -> None:
        self.edit = _LinesEdit(field.lines)
        super().__init__(self.edit)
        self.edit.setPlaceholderText(field.placeholder)
        self.edit.setTabChangesFocus(True)
        self.edit.textChanged.connect(self._changed)

    def _changed(self) -> None:
        provide_glyphs(self.edit.toPlainText())
        self.changed.emit()

    def value(self) -> FieldValue:
        """Return the text without blanks and empty lines at its ends."""
        return self.edit.toPlainText().strip()

    def set_value(self, value: FieldValue) -> None:
        """Show a text."""
        self.edit.setPlainText("" if value is None else str(value))

    def set_read_only(self, read_only: bool) -> None:
        """Keep the text selectable."""
        self.edit.setReadOnly(read_only)


class _ChoiceEditor(Editor):
    def __init__(self, field: Field) -> None:
        self.box = QComboBox()
        super().__init__(self.box)
        self.box.setPlaceholderText(field.placeholder or "请选择")
        if not field.required:
            self.box.addItem("")
        self.box.addItems(list(field.choices))
        self.box.setCurrentIndex(-1 if field.required else 0)
        self.box.setMaxVisibleItems(20)
        self.box.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def value(self) -> FieldValue:
        """Return the chosen word."""
        return self.box.currentText() if self.box.currentIndex() >= 0 else ""

    def set_value(self, value: FieldValue) -> None:
        """Choose a word; one that is no longer offered is kept and shown."""
        text = "" if value is None else str(value)
        place = self.box.findText(text)
        if place < 0 and text:
            self.box.addItem(text)
            place = self.box.count() - 1
        self.box.setCurrentIndex(place)


class _CheckEditor(Editor):
    def __init__(self, field: Field) -> None:
        self.box = QCheckBox(field.placeholder)
        super().__init__(self.box)
        self.box.toggled.connect(lambda _on: self.changed.emit())

    def value(self) -> FieldValue:
        """Return whether it is ticked."""
        return self.box.isChecked()

    def set_value(self, value: FieldValue) -> None:
        """Tick or untick."""
        self.box.setChecked(bool(value))

    def set_state(self, state: str) -> None:
        """Tick or untick."""
        self.set_value(state == str(True))

    def is_empty(self) -> bool:
        """A required box must be ticked."""
        return not self.box.isChecked()


class _DateEditor(Editor):
    def __init__(self, today: Callable[[], date], day_mark: Callable[[date], str]) -> None:
        self.field = DateField(today, day_mark)
        super().__init__(self.field, self.field.line)
        self.field.changed.connect(self.changed)

    def value(self) -> FieldValue:
        """Return the date."""
        return self.field.day()

    def set_value(self, value: FieldValue) -> None:
        """Show a date."""
        self.field.set_day(value if isinstance(value, date) else None)

    def state(self) -> str:
        """Return the text or the date it means."""
        return self.field.state()

    def set_state(self, state: str) -> None:
        """Show the date, or the text that was none."""
        self.field.line.setText(state)

    def is_empty(self) -> bool:
        """Whether no text stands in the field."""
        return not self.field.text().strip()

    def problem(self) -> str:
        """Return why the text is no date."""
        return self.field.problem()

    def set_read_only(self, read_only: bool) -> None:
        """Keep the text selectable."""
        self.field.set_read_only(read_only)


class _MonthEditor(Editor):
    def __init__(self, today: Callable[[], date]) -> None:
        self.field = MonthField(today)
        super().__init__(self.field)
        self.field.textChanged.connect(lambda _text: self.changed.emit())

    def value(self) -> FieldValue:
        """Return ``2026-03`` or nothing."""
        return self.field.month()

    def set_value(self, value: FieldValue) -> None:
        """Show a month given as ``2026-03``."""
        self.field.set_month("" if value is None else str(value))

    def state(self) -> str:
        """Return the text or the month it means."""
        return self.field.month() or self.field.text()

    def is_empty(self) -> bool:
        """Whether no text stands in the field."""
        return not self.field.text().strip()

    def problem(self) -> str:
        """Return why the text is no month."""
        return self.field.problem()

    def set_read_only(self, read_only: bool) -> None:
        """Keep the text selectable."""
        self.field.setReadOnly(read_only)


_PLAIN: dict[FieldKind, Callable[[Field], Editor]] = {
    FieldKind.TEXT: _TextEditor,
    FieldKind.MULTILINE: _MultilineEditor,
    FieldKind.CHOICE: _ChoiceEditor,
    FieldKind.CHECK: _CheckEditor,
    FieldKind.NUMBER: _NumberEditor,
    FieldKind.COMPLETER: _CompleterEditor,
    FieldKind.PIN: _PinEditor,
}


def make_editor(field: Field, today: Callable[[], date], day_mark: Callable[[date], str]) -> Editor:
    """Return the editor for a field, named for screen readers."""
    if field.kind is FieldKind.DATE:
        editor: Editor = _DateEditor(today, day_mark)
    elif field.kind is FieldKind.MONTH:
        editor = _MonthEditor(today)
    else:
        editor = _PLAIN[field.kind](field)
    for widget in {editor.widget, editor.focus}:
        widget.setAccessibleName(f"{field.label}，必填" if field.required else field.label)
        widget.setAccessibleDescription(field.help)
    return editor
