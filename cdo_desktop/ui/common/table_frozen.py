"""The frozen first columns of a table, in the place where Qt keeps the vertical header.

There Qt scrolls them with the rows by moving pixels, which a second view laid over the first would prevent.
"""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QHeaderView, QStyle, QStyleOptionViewItem

from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.tones import Tone, tone_colour

if TYPE_CHECKING:
    from cdo_desktop.ui.common.table_grid import GridView


class FrozenCells(QHeaderView):
    """Paints the first columns of a grid; mouse and wheel act as if they were over the row beside them."""

    def __init__(self, grid: "GridView") -> None:
        super().__init__(Qt.Orientation.Vertical, grid)
        self._grid = grid
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.viewport().setMouseTracking(True)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.width(), 0)  # Qt would measure the texts of rows that are not fetched yet

    def cell_rect(self, row: int, section: int) -> QRect:
        """Return where the cell of a frozen column is, in coordinates of the viewport."""
        heads = self._grid.frozen_heads
        left = heads.sectionViewportPosition(section)
        width = min(heads.sectionSize(section), self.width() - left)
        return QRect(left, self.sectionViewportPosition(row), width, self.sectionSize(row))

    # Painting

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        grid, row = self._grid, logicalIndex
        grid.paint_ground(painter, rect, row)
        option: Any = QStyleOptionViewItem()  # Qt's type stubs leave out the fields of style options
        grid.initViewItemOption(option)
        if grid.is_selected(row):
            option.state |= QStyle.StateFlag.State_Selected
        for section in range(grid.frozen_count):
            index = grid.model().index(row, section)
            option.rect = self.cell_rect(row, section)
            grid.itemDelegateForIndex(index).paint(painter, option, index)
        grid.paint_ring(painter, rect.adjusted(0, 0, 6, 0), row)
        painter.fillRect(rect.right(), rect.top(), 1, rect.height(), tone_colour(Tone.BORDER, grid.palette()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        below = self.viewport().rect()
        below.setTop(self.length() - self.offset())
        painter = QPainter(self.viewport())
        painter.fillRect(below, self._grid.palette().color(QPalette.ColorRole.Base))
        painter.end()

    # The mouse belongs to the row

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            self._send_mouse(event)
        elif isinstance(event, QWheelEvent):
            self._send_wheel(event)
        elif isinstance(event, QContextMenuEvent):
            beside = self._beside(event.pos())
            self._send(QContextMenuEvent(event.reason(), beside, event.globalPos(), event.modifiers()))
        elif isinstance(event, QHelpEvent):
            self._show_tip(event)
        elif kind in (QEvent.Type.Leave, QEvent.Type.HoverLeave):
            self._grid.hover(-1)
            return super().viewportEvent(event)
        else:
            return super().viewportEvent(event)
        return True

    def _show_tip(self, event: QHelpEvent) -> None:
        row, section = self.logicalIndexAt(event.pos()), self._grid.frozen_heads.logicalIndexAt(event.pos())
        if row >= 0 and section >= 0:
            index = self._grid.model().index(row, section)
            self._grid.show_tip(event.globalPos(), index, self.viewport(), self.cell_rect(row, section))

    def _beside(self, pos: QPoint) -> QPoint:
        return QPoint(0, pos.y())

    def _send(self, event: QEvent) -> None:
        QApplication.sendEvent(self._grid.viewport(), event)

    def _send_mouse(self, event: QMouseEvent) -> None:
        beside = QPointF(0, event.position().y())
        self._send(
            QMouseEvent(
                event.type(),
                beside,
                event.globalPosition(),
                event.button(),
                event.buttons(),
                event.modifiers(),
            )
        )

    def _send_wheel(self, event: QWheelEvent) -> None:
        self._send(
            QWheelEvent(
                QPointF(0, event.position().y()),
                event.globalPosition(),
                event.pixelDelta(),
                event.angleDelta(),
                event.buttons(),
                event.modifiers(),
                event.phase(),
                event.inverted(),
            )
        )
