"""The picture by which an installation is checked."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common import window_picture
from cdo_desktop.ui.common.tasks import Tasks
from cdo_desktop.ui.common.window_picture import WindowPicture


@pytest.fixture
def statuses(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the exit statuses that the program would have ended with."""
    ended: list[int] = []
    monkeypatch.setattr(window_picture, "QApplication", SimpleNamespace(exit=ended.append))
    return ended


def test_the_picture_waits_for_the_work_and_ends_the_program(
    qtbot: QtBot, tmp_path: Path, statuses: list[int]
) -> None:
    window = QLabel("空")
    qtbot.addWidget(window)
    window.resize(300, 200)
    window.show()
    tasks = Tasks(window)
    shown: list[bool] = []

    def work_goes_on() -> None:
        tasks.run(
            lambda: None, owner=window, done=lambda _none: shown.append((tmp_path / "窗口.png").exists())
        )

    tasks.run(lambda: None, owner=window, done=lambda _none: work_goes_on())
    WindowPicture(window, tasks, tmp_path / "窗口.png")
    qtbot.waitUntil(lambda: statuses != [])

    assert statuses == [0]
    assert shown == [False]
    assert QImage(str(tmp_path / "窗口.png")).width() >= 300
    assert not window.isVisible()


def test_a_picture_that_cannot_be_written_is_not_taken_for_good(
    qtbot: QtBot, tmp_path: Path, statuses: list[int]
) -> None:
    window = QLabel("空")
    qtbot.addWidget(window)
    window.show()
    WindowPicture(window, Tasks(window), tmp_path / "没有" / "窗口.png")
    qtbot.waitUntil(lambda: statuses != [])
    assert statuses == [1]
