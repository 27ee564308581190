"""The list of 备案表 with a tick each, in register order."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.ui.common.actions import make_action
from cdo_desktop.ui.common.chips import Chips
from cdo_desktop.ui.common.icons import icon
from cdo_desktop.ui.common.style import SMALL, provide_glyphs
from cdo_desktop.ui.common.tones import Tone
from cdo_desktop.ui.registry.forms_batch import SheetRow

FINE, WARNED, VACANT = "没有问题", "先看问题", "空缺"
_HEADS = ("单位", "岗位", "姓名", "备案类型", "提示")
_WIDTHS = (136, 84, 76, 70)
_ROW_PADDING = 8
_FEW = 5  # up to here nobody needs to search or filter
_TICKED = Qt.CheckState.Checked


class FormsList(QWidget):
    """Ticks say what is printed; the current line is the one that is shown beside the list."""

    ticks_changed = Signal()
    current_changed = Signal(object)
    """The `SheetRow` that the keyboard is on, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[SheetRow, ...] = ()
        self._items: list[QTreeWidgetItem] = []
        self._choice = ""
        self.chips = Chips("显示", (FINE, WARNED, VACANT))
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找单位或姓名，可用拼音首字母（Ctrl+F）")
        self.search.setAccessibleName("查找单位或姓名")
        self.search.setClearButtonEnabled(True)
        self.tree = QTreeWidget()
        self.summary = QLabel()
        self.summary.setProperty("role", "muted")
        self._set_up_tree()
        self.all_button = QPushButton("全选")
        self.none_button = QPushButton("全不选")
        for button, tip in (
            (self.all_button, "勾选下面列出的各份"),
            (self.none_button, "取消下面列出的各份"),
        ):
            button.setAutoDefault(False)
            button.setAccessibleName(button.text())
            button.setToolTip(tip)
        self._lay_out()
        self.chips.chosen.connect(self.show_only)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.returnPressed.connect(self.tree.setFocus)
        self.tree.itemChanged.connect(
            lambda _item, column: self.ticks_changed.emit() if column == 0 else None
        )
        self.tree.currentItemChanged.connect(lambda *_items: self.current_changed.emit(self.current_row()))
        self.all_button.clicked.connect(lambda _checked=False: self._tick_shown(True))
        self.none_button.clicked.connect(lambda _checked=False: self._tick_shown(False))
        search_action = make_action("查找", parent=self, triggered=self.search.setFocus, shortcut="Ctrl+F")
        self.addAction(search_action)
        # Qt's own Space works in the first column alone.
        tick_action = make_action("勾选或取消", parent=self, triggered=self._tick_current, shortcut="Space")
        self.tree.addAction(tick_action)

    def _set_up_tree(self) -> None:
        tree = self.tree
        tree.setAccessibleName("备案表清单")
        tree.setFrameShape(QFrame.Shape.NoFrame)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setAlternatingRowColors(True)
        tree.setAllColumnsShowFocus(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setHeaderLabels(_HEADS)
        tree.header().setSectionsMovable(False)
        widths = [width * tree.fontMetrics().height() // 16 for width in _WIDTHS]
        for column, width in enumerate(widths):
            tree.header().resizeSection(column, width)
        tree.setMinimumWidth(sum(widths) + widths[-1])  # room for 提示 and the scroll bar
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.header().setStretchLastSection(True)
        tree.header().setMinimumSectionSize(tree.fontMetrics().height() * 2)

    def _lay_out(self) -> None:
        self._above = QWidget()
        above = QHBoxLayout(self._above)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(SMALL)
        above.addWidget(self.search, 1)
        above.addWidget(self.all_button)
        above.addWidget(self.none_button)
        chips = QHBoxLayout()
        chips.addWidget(self.chips)
        chips.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        layout.addLayout(chips)
        layout.addWidget(self._above)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.summary)

    def show_rows(self, rows: Sequence[SheetRow]) -> None:
        """List forms, all ticked, and what has none."""
        self._rows = tuple(rows)
        provide_glyphs("".join(row.unit + row.name for row in rows))
        self.tree.blockSignals(True)
        self.tree.clear()
        self._items = [_item(row) for row in self._rows]
        self.tree.addTopLevelItems(self._items)
        height = self.tree.fontMetrics().height() + _ROW_PADDING
        for item in self._items[:1]:  # the rows are of one height: that of the first
            item.setSizeHint(0, QSize(0, height))
        self.tree.blockSignals(False)
        counts = {FINE: 0, WARNED: 0, VACANT: 0}
        for row in self._rows:
            counts[_choice_of(row)] += 1
        self.chips.show_counts(counts)
        for widget in (self.chips, self._above):
            widget.setVisible(len(self._rows) > _FEW)
        self._filter()
        self.ticks_changed.emit()

    def ticked(self) -> list[int]:
        """Return the places of the ticked forms, filtered away or not."""
        shown = zip(self._rows, self._items, strict=True)
        return [row.place for row, item in shown if row.place is not None and item.checkState(0) == _TICKED]

    def current_row(self) -> SheetRow | None:
        """Return the row that the keyboard is on."""
        index = self.tree.currentIndex()
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def show_only(self, choice: str) -> None:
        """List only the rows of one of the chips' choices."""
        self._choice = choice
        self.chips.choose(choice)
        self._filter()

    def clear_search(self) -> bool:
        """Empty the search field; False if it was empty already."""
        had_text = bool(self.search.text())
        self.search.clear()
        return had_text

    def _filter(self) -> None:
        choice, text = self._choice, self.search.text()
        first: QTreeWidgetItem | None = None
        for row, item in zip(self._rows, self._items, strict=True):
            shown = (not choice or _choice_of(row) == choice) and row.is_found_by(text)
            item.setHidden(not shown)
            first = item if shown and first is None else first
        current = self.tree.currentIndex()
        if first is not None and (not current.isValid() or self._items[current.row()].isHidden()):
            self.tree.setCurrentItem(first)

    def _tick_current(self) -> None:
        index, row = self.tree.currentIndex(), self.current_row()
        if row is not None and row.place is not None:
            item = self._items[index.row()]
            item.setCheckState(0, Qt.CheckState.Unchecked if item.checkState(0) == _TICKED else _TICKED)

    def _tick_shown(self, ticked: bool) -> None:
        state = _TICKED if ticked else Qt.CheckState.Unchecked
        self.tree.blockSignals(True)
        for row, item in zip(self._rows, self._items, strict=True):
            if row.place is not None and not item.isHidden():
                item.setCheckState(0, state)
        self.tree.blockSignals(False)
        self.tree.viewport().update()
        self.ticks_changed.emit()


def _choice_of(row: SheetRow) -> str:
    if row.is_vacant:
        return VACANT
    return WARNED if row.warnings else FINE


def _item(row: SheetRow) -> QTreeWidgetItem:
    item = QTreeWidgetItem([row.unit, row.post, row.name or "（空缺）", row.kind, ""])
    last = len(_HEADS) - 1
    if row.place is None:
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setText(last, "没有表")
        item.setIcon(last, icon("user-minus", Tone.MUTED) if row.is_vacant else icon("x", Tone.WARNING))
        item.setToolTip(last, "\n".join(row.warnings) or "岗位空缺，没有可以出的表")
        return item
    item.setCheckState(0, _TICKED)
    if row.warnings:
        item.setText(last, f"{len(row.warnings)} 条")
        item.setIcon(last, icon("alert-triangle", Tone.WARNING))
        item.setToolTip(last, "\n".join(row.warnings))
    return item
