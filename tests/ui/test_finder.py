"""Ctrl+K: what is typed, what is listed, what opens, and that the keyboard is enough."""

import ast
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import shiboken6
from pypinyin import Style, pinyin
from PySide6.QtCore import QObject
from PySide6.QtGui import QInputMethodEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from cdo_desktop import paths
from cdo_desktop.app import Program
from cdo_desktop.errors import AppError, StorageError
from cdo_desktop.office import Office
from cdo_desktop.services.search import SearchHit
from cdo_desktop.ui.common.actions import make_action, plain_text, set_available
from cdo_desktop.ui.common.finder import LINES_OF_A_GROUP, Finder, FinderGroup, FinderLine, FinderProvider
from cdo_desktop.ui.common.finder_commands import CommandProvider, command_keys
from cdo_desktop.ui.common.finder_records import RecordProvider
from cdo_desktop.ui.common.input_guard import install_input_guard
from cdo_desktop.ui.registry.register_table import AS_OF
from tests.ui.register_desk import WAIT
from tests.ui.small_district import NOW, post_of


@dataclass
class FakeProvider:
    """Lists what contains the text and records what is opened."""

    title: str
    names: Sequence[str]
    opened: list[str] = field(default_factory=list)
    error: AppError | None = None

    def find(self, text: str, limit: int) -> Sequence[FinderGroup]:
        if self.error is not None:
            raise self.error
        names = [name for name in self.names if text and text in name]
        lines = tuple(FinderLine(name, f"{name}的说明", self._opener(name)) for name in names[:limit])
        return (FinderGroup(self.title, lines, len(names)),) if lines else ()

    def _opener(self, name: str) -> Callable[[], None]:
        return lambda: self.opened.append(name)


Show = Callable[..., Finder]

PEOPLE = ("王伟", "王芳", "李娜")
UNITS = ("王家村街道", "罗店镇")


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(1100, 700)
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    return window


@pytest.fixture
def show(window: QMainWindow, qtbot: QtBot) -> Show:
    """Return a function that opens the finder over the window and waits until one can type."""

    def show_finder(*providers: FinderProvider) -> Finder:
        finder = Finder(providers, window)
        finder.appear()
        qtbot.waitUntil(finder.field.hasFocus)
        return finder

    return show_finder


def shown(finder: Finder) -> list[str]:
    """Return the first column, heads included."""
    items = (finder.list.topLevelItem(row) for row in range(finder.list.topLevelItemCount()))
    return [item.text(0) for item in items if item is not None]


def current(finder: Finder) -> str:
    line = finder.current()
    return line.title if line else ""


