"""经办人: who may work with this data, their PINs, and who does not come any more."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cdo_desktop.errors import AppError
from cdo_desktop.services.operators import OperatorRow, OperatorService
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.context import UiContext
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.open_dialog import open_dialog
from cdo_desktop.ui.common.style import MEDIUM, SMALL
from cdo_desktop.ui.common.table_columns import CellMark, Column
from cdo_desktop.ui.common.table_model import TableQuery
from cdo_desktop.ui.common.table_view import DataTable
from cdo_desktop.ui.common.tones import Tone
from cdo_desktop.ui.system.widgets import label, toolbar

_NONE = "先选中一位经办人"
_MANY = "一次只能选一位经办人"
_NO_OWN_PIN = "您自己还没有 PIN，不能改别人的"


def state_text(row: OperatorRow) -> str:
    """Say whether an operator can sign in."""
    if not row.is_active:
        return "停用"
    return f"锁定至 {row.locked_until:%H:%M}" if row.locked_until else "在用"


def _state_mark(row: OperatorRow) -> CellMark:
    if not row.is_active:
        return CellMark("archive", Tone.MUTED, "停用")
    if row.locked_until:
        return CellMark("lock", Tone.WARNING, "锁定")
    return CellMark("circle-check", Tone.SUCCESS, "在用")


class OperatorsSection(QWidget):
    """Lists everybody, those who are disabled last; the history names them, so nobody is deleted."""

    operators_changed = Signal()

    def __init__(self, service: OperatorService, ui: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._ui = ui
        self.table = DataTable[int, OperatorRow](self._columns(), _Source(service), frozen=1, name="经办人")
        self.said = label("", "muted")
        self._make_actions()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        layout.setSpacing(SMALL)
        layout.addWidget(toolbar("经办人命令", (self.new, None, *self.row_actions, None, self.refresh)))
        layout.addWidget(self.said)
        layout.addWidget(self.table, 1)
        self.table.set_actions(self.row_actions)
        self.table.activated.connect(lambda _key: self.rename_operator())
        self.table.selection_changed.connect(self._show_available)
        self.table.failed.connect(self._ui.notices.error)
        self.addActions([self.new, *self.row_actions, self.refresh])
        self.setFocusProxy(self.table)
        self._show_available()

    def _columns(self) -> tuple[Column[OperatorRow], ...]:
        def name(row: OperatorRow) -> str:
            return f"{row.name}（您）" if row.operator_id == self._service.signed_in_id else row.name

        def column(
            key: str,
            title: str,
            text: Callable[[OperatorRow], str],
            width: int,
            mark: Callable[[OperatorRow], CellMark | None] | None = None,
        ) -> Column[OperatorRow]:
            return Column(key, title, text, width=width, mark=mark, filterable=False, sortable=False)

        return (
            column("name", "姓名", name, 200),
            column("pin", "PIN", lambda row: "已设置" if row.has_pin else "未设置", 120),
            column("state", "状态", state_text, 160, _state_mark),
        )

    def _make_actions(self) -> None:
        def action(
            text: str, slot: Callable[[], object], name: str, shortcut: str = "", tip: str = ""
        ) -> QAction:
            return make_action(text, parent=self, triggered=slot, icon=name, shortcut=shortcut, tip=tip)

        self.new = action("新增经办人(&N)…", self.add_operator, "user-plus", shortcuts.NEW)
        self.rename = action("改名(&R)…", self.rename_operator, "pencil", shortcuts.EDIT)
        self.set_pin = action(
            "设置 PIN(&P)…", self.change_pin, "lock", "", "设置、修改或重设 PIN，同时解除锁定"
        )
        self.clear_pin = action("清除 PIN(&L)…", self.remove_pin, "x", "", "以后登录不再问 PIN")
        self.disable = action("停用(&D)", self.disable_operator, "user-minus", "", "不能再登录，历史记录保留")
        self.enable = action("启用(&U)", self.enable_operator, "check", "", "可以再登录")
        self.refresh = action("刷新", self.reload, "refresh", shortcuts.REFRESH, "重新读取")
        self.row_actions = (self.rename, self.set_pin, self.clear_pin, self.disable, self.enable)

    # Rows

    def reload(self) -> None:
        """Ask for everybody anew, keeping the selection."""
        self.table.reload()
        self._show_available()

    def _rows(self) -> tuple[OperatorRow, ...]:
        try:
            return self._service.rows()
        except AppError as error:
            self._ui.notices.error(error)
            return ()

    def _show_available(self) -> None:
        rows = self._rows()
        self.said.setText(_said_of(rows))
        keys = self.table.selected_keys()
        chosen = [row for row in rows if row.operator_id in keys]
        unclear = "" if len(chosen) == 1 else _MANY if chosen else _NONE
        for action in self.row_actions:
            set_available(action, unclear)
        if unclear:
            return
        row, me = chosen[0], self._me(rows)
        not_mine = "" if me is None or me.has_pin or me == row else _NO_OWN_PIN
        set_available(self.set_pin, not_mine)
        set_available(self.clear_pin, not_mine if row.has_pin else "没有设置 PIN")
        set_available(self.disable, _why_not_disable(row, me))
        set_available(self.enable, "这位经办人在用" if row.is_active else "")

    def _me(self, rows: Sequence[OperatorRow]) -> OperatorRow | None:
        return next((row for row in rows if row.operator_id == self._service.signed_in_id), None)

    def _one(self, action: QAction, act: Callable[[OperatorRow, OperatorRow], object]) -> None:
        """Act on the selected operator as they are now; the second argument is whoever works."""
        if not action.isEnabled():
            return
        rows, keys = self._rows(), self.table.selected_keys()
        chosen = [row for row in rows if row.operator_id in keys]
        me = self._me(rows)
        if len(chosen) == 1 and me is not None:
            act(chosen[0], me)

    # Actions

    def add_operator(self) -> None:
        """Add somebody."""
        from cdo_desktop.ui.system.operator_forms import NewOperatorDialog

        self._open(
            NewOperatorDialog(self._service, self._ui, self), "已新增经办人，下次打开程序时先问由谁经办"
        )

    def rename_operator(self) -> None:
        """Give the selected operator another name."""
        from cdo_desktop.ui.system.operator_forms import RenameOperatorDialog

        def rename(row: OperatorRow, _me: OperatorRow) -> None:
            self._open(RenameOperatorDialog(self._service, row, self._ui, self), f"已改名：原{row.name}")

        self._one(self.rename, rename)

    def change_pin(self) -> None:
        """Give the selected operator a PIN, or another one."""
        from cdo_desktop.ui.system.operator_forms import PinDialog

        def change(row: OperatorRow, me: OperatorRow) -> None:
            self._open(PinDialog(self._service, row, me, self._ui, self), f"已设置“{row.name}”的 PIN")

        self._one(self.set_pin, change)

    def remove_pin(self) -> None:
        """Let the selected operator sign in without a PIN."""
        from cdo_desktop.ui.system.operator_forms import ClearPinDialog

        def remove(row: OperatorRow, me: OperatorRow) -> None:
            self._open(ClearPinDialog(self._service, row, me, self._ui, self), f"已清除“{row.name}”的 PIN")

        self._one(self.clear_pin, remove)

    def disable_operator(self) -> None:
        """Keep the selected operator from signing in."""

        def disable(row: OperatorRow, _me: OperatorRow) -> None:
            question = (
                f"停用“{row.name}”？以后不能再用这个姓名登录，做过的事仍在历史记录里，可以随时重新启用。"
            )
            if self._ui.notices.ask(question, "停用", "保留"):
                self._run(lambda: self._service.disable(row), f"已停用：{row.name}")

        self._one(self.disable, disable)

    def enable_operator(self) -> None:
        """Let the selected operator sign in again."""

        def enable(row: OperatorRow, _me: OperatorRow) -> None:
            self._run(lambda: self._service.enable(row), f"已启用：{row.name}")

        self._one(self.enable, enable)

    def _run(self, work: Callable[[], None], done: str) -> None:
        self._ui.tasks.run(
            work, owner=self, done=lambda _none: self._saved(done), failed=self._ui.notices.error
        )

    def _open(self, dialog: FormDialog, done: str) -> None:
        dialog.saved.connect(lambda _result: self._saved(done))
        dialog.finished.connect(lambda _result: self.reload())  # a wrong PIN may have locked somebody
        open_dialog(dialog)

    def _saved(self, done: str) -> None:
        self._ui.notices.info(done)
        self.reload()
        self.operators_changed.emit()


def _why_not_disable(row: OperatorRow, me: OperatorRow | None) -> str:
    if not row.is_active:
        return "已经停用"
    return "不能停用您自己" if me is not None and me.operator_id == row.operator_id else ""


def _said_of(rows: Sequence[OperatorRow]) -> str:
    """Say what the list means for the next start, and where it leaves a gap."""
    active = [row for row in rows if row.is_active]
    open_to_all = [row.name for row in active if not row.has_pin]
    if len(active) == 1 and open_to_all:
        return "只有一位经办人，也没有 PIN：打开程序时不询问，历史记录都写这位经办人。"
    said = "打开程序时先问由谁经办，历史记录写明是谁做的。"
    if open_to_all and len(open_to_all) < len(active):
        said += f"“{'”“'.join(open_to_all)}”没有设置 PIN，任何人都可以用这个姓名进入。"
    return said


class _Source:
    """Answers the table; a handful of rows are neither sorted nor filtered."""

    def __init__(self, service: OperatorService) -> None:
        self._service = service

    def keys(self, _query: TableQuery) -> Sequence[int]:
        """Return the ids of all operators."""
        return [row.operator_id for row in self._service.rows()]

    def rows(self, keys: Sequence[int]) -> Mapping[int, OperatorRow]:
        """Return these operators."""
        return {row.operator_id: row for row in self._service.rows() if row.operator_id in keys}
