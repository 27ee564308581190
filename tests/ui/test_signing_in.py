"""由谁经办: what is seen before somebody has come in, the way in by keyboard, and handing over to another."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop import paths, settings
from cdo_desktop.app import Program
from cdo_desktop.office import Office
from cdo_desktop.services.sign_in import OperatorChoice
from cdo_desktop.store.manifest import BackupKind
from cdo_desktop.store.write_gate import DAMAGED
from cdo_desktop.ui.common.draft_files import DRAFTS_FOLDER
from cdo_desktop.ui.common.form_dialog import FormDialog
from cdo_desktop.ui.common.tasks import Tasks
from cdo_desktop.ui.sign_in_page import SignInPage
from cdo_desktop.ui.system.settings_section import SettingsSection
from cdo_desktop.ui.system.system_tab import SETTINGS, SystemTab
from cdo_desktop.ui.workspace import SYSTEM_TAB
from tests.ui.fakes import FakeNotices
from tests.ui.register_desk import WAIT
from tests.ui.small_district import NOW
from tests.ui.tabs import go_to_tab
from tests.ui.test_accessible import access_keys, not_reached, put_into_window, walk

pytestmark = pytest.mark.usefixtures("quick_pins")

PIN, WRONG = "274190", "961842"


class Clock:
    """Tells the time that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