def press(finder: Finder, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(finder.field, key)


def closed(finder: Finder) -> bool:
    QApplication.processEvents()
    return finder not in [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def test_typing_lists_groups_and_enter_opens_the_first_line(show: Show) -> None:
    people, units = FakeProvider("人员", PEOPLE), FakeProvider("单位", UNITS)
    finder = show(people, units)
    assert finder.field.hasFocus()
    QTest.keyClicks(finder.field, "x")
    finder.field.setText("王")
    assert shown(finder) == ["人员", "王伟", "王芳", "单位", "王家村街道"]
    assert current(finder) == "王伟"
    press(finder, Qt.Key.Key_Return)
    assert people.opened == ["王伟"]
    assert closed(finder)


def test_arrows_pass_over_heads_and_go_round(show: Show) -> None:
    people, units = FakeProvider("人员", PEOPLE), FakeProvider("单位", UNITS)
    finder = show(people, units)
    finder.field.setText("王")
    seen = []
    for _ in range(4):
        seen.append(current(finder))
        press(finder, Qt.Key.Key_Down)
    assert seen == ["王伟", "王芳", "王家村街道", "王伟"]
    press(finder, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert current(finder) == "王家村街道"
    assert finder.list.currentItem().text(0) == "王家村街道"
    press(finder, Qt.Key.Key_PageUp)
    assert current(finder) == "王伟"
    press(finder, Qt.Key.Key_PageDown, Qt.Key.Key_Enter)
    assert units.opened == ["王家村街道"]


def test_screen_reader_hears_the_current_line(show: Show) -> None:
    finder = show(FakeProvider("人员", PEOPLE))
    finder.field.setText("王")
    press(finder, Qt.Key.Key_Down)
    assert finder.field.accessibleDescription() == "王芳 王芳的说明"
    finder.field.setText("没有这个人")
    assert finder.field.accessibleDescription() == ""


def test_keys_on_an_empty_list_do_nothing(show: Show) -> None:
    finder = show(FakeProvider("人员", PEOPLE))
    press(finder, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_Return)
    assert not closed(finder)


def test_missed_text_says_what_to_try(show: Show) -> None:
    finder = show(FakeProvider("人员", PEOPLE))
    assert not finder.message.isVisible()
    finder.field.setText(" 欧阳 ")
    assert finder.message.isVisible()
    assert finder.message.text().startswith("没有找到“欧阳”")
    finder.field.setText("王")
    assert not finder.message.isVisible()


def test_database_that_does_not_answer_is_told(show: Show) -> None:
    broken = FakeProvider("人员", PEOPLE, error=StorageError("数据正被另一个程序使用，请稍后再试。"))
    finder = show(broken)
    finder.field.setText("王")
    assert finder.message.text() == "数据正被另一个程序使用，请稍后再试。"
    broken.error = None
    finder.field.setText("王伟")
    assert shown(finder) == ["人员", "王伟"]


def test_head_counts_what_is_not_listed(show: Show) -> None:
    names = [f"王{number}" for number in range(30)]
    finder = show(FakeProvider("人员", names))
    finder.field.setText("王")
    assert shown(finder)[0] == f"人员（前 {LINES_OF_A_GROUP} 个，共 30 个）"
    assert len(shown(finder)) == LINES_OF_A_GROUP + 1
    assert FinderGroup("人员", (), 1000, more=True).head == "人员（前 0 个，共 1000 个以上）"


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_K])
def test_escape_and_ctrl_k_close_without_opening(show: Show, key: Qt.Key) -> None:
    people = FakeProvider("人员", PEOPLE)
    finder = show(people)
    finder.field.setText("王")
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(finder.field, key, control if key == Qt.Key.Key_K else Qt.KeyboardModifier.NoModifier)
    assert closed(finder)
    assert people.opened == []


def test_finder_closes_when_its_window_gets_the_focus_back(
    window: QMainWindow, show: Show, qtbot: QtBot
) -> None:
    finder = show(FakeProvider("人员", PEOPLE))
    window.activateWindow()
    qtbot.waitUntil(lambda: closed(finder))


def test_enter_while_composing_belongs_to_the_input_method(show: Show) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    guard = install_input_guard(app)
    people = FakeProvider("人员", PEOPLE)
    finder = show(people)
    finder.field.setText("王")
    QApplication.sendEvent(finder.field, QInputMethodEvent("wei", []))
    assert guard.composing
    press(finder, Qt.Key.Key_Return)
    assert people.opened == []
    assert not closed(finder)
    done = QInputMethodEvent()
    done.setCommitString("伟")
    QApplication.sendEvent(finder.field, done)
    press(finder, Qt.Key.Key_Return)
    assert people.opened == ["王伟"]


def test_line_opens_after_the_finder_has_gone(show: Show) -> None:
    seen: list[bool] = []
    finder = show()
    line = FinderLine("王伟", "", lambda: seen.append(finder.isVisible()))
    finder._show([FinderGroup("人员", (line,), 1)], "")
    press(finder, Qt.Key.Key_Return)
    assert seen == [False]


def test_click_opens_a_line(show: Show) -> None:
    people = FakeProvider("人员", PEOPLE)
    finder = show(people)
    finder.field.setText("王")
    item = finder.list.topLevelItem(2)
    assert item is not None
    place = finder.list.visualItemRect(item).center()
    QTest.mouseClick(finder.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert people.opened == ["王芳"]


# Commands


def commands(parent: QObject, done: list[str]) -> CommandProvider:
    def add(name: str, shortcut: str = "") -> None:
        actions.append(
            make_action(name, parent=parent, triggered=lambda: done.append(name), shortcut=shortcut)
        )

    actions: list = []  # type: ignore[type-arg]
    add("信息更新(&E)…", "F2")
    add("更换(&R)…", "Ctrl+R")
    add("离任(&L)…")
    set_available(actions[2], "先选中一行")
    return CommandProvider(lambda: actions)


@pytest.mark.parametrize("typed", ["更换", "genghuan", "gh", "GENG"])
def test_command_is_found_by_chinese_pinyin_and_initials(window: QMainWindow, show: Show, typed: str) -> None:
    done: list[str] = []
    finder = show(commands(window, done))
    finder.field.setText(typed)
    assert current(finder) == "更换"
    press(finder, Qt.Key.Key_Return)
    assert done == ["更换(&R)…"]


def test_all_commands_stand_there_at_first_with_their_keys(window: QMainWindow, show: Show) -> None:
    finder = show(commands(window, []))
    assert shown(finder) == ["命令", "信息更新", "更换", "离任"]
    rows = [finder.list.topLevelItem(row) for row in range(4)]
    assert [row.text(1) for row in rows if row is not None] == ["", "F2", "Ctrl+R", "现在不能用：先选中一行"]


def test_command_that_cannot_be_used_is_passed_over(window: QMainWindow, show: Show) -> None:
    done: list[str] = []
    finder = show(commands(window, done))
    press(finder, Qt.Key.Key_Up)
    assert current(finder) == "更换"
    finder.field.setText("离任")
    assert shown(finder) == ["命令", "离任"]
    press(finder, Qt.Key.Key_Return)
    assert done == []
    assert not closed(finder)


def test_command_of_a_menu_that_was_made_anew_meanwhile_is_done(window: QMainWindow, show: Show) -> None:
    done: list[str] = []
    made = [make_action("复制(&C)", parent=window, triggered=lambda: done.append("old"))]
    finder = show(CommandProvider(lambda: made))
    shiboken6.delete(made.pop())
    made.append(make_action("复制(&C)", parent=window, triggered=lambda: done.append("new")))
    press(finder, Qt.Key.Key_Return)
    assert done == ["new"]
    assert closed(finder)


def test_sign_alone_finds_no_command(window: QMainWindow, show: Show) -> None:
    finder = show(commands(window, []))
    finder.field.setText("“")
    assert shown(finder) == []


def command_titles(folder: Path) -> set[str]:
    """Return the text of every command that the window's code makes."""
    titles = set()
    for path in folder.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(call, "func", None), "id", "")
            if isinstance(call, ast.Call) and name in ("action", "make_action") and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    titles.add(plain_text(first.value))
    return titles


def test_every_character_of_every_command_has_one_of_its_readings(repo_root: Path) -> None:
    titles = command_titles(repo_root / "cdo_desktop" / "ui")
    assert len(titles) > 20
    wrong = []
    for title in titles:
        characters = [character for character in title if character >= "\u4e00"]
        for character in characters:
            readings = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
            if command_keys(character).syllables[0] not in readings:
                wrong.append((title, character))
    assert wrong == []


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("更换", "genghuan"),
        ("重新备案", "chongxinbeian"),
        ("跳过问题行导入", "tiaoguowentihangdaoru"),
        ("导入模板", "daorumuban"),
        ("单位资料", "danweiziliao"),
        ("保存为一个 PDF", "baocunweiyigepdf"),
    ],
)
def test_command_is_spelt_as_it_is_said(title: str, said: str) -> None:
    assert "".join(command_keys(title).syllables) == said


