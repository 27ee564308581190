"""What the tab 备案办理 and the others do for one another, in the whole program."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cdo_desktop import paths
from cdo_desktop.app import Program
from cdo_desktop.office import Office
from cdo_desktop.rules.filing import RegisterState
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.services.filing_list import FilingQuery
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.common.finder import Finder
from cdo_desktop.ui.filings.filings_tab import FilingsTab
from cdo_desktop.ui.filings.step_dialog import StepDialog
from cdo_desktop.ui.registry.attachments_dialog import AttachmentsDialog
from cdo_desktop.ui.registry.forms_dialog import FormsDialog
from cdo_desktop.ui.workspace import FILINGS_TAB
from tests.ui.filings_desk import received, replaced
from tests.ui.register_desk import WAIT
from tests.ui.small_district import NOW
from tests.ui.tabs import go_to_tab


class Desk:
    """The program on a register of three units."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program = program
        self.qtbot = qtbot

    @property
    def office(self) -> Office:
        assert self.program.office is not None
        return self.program.office

    def settle(self) -> None:
        """Wait until nothing runs."""
        self.qtbot.waitUntil(lambda: not self.program.window.tasks.busy, timeout=WAIT)

    def filings(self) -> FilingsTab:
        """Go to the tab."""
        go_to_tab(self.program.window, FILINGS_TAB)
        self.qtbot.waitUntil(
            lambda: isinstance(self.program.window.tabs.currentWidget(), FilingsTab), timeout=WAIT
        )
        self.settle()
        tab = self.program.window.tabs.currentWidget()
        assert isinstance(tab, FilingsTab)
        return tab

    def state(self, name: str) -> str:
        """Return what the register shows of a holder."""
        assert self.program.tab is not None
        model = self.program.tab.table.model
        rows = [model.row_at(place) for place in range(model.key_count)]
        return next(str(row.state) for row in rows if row is not None and row.name == name)

    def take(self, tab: FilingsTab, step: FilingStep) -> None:
        """Take a step with what is selected."""
        tab.filings.take(step)
        self.settle()
        (dialog,) = tab.findChildren(StepDialog)
        dialog.save()
        self.settle()

    def find(self, text: str) -> Finder:
        """Ask Ctrl+K."""
        window = self.program.window
        window.activateWindow()
        self.qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        (finder,) = window.findChildren(Finder)
        finder.field.setText(text)
        return finder


