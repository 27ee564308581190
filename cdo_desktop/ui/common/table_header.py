"""A table's heads with the filter row below them; the frozen columns have a second one of the same kind."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionHeader, QWidget

from cdo_desktop.ui.common.filter_row import FilterRow
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.table_cells import CELL_PADDING, TEXT_MARGIN
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.common.table_qt import HORIZONTAL, LEFT
from cdo_desktop.ui.common.tones import Tone, tone_colour

_NARROWEST = 36
_ARROW = 9


class TableHeader(QHeaderView):
    """Heads of the columns whose ``sections`` have filter fields here; the fields scroll with the heads."""

    menu_wanted = Signal(int, object)
    """Context menu for a section (-1 beside them) at a global position."""

    def __init__(self, columns: Sequence[Column[Any]], sections: Sequence[int], parent: QWidget) -> None:
        super().__init__(HORIZONTAL, parent)
        self._held = False
        self.filters = FilterRow(columns, sections, self)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(True)
        self.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setDefaultAlignment(Qt.AlignmentFlag(LEFT))
        self.setMinimumSectionSize(_NARROWEST)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setResizeContentsPrecision(0)
        self.sectionResized.connect(self.place_filters)
        self.sectionMoved.connect(self.place_filters)
        self.geometriesChanged.connect(self.place_filters)
        self._reserve()

    def place_filters(self) -> None:
        """Put the filter row below the heads, every field under its column."""
        if self._held:
            return
        heads = self.viewport().geometry()
        height = self.filters.wanted_height()
        self.filters.setGeometry(heads.left(), heads.bottom() + 1, heads.width(), height)
        self.filters.place(self.length(), self.offset(), self._span)

    def hold_filters(self, held: bool) -> None:
        """Leave the fields where they are while many columns change, then place them once."""
        self._held = held
        self.place_filters()

    def scroll_filters(self) -> None:
        """Follow a horizontal scroll of the heads."""
        self.filters.scroll_to(self.offset())

    def _span(self, section: int) -> tuple[int, int]:
        if self.isSectionHidden(section):
            return 0, 0
        return self.sectionPosition(section), self.sectionSize(section)

    def _reserve(self) -> None:
        self.setViewportMargins(0, 0, 0, self.filters.wanted_height())

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        option: Any = QStyleOptionHeader()  # Qt's type stubs leave out the fields of style options
        self.initStyleOption(option)
        self.initStyleOptionForIndex(option, logicalIndex)
        palette = self.palette()
        painter.save()
        painter.fillRect(rect, self._ground(option.state))
        line = tone_colour(Tone.BORDER, palette)
        painter.fillRect(rect.right(), rect.top() + 5, 1, rect.height() - 10, line)
        if not self.filters.fields:
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, line)
        inner = rect.adjusted(CELL_PADDING + TEXT_MARGIN, 0, -CELL_PADDING - TEXT_MARGIN, 0)
        if self.sortIndicatorSection() == logicalIndex:
            self._paint_arrow(painter, inner)
            inner.setRight(inner.right() - _ARROW - 3)
        painter.setPen(palette.color(QPalette.ColorRole.ButtonText))
        title = self.fontMetrics().elidedText(option.text, self.textElideMode(), inner.width())
        painter.drawText(inner, int(option.textAlignment), title)
        painter.restore()

    def _ground(self, state: QStyle.StateFlag) -> QColor:
        palette = self.palette()
        if state & QStyle.StateFlag.State_Sunken:
            return palette.color(QPalette.ColorRole.Mid)
        over = state & QStyle.StateFlag.State_MouseOver
        return palette.color(QPalette.ColorRole.Midlight if over else QPalette.ColorRole.Button)

    def _paint_arrow(self, painter: QPainter, place: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, middle = place.right() - _ARROW, place.center().y() + 0.5
        tip = -1 if self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder else 1
        base = middle - tip * _ARROW * 0.3
        corners = [QPointF(left, base), QPointF(left + _ARROW, base)]
        corners.append(QPointF(left + _ARROW / 2, middle + tip * _ARROW * 0.3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone_colour(Tone.ACCENT, self.palette()))
        painter.drawPolygon(QPolygonF(corners))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        beyond = self.viewport().rect()
        beyond.setLeft(self.length() - self.offset())
        painter = QPainter(self.viewport())
        painter.fillRect(beyond, self.palette().color(QPalette.ColorRole.Button))
        painter.end()

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        heads = max(hint.height(), self.fontMetrics().height() + 12)
        return QSize(hint.width(), heads + self.filters.wanted_height())

    @override
    def updateGeometries(self) -> None:
        super().updateGeometries()
        self.place_filters()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._reserve()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self.logicalIndexAt(event.pos()), event.globalPos())
        event.accept()