# Records


def test_records_are_found_and_given_to_whoever_opens_them(show: Show, district_office: Office) -> None:
    opened: list[SearchHit] = []
    finder = show(RecordProvider(district_office.search, opened.append))
    assert shown(finder) == []
    finder.field.setText("ld")
    assert shown(finder) == ["单位", "罗店镇", "岗位", "罗店镇 首席数据官", "罗店镇 数据专员"]
    finder.field.setText("sxw")
    assert shown(finder) == ["人员", "单学文"]
    press(finder, Qt.Key.Key_Return)
    assert [hit.title for hit in opened] == ["单学文"]
    assert opened[0].post_id == post_of(district_office, "区教育局", "首席数据官").post_id


# In the program


@pytest.fixture
def program(district_file: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Program]:
    """Return the program with the register of three units on the screen."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(district_file, folder / paths.DATABASE_NAME)
    program = Program(folder, clock=lambda: NOW)
    qtbot.addWidget(program.window)
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.start()
    qtbot.waitUntil(lambda: not program.window.tasks.busy, timeout=WAIT)
    yield program
    program.window.tasks.wait_all()
    program.close()


def press_ctrl_k(program: Program, qtbot: QtBot) -> Finder:
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    QTest.keyClick(program.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    finder = next(finder for finder in program.window.findChildren(Finder) if finder.isVisible())
    qtbot.waitUntil(finder.field.hasFocus)
    return finder


def test_ctrl_k_leads_to_a_post_whatever_was_filtered(program: Program, qtbot: QtBot) -> None:
    assert program.tab is not None
    table = program.tab.table
    program.tab.bar.search.setText("罗店")
    program.tab.bar.search_now()
    assert table.model.key_count == 2
    finder = press_ctrl_k(program, qtbot)
    QTest.keyClicks(finder.field, "jzh")
    finder.field.setText("解正华")
    press(finder, Qt.Key.Key_Return)
    row = table.model.row_at(table.model.index_of(table.selected_keys()[0]))
    assert row is not None
    assert (row.unit, row.post, row.name) == ("区财政局", "首席数据官", "解正华")
    assert program.tab.bar.search.text() == ""


def test_ctrl_k_leads_out_of_a_past_day(program: Program, qtbot: QtBot) -> None:
    assert program.tab is not None
    table = program.tab.table
    table.set_extra(AS_OF, date(2000, 1, 1))
    finder = press_ctrl_k(program, qtbot)
    finder.field.setText("罗店 专员")
    press(finder, Qt.Key.Key_Return)
    assert table.query().extra.get(AS_OF) is None
    assert len(table.selected_keys()) == 1


def test_ctrl_k_knows_the_commands_of_the_register(program: Program, qtbot: QtBot) -> None:
    finder = press_ctrl_k(program, qtbot)
    finder.field.setText("dr")
    assert "导入" in shown(finder)
    finder.field.setText("tongxunlu")
    assert current(finder).startswith("通讯录")
    finder.field.setText("历史")
    assert current(finder) == ""  # no row is selected


def test_ctrl_k_on_the_start_guide_has_nothing_to_find(tmp_path: Path, qtbot: QtBot) -> None:
    program = Program(tmp_path / "empty", clock=lambda: NOW)
    qtbot.addWidget(program.window)
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.start()
    program.window.find_anywhere()
    assert program.window.findChildren(Finder) == []
    program.window.tasks.wait_all()
    program.close()
