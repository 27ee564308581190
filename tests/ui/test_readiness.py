"""What is clicked before the database library is there waits in the background, and is done once."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import AppError, StorageError
from cdo_desktop.ui.common.readiness import Readiness
from cdo_desktop.ui.common.tasks import Tasks
from cdo_desktop.ui.main_window import MainWindow
from tests.ui.fakes import make_ui
from tests.ui.small_district import NOW


class Slow:
    """Something that is prepared when it is told to be."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.is_ready = False
        self.error: AppError | None = None
        self.failures: list[AppError] = []

    def prepare(self) -> None:
        assert self.may_end.wait(10)
        if self.error is not None:
            raise self.error
        self.is_ready = True


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def tasks(qtbot: QtBot) -> Tasks:
    return make_ui().tasks


def readiness(tasks: Tasks, slow: Slow) -> Readiness:
    return Readiness(tasks, slow.prepare, lambda: slow.is_ready, slow.failures.append)


def settle(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: not tasks.busy, timeout=10_000)


def test_an_early_action_waits_and_a_later_one_does_not(qtbot: QtBot, tasks: Tasks, slow: Slow) -> None:
    done: list[str] = []
    ready = readiness(tasks, slow)
    ready.when_ready(tasks, lambda: done.append("early"))
    assert done == []
    slow.may_end.set()
    settle(qtbot, tasks)
    assert done == ["early"]
    ready.when_ready(tasks, lambda: done.append("later"))
    assert done == ["early", "later"]


def test_nothing_is_done_and_the_reason_told_when_it_cannot_be_had(
    qtbot: QtBot, tasks: Tasks, slow: Slow
) -> None:
    done: list[str] = []
    slow.error = StorageError("读不出程序文件。")
    readiness(tasks, slow).when_ready(tasks, lambda: done.append("early"))
    slow.may_end.set()
    settle(qtbot, tasks)
    assert done == []
    assert slow.failures == [slow.error]


@pytest.mark.parametrize("goes_back", [False, True])
def test_a_tab_is_built_once_it_can_be_unless_another_is_looked_at(
    qtbot: QtBot, tasks: Tasks, slow: Slow, tmp_path: Path, goes_back: bool
) -> None:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(memory, lambda: NOW)
    qtbot.addWidget(window)
    window.show()
    built: list[QWidget] = []

    def build() -> QWidget:
        built.append(QWidget())
        return built[-1]

    when_ready: Callable[[QObject, Callable[[], object]], None] = readiness(tasks, slow).when_ready
    window.set_further_tabs([("系统", build)], when_ready)
    place = window.tabs.count() - 1
    window.tabs.setCurrentIndex(place)
    if goes_back:
        window.tabs.setCurrentIndex(0)
    slow.may_end.set()
    settle(qtbot, tasks)
    assert len(built) == (0 if goes_back else 1)
    window.tabs.setCurrentIndex(place)
    assert [window.tabs.currentWidget()] == built
