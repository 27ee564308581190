"""单位: every unit with its names, and what a reform does to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.services.unit_list import UnitLine, UnitListQuery
from cdo_desktop.services.unit_reform import Effects, UnitRef
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.search_line import search_line
from cdo_desktop.ui.common.style import MEDIUM, SMALL
from cdo_desktop.ui.common.table_view import DataTable, count_text
from cdo_desktop.ui.system.services import SystemServices
from cdo_desktop.ui.system.unit_past_dialog import UnitPastDialog
from cdo_desktop.ui.system.units_table import COLUMNS, ENDED, UnitSource
from cdo_desktop.ui.system.widgets import toolbar

_NONE = "先选中一个单位"
_MANY = "一次只能办理一个单位"
_GONE = "这个单位已经撤并"


@dataclass(frozen=True)
class _Reform:
    """What a reform form is opened with."""

    effects: Effects
    others: tuple[tuple[UnitRef, str], ...]


class UnitsSection(QWidget):
    """Lists units; a rename, a merger, a split and an end each have their own form."""

    units_changed = Signal()

    def __init__(self, services: SystemServices, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._ui = ui
        self._preparing = False
        self.table = DataTable[int, UnitLine](COLUMNS, UnitSource(services.unit_list), frozen=1, name="单位")
        self.search = search_line("按名称、加挂名称、曾用名、拼音或首字母查找", "查找单位")
        self.ended_box = QCheckBox("包括已撤并的(&X)")
        self.ended_box.setAccessibleName("包括已撤并的单位")
        self.counts = QLabel()
        self.counts.setProperty("role", "muted")
        self._make_actions()
        self._build()
        self._connect()

    def _make_actions(self) -> None:
        def action(
            text: str, slot: Callable[[], object], name: str, shortcut: str = "", tip: str = ""
        ) -> QAction:
            return make_action(text, parent=self, triggered=slot, icon=name, shortcut=shortcut, tip=tip)

        self.new = action("新建单位(&N)…", self.new_unit, "plus", shortcuts.NEW)
        self.edit = action("单位资料(&E)…", self.edit_unit, "pencil", shortcuts.EDIT, "类别、排序、地址等")
        self.rename = action("更名(&R)…", self.rename_unit, "replace", "Ctrl+R", "旧名称留在曾用名里")
        self.merge = action(
            "合并(&M)…", self.merge_units, "arrow-merge", "Ctrl+M", "选中一个或几个单位，并入一个单位"
        )
        self.split = action("拆分(&S)…", self.split_unit, "columns", "", "一个单位分为几个，或分出一个")
        self.abolish = action("撤销单位(&L)…", self.abolish_unit, "archive", "", "单位撤销，没有承继的单位")
        self.plates = action("加挂牌子(&B)…", self.show_plates, "building-community", "", "一个机构两块牌子")
        self.past = action("沿革(&H)…", self.show_past, "history", "Ctrl+H", "曾用名、加挂牌子、机构改革")
        self.find_action = action("查找", self._go_to_search, "search", shortcuts.FIND)
        self.refresh = action("刷新", self.reload, "refresh", shortcuts.REFRESH)
        self.row_actions = (
            self.edit,
            self.rename,
            self.merge,
            self.split,
            self.abolish,
            self.plates,
            self.past,
        )

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(MEDIUM)
        head.addWidget(self.search, 1)
        head.addWidget(self.ended_box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        layout.setSpacing(SMALL)
        layout.addWidget(
            toolbar("单位命令", (self.new, None, *self.row_actions, None, self.table.clear_filters_action))
        )
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.counts)
        self.setFocusProxy(self.search)
        self.table.set_empty_state(
            EmptyState(
                "building-community", "还没有单位", "先新建单位，或在“名册备案”导入名册。", (self.new,)
            )
        )

    def _connect(self) -> None:
        table = self.table
        table.set_actions(self.row_actions)
        table.activated.connect(lambda _key: self.edit_unit())
        table.selection_changed.connect(self._show_available)
        table.counts_changed.connect(lambda shown, total: self.counts.setText(count_text(shown, total)))
        table.failed.connect(self._ui.notices.error)
        self.search.textChanged.connect(table.set_text)
        self.search.returnPressed.connect(table.setFocus)
        self.ended_box.toggled.connect(lambda on: table.set_extra(ENDED, on))
        self.addActions([self.new, *self.row_actions, self.find_action, self.refresh])
        self._show_available()

    # Rows

    def reload(self) -> None:
        """Ask for everything anew, keeping selection and filters."""
        self.table.reload()
        self._show_available()

    def selected(self) -> list[UnitLine]:
        """Return the selected units as they are now."""
        keys = self.table.selected_keys()
        rows = self._services.unit_list.rows(keys)
        return [rows[key] for key in keys if key in rows]

    def _show_available(self) -> None:
        try:
            rows = self.selected()
        except AppError as error:
            self._ui.notices.error(error)
            rows = []
        none = "" if rows else _NONE
        one = none or ("" if len(rows) == 1 else _MANY)
        gone = _GONE if any(not row.is_present for row in rows) else ""
        for action in (self.edit, self.rename, self.split, self.abolish, self.plates):
            set_available(action, one or gone)
        set_available(self.merge, none or gone)
        set_available(self.past, one)

    def _go_to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _one(self, action: QAction, act: Callable[[UnitLine], object]) -> None:
        """Act on the one selected unit as it is now; what fails to be read is told."""
        if not action.isEnabled():
            return
        try:
            rows = self.selected()
            if len(rows) == 1:
                act(rows[0])
        except AppError as error:
            self._ui.notices.error(error)

    # Actions

    def new_unit(self) -> None:
        """Register another unit with its two empty posts."""
        from cdo_desktop.ui.common.unit_dialog import UnitDialog

        self._open(UnitDialog(self._services.units, None, self._ui, self, renaming=False), "已新建单位")

    def edit_unit(self) -> None:
        """Change the data of the selected unit."""
        from cdo_desktop.ui.common.unit_dialog import UnitDialog

        def edit(line: UnitLine) -> None:
            dialog = UnitDialog(self._services.units, self._draft(line), self._ui, self, renaming=False)
            self._open(dialog, f"已保存：{line.short_name}")

        self._one(self.edit, edit)

    def rename_unit(self) -> None:
        """Give the selected unit a new name from a day on."""
        from cdo_desktop.ui.system.unit_forms import RenameDialog

        def rename(line: UnitLine) -> None:
            dialog = RenameDialog(self._services.units, self._draft(line), self._ui, self)
            self._open(dialog, f"已更名：原{line.short_name}")

        self._one(self.rename, rename)

    def _draft(self, line: UnitLine) -> UnitDraft:
        return self._services.units.get(line.unit_id)

    def merge_units(self) -> None:
        """Let the selected units go into one."""
        if not self.merge.isEnabled():
            return
        try:
            lines = self.selected()
        except AppError as error:
            self._ui.notices.error(error)
            return
        self._prepare(lines, lambda reform: self._open_merge(lines, reform))

    def _open_merge(self, lines: Sequence[UnitLine], reform: _Reform) -> None:
        from cdo_desktop.ui.system.reform_dialogs import MergeDialog, UnitChoice

        chosen = {line.unit_id for line in lines}
        others = [UnitChoice(ref, name) for ref, name in reform.others if ref.unit_id not in chosen]
        changes = self._services.unit_changes
        dialog = MergeDialog(changes, lines, others, reform.effects, self._ui, self)
        self._open(dialog, f"已合并：{'、'.join(line.short_name for line in lines)}")

    def split_unit(self) -> None:
        """Make several units out of the selected one."""
        self._one(
            self.split, lambda line: self._prepare([line], lambda reform: self._open_split(line, reform))
        )

    def _open_split(self, line: UnitLine, reform: _Reform) -> None:
        from cdo_desktop.ui.system.reform_dialogs import SplitDialog

        dialog = SplitDialog(self._services.unit_changes, line, reform.effects, self._ui, self)
        self._open(dialog, f"已拆分：{line.short_name}")

    def abolish_unit(self) -> None:
        """End the selected unit."""
        self._one(
            self.abolish, lambda line: self._prepare([line], lambda reform: self._open_abolish(line, reform))
        )

    def _open_abolish(self, line: UnitLine, reform: _Reform) -> None:
        from cdo_desktop.ui.system.reform_dialogs import AbolishDialog

        dialog = AbolishDialog(self._services.unit_changes, line, reform.effects, self._ui, self)
        self._open(dialog, f"已撤销单位：{line.short_name}")

    def _prepare(self, lines: Sequence[UnitLine], opened: Callable[[_Reform], None]) -> None:
        """Look up what a reform of these units would do, then open its form, once."""
        if self._preparing:
            return
        self._preparing = True
        services = self._services
        refs = [UnitRef(line.unit_id, line.version) for line in lines]

        def look_up() -> _Reform:
            present = services.unit_list.keys(UnitListQuery())
            rows = services.unit_list.rows(present)
            others = tuple(
                (UnitRef(key, rows[key].version), rows[key].short_name) for key in present if key in rows
            )
            return _Reform(services.unit_changes.effects(refs), others)

        def ready(reform: _Reform) -> None:
            self._preparing = False
            opened(reform)

        self._ui.tasks.run(look_up, owner=self, done=ready, failed=self._not_prepared)

    def _not_prepared(self, error: AppError) -> None:
        self._preparing = False
        self._ui.notices.error(error)

    def show_plates(self) -> None:
        """Show the names that hang beside the unit's own."""
        from cdo_desktop.ui.system.plates_dialog import PlatesDialog

        def show(line: UnitLine) -> None:
            dialog = PlatesDialog(self._services.second_names, line, self._ui, self)
            dialog.changed.connect(self._changed)
            open_dialog(dialog)

        self._one(self.plates, show)

    def show_past(self) -> None:
        """Show former names, plates and reforms of the selected unit."""
        self._one(self.past, lambda line: open_dialog(UnitPastDialog(self._services, line, self._ui, self)))

    def _open(self, dialog: FormDialog, done: str) -> None:
        dialog.saved.connect(lambda _result: self._saved(done))
        open_dialog(dialog)

    def _saved(self, done: str) -> None:
        self._ui.notices.info(done)
        self._changed()

    def _changed(self) -> None:
        self.reload()
        self.units_changed.emit()
