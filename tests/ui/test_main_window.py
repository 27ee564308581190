"""The window: painted before its data, remembered as it was left, and honest about data it cannot open."""

import hashlib
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QSplitter, QTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop import paths
from cdo_desktop.app import Program
from cdo_desktop.store import connection
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.common.input_guard import install_input_guard
from cdo_desktop.ui.common.remembered import remember_splitters
from cdo_desktop.ui.main_window import FIRST_TAB, MainWindow
from cdo_desktop.ui.workspace import FILINGS_TAB, SYSTEM_TAB
from tests.ui.fakes import FakeFiles, make_ui
from tests.ui.register_desk import WAIT

NOW = datetime(2026, 11, 24, 9, 30)
Make = Callable[..., Program]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    """Return a function that builds the program on a data folder."""
    programs: list[Program] = []

    def build(folder: Path, files: FakeFiles | None = None) -> Program:
        program = Program(folder, clock=lambda: NOW, files=files)
        qtbot.addWidget(program.window)
        programs.append(program)
        return program

    yield build
    for program in programs:
        program.window.tasks.wait_all()
        program.close()


@pytest.fixture
def folder(tmp_path: Path, district_file: Path) -> Path:
    """Return a data folder with a register of six posts."""
    data = tmp_path / "名册 data"
    data.mkdir()
    shutil.copy(district_file, data / paths.DATABASE_NAME)
    return data


def open_page(program: Program, qtbot: QtBot) -> None:
    """Start, and wait for whatever the window shows in the end."""
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.start()
    qtbot.waitUntil(lambda: not program.window.tasks.busy, timeout=WAIT)


def reason(program: Program) -> EmptyState:
    """Return the page that stands in for the register."""
    (state,) = program.window.tabs.findChildren(EmptyState)
    return state


def button(state: EmptyState, name: str) -> QPushButton:
    """Return one of its buttons."""
    return next(found for found in state.buttons if found.accessibleName() == name)


# Starting


def test_the_frame_is_painted_before_the_database_is_opened(make: Make, folder: Path, qtbot: QtBot) -> None:
    program = make(folder)
    opened: list[bool] = []
    program.window.painted.connect(lambda: opened.append(program.office is not None))
    open_page(program, qtbot)
    assert opened == [False]
    assert program.tab is not None
    assert program.window.tabs.tabText(0) == FIRST_TAB
    assert program.window.tabs.count() == 3  # the filings and the system beside it
    assert program.window.focusWidget() is program.tab.bar.search


def test_a_long_path_is_cut_in_the_status_bar_and_whole_in_its_tip(qtbot: QtBot, tmp_path: Path) -> None:
    window = MainWindow(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat), lambda: NOW)
    qtbot.addWidget(window)
    place = "数据：" + "/很长的文件夹名称" * 40
    page = QWidget()
    window.show_page(page, page, place=place, sample=False)
    assert window.place.sizeHint().width() < 600
    assert window.place.toolTip() == place


# Data that cannot be opened


def text_file(path: Path) -> None:
    path.write_text("这不是数据库。" * 900, encoding="utf-8")


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3000])


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE something (id INTEGER)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(text_file, "已损坏或不是本程序的数据库", id="text file"),
        pytest.param(truncated, "已损坏", id="truncated"),
        pytest.param(foreign, "不是本程序的数据库", id="foreign"),
        pytest.param(newer, "请安装新版本的程序", id="newer"),
    ],
)
def test_data_that_cannot_be_opened_is_explained_in_the_window_and_left_alone(
    make: Make, folder: Path, qtbot: QtBot, damage: Callable[[Path], None], said: str
) -> None:
    database = folder / paths.DATABASE_NAME
    damage(database)
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    program = make(folder)
    open_page(program, qtbot)
    state = reason(program)
    assert said in state.text.text()
    assert [found.accessibleName() for found in state.buttons] == [
        "再试一次",
        "从备份恢复",
        "选择其他文件夹",
        "退出",
    ]
    assert program.tab is None
    assert program.office is None
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before


