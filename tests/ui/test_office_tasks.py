"""The weekly tasks of an office that exist by now, by keys alone, and how many keys each may take."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from benchmarks.keyboard import Keyboard, StuckError
from benchmarks.office_desk import Task
from benchmarks.office_tasks import TASKS, do, prepare, started
from cdo_desktop import paths, settings


@pytest.fixture(autouse=True)
def alone_on_the_screen(qtbot: QtBot) -> None:
    """Hide what an earlier test left on the screen: keys go to whichever window has the keyboard."""
    for window in QGuiApplication.topLevelWindows():
        window.hide()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is None)


@pytest.fixture
def data_folder(sample_file: Path, tmp_path: Path) -> Path:
    """Return a data folder that opens with the sample district."""
    sample = tmp_path / settings.SAMPLE_FOLDER
    sample.mkdir()
    shutil.copy(sample_file, sample / paths.DATABASE_NAME)
    return tmp_path


@pytest.mark.parametrize("task", TASKS, ids=[f"{task.number} {task.title}" for task in TASKS])
def test_a_task_is_done_without_a_mouse_in_no_more_keys_than_before(
    task: Task, data_folder: Path, qtbot: QtBot
) -> None:
    prepare(task, data_folder)
    with started(data_folder) as program:
        done = do(task, program)
    assert done.keys <= task.most_keys


def test_a_clerk_who_types_into_nothing_is_stuck(qtbot: QtBot) -> None:
    assert QApplication.activeWindow() is None
    with pytest.raises(StuckError):
        Keyboard().press("Ctrl+F")


def test_modifiers_and_the_letters_of_pinyin_are_keys(data_folder: Path, qtbot: QtBot) -> None:
    with started(data_folder) as program:
        keyboard = Keyboard()
        keyboard.press("Ctrl+F")
        keyboard.compose("罗泾")
        assert program.tab is not None
        assert program.tab.bar.search.text() == "罗泾"
    assert keyboard.keys == 2 + len("luojing") + 1
