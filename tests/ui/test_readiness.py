"""What is clicked before the database library is there waits for it, and is done once and in its order."""

import threading
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtGui import QGuiApplication
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


def test_an_early_action_waits_while_the_window_goes_on(tasks: Tasks, slow: Slow) -> None:
    done: list[str] = []
    ready = readiness(tasks, slow)

    def tick() -> None:
        done.append("tick")
        slow.may_end.set()

    QTimer.singleShot(0, tasks, tick)
    ready.when_ready(tasks, lambda: done.append("early"))
    assert done == ["tick", "early"]
    ready.when_ready(tasks, lambda: done.append("later"))
    assert done == ["tick", "early", "later"]
    assert QGuiApplication.overrideCursor() is None


def test_a_second_action_is_not_done_beside_the_first(tasks: Tasks, slow: Slow) -> None:
    done: list[str] = []
    ready = readiness(tasks, slow)

    def act_again() -> None:
        ready.when_ready(tasks, lambda: done.append("again"))
        slow.may_end.set()

    QTimer.singleShot(0, tasks, act_again)
    ready.when_ready(tasks, lambda: done.append("first"))
    assert done == ["first"]


def test_nothing_is_done_for_what_has_gone_meanwhile(tasks: Tasks, slow: Slow) -> None:
    done: list[str] = []
    owner = QObject()

    def go() -> None:
        shiboken6.delete(owner)
        slow.may_end.set()

    QTimer.singleShot(0, tasks, go)
    readiness(tasks, slow).when_ready(owner, lambda: done.append("early"))
    assert done == []


def test_nothing_is_done_and_the_reason_told_when_it_cannot_be_had(tasks: Tasks, slow: Slow) -> None:
    done: list[str] = []
    slow.error = StorageError("读不出程序文件。")
    slow.may_end.set()
    readiness(tasks, slow).when_ready(tasks, lambda: done.append("early"))
    assert done == []
    assert slow.failures == [slow.error]
    assert QGuiApplication.overrideCursor() is None


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

    def meanwhile() -> None:
        if goes_back:
            window.tabs.setCurrentIndex(0)
        slow.may_end.set()

    window.set_further_tabs([("系统", build)], readiness(tasks, slow).when_ready)
    place = window.tabs.count() - 1
    QTimer.singleShot(0, window, meanwhile)
    window.tabs.setCurrentIndex(place)
    assert len(built) == (0 if goes_back else 1)
    window.tabs.setCurrentIndex(place)
    assert [window.tabs.currentWidget()] == built
