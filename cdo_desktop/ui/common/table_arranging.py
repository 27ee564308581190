"""Puts a grid's columns where a layout wants them, and reads the layout back."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QWidget

from cdo_desktop.ui.common.filter_row import FilterField
from cdo_desktop.ui.common.table_columns import Column
from cdo_desktop.ui.common.table_grid import GridView
from cdo_desktop.ui.common.table_header import TableHeader
from cdo_desktop.ui.common.table_layout import ColumnLayout, default_layout

_BASE_PIXELS = 12.0  # a 9 pt font at 96 dpi, for which widths are declared and remembered


class ColumnArranger(QObject):
    """Knows order, width and visibility of a grid's columns; widths follow the font."""

    changed = Signal()
    """The user moved, resized, hid or showed a column."""
    hid_filter = Signal()
    """A column went away together with the text in its filter field."""

    def __init__(self, columns: Sequence[Column[Any]], grid: GridView) -> None:
        super().__init__(grid)
        self._columns = columns
        self._grid = grid
        self._sections = {column.key: number for number, column in enumerate(columns)}
        self._scale = self._font_scale()
        self._arranging = False
        grid.columns_changed.connect(self._by_user)
        grid.font_changed.connect(self._rescale)
        self.apply(default_layout(columns).columns)

    def order(self) -> list[int]:
        """Return the columns' numbers as they are seen from left to right, hidden ones included."""
        heads = self._grid.heads
        return [heads.logicalIndex(place) for place in range(len(self._columns))]

    def shown(self) -> list[int]:
        """Return the numbers of the visible columns as they are seen from left to right."""
        return [section for section in self.order() if not self.is_hidden(section)]

    def is_hidden(self, section: int) -> bool:
        """Whether the column is hidden."""
        return section >= self._grid.frozen_count and self._grid.heads.isSectionHidden(section)

    def set_hidden(self, section: int, hidden: bool) -> None:
        """Hide or show a column for the user; a hidden column filters nothing."""
        self._arranging = True
        self._hide(section, hidden)
        self._arranging = False
        self._arranged()
        self.changed.emit()

    def layout_now(self) -> tuple[ColumnLayout, ...]:
        """Return all columns as they are now, in the order seen."""
        return tuple(self._column_now(section) for section in self.order())

    def apply(self, layout: Sequence[ColumnLayout]) -> None:
        """Arrange the columns."""
        self._arranging = True
        heads = self._grid.heads
        self._hold_filters(True)
        for place, column in enumerate(layout):
            section = self._sections[column.key]
            heads.moveSection(heads.visualIndex(section), place)
            self._hide(section, column.hidden)
            self._heads_of(section).resizeSection(section, round(column.width * self._scale))
        self._widths = {column.key: column.width for column in layout}
        self._hold_filters(False)
        self._arranging = False
        self._arranged()

    def fields(self) -> list[FilterField]:
        """Return the filter fields of the visible columns as they are seen from left to right."""
        every = self.every_field()
        return [every[section] for section in self.shown() if section in every]

    def every_field(self) -> dict[int, FilterField]:
        """Return all filter fields by the number of their column."""
        return self._grid.frozen_heads.filters.fields | self._grid.heads.filters.fields

    def _hide(self, section: int, hidden: bool) -> None:
        if section >= self._grid.frozen_count:
            self._grid.heads.setSectionHidden(section, hidden)
        field = self.every_field().get(section)
        if hidden and field is not None and field.text():
            field.clear()
            self.hid_filter.emit()

    def _column_now(self, section: int) -> ColumnLayout:
        key = self._columns[section].key
        hidden = self.is_hidden(section)
        size = self._heads_of(section).sectionSize(section)
        return ColumnLayout(key, self._widths[key] if hidden else round(size / self._scale), hidden)

    def _hold_filters(self, held: bool) -> None:
        self._grid.heads.hold_filters(held)
        self._grid.frozen_heads.hold_filters(held)

    def _heads_of(self, section: int) -> TableHeader:
        return self._grid.frozen_heads if section < self._grid.frozen_count else self._grid.heads

    def _by_user(self) -> None:
        if not self._arranging:
            for section in self.shown():
                column = self._column_now(section)
                self._widths[column.key] = column.width
            self._arranged()
            self.changed.emit()

    def _arranged(self) -> None:
        """Bring frozen heads, filter fields and the order of Tab in line."""
        self._grid.lay_out_frozen()
        self._grid.heads.place_filters()
        stops: list[QWidget] = [*self.fields(), self._grid]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _rescale(self) -> None:
        layout = self.layout_now()
        self._scale = self._font_scale()
        self.apply(layout)

    def _font_scale(self) -> float:
        return max(QFontInfo(self._grid.font()).pixelSize(), 1) / _BASE_PIXELS
