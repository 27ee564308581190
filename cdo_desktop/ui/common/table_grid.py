"""The view of a table: rows, heads, frozen first columns and what mouse and keyboard do in them."""

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QTableView,
    QToolTip,
    QWidget,
)

from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.table_cells import CellDelegate
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.common.table_frozen import FrozenCells
from cdo_desktop.ui.common.table_header import TableHeader
from cdo_desktop.ui.common.table_model import TableModel
from cdo_desktop.ui.common.table_qt import DISPLAY, TOOL_TIP, Index
from cdo_desktop.ui.common.tones import Tone, tone_colour

_FROZEN_SHARE = 0.6  # of the width; more would leave no room to scroll, then nothing is frozen
_SHADOW = 6
_ROW_PADDING = 10
_HOVER_ALPHA = 20
_Action = QAbstractItemView.CursorAction


class GridView(QTableView):
    """Shows rows; the first ``frozen`` columns stay while the others scroll below them.

    The frozen cells are painted by a widget that lets every mouse event through, so there is one view,
    one selection and one keyboard focus.
    """

    opened = Signal(int)
    """Double click or Enter on this row."""
    sort_wanted = Signal(int)
    """Click on the head of this column."""
    columns_changed = Signal()
    """The user moved or resized a column."""
    font_changed = Signal()
    menu_wanted = Signal(object)
    """Context menu for the selected rows at a global position."""

    def __init__(self, columns: Sequence[Column[Any]], frozen: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.frozen_count = frozen
        self.frozen_width = 0
        self._hovered = -1
        self._guarding = False
        count = len(columns)
        self.heads = TableHeader(columns, range(frozen, count), self)
        self.setHorizontalHeader(self.heads)
        self.frozen_heads = TableHeader(columns, range(frozen), self)
        self.frozen_cells = FrozenCells(self)
        self._set_up()
        self._connect_heads()

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.viewport().setMouseTracking(True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.set_row_height()

    def _connect_heads(self) -> None:
        self.heads.setSectionsMovable(True)
        self.heads.sectionMoved.connect(self._moved)
        self.heads.sectionResized.connect(self._resized)
        self.frozen_heads.sectionResized.connect(self._frozen_resized)
        self.frozen_heads.sectionHandleDoubleClicked.connect(self.resizeColumnToContents)
        for header in (self.heads, self.frozen_heads):
            header.sectionClicked.connect(self.sort_wanted)
            for field in header.filters.fields.values():
                field.entered.connect(self.show_column)
        self.verticalScrollBar().valueChanged.connect(self.frozen_cells.update)

    def attach(self, model: TableModel[Any, Any]) -> None:
        """Show a model; the frozen heads and cells follow it."""
        self._delegate = CellDelegate(model)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.frozen_heads.setModel(model)
        for section in range(self.frozen_count, model.columnCount()):
            self.frozen_heads.setSectionHidden(section, True)
        model.dataChanged.connect(self.frozen_cells.update)
        model.modelReset.connect(self.frozen_cells.update)
        self.selectionModel().selectionChanged.connect(self.frozen_cells.update)
        self.selectionModel().currentChanged.connect(self._current_changed)

    # Geometry

    def set_row_height(self) -> None:
        """Fit the row height to the font."""
        rows = self.verticalHeader()
        height = self.fontMetrics().height() + _ROW_PADDING
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)

    def lay_out_frozen(self) -> None:
        """Put the frozen heads and cells over the first columns, or away in a window too narrow for them."""
        width = sum(self.heads.sectionSize(section) for section in range(self.frozen_count))
        area = self.viewport().geometry()
        if width > area.width() * _FROZEN_SHARE:
            width = 0
        self.frozen_width = width
        shown = width > 0
        self.frozen_cells.setGeometry(area.left(), area.top(), width, area.height())
        heads = self.heads.geometry()
        self.frozen_heads.setGeometry(heads.left(), heads.top(), width, heads.height())
        self.frozen_cells.setVisible(shown)
        self.frozen_heads.setVisible(shown)

    def show_column(self, section: int) -> None:
        """Scroll so far that the whole column is seen."""
        if section >= self.frozen_count:
            left = self.columnViewportPosition(section)
            right = left + self.columnWidth(section)
            bar = self.horizontalScrollBar()
            if left < self.frozen_width:
                bar.setValue(bar.value() + left - self.frozen_width)
            elif right > self.viewport().width():
                bar.setValue(bar.value() + min(right - self.viewport().width(), left - self.frozen_width))

    def _moved(self, section: int, _old: int, new: int) -> None:
        if self._guarding:
            return
        self._guarding = True
        for place in range(self.frozen_count):
            self.heads.moveSection(self.heads.visualIndex(place), place)
        self._guarding = False
        self.lay_out_frozen()
        self.columns_changed.emit()

    def _resized(self, section: int, _old: int, new: int) -> None:
        if section < self.frozen_count:
            self.frozen_heads.resizeSection(section, new)
            self.lay_out_frozen()
        self.columns_changed.emit()

    def _frozen_resized(self, section: int, _old: int, new: int) -> None:
        if section < self.frozen_count and new > 0:
            self.heads.resizeSection(section, new)

    @override
    def updateGeometries(self) -> None:
        super().updateGeometries()
        self.lay_out_frozen()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out_frozen()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if dx:
            self.heads.scroll_filters()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.set_row_height()
            self.font_changed.emit()

    # Cells below the frozen columns are not the ones seen there

    @override
    def indexAt(self, pos: QPoint) -> QModelIndex:
        if 0 <= pos.x() < self.frozen_width:
            return self.model().index(self.rowAt(pos.y()), self.frozen_heads.logicalIndexAt(pos.x()))
        return super().indexAt(pos)

    @override
    def visualRect(self, index: Index) -> QRect:
        rect = super().visualRect(index)
        if self.frozen_width and index.column() < self.frozen_count:
            rect.moveLeft(self.frozen_heads.sectionViewportPosition(index.column()))
        return rect

    @override
    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        across = self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        self.horizontalScrollBar().setValue(across)
        self.show_column(index.column())

    # Keyboard and mouse

    def enter(self) -> None:
        """Take the keyboard focus; without a current row the first one is selected."""
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def moveCursor(self, action: _Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        count = self.model().rowCount()
        if count and action in (_Action.MoveHome, _Action.MoveEnd):
            column = max(self.currentIndex().column(), 0)
            return self.model().index(0 if action == _Action.MoveHome else count - 1, column)
        return super().moveCursor(action, modifiers)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Letters do not jump to rows: with a filter row that would only surprise."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentIndex()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and current.isValid():
            if not event.isAutoRepeat():
                self.opened.emit(current.row())
        elif event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self._menu_at_current()
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._menu_at_current()
        else:
            self.menu_wanted.emit(event.globalPos())
        event.accept()

    def _menu_at_current(self) -> None:
        if QApplication.activePopupWidget() is None:  # some platforms send the key and the menu event
            rect = self.visualRect(self.currentIndex())
            self.menu_wanted.emit(self.viewport().mapToGlobal(rect.bottomLeft()))

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.opened.emit(index.row())
        else:
            super().mouseDoubleClickEvent(event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._hover(self.rowAt(event.position().toPoint().y()))
        elif kind == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount() and _by_keyboard(event):
            first = self.model().index(0, 0)
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._repaint_all()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint_all()

    def _show_tip(self, event: QHelpEvent) -> None:
        index = self.indexAt(event.pos())
        if not index.isValid():
            QToolTip.hideText()
            return
        tip = index.data(TOOL_TIP)
        if not tip and self.sizeHintForIndex(index).width() > self.columnWidth(index.column()):
            tip = index.data(DISPLAY)
        # Escaped: what people typed is never markup.
        shown = f"<p style='white-space:pre-wrap'>{escape(str(tip))}</p>" if tip else ""
        QToolTip.showText(event.globalPos(), shown, self.viewport(), self.visualRect(index))

    # Painting

    def paint_rows(self, painter: QPainter, part: QRect) -> None:
        """Paint the ground of the rows: stripes, selection and hover, to the right border."""
        palette = self.palette()
        active = self.hasFocus() and self.isActiveWindow()
        group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
        selected = palette.color(group, QPalette.ColorRole.Highlight)
        stripe = palette.color(QPalette.ColorRole.AlternateBase)
        hover = tone_colour(Tone.ACCENT, palette)
        hover.setAlpha(_HOVER_ALPHA)
        left, width = part.left(), part.width()
        for row in self.visible_rows():
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            if top > part.bottom() or top + height <= part.top():
                continue
            if self._is_selected(row):
                painter.fillRect(left, top, width, height, selected)
                continue
            if row & 1:
                painter.fillRect(left, top, width, height, stripe)
            if row == self._hovered:
                painter.fillRect(left, top, width, height, hover)

    def paint_ring(self, painter: QPainter, width: int, is_last: bool) -> None:
        """Ring the row with the keyboard focus over ``width`` pixels; the last piece closes the ring."""
        current = self.currentIndex()
        if not current.isValid() or not self.hasFocus():
            return
        palette = self.palette()
        if self._is_selected(current.row()):
            color = palette.color(QPalette.ColorRole.HighlightedText)
        else:
            color = tone_colour(Tone.ACCENT, palette)
        painter.setPen(color)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = self._row_rect(current.row(), width).adjusted(1, 1, -2, -2)
        painter.drawRect(ring if is_last else ring.adjusted(0, 0, 4, 0))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        self.paint_rows(painter, event.rect())
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        self.paint_ring(painter, self.viewport().width(), True)
        if self.frozen_width and self.horizontalScrollBar().value():
            self._paint_shadow(painter)
        painter.end()

    def visible_rows(self) -> range:
        """Return the rows that are at least partly seen."""
        first = self.rowAt(0)
        if first < 0:
            return range(0)
        last = self.rowAt(self.viewport().height() - 1)
        return range(first, (last if last >= 0 else self.model().rowCount() - 1) + 1)

    def _paint_shadow(self, painter: QPainter) -> None:
        left = self.frozen_width
        shade = QLinearGradient(left, 0, left + _SHADOW, 0)
        shade.setColorAt(0, QColor(0, 0, 0, 38))
        shade.setColorAt(1, QColor(0, 0, 0, 0))
        painter.fillRect(left, 0, _SHADOW, self.viewport().height(), shade)

    def _is_selected(self, row: int) -> bool:
        return self.selectionModel().isSelected(self.model().index(row, 0))

    def _row_rect(self, row: int, width: int) -> QRect:
        return QRect(0, self.rowViewportPosition(row), width, self.rowHeight(row))

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            for changed in (before, row):
                if changed >= 0:
                    self._repaint_row(changed)

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        self._delegate.set_current(current)
        for index in (current, previous):
            if index.isValid():
                self._repaint_row(index.row())

    def _repaint_row(self, row: int) -> None:
        self.viewport().update(self._row_rect(row, self.viewport().width()))
        self.frozen_cells.update(self._row_rect(row, self.frozen_width))

    def _repaint_all(self) -> None:
        self.viewport().update()
        self.frozen_cells.update()


def _by_keyboard(event: QFocusEvent) -> bool:
    return event.reason() in (
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
        Qt.FocusReason.OtherFocusReason,
    )
