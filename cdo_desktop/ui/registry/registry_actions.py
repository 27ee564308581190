"""The commands of the register: toolbar, menus and context menu hold the same ones."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolBar, QWidget

from cdo_desktop.rules.vocabulary import FILED_POSTS, PostKind, UnitCategory
from cdo_desktop.services.register import RegisterRow
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.toolbar import (
    TableCommands,
    add_table_commands,
    command_bar,
    menu_button,
    separator,
)

PAST = "正在查看另一天的任职情况，回到今天才能修改"
_NONE = "先选中一行"
_MANY = "一次只能办理一行"


class _Commands(Protocol):
    """What the tab can do."""

    def appoint(self) -> None: ...
    def update_holder(self) -> None: ...
    def replace_holder(self) -> None: ...
    def leave(self) -> None: ...
    def print_forms(self) -> None: ...
    def print_all_forms(self) -> None: ...
    def make_anew(self) -> None: ...
    def import_roster(self) -> None: ...
    def show_history(self) -> None: ...
    def show_personal_data(self) -> None: ...
    def show_attachments(self) -> None: ...
    def edit_unit(self) -> None: ...
    def new_unit(self) -> None: ...
    def check_names(self) -> None: ...
    def go_to_search(self) -> None: ...
    def reload(self) -> None: ...


class _Exports(Protocol):
    """What leaves as a file."""

    def export_roster(self) -> None: ...
    def export_full_roster(self) -> None: ...
    def export_contact_list(self) -> None: ...
    def export_template(self) -> None: ...


class RegistryActions:
    """Made once a tab."""

    def __init__(self, tab: QWidget, commands: _Commands) -> None:
        self._tab = tab

        def action(
            text: str, triggered: Callable[[], object], name: str, shortcut: str = "", tip: str = ""
        ) -> QAction:
            return make_action(text, parent=tab, triggered=triggered, icon=name, shortcut=shortcut, tip=tip)

        self.appoint = action(
            "任命(&A)…", commands.appoint, "user-plus", shortcuts.NEW, "给空缺的岗位任命一人"
        )
        self.update = action(
            "信息更新(&E)…",
            commands.update_holder,
            "user-edit",
            shortcuts.EDIT,
            "同一人的职务、科室、电话等有变",
        )
        self.replace = action(
            "更换(&R)…", commands.replace_holder, "replace", "Ctrl+R", "换人：登记新任，三个工作日内重新备案"
        )
        self.leave = action("离任(&L)…", commands.leave, "user-minus", "", "离任而没有接任的人，岗位空缺")
        self.forms = action(
            "备案表(&P)…", commands.print_forms, "printer", shortcuts.PRINT, "打印选中岗位的备案表"
        )
        self.all_forms = action("全部备案表…", commands.print_all_forms, "printer")
        self.anew = action(
            "重新办理备案(&Y)…", commands.make_anew, "refresh", "", "备案作废了的，按原来的变更另建一份草稿"
        )
        self.history = action(
            "历史(&H)…", commands.show_history, "history", "Ctrl+H", "历任、修改记录、曾用名"
        )
        self.personal_data = action(
            "个人信息(&D)…", commands.show_personal_data, "user", "", "本人查阅复制、更正、删除自己的信息"
        )
        self.attachments = action(
            "附件(&J)…",
            commands.show_attachments,
            "paperclip",
            "Ctrl+J",
            "任免文件、扫描件等",
        )
        self.load = action(
            "导入(&I)…", commands.import_roster, "file-import", "Ctrl+I", "从 Excel 名册导入，先预览"
        )
        self.edit_unit = action("单位资料(&U)…", commands.edit_unit, "building", "Ctrl+U")
        self.new_unit = action("新建单位…", commands.new_unit, "plus")
        self.check_names = action(
            "核对单位全称…", commands.check_names, "list-check", "", "逐个与公章核对单位全称"
        )
        self.find = action("查找", commands.go_to_search, "search", shortcuts.FIND)
        self.refresh = action("刷新", commands.reload, "refresh", shortcuts.REFRESH)
        self.show_available([], None)

    def all(self) -> tuple[QAction, ...]:
        """Return every command with a key, so that the keys work anywhere in the tab."""
        return (*self.row_actions(), self.load, self.find, self.refresh)

    def row_actions(self) -> tuple[QAction, ...]:
        """Return what can be done with the selected rows."""
        return (
            self.update,
            self.appoint,
            self.replace,
            self.leave,
            separator(self._tab),
            self.forms,
            self.anew,
            self.history,
            self.personal_data,
            self.attachments,
            self.edit_unit,
        )

    def toolbar(self, table: TableCommands, exports: _Exports) -> QToolBar:
        """Return the toolbar of the tab."""
        bar = command_bar("名册命令")
        bar.addActions([self.update, self.appoint, self.replace, self.leave])
        bar.addSeparator()
        bar.addAction(self.forms)
        bar.addActions([self.history, self.attachments])
        bar.addSeparator()
        bar.addAction(self.load)
        bar.addWidget(menu_button("导出", "file-export", self._export_menu(exports)))
        bar.addWidget(menu_button("单位", "building-community", self._unit_menu()))
        add_table_commands(bar, table, self._tab)
        return bar

    def _export_menu(self, exports: _Exports) -> QMenu:
        menu = QMenu(self._tab)
        entries: tuple[tuple[str, Callable[[], object], str], ...] = (
            ("名册（手机号隐去）…", exports.export_roster, "file-spreadsheet"),
            ("名册（全部字段）…", exports.export_full_roster, "file-spreadsheet"),
            ("通讯录（PDF）…", exports.export_contact_list, "address-book"),
            ("导入模板…", exports.export_template, "file-spreadsheet"),
        )
        for text, slot, name in entries:
            menu.addAction(make_action(text, parent=menu, triggered=slot, icon=name))
        menu.addSeparator()
        menu.addAction(self.all_forms)
        return menu

    def _unit_menu(self) -> QMenu:
        menu = QMenu(self._tab)
        menu.addActions([self.edit_unit, self.new_unit, self.check_names])
        return menu

    def show_available(self, rows: Sequence[RegisterRow], as_of: date | None) -> None:
        """Enable what fits the selected rows, and say why the rest does not."""
        past = PAST if as_of else ""
        one = "" if len(rows) == 1 else _MANY if rows else _NONE
        held = bool(rows) and rows[0].tenure_id is not None
        empty = "" if held else "这个岗位空缺"
        filed = any(PostKind(row.post) in FILED_POSTS for row in rows)
        set_available(self.appoint, past or one or ("这个岗位已有人，换人请用“更换”" if held else ""))
        set_available(self.update, past or one or empty)
        set_available(self.replace, past or one or empty)
        set_available(self.leave, past or one or empty)
        set_available(self.history, one)
        set_available(self.personal_data, one or empty)
        set_available(self.attachments, one)
        is_void = held and filed and not rows[0].filing_state
        set_available(self.anew, past or one or ("" if is_void else "这个岗位没有作废了要重新办理的备案"))
        set_available(self.forms, past or ("" if filed or not rows else "区级岗位没有备案表"))
        district = bool(rows) and rows[0].category == UnitCategory.DISTRICT
        set_available(self.edit_unit, past or one or ("区级不是单位" if district else ""))
        for action in (self.load, self.new_unit, self.check_names, self.all_forms):
            set_available(action, past)
