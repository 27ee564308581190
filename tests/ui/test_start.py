"""The first start: the guide, the real register, and a sample that leaves nothing behind."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtGui import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cdo_desktop import paths, settings
from cdo_desktop.app import Program
from cdo_desktop.errors import StorageError
from cdo_desktop.office import Office
from cdo_desktop.services.units import UnitService
from cdo_desktop.ui.registry.unit_names_dialog import UnitNamesDialog
from tests.ui.fakes import FakeFiles
from tests.ui.register_desk import WAIT

NOW = datetime(2026, 11, 24, 9, 30)
Start = Callable[..., Program]


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Start]:
    """Return a function that starts the program on a data folder and waits for its first page."""
    programs: list[Program] = []

    def begin(folder: Path, files: FakeFiles | None = None) -> Program:
        program = Program(folder, clock=lambda: NOW, files=files)
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


def settle(program: Program, qtbot: QtBot) -> None:
    """Wait until nothing runs."""
    qtbot.waitUntil(lambda: not program.window.tasks.busy, timeout=WAIT)


def rows(program: Program) -> int:
    """Return how many posts the register shows."""
    assert program.tab is not None
    return program.tab.table.model.key_count


def make_sample(folder: Path, sample_file: Path) -> Path:
    """Put the sample district into a data folder and return its folder."""
    sample = folder / settings.SAMPLE_FOLDER
    sample.mkdir(parents=True)
    shutil.copy(sample_file, sample / paths.DATABASE_NAME)
    return sample


def digest(folder: Path) -> str:
    """Return the digest of a folder's database."""
    return hashlib.sha256((folder / paths.DATABASE_NAME).read_bytes()).hexdigest()


def test_an_empty_folder_shows_both_ways_to_begin(start: Start, tmp_path: Path) -> None:
    program = start(tmp_path)
    assert program.guide is not None
    assert program.tab is None
    assert program.window.focusWidget() is program.guide.units_button
    assert program.guide.sample_button.isEnabled()
    assert program.window.sample_bar.isHidden()


def test_the_real_register_begins_with_the_shipped_units_and_their_names_to_check(
    start: Start, tmp_path: Path, qtbot: QtBot
) -> None:
    program = start(tmp_path)
    assert program.guide is not None
    program.guide.units_button.click()
    settle(program, qtbot)
    assert rows(program) == 55 * 2 + 5  # the district's own posts
    assert program.tab is not None
    (names,) = program.tab.findChildren(UnitNamesDialog)
    assert names.table.rowCount() == 55
    assert names.count.text() == "已核对 0 / 55"
    assert not (tmp_path / settings.SAMPLE_FOLDER).exists()
    names.reject()


def test_enter_on_the_focused_button_begins(start: Start, tmp_path: Path, qtbot: QtBot) -> None:
    program = start(tmp_path)
    assert program.guide is not None
    with qtbot.waitSignal(program.guide.units_wanted):
        QTest.keyClick(program.guide.units_button, Qt.Key.Key_Return)
    settle(program, qtbot)
    names = program.window.findChild(UnitNamesDialog)
    assert names is not None
    settle(program, qtbot)
    names.reject()


def test_the_sample_lies_beside_the_real_register(start: Start, tmp_path: Path, qtbot: QtBot) -> None:
    program = start(tmp_path)
    before = digest(tmp_path)
    assert program.guide is not None
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.guide.sample_button.click()
    settle(program, qtbot)
    assert rows(program) > 110
    assert not program.window.sample_bar.isHidden()
    assert "示例区" in program.window.windowTitle()
    assert str(tmp_path / settings.SAMPLE_FOLDER) in program.window.place.toolTip()
    assert digest(tmp_path) == before


def test_the_sample_is_gone_after_one_click_and_the_real_register_is_as_it_was(
    start: Start, tmp_path: Path, district_file: Path, sample_file: Path, qtbot: QtBot
) -> None:
    shutil.copy(district_file, tmp_path / paths.DATABASE_NAME)
    with Office(tmp_path, lambda: NOW) as office:
        office.backups.back_up()  # so that none is due at the start, which the history would note
    sample = make_sample(tmp_path, sample_file)
    before = digest(tmp_path)
    program = start(tmp_path)
    assert rows(program) > 110
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.window.sample_bar.remove_button.click()
    settle(program, qtbot)
    assert not sample.exists()
    assert digest(tmp_path) == before
    assert rows(program) == 6
    assert program.window.sample_bar.isHidden()
    assert "示例区" not in program.window.windowTitle()
    assert program.window.notices.status.text().startswith("已删除示例区")


def test_after_the_sample_an_empty_folder_shows_the_guide_again(
    start: Start, tmp_path: Path, sample_file: Path, qtbot: QtBot
) -> None:
    make_sample(tmp_path, sample_file)
    program = start(tmp_path)
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.window.sample_bar.remove_button.click()
    assert program.guide is not None


def test_a_sample_that_cannot_be_removed_is_named_and_the_real_register_opens(
    start: Start, tmp_path: Path, sample_file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sample(tmp_path, sample_file)
    program = start(tmp_path)

    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.window.sample_bar.remove_button.click()
    assert "示例区没有删干净" in program.window.notices.bar.text
    assert program.guide is not None


def test_a_sample_cut_short_is_never_taken_for_the_real_register(
    start: Start, tmp_path: Path, qtbot: QtBot
) -> None:
    Office(tmp_path / settings.SAMPLE_FOLDER).close()  # killed before it was filled
    program = start(tmp_path)
    assert program.office is not None
    assert program.office.data_folder == tmp_path
    assert program.guide is not None
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.guide.sample_button.click()
    assert rows(program) > 110


def test_a_damaged_sample_can_still_be_removed(start: Start, tmp_path: Path, qtbot: QtBot) -> None:
    sample = tmp_path / settings.SAMPLE_FOLDER
    sample.mkdir()
    (sample / paths.DATABASE_NAME).write_bytes(b"no database" * 500)
    program = start(tmp_path)
    assert program.tab is None
    assert not program.window.sample_bar.isHidden()
    with qtbot.waitSignal(program.page_shown, timeout=WAIT):
        program.window.sample_bar.remove_button.click()
    assert program.guide is not None


def test_a_second_click_begins_nothing_twice(start: Start, tmp_path: Path, qtbot: QtBot) -> None:
    program = start(tmp_path)
    guide = program.guide
    assert guide is not None
    guide.units_button.click()
    guide.units_button.click()
    guide.sample_button.click()
    settle(program, qtbot)
    assert rows(program) == 115
    assert not (tmp_path / settings.SAMPLE_FOLDER).exists()
    assert program.tab is not None
    program.tab.findChildren(UnitNamesDialog)[0].reject()


def test_a_beginning_that_fails_is_told_and_can_be_tried_again(
    start: Start, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_service: UnitService, _source: Path) -> int:
        raise StorageError("磁盘已满。没有保存，请腾出空间后再试。")

    program = start(tmp_path)
    guide = program.guide
    assert guide is not None
    with monkeypatch.context() as patch:
        patch.setattr(UnitService, "add_shipped_units", refuse)
        guide.units_button.click()
        settle(program, qtbot)
    assert program.window.notices.bar.text == "磁盘已满。没有保存，请腾出空间后再试。"
    assert guide.isEnabled()
    guide.units_button.click()
    settle(program, qtbot)
    assert rows(program) == 115
    assert program.tab is not None
    program.tab.findChildren(UnitNamesDialog)[0].reject()
