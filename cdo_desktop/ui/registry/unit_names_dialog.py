"""The list whose full names are checked against the seals: typed right, and ticked once they are."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cdo_desktop.errors import AppError, ConflictError
from cdo_desktop.rules.vocabulary import UnitCategory
from cdo_desktop.services.units import NameChange, NameRefusedError, UnitRow, UnitService
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.help import HelpButton, set_topic
from cdo_desktop.ui.common.input_guard import commit_input_method
from cdo_desktop.ui.common.notice_bar import NoticeBar
from cdo_desktop.ui.common.notices import ConflictChoice
from cdo_desktop.ui.common.overriding import override
from cdo_desktop.ui.common.style import LARGE, MEDIUM, SMALL, provide_glyphs

_SHORT, _NAME, _TICK = range(3)
_SIZE = (760, 560)


class UnitNamesDialog(QDialog):
    """Every unit with its full name; all are saved at once, each against the version that was loaded."""

    saved = Signal(int)
    """How many units were confirmed or changed."""

    def __init__(self, service: UnitService, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._ui = ui
        self._rows: list[UnitRow] = []
        self._saving = False
        self.setWindowTitle("核对单位全称")
        set_topic(self, "核对单位全称")
        self.banner = NoticeBar()
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.table = QTableWidget(0, 3)
        self._set_up_table()
        self.all_button = self._button("全部打勾", self._tick_all)
        self.save_button = self._button("保存", self.save)
        self.save_button.setProperty("role", "primary")
        self.save_button.setToolTip("保存（Ctrl+S）")
        self.close_button = self._button("关闭", self.reject)
        QShortcut(QKeySequence(shortcuts.SAVE), self).activated.connect(self.save)
        self._lay_out()
        self._ui.tasks.run(service.rows, owner=self, done=self._show, failed=self.banner.show_error)

    def _set_up_table(self) -> None:
        table = self.table
        table.setAccessibleName("单位全称")
        table.setHorizontalHeaderLabels(["单位", "全称（与公章一致）", "已核对"])
        table.verticalHeader().setVisible(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_SHORT, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_TICK, QHeaderView.ResizeMode.ResizeToContents)
        table.itemChanged.connect(self._edited)

    def _button(self, text: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: slot())
        return button

    def _lay_out(self) -> None:
        intro = QLabel(
            "备案表上的单位全称必须与公章一致。请逐个核对：不对的直接改（F2），核对过的打勾（空格键）。"
        )
        intro.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(SMALL)
        buttons.addWidget(HelpButton(self._ui))
        buttons.addWidget(self.all_button)
        buttons.addWidget(self.count)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LARGE, LARGE, LARGE, MEDIUM)
        layout.setSpacing(MEDIUM)
        layout.addWidget(self.banner)
        layout.addWidget(intro)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        self.resize(*_SIZE)

    # Showing

    def _show(self, rows: tuple[UnitRow, ...]) -> None:
        self._rows = [row for row in rows if row.category != UnitCategory.DISTRICT]
        provide_glyphs("".join(row.short_name + row.full_name for row in self._rows))
        self.table.blockSignals(True)
        self.table.setRowCount(len(self._rows))
        fixed = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        for place, row in enumerate(self._rows):
            items = [QTableWidgetItem(row.short_name), QTableWidgetItem(row.full_name), QTableWidgetItem()]
            items[_SHORT].setFlags(fixed)
            items[_TICK].setFlags(fixed | Qt.ItemFlag.ItemIsUserCheckable)
            items[_TICK].setCheckState(_state(row.full_name_confirmed))
            for column, item in enumerate(items):
                self.table.setItem(place, column, item)
            self._describe(place)
        self.table.blockSignals(False)
        first = next((i for i, row in enumerate(self._rows) if not row.full_name_confirmed), 0)
        if self._rows:
            self.table.setCurrentCell(first, _TICK)
        self.table.setFocus()
        self._count()

    def _edited(self, item: QTableWidgetItem) -> None:
        provide_glyphs(item.text())
        self._describe(item.row())
        self._count()

    def _describe(self, place: int) -> None:
        """Let screen readers say the tick, which has no text."""
        blocked = self.table.blockSignals(True)
        tick = self._item(place, _TICK)
        said = "已核对" if self._ticked(place) else "未核对"
        tick.setData(Qt.ItemDataRole.AccessibleTextRole, f"{self._item(place, _SHORT).text()} {said}")
        self.table.blockSignals(blocked)

    def _count(self) -> None:
        ticked = sum(self._ticked(place) for place in range(len(self._rows)))
        self.count.setText(f"已核对 {ticked} / {len(self._rows)}")

    def _ticked(self, place: int) -> bool:
        return self._item(place, _TICK).checkState() is Qt.CheckState.Checked

    def _item(self, place: int, column: int) -> QTableWidgetItem:
        item = self.table.item(place, column)
        if item is None:
            raise IndexError(f"no cell {place}, {column}")
        return item

    def _tick_all(self) -> None:
        for place in range(len(self._rows)):
            self._item(place, _TICK).setCheckState(Qt.CheckState.Checked)

    # Saving

    def _changes(self) -> list[NameChange]:
        found = []
        for place, row in enumerate(self._rows):
            name, ticked = self._item(place, _NAME).text().strip(), self._ticked(place)
            if (name, ticked) != (row.full_name, row.full_name_confirmed):
                found.append(NameChange(row, name, ticked))
        return found

    def save(self) -> None:
        """Save what differs, all or nothing; the first that cannot be saved is shown."""
        if self._saving:
            return
        commit_input_method()
        self.table.setCurrentCell(self.table.currentRow(), _TICK)  # ends the editing of a name
        changes, service = self._changes(), self._service
        self.banner.clear()
        self._lock(True)
        self._ui.tasks.run(
            lambda: service.save_names(changes),
            owner=self,
            done=lambda _none: self._saved(len(changes)),
            failed=self._not_saved,
        )

    def _lock(self, locked: bool) -> None:
        self._saving = locked
        for widget in (self.table, self.all_button, self.save_button, self.close_button):
            widget.setEnabled(not locked)

    def _saved(self, count: int) -> None:
        self._lock(False)
        if count:
            self._ui.notices.info(f"已保存 {count} 个单位的全称")
            self.saved.emit(count)
        self.accept()

    def _not_saved(self, error: AppError) -> None:
        self._lock(False)
        if not isinstance(error, NameRefusedError):
            self.banner.show_error(error)
            return
        place = self._rows.index(error.change.loaded)
        self.table.setFocus()
        self.table.setCurrentCell(place, _NAME)
        if not isinstance(error.reason, ConflictError):
            self.banner.show_error(error)
            return
        choice = self._ui.notices.show_conflict(error.reason)
        if choice is not ConflictChoice.BACK:
            take_theirs = choice is ConflictChoice.TAKE_THEIRS
            self._ui.tasks.run(
                self._service.rows,
                owner=self,
                done=lambda rows: self._renew(place, rows, take_theirs=take_theirs),
                failed=self.banner.show_error,
            )

    def _renew(self, place: int, rows: tuple[UnitRow, ...], *, take_theirs: bool) -> None:
        """Take over the stored state of a unit as the one that is edited from now on."""
        loaded = self._rows[place]
        stored = next((row for row in rows if row.unit_id == loaded.unit_id), loaded)
        self._rows[place] = stored
        if take_theirs:
            self._item(place, _NAME).setText(stored.full_name)
            self._item(place, _TICK).setCheckState(_state(stored.full_name_confirmed))

    @override
    def reject(self) -> None:
        """Close; with unsaved changes ask first."""
        if self._saving:
            return
        changes = self._changes()
        if changes:
            question = f"{len(changes)} 个单位的改动还没有保存。"
            answer = self._ui.notices.choose(question, ("保存", "不保存", "取消"))
            if answer == 0:
                self.save()
            if answer != 1:
                return
        super().reject()


def _state(ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
