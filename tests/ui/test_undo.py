"""撤销 and 重做 in the window: the keys, what is shown afterwards, what stops them."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop import paths
from cdo_desktop.app import Program
from cdo_desktop.office import Office
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import PaperForm
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.register import RegisterRow
from cdo_desktop.services.undo import ERASED
from cdo_desktop.services.undo_stack import NOTHING_DONE, NOTHING_UNDONE
from cdo_desktop.ui.common import undo_actions
from cdo_desktop.ui.common.finder import Finder
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.notices import ConflictChoice
from cdo_desktop.ui.common.undo_actions import UndoActions
from cdo_desktop.ui.registry.register_table import AS_OF
from cdo_desktop.ui.registry.registry_tab import RegistryTab
from cdo_desktop.ui.system.system_tab import SystemTab
from cdo_desktop.ui.system.units_section import UnitsSection
from cdo_desktop.ui.workspace import SYSTEM_TAB
from tests.ui.fakes import FakeNotices, make_ui
from tests.ui.register_desk import WAIT, copied_office
from tests.ui.small_district import NOW, changed, post_of, write_roster
from tests.ui.tabs import go_to_tab

UNIT, POST = "罗店镇", "首席数据官"
OLD, NEW = "13900000001", "13911112222"


@dataclass
class Desk:
    """The program on a register of three units, and what a clerk does with it."""

    program: Program
    qtbot: QtBot

    @property
    def office(self) -> Office:
        assert self.program.office is not None
        return self.program.office

    @property
    def tab(self) -> RegistryTab:
        assert self.program.tab is not None
        return self.program.tab

    @property
    def undo(self) -> UndoActions:
        assert self.program.workspace is not None
        assert self.program.workspace.undo is not None
        return self.program.workspace.undo

    @property
    def status(self) -> str:
        return self.program.window.notices.status.text()

    def settle(self) -> None:
        """Wait until nothing runs, and what the service told in another thread has come."""
        self.qtbot.waitUntil(self._is_settled, timeout=WAIT)
        QApplication.sendPostedEvents()

    def _is_settled(self) -> bool:
        workspace = self.program.workspace
        return not self.program.window.tasks.busy and (workspace is None or workspace.undo is not None)

    def row(self, unit: str = UNIT, post: str = POST) -> RegisterRow:
        return post_of(self.office, unit, post)

    def update(self, unit: str = UNIT, post: str = POST, **values: str) -> None:
        """Correct a holder past the forms, as these do."""
        edit_holder(self.office, unit, post, **values)
        self.tab.reload()
        self.settle()

    def press(self, keys: str, widget: QWidget | None = None) -> None:
        """Press keys in a widget, by default in the table."""
        target = widget or self.tab.table.grid
        target.window().activateWindow()  # a slow step has shown its progress above it
        self.qtbot.waitUntil(target.window().isActiveWindow, timeout=WAIT)
        target.setFocus()
        QTest.keySequence(target, QKeySequence(keys))
        self.settle()

    def selected(self) -> str:
        (row,) = self.tab.selected_rows()
        return f"{row.unit} {row.post} {row.name} {row.mobile}"

    def open_update(self) -> FormDialog:
        row = self.row()
        assert self.tab.table.select_key((row.post_id, row.tenure_id or 0))
        self.tab.update_holder()
        (dialog,) = self.tab.findChildren(FormDialog)
        self.qtbot.waitUntil(dialog.isActiveWindow, timeout=WAIT)
        return dialog

    def save(self, dialog: FormDialog) -> None:
        dialog.save()
        self.settle()

    def units(self) -> UnitsSection:
        """Go to the units of the system tab."""
        go_to_tab(self.program.window, SYSTEM_TAB)
        self.settle()
        page = self.program.window.tabs.currentWidget()
        assert isinstance(page, SystemTab)
        units = page.page("单位")
        assert isinstance(units, UnitsSection)
        return units


Open = Callable[[Path], Desk]


@pytest.fixture
def open_program(qtbot: QtBot) -> Iterator[Open]:
    programs: list[Program] = []

    def opened(folder: Path) -> Desk:
        program = Program(folder, clock=lambda: NOW)
        programs.append(program)
        qtbot.addWidget(program.window)
        with qtbot.waitSignal(program.page_shown, timeout=WAIT):
            program.start()
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
        desk = Desk(program, qtbot)
        desk.settle()
        return desk

    yield opened
    for program in programs:
        program.window.tasks.wait_all()
        program.close()


@pytest.fixture
def folder(district_file: Path, tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(district_file, data / paths.DATABASE_NAME)
    return data


@pytest.fixture
def desk(folder: Path, open_program: Open) -> Desk:
    return open_program(folder)


def reason(action: QAction) -> str:
    """Return why a command cannot be used."""
    assert not action.isEnabled()
    return action.toolTip().partition("现在不能用：")[2]


def edit_holder(office: Office, unit: str = UNIT, post: str = POST, **values: str) -> None:
    opened = office.holders.get(post_of(office, unit, post).tenure_id or 0)
    office.holders.update(opened, replace(opened, **values))  # type: ignore[arg-type]


def rename_unit(desk: Desk, name: str) -> None:
    opened = desk.office.units.get(desk.row().unit_id)
    desk.office.units.save(replace(opened, short_name=name), opened)


def write_elsewhere(desk: Desk, statement: str) -> None:
    """Write as another program does."""
    with closing(sqlite3.connect(desk.office.data_folder / paths.DATABASE_NAME)) as connection, connection:
        connection.execute(statement)


# What is offered


def test_at_first_both_say_why_they_cannot_be_used(desk: Desk) -> None:
    assert desk.program.window.undo_bar.isVisible()
    assert desk.program.window.undo_bar.actions() == list(desk.undo.actions)
    assert (reason(desk.undo.undo), reason(desk.undo.redo)) == (NOTHING_DONE, NOTHING_UNDONE)
    assert not desk.undo.offer.isVisible()


def test_an_edit_is_offered_by_its_name(desk: Desk) -> None:
    desk.update(mobile=NEW)
    assert desk.undo.undo.toolTip() == "撤销：修改 陈思远 手机（Ctrl+Z）"
    assert desk.undo.undo.text() == "撤销：修改 陈思远 手机"
    assert desk.undo.undo.iconText() == "撤销"
    desk.undo.undo.trigger()
    desk.settle()
    assert desk.undo.redo.toolTip() == "重做：修改 陈思远 手机（Ctrl+Y）"
    assert reason(desk.undo.undo) == NOTHING_DONE


def test_ampersands_of_a_name_make_no_access_key(desk: Desk) -> None:
    rename_unit(desk, "研&发中心")
    desk.settle()
    assert desk.undo.undo.text() == "撤销：修改单位 研＆发中心 单位简称"


def test_what_has_just_been_saved_can_be_taken_back_in_the_status_bar(desk: Desk) -> None:
    dialog = desk.open_update()
    dialog.form.editor("mobile").set_value(NEW)
    desk.save(dialog)
    assert desk.status.startswith("已保存：罗店镇 首席数据官")
    offer = desk.undo.offer
    assert (offer.isVisible(), offer.text()) == (True, "撤销：修改 陈思远 手机")
    offer.click()
    desk.settle()
    assert desk.row().mobile == OLD
    assert desk.status.startswith("已撤销：修改 陈思远 手机")
    assert not offer.isVisible()


def test_the_offer_goes_after_a_while_and_the_command_stays(desk: Desk) -> None:
    desk.update(mobile=NEW)
    assert desk.undo.offer.timer.isActive()
    desk.undo.offer.timer.timeout.emit()
    assert not desk.undo.offer.isVisible()
    assert desk.undo.undo.isEnabled()


def test_the_offer_does_not_move_the_table(desk: Desk) -> None:
    before = desk.program.window.statusBar().height()
    desk.update(mobile=NEW)
    desk.qtbot.wait(0)
    assert desk.program.window.statusBar().height() == before


def test_ctrl_k_finds_both_by_chinese_and_initials(desk: Desk) -> None:
    desk.update(mobile=NEW)
    for typed in ("撤销", "cx"):
        desk.program.window.find_anywhere()
        finder = next(found for found in desk.program.window.findChildren(Finder) if found.isVisible())
        finder.field.setText(typed)
        desk.qtbot.waitUntil(finder.field.hasFocus, timeout=WAIT)
        QTest.keyClick(finder.field, Qt.Key.Key_Return)
        desk.settle()
        desk.qtbot.waitUntil(lambda: desk.status.startswith("已撤销"), timeout=WAIT)
        assert desk.row().mobile == OLD
        desk.undo.redo.trigger()
        desk.settle()
        assert desk.status.startswith("已重做：修改 陈思远 手机")
        assert desk.row().mobile == NEW


# The keys


@pytest.mark.parametrize("redo", ["Ctrl+Y", "Ctrl+Shift+Z"])
def test_keys_take_an_edit_back_and_do_it_again_and_show_the_post(desk: Desk, redo: str) -> None:
    desk.update(mobile=NEW)
    desk.tab.table.grid.clearSelection()
    desk.press("Ctrl+Z")
    assert desk.selected() == f"罗店镇 首席数据官 陈思远 {OLD}"
    assert desk.status.startswith("已撤销：修改 陈思远 手机")
    desk.tab.table.grid.clearSelection()
    desk.press(redo)
    assert desk.selected() == f"罗店镇 首席数据官 陈思远 {NEW}"
    assert desk.status.startswith("已重做：修改 陈思远 手机")


def test_several_edits_go_back_one_by_one(desk: Desk) -> None:
    for number in range(3):
        desk.update(mobile=f"1391111000{number}")
    for expected in ("13911110001", "13911110000", OLD):
        desk.press("Ctrl+Z")
        assert desk.row().mobile == expected
    desk.press("Ctrl+Z")
    assert reason(desk.undo.undo) == NOTHING_DONE


def test_in_a_text_field_the_keys_mean_its_text(desk: Desk) -> None:
    desk.update(mobile=NEW)
    search = desk.tab.bar.search
    search.setFocus()
    QTest.keyClicks(search, "ld")
    desk.press("Ctrl+Z", search)
    assert search.text() == ""
    desk.press("Ctrl+Y", search)
    assert search.text() == "ld"
    desk.press("Ctrl+Z", search)
    desk.press("Ctrl+Z", search)  # nothing left of the text: still not the register's
    assert desk.row().mobile == NEW


def test_in_a_form_the_keys_mean_its_text_and_leave_the_register_alone(desk: Desk) -> None:
    desk.update(mobile=NEW)
    dialog = desk.open_update()
    field = dialog.focusWidget()
    assert isinstance(field, QLineEdit)
    before = field.text()
    field.selectAll()
    QTest.keyClicks(field, "abc")
    for _ in range(10):
        QTest.keySequence(field, QKeySequence("Ctrl+Z"))
    button = dialog.findChildren(QPushButton)[0]
    QTest.keySequence(button, QKeySequence("Ctrl+Z"))
    desk.settle()
    assert field.text() == before
    assert desk.row().mobile == NEW
    dialog.reject()


def test_a_second_press_while_the_first_is_under_way_does_nothing(desk: Desk) -> None:
    desk.update(mobile="13911110000")
    desk.update(mobile=NEW)
    desk.undo.undo.trigger()
    assert reason(desk.undo.undo) == "正在撤销“修改 陈思远 手机”"
    desk.undo._undo()
    desk.settle()
    assert desk.row().mobile == "13911110000"
    assert desk.undo.undo.isEnabled()


# What is shown afterwards


def test_a_post_that_is_filtered_away_is_shown(desk: Desk) -> None:
    desk.update(mobile=NEW)
    desk.tab.bar.search.setText("jyj")
    desk.tab.bar.search_now()
    desk.press("Ctrl+Z")
    assert desk.selected().startswith("罗店镇 首席数据官")
    assert desk.tab.bar.search.text() == ""


def test_a_past_day_is_left_to_show_it(desk: Desk) -> None:
    desk.update(mobile=NEW)
    desk.tab.bar.day.set_day(NOW.date().replace(year=2025))
    assert desk.tab.table.query().extra.get(AS_OF) is not None
    desk.press("Ctrl+Z")
    assert desk.tab.table.query().extra.get(AS_OF) is None
    assert desk.selected() == f"罗店镇 首席数据官 陈思远 {OLD}"


def test_from_another_tab_it_leads_to_the_register(desk: Desk) -> None:
    desk.update(mobile=NEW)
    desk.press("Ctrl+Z", desk.units().table.grid)
    assert desk.program.window.tabs.currentWidget() is desk.tab
    assert desk.selected() == f"罗店镇 首席数据官 陈思远 {OLD}"


def test_an_edit_of_a_unit_is_undone_where_it_is_seen(desk: Desk) -> None:
    units = desk.units()
    rename_unit(desk, "罗泾镇")
    units.reload()
    desk.settle()
    desk.press("Ctrl+Z", units.table.grid)
    model = units.table.model
    names = [line.short_name for place in range(model.key_count) if (line := model.row_at(place))]
    assert "罗店镇" in names
    assert desk.status.startswith("已撤销：修改单位 罗泾镇 单位简称")
    assert desk.program.window.tabs.tabText(desk.program.window.tabs.currentIndex()) == SYSTEM_TAB
    desk.program.window.tabs.setCurrentIndex(0)
    assert desk.tab.table.model.line(0).texts[0] == "罗店镇"


def test_an_import_is_one_step(desk: Desk, tmp_path: Path) -> None:
    sheet = write_roster(tmp_path / "名册.xlsx", [changed(0, 手机=NEW), changed(1, 手机="13922223333")])
    service = desk.office.roster_import
    service.apply(service.read(sheet))
    desk.tab.reload()
    desk.settle()
    assert desk.undo.undo.text() == "撤销：导入 2 人"
    desk.press("Ctrl+Z")
    assert [desk.row(UNIT, post).mobile for post in (POST, "数据专员")] == [OLD, "13900000002"]
    assert desk.status.startswith("已撤销：导入 2 人")


# What stops it


def test_whoever_turns_a_large_step_is_asked_first(
    district_file: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_actions, "MANY_ROWS", 1)
    notices = FakeNotices(answer=False)
    with copied_office(district_file, tmp_path / "data") as office:
        ui, owner = make_ui(notices), QWidget()
        qtbot.addWidget(owner)
        undo = UndoActions(office.undo, ui, owner)
        sheet = write_roster(tmp_path / "名册.xlsx", [changed(0, 手机=NEW), changed(1, 手机="13922223333")])
        office.roster_import.apply(office.roster_import.read(sheet))
        qtbot.waitUntil(undo.undo.isEnabled, timeout=WAIT)
        undo.undo.trigger()
        assert notices.questions == ["将撤销“导入 2 人”，2 条记录回到这一步以前的样子；撤销以后还可以重做。"]
        assert notices.labels == [("撤销", "不撤销")]
        assert not ui.tasks.busy
        assert post_of(office, UNIT, POST).mobile == NEW
        notices.answer = True
        undo.undo.trigger()
        qtbot.waitUntil(undo.redo.isEnabled, timeout=WAIT)
        assert post_of(office, UNIT, POST).mobile == OLD
        undo.redo.trigger()
        qtbot.waitUntil(undo.undo.isEnabled, timeout=WAIT)
        assert notices.questions[-1] == "将重做“导入 2 人”，涉及 2 条记录。"
        undo.end()


def test_after_what_is_final_an_older_step_goes_back_only_after_a_question(
    district_office: Office, qtbot: QtBot
) -> None:
    notices, office = FakeNotices(answer=False), district_office
    ui, owner = make_ui(notices), QWidget()
    qtbot.addWidget(owner)
    undo = UndoActions(office.undo, ui, owner)
    filing_id = next(row.filing_id for row in office.filing_list.rows() if row.name == "单学文")
    receive = office.filings.plan(FilingStep.RECEIVE, [filing_id])
    office.filings.receive(receive, ReceiptDraft(PaperForm.ORIGINAL, NOW.date()))
    edit_holder(office, mobile=NEW)
    office.filings.file(office.filings.plan(FilingStep.FILE, [filing_id]))
    qtbot.waitUntil(undo.undo.isEnabled, timeout=WAIT)
    undo.undo.trigger()
    (question,) = notices.questions
    assert question.endswith("不能撤销；备案错了的只能作废。\n要撤销的是在它以前的“修改 陈思远 手机”吗？")
    assert (notices.labels, ui.tasks.busy) == ([("撤销", "不撤销")], False)
    assert post_of(office, UNIT, POST).mobile == NEW
    notices.answer = True
    undo.undo.trigger()
    qtbot.waitUntil(undo.redo.isEnabled, timeout=WAIT)
    assert post_of(office, UNIT, POST).mobile == OLD
    edit_holder(office, mobile=NEW)  # what is done since then is taken back without a question
    qtbot.waitUntil(undo.undo.isEnabled, timeout=WAIT)
    undo.undo.trigger()
    qtbot.waitUntil(undo.redo.isEnabled, timeout=WAIT)
    assert len(notices.questions) == 2
    undo.end()


def test_what_another_program_changed_is_left_alone_and_shown_as_it_is(desk: Desk) -> None:
    desk.update(mobile=NEW)
    write_elsewhere(desk, "UPDATE persons SET mobile = '13755556666' WHERE name = '陈思远'")
    desk.press("Ctrl+Z")
    said = "“修改 陈思远 手机”涉及的记录之后又被改过或用到，不能再撤销。没有改动任何内容"
    assert desk.program.window.notices.bar.text.startswith(said)
    assert reason(desk.undo.undo) == "“修改 陈思远 手机”涉及的记录之后又被改过，不能再撤销"
    column = [column.key for column in desk.tab.table.columns].index("mobile")
    assert desk.tab.table.model.line(0).texts[column] == "137****6666"


def test_a_form_opened_before_the_undoing_is_not_saved_over_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.update(mobile=NEW)
    notices = desk.program.window.notices
    told: list[tuple[str, ...]] = []

    def take_theirs(conflict: object) -> ConflictChoice:
        told.append(tuple(field.label for field in getattr(conflict, "fields", ())))
        return ConflictChoice.TAKE_THEIRS

    monkeypatch.setattr(notices, "show_conflict", take_theirs)
    dialog = desk.open_update()
    dialog.form.editor("mobile").set_value("13733334444")
    desk.office.undo.undo(desk.office.undo.state.undo.number)  # keys do not reach it behind the form
    desk.save(dialog)
    assert told == [("手机",)]
    assert dialog.isVisible()
    assert dialog.form.editor("mobile").value() == OLD
    desk.save(dialog)
    assert desk.row().mobile == OLD


def test_an_erasure_ends_what_can_be_undone(desk: Desk) -> None:
    desk.update(mobile=NEW)
    with desk.office._database.write() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO person_erasures VALUES (?, '2026-11-24 09:00:00', '本人要求')",
            (desk.row().person_id,),
        )
    desk.settle()
    assert reason(desk.undo.undo) == ERASED


# Other data, other steps


def test_restored_data_begins_without_steps(desk: Desk, folder: Path) -> None:
    desk.update(mobile=NEW)
    old = desk.undo
    backup = desk.office.backups.back_up().path
    with desk.qtbot.waitSignal(desk.program.page_shown, timeout=WAIT):
        desk.program.restore(backup, folder)
    desk.settle()
    assert desk.undo is not old
    assert reason(desk.undo.undo) == NOTHING_DONE
    assert desk.program.window.undo_bar.actions() == list(desk.undo.actions)
    desk.press("Ctrl+Z")
    assert desk.row().mobile == NEW


def test_while_another_operator_signs_in_nothing_can_be_undone(desk: Desk) -> None:
    desk.update(mobile=NEW)
    columns = "name, pin_hash, is_active, failures, version"
    write_elsewhere(desk, f"INSERT INTO operators ({columns}) VALUES ('李四', '', 1, 0, 1)")
    with desk.qtbot.waitSignal(desk.program.page_shown, timeout=WAIT):
        desk.program.switch_operator()
    window = desk.program.window
    assert not window.undo_bar.isVisible()
    assert desk.program.sign_in_page is not None
    QTest.keySequence(window, QKeySequence("Ctrl+Z"))
    desk.settle()
    assert desk.row().mobile == NEW
    assert "撤销" not in desk.status


def test_the_sample_has_steps_of_its_own_that_go_with_it(
    sample_file: Path, folder: Path, open_program: Open
) -> None:
    sample = folder / "sample"
    sample.mkdir()
    shutil.copy(sample_file, sample / paths.DATABASE_NAME)
    desk = open_program(folder)
    desk.update("吴淞街道", POST, mobile=NEW)
    assert desk.undo.undo.isEnabled()
    with desk.qtbot.waitSignal(desk.program.page_shown, timeout=WAIT):
        desk.program.remove_sample()
    desk.settle()
    assert reason(desk.undo.undo) == NOTHING_DONE
    desk.press("Ctrl+Z")
    assert desk.row().mobile == OLD


def test_units_of_the_guide_are_where_it_begins_and_without_a_register_nothing_is_offered(
    tmp_path: Path, open_program: Open
) -> None:
    desk = open_program(tmp_path / "empty")
    assert not desk.program.window.undo_bar.isVisible()
    with desk.qtbot.waitSignal(desk.program.page_shown, timeout=WAIT):
        desk.program.create_units()
    desk.settle()
    assert reason(desk.undo.undo) == NOTHING_DONE
    for dialog in desk.tab.findChildren(QWidget, "", Qt.FindChildOption.FindDirectChildrenOnly):
        if dialog.isWindow():
            dialog.close()
