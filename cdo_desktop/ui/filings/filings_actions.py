"""The commands of the list of filings: toolbar and context menu hold the same ones."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolBar, QWidget

from cdo_desktop.rules.filing import UNDERWAY_STATES
from cdo_desktop.rules.filing_steps import FilingStep, meant_step, print_refusal, refusal
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.filing_list import FilingRow
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import make_action, set_available
from cdo_desktop.ui.common.toolbar import (
    TableCommands,
    add_table_commands,
    command_bar,
    menu_button,
    separator,
)

_NONE = "先选中一行"
_MANY = "一次只能办理一行"


class _Commands(Protocol):
    """What the page can do."""

    def take(self, step: FilingStep) -> None: ...
    def explain(self) -> None: ...
    def edit(self) -> None: ...
    def chase(self) -> None: ...
    def print_forms(self) -> None: ...
    def show_attachments(self) -> None: ...
    def show_history(self) -> None: ...
    def go_to_search(self) -> None: ...
    def refresh_all(self) -> None: ...


class FilingsActions:
    """Made once a page."""

    def __init__(self, page: QWidget, commands: _Commands) -> None:
        self._page = page

        def action(
            text: str, triggered: Callable[[], object], name: str, shortcut: str = "", tip: str = ""
        ) -> QAction:
            return make_action(text, parent=page, triggered=triggered, icon=name, shortcut=shortcut, tip=tip)

        def step(text: str, of: FilingStep, name: str, shortcut: str, tip: str) -> QAction:
            return action(text, lambda: commands.take(of), name, shortcut, tip)

        self.steps = {
            FilingStep.RECEIVE: step(
                "收件(&R)…", FilingStep.RECEIVE, "inbox", "Ctrl+R", "登记收到的扫描件或原件"
            ),
            FilingStep.FILE: step(
                "备案编号(&N)…",
                FilingStep.FILE,
                "list-check",
                "Ctrl+B",
                "给收到的备案依次编号，编号以后就定了",
            ),
            FilingStep.STORE: step(
                "入库(&S)…",
                FilingStep.STORE,
                "archive",
                "Ctrl+G",
                "登记纸质件放在哪里；已入库的，更正存放位置",
            ),
            FilingStep.RETURN: step(
                "退回(&B)…", FilingStep.RETURN, "arrow-back-up", "", "退给单位补正，期限照算"
            ),
            FilingStep.VOID: step(
                "作废(&V)…", FilingStep.VOID, "trash", "", "注明原因；编过号的，编号不再使用"
            ),
            FilingStep.ANEW: step(
                "重新办理(&Y)…", FilingStep.ANEW, "refresh", "", "作废了的按原来的变更另建一份草稿"
            ),
        }
        self.explain = action(
            "逾期说明(&L)…", commands.explain, "clock", "Ctrl+L", "补登为什么晚报，随时可以补"
        )
        self.edit = action(
            "修改备案内容(&D)…",
            commands.edit,
            "pencil",
            shortcuts.EDIT,
            "变更原因、知悉日期、工作交接、填表人等写错了，编号以前可以改",
        )
        self.chase = action(
            "催办(&C)…", commands.chase, "phone", "Ctrl+T", "复制催办的话和电话，记下对方的答复"
        )
        self.forms = action(
            "打印备案表(&P)…", commands.print_forms, "printer", shortcuts.PRINT, "出选中备案的备案表"
        )
        self.attachments = action(
            "备案附件(&A)…", commands.show_attachments, "paperclip", "Ctrl+J", "扫描件、出表时留存的表"
        )
        self.history = action(
            "办理记录(&H)…", commands.show_history, "history", "Ctrl+H", "谁在什么时候办了什么"
        )
        self.find = action("查找备案", commands.go_to_search, "search", shortcuts.FIND)
        self.refresh = action("刷新备案", commands.refresh_all, "refresh", shortcuts.REFRESH)
        for shown, short in ((self.forms, "备案表"), (self.attachments, "附件"), (self.edit, "修改内容")):
            shown.setIconText(short)
        self._row_actions = (
            *self.steps.values(),
            separator(page),
            self.chase,
            self.explain,
            self.edit,
            separator(page),
            self.forms,
            self.attachments,
            self.history,
        )
        self.show_available([])

    def all(self) -> tuple[QAction, ...]:
        """Return every command with a key, so that the keys work anywhere in the page."""
        return (*self.row_actions(), self.find, self.refresh)

    def row_actions(self) -> tuple[QAction, ...]:
        """Return what can be done with the selected rows."""
        return self._row_actions

    def toolbar(self, table: TableCommands, papers: QMenu) -> QToolBar:
        """Return the toolbar of the page; ``papers`` is what is handed out."""
        bar = command_bar("备案命令")
        bar.addActions(self.row_actions())
        button = menu_button("文书", "file-text", papers)
        button.setText("文书(&W)")
        button.setToolTip("回执、用印清单、提醒函、工作交接单、空表和各年的登记册（Alt+W）")
        # Before what has a key of its own: in the overflow of a narrow window Alt+W would not lead here.
        bar.insertWidget(self.chase, button)
        add_table_commands(bar, table, self._page)
        return bar

    def show_available(self, rows: Sequence[FilingRow]) -> None:
        """Enable what fits at least one of the selected rows, and say why the rest does not."""
        none = "" if rows else _NONE
        states = [FilingState(row.state) for row in rows]
        for step, action in self.steps.items():
            reasons = [refusal(meant_step(step, states), state) for state in states]
            set_available(action, none or ("" if "" in reasons else reasons[0]))
        one = none or ("" if len(rows) == 1 else _MANY)
        late = any(row.late.is_late or row.late_reason for row in rows)
        set_available(self.explain, one or ("" if late else "这一份没有逾期"))
        fixed = any(row.state not in UNDERWAY_STATES for row in rows)
        set_available(self.edit, one or ("已经备案或作废，内容已定" if fixed else ""))
        missing = any(is_missing(row) for row in rows)
        set_available(self.chase, none or ("" if missing else "已经收到，不用催"))
        unprinted = [print_refusal(FilingState(row.state)) for row in rows]
        set_available(self.forms, none or ("" if "" in unprinted else unprinted[0]))
        set_available(self.attachments, one)
        set_available(self.history, one)


def is_missing(row: FilingRow) -> bool:
    """Tell whether the paper that counts has not come."""
    return row.state in UNDERWAY_STATES and row.received_on is None
