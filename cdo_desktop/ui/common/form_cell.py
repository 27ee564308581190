"""One field of a form on the screen: label, editor, and below it the message, the help and the length."""

from PySide6.QtCore import QSize
from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.ui.common.fields import Editor, Field, FieldKind
from cdo_desktop.ui.common.icons import Picture
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import ICON_SIZE, TIGHT, restyle
from cdo_desktop.ui.common.tones import Tone

_NEARLY_FULL = 0.8


class FieldCell:
    """The widgets of one field; `label_box` and `editor_box` go into the form's grid."""

    def __init__(self, field: Field, editor: Editor, access_key: str) -> None:
        self.field = field
        self.editor = editor
        self.access_key = access_key
        self.label_box = self._make_label(access_key)
        self._message_picture = Picture(ICON_SIZE)
        self._message_picture.show_icon("alert-circle", Tone.DANGER)
        self._message = _small_label("message")
        self._message.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._counter = _small_label("muted")
        self._help = _small_label("muted")
        self._help.setText(field.help)
        self.editor_box = self._make_editor_box()
        self._show_message("")
        self._help.setVisible(bool(field.help))
        self._count()
        editor.changed.connect(self._count)

    def _make_label(self, access_key: str) -> QWidget:
        shown = self.field.label.replace("&", "&&")
        self.label = QLabel(f"{shown}(&{access_key})" if access_key else shown)
        self.label.setBuddy(self.editor.focus)
        self.required_mark = _RequiredMark("*" if self.field.required else "")
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, TIGHT, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.required_mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        return box

    def _make_editor_box(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(TIGHT)
        line.addWidget(self.editor.widget, 1)
        if self.field.unit:
            line.addWidget(QLabel(self.field.unit))
        below = QHBoxLayout()
        below.setSpacing(TIGHT)
        below.addWidget(self._message_picture)
        below.addWidget(self._message, 1)
        below.addStretch(0)
        below.addWidget(self._counter, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        column.addLayout(below)
        column.addWidget(self._help)
        column.addStretch(1)
        return box

    @property
    def message(self) -> str:
        """What the field says is wrong."""
        return self._message.text()

    @property
    def counter(self) -> str:
        """The length that shows, like 12 / 200, or nothing."""
        return self._counter.text() if not self._counter.isHidden() else ""

    def set_message(self, text: str) -> None:
        """Say what is wrong with the field, or nothing."""
        if text == self.message:
            return
        self._show_message(text)
        focus = self.editor.focus
        focus.setAccessibleDescription(text or self.field.help)
        if isinstance(focus, QLineEdit | QPlainTextEdit):
            focus.setProperty("wrong", bool(text))
            restyle(focus)

    def _show_message(self, text: str) -> None:
        self._message.setText(text)
        self._message.setVisible(bool(text))
        self._message_picture.setVisible(bool(text))

    def set_visible(self, visible: bool) -> None:
        """Show or hide the whole field; a hidden one is not checked."""
        self.label_box.setVisible(visible)
        self.editor_box.setVisible(visible)

    @property
    def visible(self) -> bool:
        """Whether the field takes part in the form."""
        return not self.editor_box.isHidden()

    def check(self) -> str:
        """Return why the field cannot be saved as it stands, or nothing."""
        problem = self.editor.problem()
        if problem:
            return problem
        if self.field.required and self.editor.is_empty():
            verb = "选择" if self.field.kind is FieldKind.CHOICE else "填写"
            return f"请{verb}{self.field.label}。"
        limit = self.field.max_length
        length = self._length()
        if limit is not None and length > limit:
            return f"最多 {limit} 个字，现在是 {length} 个，请缩短。"
        return ""

    def _length(self) -> int:
        value = self.editor.value()
        return len(value) if isinstance(value, str) else 0

    def _count(self) -> None:
        limit = self.field.max_length
        if limit is None:
            self._counter.hide()
            return
        length = self._length()
        always = self.field.kind is FieldKind.MULTILINE
        self._counter.setVisible(always or length > limit * _NEARLY_FULL)
        self._counter.setText(f"{length} / {limit}")
        self._counter.setProperty("role", "message" if length > limit else "muted")
        restyle(self._counter)


class _RequiredMark(QLabel):
    """A star, or the room for one, so that all labels end at the same place."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("role", "required")
        self.setToolTip("必填")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("* "), super().sizeHint().height())


def _small_label(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
