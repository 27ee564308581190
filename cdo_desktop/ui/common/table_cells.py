"""Draws cells: one Python call a cell fills Qt's own drawing, instead of one for each of seven roles."""

from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import ICON_SIZE
from cdo_desktop.ui.common.table_model import TableModel
from cdo_desktop.ui.common.table_qt import Index
from cdo_desktop.ui.common.tones import tone_colour

CELL_PADDING = 6
TEXT_MARGIN = 3  # what Fusion adds on each side of a cell's text
_TEXT = QStyleOptionViewItem.ViewItemFeature.HasDisplay
_TEXT_AND_ICON = _TEXT | QStyleOptionViewItem.ViewItemFeature.HasDecoration
_FOCUS = QStyle.StateFlag.State_HasFocus
_SELECTED = QStyle.StateFlag.State_Selected
_MARK_SIZE = QSize(ICON_SIZE, ICON_SIZE)


class CellDelegate(QStyledItemDelegate):
    """Fills the style option straight from the model's prepared row; the view paints the row's ground."""

    def __init__(self, model: TableModel[Any, Any]) -> None:
        super().__init__(model)
        self._model = model
        self._alignments = [Qt.AlignmentFlag(alignment) for alignment in model.alignments]
        self._current = (-1, -1)

    def set_current(self, index: QModelIndex) -> None:
        """Remember the cell with the focus: the view rings its row, so the style must not ring the cell."""
        self._current = (index.row(), index.column())

    @override
    def initStyleOption(self, option: Any, index: Index) -> None:
        row, column = index.row(), index.column()
        line = self._model.line(row)
        mark = line.marks[column]
        option.text = line.texts[column]
        option.displayAlignment = self._alignments[column]
        option.rect.adjust(CELL_PADDING, 0, -CELL_PADDING, 0)
        if mark is None:
            option.features = _TEXT
        else:
            option.features = _TEXT_AND_ICON
            option.icon = icon(mark.icon, mark.tone)
            option.decorationSize = _MARK_SIZE
            if mark.tint is not None and not option.state & _SELECTED:
                option.backgroundBrush = QBrush(tone_colour(mark.tint, option.palette))
        if (row, column) == self._current:
            option.state &= ~_FOCUS

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index) + QSize(2 * CELL_PADDING, 0)
