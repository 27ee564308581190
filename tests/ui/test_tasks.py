"""Slow work leaves the GUI thread and its outcome comes back exactly once."""

import sys
import threading
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import AppError, CancelledError, StorageError
from cdo_desktop.ui.common.progress import Progress
from cdo_desktop.ui.common.progress_dialog import ProgressDialog
from cdo_desktop.ui.common.tasks import Tasks


class Outcome:
    """Records which of ``done`` and ``failed`` was called, and in which thread."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.errors: list[AppError] = []
        self.on_gui_thread: list[bool] = []

    def done(self, result: object) -> None:
        self.results.append(result)
        self._note_thread()

    def failed(self, error: AppError) -> None:
        self.errors.append(error)
        self._note_thread()

    def _note_thread(self) -> None:
        app = QApplication.instance()
        assert app is not None
        self.on_gui_thread.append(QThread.currentThread() is app.thread())

    @property
    def count(self) -> int:
        return len(self.results) + len(self.errors)


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.wait_all()


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def refuse() -> None:
    raise StorageError("磁盘已满。")


def test_result_is_delivered_on_the_gui_thread(qtbot: QtBot, tasks: Tasks, owner: QWidget) -> None:
    outcome = Outcome()
    worker_names: list[int] = []

    def work() -> int:
        worker_names.append(threading.get_ident())
        return 42

    handle = tasks.run(work, owner=owner, done=outcome.done, failed=outcome.failed)
    assert handle.running
    qtbot.waitUntil(lambda: outcome.count == 1)
    assert outcome.results == [42]
    assert outcome.errors == []
    assert outcome.on_gui_thread == [True]
    assert worker_names != [threading.get_ident()]
    assert not handle.running
    assert not tasks.busy


def test_app_error_is_delivered_as_failure(qtbot: QtBot, tasks: Tasks, owner: QWidget) -> None:
    outcome = Outcome()
    tasks.run(refuse, owner=owner, done=outcome.done, failed=outcome.failed)
    qtbot.waitUntil(lambda: outcome.count == 1)
    assert [str(error) for error in outcome.errors] == ["磁盘已满。"]
    assert outcome.on_gui_thread == [True]


def test_failure_without_a_listener_goes_to_the_report(qtbot: QtBot, owner: QWidget) -> None:
    reported: list[AppError] = []
    tasks = Tasks(report=reported.append)
    tasks.run(refuse, owner=owner, done=lambda _result: None)
    qtbot.waitUntil(lambda: bool(reported))
    assert str(reported[0]) == "磁盘已满。"


def test_bug_reaches_the_crash_hook_and_ends_the_waiting(
    qtbot: QtBot, tasks: Tasks, owner: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashes: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: crashes.append(kind))
    outcome = Outcome()
    tasks.run(lambda: 1 // 0, owner=owner, done=outcome.done, failed=outcome.failed)
    qtbot.waitUntil(lambda: bool(crashes))
    assert crashes == [ZeroDivisionError]
    assert len(outcome.errors) == 1
    assert outcome.results == []


def test_nothing_is_called_when_the_owner_is_gone(qtbot: QtBot, tasks: Tasks) -> None:
    outcome = Outcome()
    go_on = threading.Event()
    owner = QObject()
    tasks.run(lambda: go_on.wait(5), owner=owner, done=outcome.done, failed=outcome.failed)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(owner))
    go_on.set()
    tasks.wait_all()
    assert outcome.count == 0


def test_each_of_many_outcomes_is_delivered_once(qtbot: QtBot, tasks: Tasks, owner: QWidget) -> None:
    outcome = Outcome()
    for number in range(200):
        tasks.run(lambda number=number: number, owner=owner, done=outcome.done)  # type: ignore[misc]
    tasks.wait_all()
    qtbot.wait(1)  # what was queued before must not deliver a second time
    assert sorted(outcome.results, key=str) == sorted(range(200), key=str)


def test_waiting_also_waits_for_what_an_outcome_starts(tasks: Tasks, owner: QWidget) -> None:
    outcome = Outcome()

    def start_second(first: int) -> None:
        tasks.run(lambda: first + 1, owner=owner, done=outcome.done)

    tasks.run(
        lambda: 1,
        owner=owner,
        done=start_second,
    )
    tasks.wait_all()
    assert outcome.results == [2]


def test_busy_is_told_at_begin_and_end(qtbot: QtBot, tasks: Tasks, owner: QWidget) -> None:
    told: list[bool] = []
    tasks.busy_changed.connect(told.append)
    tasks.run(lambda: None, owner=owner, done=lambda _result: None, title="导出")
    assert tasks.titles == ("导出",)
    tasks.wait_all()
    assert told == [True, False]


def test_long_work_shows_its_item_and_stops_when_cancelled(
    qtbot: QtBot, tasks: Tasks, owner: QWidget
) -> None:
    owner.show()
    outcome = Outcome()
    steps: list[int] = []

    def work(progress: Progress) -> None:
        for number in range(10_000):
            progress.step(number, 10_000, f"第 {number} 份")
            steps.append(number)
            threading.Event().wait(0.01)

    tasks.run_with_progress(work, owner=owner, title="生成备案表", done=outcome.done, failed=outcome.failed)
    assert not owner.findChildren(ProgressDialog)  # short work shows nothing
    qtbot.waitUntil(lambda: bool(owner.findChildren(ProgressDialog)), timeout=3000)
    dialog = owner.findChildren(ProgressDialog)[0]
    assert dialog.isVisible()
    assert not dialog.isModal()
    qtbot.waitUntil(lambda: dialog.item.text().startswith("第"))
    assert dialog.bar.maximum() == 10_000
    dialog.cancel_button.click()
    qtbot.waitUntil(lambda: outcome.count == 1)
    assert isinstance(outcome.errors[0], CancelledError)
    assert len(steps) < 10_000
    qtbot.waitUntil(lambda: not owner.findChildren(ProgressDialog))


def test_escape_in_the_progress_window_cancels(qtbot: QtBot, owner: QWidget) -> None:
    progress = Progress()
    dialog = ProgressDialog("导出", progress, parent=owner)
    qtbot.addWidget(dialog)
    dialog.cancel_pressed.connect(progress.cancel)
    dialog.start()
    dialog.reject()
    assert progress.cancelled
    assert dialog.isVisible()  # until the work has really stopped
    assert not dialog.cancel_button.isEnabled()
    dialog.finish()
    assert not dialog.isVisible()


def test_cancelled_reading_drops_its_result(qtbot: QtBot, tasks: Tasks, owner: QWidget) -> None:
    outcome = Outcome()
    go_on = threading.Event()
    handle = tasks.run(
        lambda: go_on.wait(5), owner=owner, done=outcome.done, failed=outcome.failed, cancellable=True
    )
    handle.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: outcome.count == 1)
    assert isinstance(outcome.errors[0], CancelledError)


def test_step_passes_until_cancelled() -> None:
    progress = Progress()
    progress.step(1, 3, "甲")
    assert (progress.state.done, progress.state.total, progress.state.text) == (1, 3, "甲")
    progress.cancel()
    with pytest.raises(CancelledError):
        progress.step(2, 3, "乙")
