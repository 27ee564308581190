"""The view of a table: rows, heads, frozen first columns and what mouse and keyboard do in them."""

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QCursor,
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
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QTableView, QToolTip, QWidget

from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.table_cells import CellDelegate
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.common.table_frozen import FrozenCells
from cdo_desktop.ui.common.table_header import TableHeader
from cdo_desktop.ui.common.table_model import TableModel
from cdo_desktop.ui.common.table_qt import DISPLAY, TOOL_TIP, Index
from cdo_desktop.ui.common.tones import Tone, tone_colour

_FROZEN_SHARE = 0.6  # of the width; more would leave no room to scroll
_SHADOW = 6
_ROW_PADDING = 10
_HOVER_ALPHA = 20
_Action = QAbstractItemView.CursorAction


class GridView(QTableView):
    """Shows rows; the first ``frozen`` columns stand still beside the scrolling ones.

    There is one view, one selection and one keyboard focus: the frozen columns are hidden here and painted
    by the vertical header.
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
        self._hovered = -1
        self._guarding = False
        self._marks_cell = False
        count = len(columns)
        self.heads = TableHeader(columns, range(frozen, count), self)
        self.setHorizontalHeader(self.heads)
        self.frozen_heads = TableHeader(columns, range(frozen), self)
        self.frozen_cells = FrozenCells(self)
        self.setVerticalHeader(self.frozen_cells)
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
        self.frozen_cells.setVisible(self.frozen_count > 0)
        self.frozen_heads.setVisible(self.frozen_count > 0)
        self.set_row_height()

    def _connect_heads(self) -> None:
        self.heads.setSectionsMovable(True)
        self.heads.sectionMoved.connect(self._moved)
        self.heads.sectionResized.connect(self.columns_changed)
        self.frozen_heads.sectionResized.connect(self._frozen_resized)
        self.frozen_heads.sectionHandleDoubleClicked.connect(self._fit_frozen)
        for header in (self.heads, self.frozen_heads):
            header.sectionClicked.connect(self.sort_wanted)
            for field in header.filters.fields.values():
                field.entered.connect(self.show_column)

    def attach(self, model: TableModel[Any, Any]) -> None:
        """Show a model; the frozen heads and cells follow it."""
        self._delegate = CellDelegate(model)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.frozen_heads.setModel(model)
        for section in range(model.columnCount()):
            hidden_in = self.heads if section < self.frozen_count else self.frozen_heads
            hidden_in.setSectionHidden(section, True)
        self.selectionModel().selectionChanged.connect(self.frozen_cells.viewport().update)
        self.selectionModel().currentChanged.connect(self._current_changed)

    # Geometry

    def set_row_height(self) -> None:
        """Fit the row height to the font."""
        rows = self.verticalHeader()
        height = self.fontMetrics().height() + _ROW_PADDING
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)

    def lay_out_frozen(self) -> None:
        """Give the frozen columns their width, in a narrow window not more than their share of it."""
        if self.frozen_count:
            wanted = self.frozen_heads.length()
            width = min(wanted, round((self.width() or wanted) * _FROZEN_SHARE))
            if self.frozen_cells.width() != width:
                self.frozen_cells.setFixedWidth(width)
            heads = self.heads.geometry()
            self.frozen_heads.setGeometry(self.frozen_cells.x(), heads.top(), width, heads.height())
            self.frozen_heads.raise_()

    def show_column(self, section: int) -> None:
        """Scroll so far that the whole column is seen."""
        if section >= self.frozen_count:
            left = self.columnViewportPosition(section)
            right = left + self.columnWidth(section) - self.viewport().width()
            bar = self.horizontalScrollBar()
            if left < 0 or right > 0:
                bar.setValue(bar.value() + (left if left < 0 else min(left, right)))

    def _moved(self, section: int, _old: int, new: int) -> None:
        if self._guarding:
            return
        self._guarding = True
        for place in range(self.frozen_count):
            self.heads.moveSection(self.heads.visualIndex(place), place)
        self._guarding = False
        self.lay_out_frozen()
        self.columns_changed.emit()

    def _frozen_resized(self) -> None:
        self.lay_out_frozen()
        self.frozen_cells.viewport().update()
        self.columns_changed.emit()

    def _fit_frozen(self, section: int) -> None:
        self.frozen_heads.resizeSection(section, self.sizeHintForColumn(section))

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
            # What stands at the borders must not move with the pixels.
            self.viewport().update(0, 0, _SHADOW + abs(dx), self.viewport().height())
            if self.currentIndex().isValid():
                self.viewport().update(self._row_rect(self.currentIndex().row()))
        if dy and self._hovered >= 0:
            self.hover(self.rowAt(self.viewport().mapFromGlobal(QCursor.pos()).y()))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.set_row_height()
            self.font_changed.emit()

    # Keyboard and mouse

    def usual_column(self) -> int:
        """Return a visible column for the current cell: the one it is in, or the first."""
        column = self.currentIndex().column()
        if column >= 0 and not self.isColumnHidden(column):
            return column
        order = map(self.heads.logicalIndex, range(self.heads.count()))
        return next((section for section in order if not self.isColumnHidden(section)), 0)

    def enter(self) -> None:
        """Take the keyboard focus; if nothing is selected, the current or the first row will be."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.selectionModel().hasSelection() and self.model().rowCount():
            row = max(self.currentIndex().row(), 0)
            self.setCurrentIndex(self.model().index(row, self.usual_column()))

    @override
    def moveCursor(self, action: _Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        count = self.model().rowCount()
        current = self.currentIndex()
        if not current.isValid():
            return self.model().index(0, self.usual_column())
        if self.isColumnHidden(current.column()):
            # From a hidden cell Qt goes nowhere.
            beside = current.siblingAtColumn(self.usual_column())
            self.selectionModel().setCurrentIndex(beside, QItemSelectionModel.SelectionFlag.NoUpdate)
        if count and action in (_Action.MoveHome, _Action.MoveEnd):
            row = 0 if action == _Action.MoveHome else count - 1
            return self.model().index(row, self.usual_column())
        target = super().moveCursor(action, modifiers)
        if action in (_Action.MoveLeft, _Action.MoveRight) and target.isValid():
            self.show_column(target.column())
        return target

    @override
    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Show the row; only Left and Right move the columns."""
        across = self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        self.horizontalScrollBar().setValue(across)

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
            self._tip_at(event)
            return True
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self.hover(self.rowAt(event.position().toPoint().y()))
        elif kind == QEvent.Type.Leave:
            self.hover(-1)
        return super().viewportEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._repaint_all()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint_all()

    def _tip_at(self, event: QHelpEvent) -> None:
        index = self.indexAt(event.pos())
        if index.isValid():
            self.show_tip(event.globalPos(), index, self.viewport(), self.visualRect(index))
        else:
            QToolTip.hideText()

    def show_tip(self, place: QPoint, index: QModelIndex, viewport: QWidget, cell: QRect) -> None:
        """Show the tip of a cell: the column's own, or the full text if it is cut."""
        tip = index.data(TOOL_TIP)
        if not tip and self.sizeHintForIndex(index).width() > cell.width():
            tip = index.data(DISPLAY)
        # Escaped: what people typed is never markup.
        shown = f"<p style='white-space:pre-wrap'>{escape(str(tip))}</p>" if tip else ""
        QToolTip.showText(place, shown, viewport, cell)

    # Painting

    def paint_ground(self, painter: QPainter, rect: QRect, row: int) -> None:
        """Paint what lies below the texts of a row: its stripe, selection or hover."""
        palette = self.palette()
        if self.is_selected(row):
            active = self.hasFocus() and self.isActiveWindow()
            group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
            painter.fillRect(rect, palette.color(group, QPalette.ColorRole.Highlight))
            return
        stripe = QPalette.ColorRole.AlternateBase if row & 1 else QPalette.ColorRole.Base
        painter.fillRect(rect, palette.color(stripe))
        if row == self._hovered:
            tint = tone_colour(Tone.ACCENT, palette)
            tint.setAlpha(_HOVER_ALPHA)
            painter.fillRect(rect, tint)

    def paint_ring(self, painter: QPainter, rect: QRect, row: int) -> None:
        """Ring the row with the keyboard focus."""
        if row != self.currentIndex().row() or not self.hasFocus():
            return
        palette = self.palette()
        if self.is_selected(row):
            color = palette.color(QPalette.ColorRole.HighlightedText)
        else:
            color = tone_colour(Tone.ACCENT, palette)
        painter.setPen(color)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def mark_current_cell(self) -> None:
        """Show in the row with the keyboard focus which cell is meant, as for a block to be pasted."""
        self._marks_cell = True

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        for row in self._rows_between(event.rect().top(), event.rect().bottom()):
            self.paint_ground(painter, self._row_rect(row), row)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        current = self.currentIndex().row()
        if current >= 0:
            # With frozen columns before it the ring is open to the left.
            open_left = -6 if self.frozen_count else 0
            self.paint_ring(painter, self._row_rect(current).adjusted(open_left, 0, 0, 0), current)
            if self._marks_cell and self.hasFocus():  # in the pen of the ring
                painter.drawRect(self.visualRect(self.currentIndex()).adjusted(2, 2, -3, -3))
        if self.frozen_count and self.horizontalScrollBar().value():
            self._paint_shadow(painter)
        painter.end()

    def _rows_between(self, top: int, bottom: int) -> range:
        first = self.rowAt(top)
        if first < 0:
            return range(0)
        last = self.rowAt(bottom)
        return range(first, (last if last >= 0 else self.model().rowCount() - 1) + 1)

    def _paint_shadow(self, painter: QPainter) -> None:
        shade = QLinearGradient(0, 0, _SHADOW, 0)
        shade.setColorAt(0, QColor(0, 0, 0, 38))
        shade.setColorAt(1, QColor(0, 0, 0, 0))
        painter.fillRect(QRect(0, 0, _SHADOW, self.viewport().height()), shade)

    def is_selected(self, row: int) -> bool:
        """Whether the row is selected."""
        return self.selectionModel().isSelected(self.model().index(row, 0))

    def hover(self, row: int) -> None:
        """Tint another row, or none (-1), as the one below the mouse."""
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            for changed in (before, row):
                if changed >= 0:
                    self._repaint_row(changed)

    def _row_rect(self, row: int) -> QRect:
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        self._delegate.set_current(current)
        for index in (current, previous):
            if index.isValid():
                self._repaint_row(index.row())

    def _repaint_row(self, row: int) -> None:
        rect = self._row_rect(row)
        self.viewport().update(rect)
        self.frozen_cells.viewport().update(rect)

    def _repaint_all(self) -> None:
        self.viewport().update()
        self.frozen_cells.viewport().update()
