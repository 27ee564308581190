"""The data is checked and backed up while the window is open, and a backup can take its place."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from cdo_desktop import paths, settings
from cdo_desktop.app import Program
from cdo_desktop.errors import StorageError
from cdo_desktop.office import Office
from cdo_desktop.rules.vocabulary import UnitCategory
from cdo_desktop.services.safety import BackupService
from cdo_desktop.services.unit_draft import UnitDraft
from cdo_desktop.store.backup import list_backups
from cdo_desktop.store.integrity import CheckReport
from cdo_desktop.store.manifest import BackupKind
from cdo_desktop.store.write_gate import WriteGate
from cdo_desktop.ui.common.empty_state import EmptyState
from cdo_desktop.ui.data_guard import backup_age
from cdo_desktop.ui.system.backups_section import BackupsDialog, BackupsSection, RestoreDialog
from cdo_desktop.ui.system.system_tab import BACKUPS, SystemTab
from cdo_desktop.ui.workspace import SYSTEM_TAB
from tests.ui.fakes import FakeFiles
from tests.ui.register_desk import WAIT
from tests.ui.tabs import go_to_tab

NOW = datetime(2026, 11, 24, 9, 30)
Start = Callable[..., Program]
DialogT = TypeVar("DialogT", bound=QDialog)


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Start]:
    """Return a function that starts the program on a data folder and waits until nothing runs."""
    programs: list[Program] = []

    def begin(folder: Path, now: datetime = NOW) -> Program:
        program = Program(folder, clock=lambda: now, files=FakeFiles())
        qtbot.addWidget(program.window)
        programs.append(program)
        with qtbot.waitSignal(program.page_shown, timeout=WAIT):
            program.start()
        settle(program, qtbot)
        return program

    yield begin
    for program in programs:
        program.window.tasks.wait_all()
        program.close()


@pytest.fixture
def folder(tmp_path: Path, district_file: Path) -> Path:
    """Return a data folder with a register of six posts."""
    data = tmp_path / "名册"
    data.mkdir()
    shutil.copy(district_file, data / paths.DATABASE_NAME)
    return data


def settle(program: Program, qtbot: QtBot) -> None:
    """Wait until nothing runs and nothing is about to."""
    qtbot.wait(20)
    qtbot.waitUntil(lambda: not program.window.tasks.busy, timeout=WAIT)


def kinds(folder: Path) -> list[BackupKind]:
    """Return why the backups of a folder were made, oldest first."""
    return [backup.kind for backup in list_backups(folder / "backups")]


def add_unit(program: Program, name: str) -> None:
    """Change the data as a clerk would."""
    assert program.office is not None
    program.office.units.save(
        UnitDraft(full_name=f"上海市宝山区{name}", short_name=name, category=UnitCategory.OTHER)
    )


def unit_count(folder: Path) -> int:
    """Return how many units a folder's database has."""
    with Office(folder) as office:
        return office.units.count()


def test_a_start_backs_up_and_the_status_bar_says_so(start: Start, folder: Path, qtbot: QtBot) -> None:
    program = start(folder)
    qtbot.waitUntil(lambda: program.window.backup_age.text() == "备份：今天 09:30", timeout=WAIT)
    assert kinds(folder) == [BackupKind.START]


def test_a_second_start_on_the_same_day_makes_no_backup(start: Start, folder: Path) -> None:
    start(folder).window.close()
    start(folder, NOW + timedelta(hours=2))
    assert kinds(folder) == [BackupKind.START]


def test_closing_backs_up_what_has_changed(start: Start, folder: Path) -> None:
    program = start(folder)
    add_unit(program, "新设中心")
    program.window.close()
    assert kinds(folder) == [BackupKind.START, BackupKind.CLOSE]


def test_closing_without_a_change_makes_no_backup(start: Start, folder: Path) -> None:
    start(folder).window.close()
    assert kinds(folder) == [BackupKind.START]


def test_the_sample_is_neither_checked_nor_backed_up(
    start: Start, tmp_path: Path, district_file: Path
) -> None:
    sample = tmp_path / settings.SAMPLE_FOLDER
    sample.mkdir()
    shutil.copy(district_file, sample / paths.DATABASE_NAME)
    program = start(tmp_path)
    program.window.close()
    assert not list(tmp_path.rglob("*.cdobak"))