Start = Callable[..., Program]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def data(district_file: Path, tmp_path: Path) -> Path:
    """Return a small district with three operators: 本机经办人 without a PIN, 王芳 with one, 李明 without."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(district_file, folder / paths.DATABASE_NAME)
    with Office(folder, lambda: NOW) as office:
        office.operators.add("王芳", PIN)
        office.operators.add("李明")
        office.backups.back_up()  # so that none is due at the start
    return folder


@pytest.fixture
def start(qtbot: QtBot, clock: Clock) -> Iterator[Start]:
    """Return a function that starts the program on a data folder and waits for its first page."""
    programs: list[Program] = []

    def begin(folder: Path) -> Program:
        program = Program(folder, clock=clock)
        qtbot.addWidget(program.window)
        programs.append(program)
        with qtbot.waitSignal(program.page_shown, timeout=WAIT):
            program.start()
        settle(program, qtbot)
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
        return program

    yield begin
    for program in programs:
        program.window.tasks.wait_all()
        program.close()


def settle(program: Program, qtbot: QtBot) -> None:
    """Wait until nothing runs."""
    qtbot.waitUntil(lambda: not program.window.tasks.busy, timeout=WAIT)


def page_of(program: Program) -> SignInPage:
    assert program.sign_in_page is not None
    return program.sign_in_page


def press(*keys: Qt.Key | str) -> None:
    """Press keys wherever the focus is."""
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        if isinstance(key, str):
            QTest.keyClicks(focus, key)
        else:
            QTest.keyClick(focus, key)


def come_in(program: Program, qtbot: QtBot, *keys: Qt.Key | str) -> None:
    """Press keys and wait for the register."""
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        press(*keys)
    settle(program, qtbot)


def actors(office: Office, entity: str) -> list[tuple[str, str]]:
    with office._database.snapshot() as connection:
        query = "SELECT actor, action FROM history WHERE entity = ? ORDER BY id"
        return connection.execute(query, (entity,)).fetchall()


# Before anybody has come in


def test_one_operator_without_a_pin_is_not_asked(start: Start, district_file: Path, tmp_path: Path) -> None:
    shutil.copy(district_file, tmp_path / paths.DATABASE_NAME)
    program = start(tmp_path)
    assert program.sign_in_page is None
    assert program.tab is not None
    assert program.window.operator.text() == f"经办人：{settings.DEFAULT_ACTOR}"


def test_nothing_of_the_register_is_there_before_somebody_has_come_in(start: Start, data: Path) -> None:
    program = start(data)
    page = page_of(program)
    assert program.tab is None
    assert program.workspace is None
    assert program.window.tabs.count() == 1
    assert not program.window.findChildren(QTreeView)
    seen = [label.text() for label in program.window.findChildren(QLabel)]
    assert not [text for text in seen if "罗店" in text or "陈思远" in text]
    assert [page.list.item(row).text() for row in range(page.list.count())] == ["本机经办人", "王芳", "李明"]
    assert program.window.operator.isHidden()
    program.window.find_anywhere()
    assert QApplication.activeModalWidget() is None
    assert not [action for action in program.window.commands() if "切换经办人" in action.text()]


def test_the_data_is_checked_while_it_is_asked(start: Start, data: Path, qtbot: QtBot) -> None:
    program = start(data)
    qtbot.waitUntil(lambda: program.window.backup_age.text() == "备份：今天 09:30", timeout=WAIT)
    assert program.office is not None
    assert not program.office.gate.is_shut
    assert program.tab is None


def test_a_pin_alone_is_asked_for_too(start: Start, district_file: Path, tmp_path: Path) -> None:
    shutil.copy(district_file, tmp_path / paths.DATABASE_NAME)
    with Office(tmp_path, lambda: NOW) as office:
        (only,) = office.operators.rows()
        office.operators.set_pin(only, PIN)
    program = start(tmp_path)
    assert page_of(program).pin.hasFocus()


def test_an_empty_register_asks_before_its_guide(start: Start, tmp_path: Path, qtbot: QtBot) -> None:
    with Office(tmp_path, lambda: NOW) as office:
        office.operators.add("王芳", PIN)
    program = start(tmp_path)
    assert program.guide is None
    come_in(program, qtbot, Qt.Key.Key_Return)
    assert program.guide is not None


# By keyboard


def test_whoever_has_no_pin_comes_in_with_enter(start: Start, data: Path, qtbot: QtBot) -> None:
    program = start(data)
    assert page_of(program).list.hasFocus()
    assert not page_of(program).pin.isEnabled()
    come_in(program, qtbot, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert program.office is not None
    assert program.office.journal.actor == "李明"
    assert program.window.operator.text() == "经办人：李明"
    assert program.tab is not None
    assert program.tab.bar.search.hasFocus()
    assert actors(program.office, "operators")[-1] == ("李明", "登录")


def test_arrows_enter_pin_enter(start: Start, data: Path, qtbot: QtBot) -> None:
    program = start(data)
    press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert page_of(program).pin.hasFocus()
    assert page_of(program).pin.echoMode() == QLineEdit.EchoMode.Password
    come_in(program, qtbot, PIN, Qt.Key.Key_Return)
    assert program.window.operator.text() == "经办人：王芳"


def test_digits_typed_in_the_list_are_the_pin(start: Start, data: Path, qtbot: QtBot) -> None:
    program = start(data)
    press("1")
    assert page_of(program).list.hasFocus()  # 本机经办人 has none
    come_in(program, qtbot, Qt.Key.Key_Down, PIN[0], PIN[1:], Qt.Key.Key_Return)
    assert program.window.operator.text() == "经办人：王芳"


def test_letters_jump_by_pinyin(start: Start, data: Path, qtbot: QtBot) -> None:
    program = start(data)
    page = page_of(program)
    for letters, name in (
        ("w", "王芳"),
        ("lm", "李明"),
        ("benji", "本机经办人"),
        ("w", "王芳"),
        ("x", "王芳"),
    ):
        page.list._since.invalidate()
        press(letters)
        settle(program, qtbot)
        assert page.chosen.name == name


def test_the_arrows_choose_in_the_field_of_the_pin_as_well(start: Start, data: Path) -> None:
    page = page_of(start(data))
    press(Qt.Key.Key_Down, Qt.Key.Key_Return, "27", Qt.Key.Key_Down)
    assert page.chosen.name == "李明"
    assert (page.pin.text(), page.pin.isEnabled()) == ("", False)


def test_whoever_came_last_is_chosen_already(start: Start, data: Path, qtbot: QtBot) -> None:
    program = start(data)
    come_in(program, qtbot, Qt.Key.Key_Down, Qt.Key.Key_Return, PIN, Qt.Key.Key_Return)
    program.window.close()
    again = start(data)
    assert page_of(again).chosen.name == "王芳"
    assert page_of(again).pin.hasFocus()
    come_in(again, qtbot, PIN, Qt.Key.Key_Return)
    assert again.tab is not None


def test_a_wrong_pin_is_told_beside_the_field_with_the_tries_left(
    start: Start, data: Path, qtbot: QtBot
) -> None:
    program = start(data)
    page = page_of(program)
    press(Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert page.message.text() == "请输入 PIN。"
    press(WRONG, Qt.Key.Key_Return, Qt.Key.Key_Return)
    settle(program, qtbot)
    assert page.message.text() == "PIN 不对，还可以再试 4 次。"
    assert (page.pin.text(), page.pin.hasFocus(), page.pin.property("wrong")) == ("", True, True)
    assert page.pin.accessibleDescription() == page.message.text()
    press("2")
    assert (page.message.text(), page.pin.property("wrong")) == ("", False)
    assert program.tab is None


def test_five_wrong_ones_lock_and_a_restart_does_not_help(
    start: Start, data: Path, qtbot: QtBot, clock: Clock
) -> None:
    program = start(data)
    press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    for _ in range(5):
        press(WRONG, Qt.Key.Key_Return)
        settle(program, qtbot)
    assert "“王芳”已锁定，09:40 以后可以再试" in page_of(program).message.text()
    program.window.close()
    clock.now -= timedelta(hours=2)
    again = start(data)
    press(Qt.Key.Key_Down, Qt.Key.Key_Return, PIN, Qt.Key.Key_Return)
    settle(again, qtbot)
    assert "还有 10 分钟" in page_of(again).message.text()
    clock.now += timedelta(minutes=10)
    come_in(again, qtbot, PIN, Qt.Key.Key_Return)
    assert "有人用您的姓名输错过 5 次 PIN" in again.window.notices.bar.text


def test_data_that_cannot_be_written_is_shown_and_that_is_told(
    start: Start, data: Path, qtbot: QtBot
) -> None:
    program = start(data)
    qtbot.waitUntil(lambda: program.window.backup_age.text() != "", timeout=WAIT)
    assert program.office is not None
    program.office.gate.shut(DAMAGED)
    come_in(program, qtbot, Qt.Key.Key_Down, Qt.Key.Key_Return, PIN, Qt.Key.Key_Return)
    assert program.tab is not None
    assert "已登录，但没有写进历史记录：数据检查没有通过" in program.window.notices.bar.text


# Handing over


def switch(program: Program, qtbot: QtBot) -> None:
    """Use the command of the window's menu and wait for the page."""

    def offered() -> list[QAction]:
        return [action for action in program.window.commands() if action.text().startswith("切换经办人")]

    qtbot.waitUntil(lambda: bool(offered()), timeout=WAIT)  # it comes once the rows are seen
    (command,) = offered()
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        command.trigger()
    settle(program, qtbot)
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)


