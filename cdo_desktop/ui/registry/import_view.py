"""The preview of an import: chips with counts, the lines, the current line in full, the decisions."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from cdo_desktop.services.roster_plan import LineKind, PlannedLine
from cdo_desktop.services.units import UnitRow
from cdo_desktop.ui.common.action_button import button_for
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.chips import Chips
from cdo_desktop.ui.common.style import MEDIUM, SMALL
from cdo_desktop.ui.common.table_view import DataTable
from cdo_desktop.ui.registry.import_decisions import Decisions, UnitQuestion, may_replace
from cdo_desktop.ui.registry.import_detail import DetailPanel
from cdo_desktop.ui.registry.import_rows import (
    COLUMNS,
    HINT,
    KIND,
    ImportRow,
    ImportSource,
    count_kinds,
)
from cdo_desktop.ui.registry.import_session import Preview

_MOST_CANDIDATES = 4  # buttons for units that a name may mean


class ImportView(QWidget):
    """Shows a `Preview`; ``decided`` says that the user decided something and it must be made anew."""

    decided = Signal()

    def __init__(self, decisions: Decisions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.decisions = decisions
        self._preview: Preview | None = None
        self._source = ImportSource()
        self.chips = Chips("显示", tuple(map(str, LineKind)))
        self.hint_chip = QToolButton()
        self.hint_chip.setCheckable(True)
        self.hint_chip.setAutoRaise(True)
        self.hint_chip.setProperty("role", "chip")
        self.hint_chip.setToolTip("只看有提示的行：可以导入，但最好看一眼")
        self.table = DataTable[int, ImportRow](COLUMNS, self._source, name="导入预览")
        self.detail = DetailPanel()
        self._make_actions()
        self._unit_actions: list[QAction] = []
        self._lay_out()
        self.chips.chosen.connect(self.show_kind)
        self.hint_chip.toggled.connect(lambda on: self.table.set_filter(HINT, "是" if on else ""))
        self.table.query_changed.connect(self._show_query)
        self.table.selection_changed.connect(self._show_current)
        self.table.grid.selectionModel().currentRowChanged.connect(lambda *_rows: self._show_current())

    def _make_actions(self) -> None:
        def action(text: str, triggered: Callable[[], object], icon: str, tip: str = "") -> QAction:
            return make_action(text, parent=self, triggered=triggered, icon=icon, tip=tip)

        self.replace_action = action(
            "确认更换(&R)", self.replace, "replace", "现任从新任的任职之日起离任，登记变更备案；空格键也可以"
        )
        self.correct_action = action(
            "登记更正(&C)", self.correct, "user-edit", "名册中原来登记错了人：改成表中的姓名，不算更换"
        )
        self.undo_action = action("撤销决定(&U)", self.undo, "arrow-back-up", "取消对选中各行的决定")
        self.replace_all_action = action(
            "全部确认更换(&A)", self.replace_all, "replace", "表中换了人的岗位都按更换办理"
        )
        self.toggle_action = make_action(
            "确认或撤销", parent=self, triggered=self.toggle, shortcut="Space", tip="空格键确认更换，再按撤销"
        )
        self.table.grid.addAction(self.toggle_action)

    def _lay_out(self) -> None:
        self.replace_all_button = button_for(self.replace_all_action)
        top = QHBoxLayout()
        top.addWidget(self.chips)
        top.addSpacing(MEDIUM)
        top.addWidget(self.hint_chip)
        top.addStretch(1)
        top.addWidget(self.replace_all_button)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("import")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([390, 150])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        layout.addLayout(top)
        layout.addWidget(splitter, 1)

    # Showing

    def show_preview(self, preview: Preview) -> None:
        """Show the lines as they would go in now; the selection stays with its line."""
        first = self._preview is None or self._preview.source != preview.source
        row = max(self.table.grid.currentIndex().row(), 0)
        self._preview = preview
        self._source.all = preview.rows
        self.table.reload()
        self.chips.show_counts(count_kinds(preview.rows))
        hints = sum(row.has_hint for row in preview.rows)
        self.hint_chip.setText(f"提示 {hints}")
        self.hint_chip.setAccessibleName(f"只看有提示的 {hints} 行")
        if first:
            self.table.clear_filters()
            self._select_first_problem()
        elif self.table.current_key() is None and self.table.model.key_count:
            self.table.select_key(self.table.model.key_at(min(row, self.table.model.key_count - 1)))
        self._show_current()

    def show_kind(self, kind: str) -> None:
        """List the lines of one kind alone, or all for ""."""
        self.table.set_filter(KIND, kind)

    def _select_first_problem(self) -> None:
        if self._source.all:
            blocked = (place for place, row in enumerate(self._source.all) if row.kind is LineKind.PROBLEM)
            self.table.select_key(next(blocked, 0))

    def _show_query(self, query: object) -> None:
        filters = self.table.query().filters
        self.chips.choose(filters.get(KIND, ""))
        self.hint_chip.setChecked(bool(filters.get(HINT)))

    def _show_current(self) -> None:
        key = self.table.current_key()
        row = self._source.all[key] if key is not None and key < len(self._source.all) else None
        lines = self.selected_lines()
        about = self.decisions.about(row.line) if row is not None and row.line is not None else ()
        self.detail.show_row(row, about, len(self.table.selected_keys()))
        undecided = any(may_replace(line) and not self.decisions.about(line) for line in lines)
        set_available(self.replace_action, "" if undecided else "选中的行没有等待确认的更换")
        mendable = any(line.replaces and not self.decisions.about(line) for line in lines)
        set_available(self.correct_action, "" if mendable else "选中的行与名册是同一个人")
        decided = any(self.decisions.about(line) for line in lines)
        set_available(self.undo_action, "" if decided else "选中的行还没有决定")
        question = self._preview.units.get(key) if self._preview is not None and key is not None else None
        for old in self._unit_actions:
            old.deleteLater()
        self._unit_actions = self._make_unit_actions(question) if question is not None else []
        personal = [self.replace_action, self.correct_action]
        offered = [*personal, *self._unit_actions, self.undo_action]
        self.table.set_actions([*personal, self.undo_action, *self._unit_actions])
        self.detail.show_actions([action for action in offered if action.isEnabled()])
        waiting = len(self._waiting())
        self.replace_all_action.setText(f"全部确认更换 {waiting} 人(&A)")
        self.replace_all_action.setVisible(waiting > 1)

    def _make_unit_actions(self, question: UnitQuestion) -> list[QAction]:
        actions = []
        for number, unit in enumerate(question.candidates[:_MOST_CANDIDATES], start=1):
            actions.append(self._unit_action(question, unit, number))
        if question.may_be_new:
            actions.append(
                make_action(
                    "是新单位(&N)",
                    parent=self,
                    triggered=lambda: self._decide_unit(question, None),
                    icon="building",
                    tip=f"在名册中新建“{question.name}”",
                )
            )
        return actions

    def _unit_action(self, question: UnitQuestion, unit: UnitRow, number: int) -> QAction:
        return make_action(
            f"就是：{unit.short_name}(&{number})",
            parent=self,
            triggered=lambda: self._decide_unit(question, unit),
            icon="building-community",
            tip=f"“{question.name}”就是名册中的“{unit.full_name}”，表中所有这样写的行都照此办理",
        )

    # Deciding

    def selected_lines(self) -> list[PlannedLine]:
        """Return the selected lines of the sheet."""
        rows = [self._source.all[key] for key in self.table.selected_keys() if key < len(self._source.all)]
        return [row.line for row in rows if row.line is not None]

    def replace(self) -> None:
        """Confirm the selected lines as successions and go on to the next open one."""
        lines = [line for line in self.selected_lines() if not self.decisions.about(line)]
        if self.decisions.replace(lines):
            self._go_to_next()
            self._decided()

    def replace_all(self) -> None:
        """Confirm every line that waits for it."""
        if self.decisions.replace(self._waiting()):
            self._decided()

    def correct(self) -> None:
        """Take the selected lines for corrections."""
        if self.decisions.correct(line for line in self.selected_lines() if not self.decisions.about(line)):
            self._decided()

    def undo(self) -> None:
        """Take back the decisions about the selected lines."""
        self.decisions.undo(self.selected_lines())
        self._decided()

    def toggle(self) -> None:
        """Confirm what waits among the selected lines, else take back."""
        if self.replace_action.isEnabled():
            self.replace()
        elif self.undo_action.isEnabled():
            self.undo()

    def _decide_unit(self, question: UnitQuestion, unit: UnitRow | None) -> None:
        if unit is None:
            self.decisions.new_unit(question.name)
        else:
            self.decisions.same_unit(question.name, unit)
        self._decided()

    def _decided(self) -> None:
        self._show_current()
        self.table.setFocus()  # the button that was pressed is gone
        self.decided.emit()

    def _waiting(self) -> Sequence[PlannedLine]:
        lines = (row.line for row in self._source.all if row.is_pending)
        return [line for line in lines if line and may_replace(line) and not self.decisions.about(line)]

    def _go_to_next(self) -> None:
        """Select the next line below that waits, before the preview is made anew: Space may follow Space."""
        keys = self.table.selected_keys()
        waiting = {line.key for line in self._waiting()}
        if len(keys) != 1:
            return
        start = self.table.model.index_of(keys[0]) + 1
        for row in range(start, self.table.model.key_count):
            key = self.table.model.key_at(row)
            line = self._source.all[key].line
            if line is not None and line.key in waiting:
                self.table.select_key(key)
                return
