"""The form that every dialog uses: labelled fields in sections, with messages beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.fields import Editor, Field, FieldKind, FieldValue, make_editor
from cdo_desktop.ui.common.form_cell import FieldCell
from cdo_desktop.ui.common.input_guard import commit_input_method
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import HUGE, SMALL

_ACCESS_KEYS = "ABDEFGHIJKLMNOPQRTUVWXYZ1234567890"  # S and C are left to the buttons of the dialog
_EDITOR_CHARS = 36  # the width of an editor that looks right, in average characters
_LEAST_LINES = 8  # what a form keeps of its height where it has to scroll
_LEAST_EDITOR_CHARS = 24  # below it two columns become one


@dataclass
class _Section:
    title: QLabel
    keys: list[str]


class Form(QScrollArea):
    """Fields in sections, in two columns where there is room; reading order is the order of adding."""

    changed = Signal(str)  # the key of the field

    def __init__(self, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ui = ui
        self._cells: dict[str, FieldCell] = {}
        self._sections: list[_Section] = []
        self._original: dict[str, str] = {}
        self._filling = False
        self._columns = 0
        self.least_lines = _LEAST_LINES
        self.setProperty("role", "plain")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page = QWidget()
        self._grid = QGridLayout(self._page)
        self._grid.setContentsMargins(0, 0, SMALL, 0)
        self._grid.setHorizontalSpacing(SMALL)
        self._grid.setVerticalSpacing(SMALL)
        self.setWidget(self._page)

    def add_section(self, title: str = "") -> None:
        """Begin a section; the fields added next belong to it."""
        label = QLabel(title, self._page)
        label.setProperty("role", "section")
        label.setIndent(0)
        label.setVisible(bool(title))
        self._sections.append(_Section(label, []))
        self._columns = 0

    def add(self, *fields: Field) -> None:
        """Add fields to the section, left to right and downwards."""
        if not self._sections:
            self.add_section()
        for field in fields:
            if field.key in self._cells:
                raise ValueError(f"field {field.key!r} is already in the form")
            editor = make_editor(field, self._ui.today, self._ui.day_mark)
            cell = FieldCell(field, editor, field.access_key or self._free_access_key())
            editor.changed.connect(lambda key=field.key: self._field_changed(key))
            for box in (cell.label_box, cell.editor_box):
                box.setParent(self._page)
            self._cells[field.key] = cell
            self._sections[-1].keys.append(field.key)
            self._original[field.key] = editor.state()
        self._columns = 0
        self._arrange()

    def _free_access_key(self) -> str:
        taken = {cell.access_key for cell in self._cells.values()}
        return next((key for key in _ACCESS_KEYS if key not in taken), "")

    def values(self) -> dict[str, FieldValue]:
        """Return what stands in the fields, text being composed included; see `FieldKind` for the types.

        A date that cannot be read is None: call `check` before saving.
        """
        commit_input_method()
        return {key: cell.editor.value() for key, cell in self._cells.items()}

    def set_values(self, values: Mapping[str, FieldValue]) -> None:
        """Fill the named fields; the form then counts as unchanged."""
        self._filling = True
        for key, value in values.items():
            self._cells[key].editor.set_value(value)
        self._filling = False
        self.set_messages({})
        self.mark_clean()

    def merge_theirs(self, theirs: Mapping[str, FieldValue]) -> None:
        """Take over what somebody else saved, but keep the fields that were changed here."""
        mine = {key: self._cells[key].editor.value() for key in self.changed_keys() if key in theirs}
        self.set_values(theirs)
        for key, value in mine.items():
            self._cells[key].editor.set_value(value)

    def changed_keys(self) -> tuple[str, ...]:
        """Return the fields that differ from what they were filled with."""
        return tuple(key for key, cell in self._cells.items() if cell.editor.state() != self._original[key])

    def changes(self) -> dict[str, tuple[str, str]]:
        """Return what a draft may keep: changed fields, each as it was filled and as it stands.

        A composition is not ended. A PIN is left out.
        """
        keys = [key for key in self.changed_keys() if self._cells[key].field.kind is not FieldKind.PIN]
        return {key: (self._original[key], self.state(key)) for key in keys}

    def state(self, key: str) -> str:
        """Return what stands in a field, readable or not."""
        return self._cells[key].editor.state()

    def set_states(self, states: Mapping[str, str]) -> None:
        """Put back what `state` returned, as if it had just been typed."""
        for key, state in states.items():
            self._cells[key].editor.set_state(state)

    def is_dirty(self) -> bool:
        """Whether closing would lose something."""
        commit_input_method()
        return bool(self.changed_keys())

    def mark_clean(self) -> None:
        """Take what stands in the fields as the saved state."""
        self._original = {key: cell.editor.state() for key, cell in self._cells.items()}

    def check(self) -> dict[str, str]:
        """Return what is missing, too long or not readable, by field."""
        commit_input_method()
        found = {key: cell.check() for key, cell in self._cells.items() if cell.visible}
        return {key: message for key, message in found.items() if message}

    def set_messages(self, messages: Mapping[str, str]) -> None:
        """Show a message at each named field and none at the others; the first wrong field gets the focus."""
        first = ""
        for key, cell in self._cells.items():
            text = messages.get(key, "")
            cell.set_message(text)
            if text and not first:
                first = key
        if first:
            self.focus_field(first)
        self.updateGeometry()

    def messages(self) -> dict[str, str]:
        """Return the messages that show."""
        return {key: cell.message for key, cell in self._cells.items() if cell.message}

    def has_field(self, key: str) -> bool:
        """Whether the form asks for ``key``."""
        return key in self._cells

    def editor(self, key: str) -> Editor:
        """Return the editor of a field."""
        return self._cells[key].editor

    def cell(self, key: str) -> FieldCell:
        """Return the label, editor and message of a field."""
        return self._cells[key]

    def set_read_only(self, read_only: bool, keys: Iterable[str] | None = None) -> None:
        """Let the named fields, or all, be seen and copied only."""
        for key in self._cells if keys is None else keys:
            self._cells[key].editor.set_read_only(read_only)

    def set_field_visible(self, key: str, visible: bool) -> None:
        """Show or hide a field; what is hidden is not checked but keeps its value."""
        self._cells[key].set_visible(visible)
        self._columns = 0
        self._arrange()

    def focus_field(self, key: str, *, type_over: bool = False) -> None:
        """Put the cursor into a field, its text ready to be typed over if wanted, and scroll to it."""
        cell = self._cells[key]
        reason = Qt.FocusReason.TabFocusReason if type_over else Qt.FocusReason.OtherFocusReason
        cell.editor.focus.setFocus(reason)
        self.ensureWidgetVisible(cell.editor_box, 0, HUGE)

    def focus_first(self) -> None:
        """Put the cursor into the first field that can be edited."""
        for key, cell in self._cells.items():
            if cell.visible and cell.editor.focus.isEnabled():
                self.focus_field(key)
                return

    def _field_changed(self, key: str) -> None:
        if self._filling:
            return
        self._cells[key].set_message("")
        self.changed.emit(key)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._refit)  # the fields hear of it after the form

    def _refit(self) -> None:
        self._columns = 0
        self._arrange()

    @override
    def sizeHint(self) -> QSize:
        width = 2 * self._column_width(_EDITOR_CHARS) + HUGE + self.verticalScrollBar().sizeHint().width()
        self._page.ensurePolished()
        return QSize(width, self._grid.sizeHint().height() + 2)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(
            self._column_width(_LEAST_EDITOR_CHARS), self.fontMetrics().lineSpacing() * self.least_lines
        )

    def _column_width(self, editor_chars: int) -> int:
        labels = max((cell.label_box.sizeHint().width() for cell in self._cells.values()), default=0)
        return labels + self.fontMetrics().averageCharWidth() * editor_chars + SMALL

    def arrange_for(self, width: int) -> None:
        """Stand as for this width already, before the form is shown: its height follows."""
        self._arrange(width)

    def _arrange(self, width: int | None = None) -> None:
        """Put the fields into one or two columns, if that differs from how they stand."""
        room = self.viewport().width() if width is None else width
        columns = 2 if room >= 2 * self._column_width(_LEAST_EDITOR_CHARS) + HUGE else 1
        if columns == self._columns:
            return
        self._columns = columns
        while self._grid.takeAt(0) is not None:
            pass
        row = 0
        for section in self._sections:
            self._grid.addWidget(section.title, row, 0, 1, 5)
            row = self._place(section, row + 1, columns)
        self._grid.setColumnMinimumWidth(2, HUGE if columns == 2 else 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(4, 1 if columns == 2 else 0)
        for line in range(self._grid.rowCount()):
            self._grid.setRowStretch(line, 0)
        self._grid.setRowStretch(row, 1)
        self.updateGeometry()

    def _place(self, section: _Section, row: int, columns: int) -> int:
        column = 0
        for key in section.keys:
            cell = self._cells[key]
            if not cell.visible:
                continue
            full = cell.field.full_width or columns == 1
            if full and column:
                row, column = row + 1, 0
            left = 3 * column
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(cell.label_box, row, left, top)
            self._grid.addWidget(cell.editor_box, row, left + 1, 1, 4 if full else 1, top)
            column = 0 if full else 1 - column
            row += 0 if column else 1
        return row + 1 if column else row