def test_another_operator_takes_over_and_is_named_from_then_on(
    start: Start, data: Path, qtbot: QtBot
) -> None:
    program = start(data)
    come_in(program, qtbot, Qt.Key.Key_Return)
    assert program.office is not None
    first = program.office
    switch(program, qtbot)
    assert program.tab is None
    assert program.office is not first
    assert program.window.operator.isHidden()
    come_in(program, qtbot, Qt.Key.Key_Down, Qt.Key.Key_Return, PIN, Qt.Key.Key_Return)
    office = program.office
    unit = office.units.get(1)
    office.units.save(replace(unit, note="核对过"), unit)
    assert actors(office, "units")[-1] == ("王芳", "修改单位")
    assert len([action for action in program.window.commands() if "切换经办人" in action.text()]) == 1


def test_without_another_operator_there_is_nothing_to_switch_to(
    start: Start, district_file: Path, tmp_path: Path
) -> None:
    shutil.copy(district_file, tmp_path / paths.DATABASE_NAME)
    program = start(tmp_path)
    program.switch_operator()
    assert program.tab is not None
    assert "只有一位经办人" in program.window.notices.status.text()


def update_form(program: Program, qtbot: QtBot) -> FormDialog:
    """Open 信息更新 of the first holder and type into it."""
    tab = program.tab
    assert tab is not None
    tab.table.select_key(tab.table.model.key_at(0))
    tab.update_holder()
    settle(program, qtbot)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FormDialog)
    dialog.form.editor("title").set_value("代镇长")
    return dialog


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Program], FakeNotices]:
    """Return a function that lets a program's questions be answered by a fake."""

    def take(program: Program) -> FakeNotices:
        fake = FakeNotices()
        monkeypatch.setattr(program.window.notices, "choose", fake.choose)
        monkeypatch.setattr(program.window.notices, "ask", fake.ask)
        return fake

    return take


def test_an_open_form_asks_and_may_keep_its_operator(
    start: Start, data: Path, qtbot: QtBot, answers: Callable[[Program], FakeNotices]
) -> None:
    program = start(data)
    come_in(program, qtbot, Qt.Key.Key_Return)
    fake = answers(program)
    dialog = update_form(program, qtbot)
    fake.choice = 2  # 取消
    program.switch_operator()
    assert dialog.isVisible()
    assert program.tab is not None
    fake.choice = 1  # 不保存
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.switch_operator()
    settle(program, qtbot)
    assert fake.questions == ["填写的内容还没有保存。"] * 2
    assert program.tab is None


