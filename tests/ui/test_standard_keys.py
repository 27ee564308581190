"""The keys everybody knows do in every tab what they do elsewhere, and the program says so."""

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QKeySequence, QShortcut, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolBar, QWidget
from pytestqt.qtbot import QtBot

from benchmarks.office_tasks import started
from cdo_desktop import paths, settings
from cdo_desktop.app import Program
from cdo_desktop.ui.common import shortcuts
from cdo_desktop.ui.common.actions import is_command, plain_text
from cdo_desktop.ui.common.table_view import DataTable
from cdo_desktop.ui.main_window import MainWindow
from cdo_desktop.ui.system.system_tab import OPERATORS, UNITS
from tests.ui.register_desk import WAIT, RegisterDesk
from tests.ui.system_desk import system_desk
from tests.ui.test_accessible import SCREENS

# What a key may be called, wherever it is offered.
MEANINGS = {
    shortcuts.NEW: "任命|新建|新增|录入|添加",
    shortcuts.SAVE: "保存|另存为",
    shortcuts.FIND: "查找",
    shortcuts.FIND_ANYWHERE: "查找",
    shortcuts.PRINT: "打印|备案表",
    shortcuts.UNDO: "撤销",
    shortcuts.REDO: "重做",
    shortcuts.REDO_TOO: "重做",
    shortcuts.COPY: "复制",
    shortcuts.COPY_WITH_HEADS: "复制",
    shortcuts.PASTE: "粘贴",
    shortcuts.SELECT_ALL: "全选",
    shortcuts.EDIT: "信息更新|资料|改名|修改",
    shortcuts.REFRESH: "刷新|重新读取",
    shortcuts.DELETE: "删除|移除",
    shortcuts.HELP: "帮助",
    shortcuts.ZOOM_IN: "放大",
    shortcuts.ZOOM_OUT: "缩小",
    shortcuts.ZOOM_RESET: "恢复|适合宽度",
}
NO_COMMAND = {shortcuts.NEXT_TAB, shortcuts.PREVIOUS_TAB}


def commands_by_key(root: QWidget) -> dict[str, set[str]]:
    """Return the titles of all commands in a widget by their keys."""
    found: dict[str, set[str]] = defaultdict(set)
    for action in root.findChildren(QAction):
        for key in action.shortcuts():
            if is_command(action):
                found[key.toString()].add(plain_text(action.text()))
    return found


@pytest.fixture
def program(sample_file: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Program]:
    """Return the program with the sample district on the screen."""
    sample = tmp_path / settings.SAMPLE_FOLDER
    sample.mkdir()
    shutil.copy(sample_file, sample / paths.DATABASE_NAME)
    with started(tmp_path) as running:
        # 撤销 comes once the rows are seen.
        qtbot.waitUntil(
            lambda: running.workspace is not None and running.workspace.undo is not None, timeout=WAIT
        )
        qtbot.waitUntil(lambda: not running.window.tasks.busy, timeout=WAIT)
        yield running


def look_at_every_tab(window: MainWindow, qtbot: QtBot) -> None:
    """Go through the tabs, so that each is built."""
    for place in range(window.tabs.count()):
        window.tabs.setCurrentIndex(place)
        qtbot.waitUntil(lambda: not window.tasks.busy, timeout=WAIT)


def test_every_standard_key_has_its_meaning_written_down() -> None:
    keys = {value for name, value in vars(shortcuts).items() if name.isupper()}
    assert keys == set(MEANINGS) | NO_COMMAND


def test_the_window_and_the_register_answer_every_standard_key(program: Program) -> None:
    found = commands_by_key(program.window)
    elsewhere = {
        shortcuts.SAVE,
        shortcuts.DELETE,
        shortcuts.ZOOM_IN,
        shortcuts.ZOOM_OUT,
        shortcuts.ZOOM_RESET,
    }
    missing = [key for key in MEANINGS if key not in found and key not in elsewhere]
    assert not missing


def test_no_standard_key_means_something_else_in_the_window(program: Program, qtbot: QtBot) -> None:
    window = program.window
    look_at_every_tab(window, qtbot)
    other = [
        (key, title)
        for key, titles in commands_by_key(window).items()
        for title in titles
        if key in MEANINGS and not re.search(MEANINGS[key], title)
    ]
    assert not other


@pytest.mark.parametrize("name", [name for name in SCREENS if name not in ("register", "progress")])
def test_no_standard_key_means_something_else_in_a_dialog(name: str, desk: RegisterDesk) -> None:
    shown = SCREENS[name](desk)
    other = [
        (key, title)
        for key, titles in commands_by_key(shown).items()
        for title in titles
        if key in MEANINGS and not re.search(MEANINGS[key], title)
    ]
    assert not other
    shown.close()


def test_every_page_of_the_system_tab_is_read_anew_by_f5_and_its_tables_know_the_other_keys(
    district: Path, qtbot: QtBot
) -> None:
    with system_desk(district, qtbot) as system:
        for row in range(system.tab.list.count()):
            page = system.page(system.tab.list.item(row).text())
            found = commands_by_key(page)
            assert shortcuts.REFRESH in found, page
            if page.findChildren(DataTable):
                assert {shortcuts.COPY, shortcuts.SELECT_ALL} <= set(found)
            if system.tab.list.item(row).text() in (UNITS, OPERATORS):
                assert {shortcuts.NEW, shortcuts.EDIT} <= set(found)


def test_a_key_stands_in_the_tip_of_its_button(program: Program, qtbot: QtBot) -> None:
    look_at_every_tab(program.window, qtbot)
    seen = 0
    for bar in program.window.findChildren(QToolBar):
        for action in bar.actions():
            if action.shortcut().toString():
                seen += 1
                native = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                assert native in action.toolTip(), action.text()
    assert seen > 10


def test_tabs_tell_their_keys_and_ctrl_tab_goes_round(program: Program, qtbot: QtBot) -> None:
    tabs = program.window.tabs
    assert [tabs.tabToolTip(place) for place in range(tabs.count())] == [
        f"{tabs.tabText(place)}（Ctrl+{place + 1}）" for place in range(tabs.count())
    ]
    assert program.tab is not None
    for inside in (program.tab.bar.search, program.tab.table.grid):
        inside.setFocus()
        QTest.keyClick(inside, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        assert tabs.currentIndex() == 1
        assert tabs.tabToolTip(1) == f"{tabs.tabText(1)}（Ctrl+2）"
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ControlModifier)
        assert tabs.currentIndex() == 0
    qtbot.waitUntil(lambda: not program.window.tasks.busy, timeout=WAIT)


def test_no_key_is_offered_twice_where_both_would_be_heard(program: Program, qtbot: QtBot) -> None:
    window = program.window
    look_at_every_tab(window, qtbot)
    everywhere = [key for action in window.actions() for key in action.shortcuts()]
    everywhere += [key.key() for key in window.findChildren(QShortcut) if key.parent() is window]
    for page in (window.tabs.widget(place) for place in range(window.tabs.count())):
        inside = [key for key in map(QKeySequence, commands_by_key(page)) if key in everywhere]
        assert not inside