def test_damaged_data_can_be_looked_at_but_not_written_to(start: Start, folder: Path) -> None:
    with closing(sqlite3.connect(folder / paths.DATABASE_NAME)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'tenures_one_holder_insert'")
    program = start(folder)
    assert program.tab is not None
    assert "只能查看" in program.window.notices.bar.text
    assert program.office is not None
    assert program.office.gate.is_shut
    assert kinds(folder) == []


def test_a_locked_database_is_checked_again_later(
    start: Start, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdo_desktop.ui.data_guard.CHECK_AGAIN_MS", 50)
    tried = threading.Event()
    really = BackupService.guard_start

    def first_refused(self: BackupService, gate: WriteGate) -> CheckReport:
        if not tried.is_set():
            tried.set()
            raise StorageError("数据正被另一个程序使用。")
        return really(self, gate)

    monkeypatch.setattr(BackupService, "guard_start", first_refused)
    program = start(folder)
    office = program.office
    assert office is not None
    qtbot.waitUntil(lambda: not office.gate.is_shut, timeout=WAIT)
    settle(program, qtbot)
    assert kinds(folder) == [BackupKind.START]


def test_a_backup_is_restored_from_the_system_tab_after_a_look_at_it(
    start: Start, folder: Path, qtbot: QtBot
) -> None:
    program = start(folder)
    before = unit_count(folder)
    add_unit(program, "写错的单位")
    section = backups_page(program, qtbot)
    section.look_at_chosen()
    settle(program, qtbot)
    dialog = opened(RestoreDialog)
    assert dialog.keep_button.isDefault()
    units = dialog.list.topLevelItem(0)
    assert units is not None
    assert [units.text(column) for column in range(3)] == ["单位", str(before), str(before + 1)]
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        dialog.restore_button.click()
    settle(program, qtbot)
    assert unit_count(folder) == before
    assert "已恢复到 2026-11-24 09:30" in program.window.notices.bar.text
    assert list(folder.glob("*before-restore*"))


def test_a_backup_made_by_hand_appears_in_the_list(start: Start, folder: Path, qtbot: QtBot) -> None:
    program = start(folder)
    section = backups_page(program, qtbot)
    assert section.list.topLevelItemCount() == 1
    section.back_up_button.click()
    settle(program, qtbot)
    assert [row.text(1) for row in section.list.findItems("", Qt.MatchFlag.MatchContains)] == ["手工", "启动"]


def test_data_that_cannot_be_opened_is_restored_from_the_page_that_says_so(
    start: Start, folder: Path, qtbot: QtBot
) -> None:
    start(folder).window.close()
    (folder / paths.DATABASE_NAME).write_bytes(b"x" * 5000)
    program = start(folder)
    assert program.tab is None
    (page,) = program.window.tabs.findChildren(EmptyState)
    next(button for button in page.buttons if button.accessibleName() == "从备份恢复").click()
    settle(program, qtbot)
    dialog = opened(BackupsDialog)
    assert dialog.section.list.topLevelItemCount() == 1
    dialog.section.look_at_chosen()
    settle(program, qtbot)
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        opened(RestoreDialog).restore_button.click()
    settle(program, qtbot)
    assert program.tab is not None
    assert unit_count(folder) == 3


@pytest.mark.parametrize(
    ("last", "text", "warning"),
    [
        (None, "还没有备份", True),
        (NOW, "备份：今天 09:30", False),
        (NOW - timedelta(days=1), "备份：昨天 09:30", False),
        (NOW - timedelta(days=3), "备份：3 天前 09:30", False),
        (NOW - timedelta(days=3, minutes=1), "备份：3 天前 09:29", True),
        (datetime(2027, 1, 1, 8), "备份：2027-01-01 08:00", False),
    ],
)
def test_the_age_of_a_backup_is_said_in_days(last: datetime | None, text: str, warning: bool) -> None:
    assert backup_age(last, NOW) == (text, warning)


def backups_page(program: Program, qtbot: QtBot) -> BackupsSection:
    """Open 系统 → 备份."""
    tab = go_to_tab(program.window, SYSTEM_TAB)
    assert isinstance(tab, SystemTab)
    tab.go_to(BACKUPS)
    settle(program, qtbot)
    page = tab.page(BACKUPS)
    assert isinstance(page, BackupsSection)
    return page


def opened(kind: type[DialogT]) -> DialogT:
    """Return the open dialog of a kind."""
    (found,) = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind)]
    assert found.isVisible()
    return found