@pytest.fixture
def desk(district_file: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """Return the program with an overdue 变更备案 of 周明."""
    shutil.copy(district_file, tmp_path / paths.DATABASE_NAME)
    with Office(tmp_path, clock=lambda: NOW) as office:
        replaced(office, "罗店镇", "数据专员", date(2026, 11, 12))
    program = Program(tmp_path, clock=lambda: NOW)
    qtbot.addWidget(program.window)
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.start()
    qtbot.waitUntil(
        lambda: program.workspace is not None and program.workspace.undo is not None, timeout=WAIT
    )
    made = Desk(program, qtbot)
    made.settle()
    yield made
    program.window.tasks.wait_all()
    program.window.close()


def test_the_register_follows_a_step_and_undo_takes_both_back(desk: Desk) -> None:
    tab = desk.filings()
    (late,) = desk.office.filing_list.keys(FilingQuery(FilingView.OVERDUE))
    tab.filings.table.select_key(late)
    assert desk.state("周明") == RegisterState.OVERDUE
    desk.take(tab, FilingStep.RECEIVE)
    assert desk.state("周明") == RegisterState.RECEIVED
    assert tab.filings.table.model.index_of(late) == -1
    workspace = desk.program.workspace
    assert workspace is not None
    assert workspace.undo is not None
    workspace.undo.undo.trigger()
    desk.settle()
    assert desk.program.window.tabs.currentWidget() is tab
    assert tab.filings.table.model.index_of(late) >= 0
    assert desk.state("周明") == RegisterState.OVERDUE
    workspace.undo.redo.trigger()
    desk.settle()
    assert tab.filings.table.model.index_of(late) == -1


def test_what_is_final_cannot_be_undone_and_undo_says_why(desk: Desk) -> None:
    tab = desk.filings()
    ids = desk.office.filing_list.keys(FilingQuery(FilingView.WAITING))
    received(desk.office, *ids[:2])
    tab.filings.show_view(FilingView.TO_NUMBER)
    tab.filings.table.grid.selectAll()
    desk.take(tab, FilingStep.FILE)
    workspace = desk.program.workspace
    assert workspace is not None
    assert workspace.undo is not None
    assert not workspace.undo.undo.isEnabled()
    assert "只能作废" in workspace.undo.undo.toolTip()
    assert desk.program.window.notices.status.text().startswith("已备案 2 份：2026-001 至 2026-002")


def test_a_change_of_the_register_shows_in_the_list(desk: Desk) -> None:
    tab = desk.filings()
    before = tab.filings.table.model.key_count
    replaced(desk.office, "区教育局", "数据专员", date(2026, 11, 24), "郑爽")
    assert desk.program.tab is not None
    desk.program.tab.register_changed.emit()
    assert tab.filings.table.model.key_count == before + 1


def test_empty_posts_are_shown_in_the_register(desk: Desk) -> None:
    tab = desk.filings()
    tab.filings.bar.vacant.click()
    register = desk.program.tab
    assert desk.program.window.tabs.currentWidget() is register
    assert register is not None
    model = register.table.model
    rows = [model.row_at(place) for place in range(model.key_count)]
    assert [(row.unit, row.post) for row in rows if row] == [("区财政局", "数据专员")]


@pytest.mark.parametrize("way", ["register", "forms"])
def test_a_void_filing_of_the_register_is_done_again(desk: Desk, way: str) -> None:
    (late,) = desk.office.filing_list.keys(FilingQuery(FilingView.OVERDUE))
    desk.office.filings.void(desk.office.filings.plan(FilingStep.VOID, [late]), "登记有误")
    register = desk.program.tab
    assert register is not None
    register.reload()
    register.show_post(desk.office.filing_list.rows_of([late])[late].post_id)
    assert register.actions_.anew.isEnabled()
    if way == "register":
        register.actions_.anew.trigger()
    else:
        register.actions_.forms.trigger()
        desk.settle()
        (forms,) = desk.program.window.findChildren(FormsDialog)
        assert forms.view.void.isVisible()
        assert forms.view.void.title.text() == "周明的备案已经作废，没有备案表"
        forms.view.void.buttons[0].click()
    desk.settle()
    tab = desk.program.window.tabs.currentWidget()
    assert isinstance(tab, FilingsTab)
    (dialog,) = tab.findChildren(StepDialog)
    assert dialog.remark.text() == "按原来的变更另建草稿，期限按原来的变更日期算；办完可以撤销（Ctrl+Z）"
    dialog.save()
    desk.settle()
    assert desk.state("周明") == RegisterState.OVERDUE
    register.show_post(desk.office.filing_list.rows_of([late])[late].post_id)
    assert not register.actions_.anew.isEnabled()


def test_forms_and_files_open_over_the_tab(desk: Desk) -> None:
    tab = desk.filings()
    (late,) = desk.office.filing_list.keys(FilingQuery(FilingView.OVERDUE))
    tab.filings.table.select_key(late)
    tab.filings.actions_.forms.trigger()
    desk.settle()
    (forms,) = desk.program.window.findChildren(FormsDialog)
    assert forms.isVisible()
    forms.done(0)
    tab.filings.actions_.attachments.trigger()
    desk.settle()
    (files,) = desk.program.window.findChildren(AttachmentsDialog)
    assert files.isVisible()
    titles = [files.tabs.tabText(place) for place in range(3)]
    assert titles == ["备案（0）", "周明的任职（0）", "单位 罗店镇（0）"]
    files.done(0)


def test_the_form_of_an_older_filing_opens_though_the_post_has_a_newer_one(desk: Desk) -> None:
    (late,) = desk.office.filing_list.keys(FilingQuery(FilingView.OVERDUE))
    replaced(desk.office, "罗店镇", "数据专员", date(2026, 11, 20), "郑爽")
    tab = desk.filings()
    tab.filings.reload()
    tab.filings.table.select_key(late)
    tab.filings.actions_.forms.trigger()
    desk.settle()
    (forms,) = desk.program.window.findChildren(FormsDialog)
    batch = forms.chosen()
    assert batch is not None
    assert [(sheet.filing_id, sheet.data.name) for sheet in batch.sheets] == [(late, "周明")]
    forms.done(0)


def test_ctrl_k_knows_the_commands_of_both_tabs(desk: Desk) -> None:
    tab = desk.filings()
    tab.filings.enter()
    finder = desk.find("收件")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    desk.settle()
    (dialog,) = tab.findChildren(StepDialog)
    dialog.done(0)
    assert desk.program.tab is not None
    desk.program.window.tabs.setCurrentWidget(desk.program.tab)
    finder = desk.find("办理记录")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    desk.settle()
    assert desk.program.window.tabs.currentWidget() is tab


def test_columns_are_left_as_they_were(desk: Desk, qtbot: QtBot) -> None:
    tab = desk.filings()
    tab.filings.table._arranger.set_hidden(3, True)
    folder = desk.office.data_folder
    desk.program.window.close()
    again = Program(folder, clock=lambda: NOW)
    qtbot.addWidget(again.window)
    with qtbot.waitSignal(again.page_shown, timeout=WAIT):
        again.start()
    other = Desk(again, qtbot)
    other.settle()
    assert "kind" not in other.filings().filings.table.shown_columns()
    again.window.tasks.wait_all()
    again.window.close()
