"""The row of search fields under a table's heads: one for each column, moving and scrolling with it."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.common.tones import Tone, tone_colour

_GAP = 3  # between the fields of neighbouring columns, half of it on each side
_PADDING = 4  # above and below the fields
_RADIUS = 3.0
_LOWEST = 24  # the style sheet's least height of a field


class FilterField(QLineEdit):
    """Filters one column as one types: Esc empties it, Down and Enter go on into the table."""

    leave_down = Signal()
    """The user goes on into the table; the filter holds at once."""
    leave_empty = Signal()
    """Esc in an empty field: back to the table."""
    entered = Signal(int)
    """The field of this column got the keyboard focus."""

    def __init__(self, section: int, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.section = section
        self.setObjectName("filterField")
        self.setFrame(False)
        self.setPlaceholderText("筛选")
        self.setAccessibleName(f"筛选：{title}")
        self.setTextMargins(4, 0, 0, 0)  # its text stands under the title
        self.textChanged.connect(self._show_active)

    @property
    def is_active(self) -> bool:
        """Whether the field leaves rows out."""
        return bool(self.text().strip())

    def _show_active(self) -> None:
        self.setClearButtonEnabled(bool(self.text()))
        for button in self.findChildren(QToolButton):
            button.setAccessibleName("清除这一栏的筛选")
        strip = self.parentWidget()
        if strip is not None:
            strip.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.leave_empty.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.leave_down.emit()
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit(self.section)
        self._repaint_frame()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint_frame()

    def _repaint_frame(self) -> None:
        strip = self.parentWidget()
        if strip is not None:
            strip.update(self.geometry().adjusted(-_GAP, -_GAP, _GAP, _GAP))


class FilterRow(QWidget):
    """A clipped strip with the fields of some columns; the header that owns it says where they are."""

    def __init__(self, columns: Sequence[Column[Any]], sections: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        self._strip = _Strip(self)
        self.fields = {
            section: FilterField(section, columns[section].title, self._strip)
            for section in sections
            if columns[section].filterable
        }

    def wanted_height(self) -> int:
        """Return the height of the row in pixels for the font in use; 0 without fields."""
        return max(self.fontMetrics().height() + 6, _LOWEST) + 2 * _PADDING if self.fields else 0

    def place(self, length: int, offset: int, span: Callable[[int], tuple[int, int]]) -> None:
        """Put every field under its column: ``span`` gives a section's position and size, 0 if hidden."""
        height = self.height()
        for section, field in self.fields.items():
            left, size = span(section)
            visible = size > 0
            if visible:
                field.setGeometry(left + _GAP, _PADDING, max(size - 2 * _GAP, 1), height - 2 * _PADDING)
            if field.isHidden() == visible:
                field.setVisible(visible)
        self._strip.setGeometry(-offset, 0, max(length, self.width() + offset), height)
        self._strip.update()

    def scroll_to(self, offset: int) -> None:
        """Follow a horizontal scroll."""
        self._strip.setGeometry(-offset, 0, max(self._strip.width(), self.width() + offset), self.height())

    @override
    def sizeHint(self) -> QSize:
        return QSize(0, self.wanted_height())


class _Strip(QWidget):
    """Paints the ground of the row and the frames of its fields."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setStyleSheet("QLineEdit { background: transparent; border: none; padding: 0; }")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        painter = QPainter(self)
        painter.fillRect(event.rect(), palette.color(QPalette.ColorRole.Button))
        line = tone_colour(Tone.BORDER, palette)
        bottom = self.height() - 1
        painter.fillRect(QRect(event.rect().left(), bottom, event.rect().width(), 1), line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for field in self.findChildren(FilterField, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if field.isVisibleTo(self) and field.geometry().intersects(event.rect()):
                self._frame(painter, field, line)
        painter.end()

    def _frame(self, painter: QPainter, field: FilterField, line: QColor) -> None:
        palette = self.palette()
        accent = tone_colour(Tone.ACCENT, palette)
        base = palette.color(QPalette.ColorRole.Base)
        if field.is_active:
            base = _mixed(accent, base, 0.14)
        strong = field.hasFocus()
        width = 2.0 if strong else 1.0
        painter.setPen(QPen(accent if strong or field.is_active else line, width))
        painter.setBrush(base)
        inset = width / 2
        painter.drawRoundedRect(
            QRectF(field.geometry()).adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS
        )

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    def part(a: int, b: int) -> int:
        return round(a * share + b * (1 - share))

    return QColor(
        part(one.red(), other.red()), part(one.green(), other.green()), part(one.blue(), other.blue())
    )
