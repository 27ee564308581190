"""The cells of a table's frozen first columns, painted over the scrolling ones."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.tones import Tone, tone_colour

if TYPE_CHECKING:
    from cdo_desktop.ui.common.table_grid import GridView


class FrozenCells(QWidget):
    """Paints the first columns of a grid at their place; the grid keeps mouse, keyboard and selection."""

    def __init__(self, grid: "GridView") -> None:
        super().__init__(grid)
        self._grid = grid
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        grid = self._grid
        painter = QPainter(self)
        painter.fillRect(event.rect(), grid.palette().color(QPalette.ColorRole.Base))
        grid.paint_rows(painter, event.rect())
        option = QStyleOptionViewItem()
        grid.initViewItemOption(option)
        spans = self._spans()
        top, bottom = event.rect().top(), event.rect().bottom()
        for row in grid.visible_rows():
            y, height = grid.rowViewportPosition(row), grid.rowHeight(row)
            if y <= bottom and y + height > top:
                self._paint_row(painter, option, row, spans, y, height)
        grid.paint_ring(painter, self.width(), False)
        if grid.visible_rows():
            border = tone_colour(Tone.BORDER, grid.palette())
            painter.fillRect(self.width() - 1, top, 1, bottom - top + 1, border)
        painter.end()

    def _spans(self) -> list[tuple[int, int, int]]:
        heads = self._grid.frozen_heads
        sections = range(self._grid.frozen_count)
        return [
            (section, heads.sectionViewportPosition(section), heads.sectionSize(section))
            for section in sections
        ]

    def _paint_row(
        self,
        painter: QPainter,
        option: Any,  # Qt's type stubs leave out the fields of style options
        row: int,
        spans: list[tuple[int, int, int]],
        y: int,
        height: int,
    ) -> None:
        grid = self._grid
        model = grid.model()
        option.state &= ~QStyle.StateFlag.State_Selected
        if grid.selectionModel().isSelected(model.index(row, 0)):
            option.state |= QStyle.StateFlag.State_Selected
        for section, x, width in spans:
            option.rect.setRect(x, y, width, height)
            index = model.index(row, section)
            grid.itemDelegateForIndex(index).paint(painter, option, index)