def test_a_data_folder_that_cannot_be_made_is_explained(make: Make, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    program = make(tmp_path / "file" / "data")
    open_page(program, qtbot)
    assert "不能建立文件夹" in reason(program).text.text()


def test_a_data_folder_that_may_not_be_looked_into_is_explained(
    make: Make, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = Path.stat

    def refuse(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if folder in self.parents:
            raise PermissionError(13, "Permission denied", str(self))
        return stat(self, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", refuse)
    program = make(folder)
    open_page(program, qtbot)
    assert "没有读写的权限" in reason(program).text.text()


def test_another_try_succeeds_once_the_file_is_repaired(
    make: Make, folder: Path, district_file: Path, qtbot: QtBot
) -> None:
    text_file(folder / paths.DATABASE_NAME)
    program = make(folder)
    open_page(program, qtbot)
    shutil.copy(district_file, folder / paths.DATABASE_NAME)
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        button(reason(program), "再试一次").click()
    assert program.tab is not None


def test_another_folder_can_be_chosen(make: Make, folder: Path, tmp_path: Path, qtbot: QtBot) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    text_file(broken / paths.DATABASE_NAME)
    files = FakeFiles()
    program = make(broken, files)
    open_page(program, qtbot)
    button(reason(program), "选择其他文件夹").click()  # and given up
    assert program.tab is None
    files.path = folder
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        button(reason(program), "选择其他文件夹").click()
    assert program.tab is not None
    assert str(folder) in program.window.place.toolTip()


def test_the_program_can_be_left_from_there(make: Make, folder: Path, qtbot: QtBot) -> None:
    text_file(folder / paths.DATABASE_NAME)
    program = make(folder)
    open_page(program, qtbot)
    button(reason(program), "退出").click()
    assert not program.window.isVisible()


def test_a_locked_database_does_not_freeze_the_window(
    make: Make, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 1)
    program = make(folder)
    ticks: list[int] = []
    ticking = QTimer(program, interval=20)
    ticking.timeout.connect(lambda: ticks.append(1))
    with closing(sqlite3.connect(folder / paths.DATABASE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ticking.start()
        open_page(program, qtbot)
        assert "正被另一个程序使用" in reason(program).text.text()
        assert len(ticks) > 10
        other.execute("ROLLBACK")
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        button(reason(program), "再试一次").click()
    assert program.tab is not None


# Closing


class Answer:
    """Stands in for the question before closing."""

    def __init__(self, *, yes: bool) -> None:
        self.yes = yes
        self.questions: list[str] = []

    def __call__(self, question: str, yes_label: str, no_label: str, *, danger: bool = False) -> bool:
        self.questions.append(f"{question} {yes_label}/{no_label}")
        return self.yes


def test_closing_while_something_runs_asks_and_waits_for_it(
    make: Make, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make(folder)
    open_page(program, qtbot)
    window = program.window
    begun, go_on = threading.Event(), threading.Event()
    done: list[bool] = []

    def export() -> bool:
        begun.set()
        return go_on.wait(20)

    window.tasks.run(export, owner=window, done=done.append, title="正在导出名册")
    qtbot.waitUntil(begun.is_set, timeout=WAIT)  # what has not begun is given up
    answer = Answer(yes=False)
    monkeypatch.setattr(window.notices, "ask", answer)
    assert not window.close()
    assert window.isVisible()
    assert answer.questions == ["正在导出名册还没有完成。 取消并退出/等它完成"]
    answer.yes = True
    QTimer.singleShot(0, go_on.set)
    threading.Timer(0.1, go_on.set).start()
    assert window.close()
    assert done == [True]  # its outcome came before the window was gone
    assert program.office is None


def test_closing_with_nothing_running_asks_nothing(
    make: Make, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make(folder)
    open_page(program, qtbot)
    answer = Answer(yes=False)
    monkeypatch.setattr(program.window.notices, "ask", answer)
    assert program.window.close()
    assert not answer.questions


# What is remembered


def test_columns_and_sorting_are_as_they_were_left(make: Make, folder: Path, qtbot: QtBot) -> None:
    program = make(folder)
    open_page(program, qtbot)
    assert program.tab is not None
    keys = [column.key for column in program.tab.table.columns]
    program.tab.table.grid.heads.resizeSection(keys.index("title"), 231)
    program.tab.table.grid.heads.sectionClicked.emit(keys.index("name"))
    program.window.close()

    again = make(folder)
    open_page(again, qtbot)
    assert again.tab is not None
    assert again.tab.table.grid.heads.sectionSize(keys.index("title")) == 231
    assert again.tab.table.query().sort == "name"


def test_the_window_is_where_it_was(make: Make, folder: Path, qtbot: QtBot) -> None:
    program = make(folder)
    program.window.setMinimumSize(300, 200)  # the test's screen is small
    program.window.setGeometry(30, 60, 640, 420)
    program.window.show()
    program.window.close()
    again = make(folder)
    assert again.window.normalGeometry().topLeft() == program.window.normalGeometry().topLeft()
    assert again.window.normalGeometry().height() == max(420, again.window.minimumHeight())


def test_a_window_left_on_a_screen_that_is_gone_comes_back(make: Make, folder: Path, qtbot: QtBot) -> None:
    program = make(folder)
    program.window.setGeometry(9000, 7000, 640, 420)
    program.window.show()
    program.window.close()
    again = make(folder)
    again.window.show()
    screen = QGuiApplication.primaryScreen().availableGeometry()
    seen = screen.intersected(again.window.frameGeometry())
    assert (seen.width(), seen.height()) >= (640, 400)


def test_a_damaged_memory_of_the_window_is_passed_over(make: Make, folder: Path, qtbot: QtBot) -> None:
    (folder / "window.ini").write_text(
        "[window]\ngeometry=nonsense\n[registry]\nlayout={broken\n", encoding="utf-8"
    )
    program = make(folder)
    open_page(program, qtbot)
    assert program.tab is not None
    assert program.tab.table.model.key_count == 6


def test_the_number_of_a_tab_goes_to_it(make: Make, folder: Path, qtbot: QtBot) -> None:
    program = make(folder)
    open_page(program, qtbot)
    window = program.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.currentIndex() == 1
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.currentIndex() == 0


def test_the_tab_of_the_last_time_is_shown_again(make: Make, folder: Path, qtbot: QtBot) -> None:
    program = make(folder)
    open_page(program, qtbot)
    program.window.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: not program.window.tasks.busy, timeout=WAIT)
    program.window.close()

    again = make(folder)
    open_page(again, qtbot)
    tabs = again.window.tabs
    qtbot.waitUntil(lambda: tabs.currentIndex() == 1, timeout=WAIT)
    qtbot.waitUntil(lambda: not again.window.tasks.busy, timeout=WAIT)
    tabs.setCurrentIndex(0)
    again.window.close()

    third = make(folder)
    open_page(third, qtbot)
    assert third.window.tabs.currentIndex() == 0


@pytest.mark.parametrize("leave", ["tab", "window"])
def test_what_is_being_composed_is_not_lost_by_another_tab_or_by_closing(
    make: Make, folder: Path, qtbot: QtBot, qapp: QApplication, leave: str
) -> None:
    install_input_guard(qapp)
    program = make(folder)
    open_page(program, qtbot)
    window = program.window
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    assert program.tab is not None
    field = program.tab.bar.search
    field.setFocus()
    QApplication.sendEvent(field, QInputMethodEvent("罗店", []))
    assert field.text() == ""
    if leave == "tab":
        window.tabs.setCurrentIndex(1)
        qtbot.waitUntil(lambda: not window.tasks.busy, timeout=WAIT)
    else:
        texts: list[str] = []
        window.closing.connect(lambda: texts.append(field.text()))
        window.close()
        assert texts == ["罗店"]
        return
    assert field.text() == "罗店"


def test_panes_are_parted_as_they_were_left(qtbot: QtBot, tmp_path: Path) -> None:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    ui = replace(make_ui(), memory=memory)
    sizes = []
    for moved in (True, False):
        window = QSplitter()
        qtbot.addWidget(window)
        window.setObjectName("import")
        for _pane in range(2):
            window.addWidget(QTextEdit())
        box = QWidget()
        qtbot.addWidget(box)
        layout = QVBoxLayout(box)
        layout.addWidget(window)
        window.setSizes([100, 100])
        remember_splitters(box, ui)
        box.resize(420, 200)
        box.show()
        if moved:
            window.moveSplitter(300, 1)
        sizes.append(window.sizes())
    assert sizes[0] == sizes[1]
    assert sizes[0][0] > 2 * sizes[0][1]


def test_the_system_tab_is_built_when_it_is_first_looked_at_and_reaches_the_register(
    make: Make, folder: Path, qtbot: QtBot
) -> None:
    from cdo_desktop.ui.system.system_tab import SystemTab

    program = make(folder)
    open_page(program, qtbot)
    tabs = program.window.tabs
    assert [tabs.tabText(place) for place in range(tabs.count())] == [FIRST_TAB, FILINGS_TAB, SYSTEM_TAB]
    assert not isinstance(tabs.widget(2), SystemTab)
    tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: isinstance(tabs.currentWidget(), SystemTab), timeout=WAIT)
    page = tabs.currentWidget()
    assert isinstance(page, SystemTab)
    qtbot.waitUntil(lambda: not program.window.tasks.busy, timeout=WAIT)
    register = program.tab
    assert register is not None
    assert program.office is not None
    before = register.table.model.row_at(0)
    assert before is not None
    assert not before.unit_name_confirmed
    program.office.units.confirm_names([row.unit_id for row in program.office.units.rows()])
    page.units_changed.emit()
    after = register.table.model.row_at(0)
    assert after is not None
    assert after.unit_name_confirmed
    tabs.setCurrentIndex(0)
    tabs.setCurrentIndex(2)
    assert tabs.currentWidget() is page