def test_unsaved_settings_are_asked_for(
    start: Start, data: Path, qtbot: QtBot, answers: Callable[[Program], FakeNotices]
) -> None:
    program = start(data)
    come_in(program, qtbot, Qt.Key.Key_Return)
    fake = answers(program)
    system = go_to_tab(program.window, SYSTEM_TAB)
    assert isinstance(system, SystemTab)
    system.go_to(SETTINGS)
    settle(program, qtbot)
    section = system.page(SETTINGS)
    assert isinstance(section, SettingsSection)
    section.choices.refile_box.toggle()
    fake.answer = False
    program.switch_operator()
    assert fake.questions == ["“系统 → 设置”里有修改还没有保存。"]
    assert program.tab is not None


def test_drafts_stay_with_their_operator(start: Start, data: Path, qtbot: QtBot) -> None:
    program = start(data)
    come_in(program, qtbot, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    dialog = update_form(program, qtbot)
    settle(program, qtbot)
    dialog._keep_drafts()
    assert dialog._draft_keeper is not None
    dialog._draft_keeper.keep()
    settle(program, qtbot)
    assert len(list((data / DRAFTS_FOLDER / "3").glob("*.json"))) == 1
    dialog.done(0)  # torn away, as by the end of the program
    switch(program, qtbot)
    come_in(program, qtbot, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return)
    other = update_form(program, qtbot)
    settle(program, qtbot)
    assert other.banner.text == ""
    other.form.mark_clean()
    other.done(0)
    settle(program, qtbot)


def test_after_a_restore_one_signs_in_to_what_came_back(start: Start, data: Path, qtbot: QtBot) -> None:
    program = start(data)
    come_in(program, qtbot, Qt.Key.Key_Return)
    assert program.office is not None
    backup = program.office.backups.back_up(BackupKind.MANUAL).path
    program.office.operators.add("赵六")
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.restore(backup, data)
    settle(program, qtbot)
    assert [choice.name for choice in program.office.choices] == ["本机经办人", "王芳", "李明"]
    assert program.tab is None
    come_in(program, qtbot, Qt.Key.Key_Down, Qt.Key.Key_Return, PIN, Qt.Key.Key_Return)
    assert ("本机经办人", "从备份恢复") in actors(program.office, "backups")


def test_the_sample_works_unasked_beside_an_office_with_pins(
    start: Start, data: Path, sample_file: Path
) -> None:
    sample = data / settings.SAMPLE_FOLDER
    sample.mkdir()
    shutil.copy(sample_file, sample / paths.DATABASE_NAME)
    program = start(data)
    assert program.sign_in_page is None
    assert program.tab is not None


def test_data_without_any_operator_says_so(start: Start, data: Path) -> None:
    import sqlite3

    with sqlite3.connect(data / paths.DATABASE_NAME) as connection:
        connection.execute("UPDATE operators SET is_active = 0")
    connection.close()
    program = start(data)
    told = [label.text() for label in program.window.findChildren(QLabel)]
    assert any("没有一位在用的经办人" in text for text in told)


# For everybody


def shown_page(tmp_path: Path, qtbot: QtBot, count: int) -> tuple[SignInPage, QWidget]:
    choices = [OperatorChoice(number, f"经办人{number}", number % 2 == 1) for number in range(1, count + 1)]
    page = SignInPage(choices, 1, lambda _who, _pin: pytest.fail("nobody comes in"), Tasks())
    return page, put_into_window(page, page.first, tmp_path, qtbot)


def test_the_page_can_be_walked_and_fits_a_small_screen(tmp_path: Path, qtbot: QtBot) -> None:
    page, window = shown_page(tmp_path, qtbot, 8)
    seen = walk(window)
    assert not not_reached(window, seen)
    assert page.list in seen
    keys = [key for key, _text in access_keys(window)]
    assert len(keys) == len(set(keys))
    page.message.setText("PIN 连续输错 5 次，“王芳”已锁定，09:41 以后可以再试（还有 10 分钟）。" * 2)
    page.message.setVisible(True)
    window.resize(760, 420)
    page.list.setCurrentRow(3)
    qtbot.waitUntil(
        lambda: page.list.viewport().rect().contains(page.list.visualItemRect(page.list.item(3))),
        timeout=WAIT,
    )
    least = window.minimumSizeHint()
    assert (least.width() <= 910, least.height() <= 480) == (True, True), least
