"""A table's heads with the filter row below them; the frozen columns have a second one of the same kind."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from cdo_desktop.ui.common.filter_row import FilterRow
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.common.table_qt import HORIZONTAL, LEFT

_NARROWEST = 36


class TableHeader(QHeaderView):
    """Heads of the columns whose ``sections`` have filter fields here; the fields scroll with the heads."""

    menu_wanted = Signal(int, object)
    """Context menu for a section (-1 beside them) at a global position."""

    def __init__(self, columns: Sequence[Column[Any]], sections: Sequence[int], parent: QWidget) -> None:
        super().__init__(HORIZONTAL, parent)
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
        heads = self.viewport().geometry()
        height = self.filters.wanted_height()
        self.filters.setGeometry(heads.left(), heads.bottom() + 1, heads.width(), height)
        self.filters.place(self.length(), self.offset(), self._span)

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
