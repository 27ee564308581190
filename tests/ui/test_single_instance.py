"""One window a data folder: the second start raises the first, and nothing left behind ever blocks (R9)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.single_instance import (
    ANSWER_MS,
    LOCK_NAME,
    Claim,
    SingleInstance,
    bring_forward,
    window_is_open,
)

KILLS = 10
SHORT_MS = 200

WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from cdo_desktop.ui.common.single_instance import SingleInstance

application = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
print(instance.claim().name, flush=True)
if "deaf" not in sys.argv:
    instance.listen()
    instance.show_wanted.connect(lambda: print("shown", flush=True))
print("ready", flush=True)
application.exec()
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path, qapp: QCoreApplication, repo_root: Path) -> Iterator[Start]:
    """Return a function that starts another process which claims the folder and waits."""
    running: list[subprocess.Popen[str]] = []

    def start_one(*words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", WINDOW, str(tmp_path), *words],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=repo_root,
        )
        running.append(process)
        return process

    yield start_one
    for process in running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_first_start_has_the_folder_and_the_next_one_after_its_release(
    qapp: QCoreApplication, tmp_path: Path
) -> None:
    first = SingleInstance(tmp_path)
    assert first.claim() is Claim.FIRST
    first.listen()
    assert window_is_open(tmp_path)
    first.release()
    assert not window_is_open(tmp_path)
    assert SingleInstance(tmp_path).claim() is Claim.FIRST


def test_second_start_raises_the_first_window_within_two_seconds(start: Start, tmp_path: Path) -> None:
    first = start()
    assert [said(first), said(first)] == ["FIRST", "ready"]
    begun = time.monotonic()
    assert SingleInstance(tmp_path).claim() is Claim.SHOWN
    assert time.monotonic() - begun < ANSWER_MS / 1000
    assert said(first) == "shown"


def test_every_further_start_raises_it_again(start: Start, tmp_path: Path) -> None:
    first = start()
    assert [said(first), said(first)] == ["FIRST", "ready"]
    for _ in range(3):
        assert SingleInstance(tmp_path).claim() is Claim.SHOWN
        assert said(first) == "shown"


def test_start_in_this_process_hears_another(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.claim() is Claim.FIRST
    first.listen()
    with qtbot.waitSignal(first.show_wanted, timeout=20_000):
        second = start()
    assert said(second) == "SHOWN"
    first.release()


def test_other_folder_is_free(start: Start, tmp_path: Path) -> None:
    first = start()
    assert [said(first), said(first)] == ["FIRST", "ready"]
    other = tmp_path / "另一个文件夹"
    other.mkdir()
    assert SingleInstance(other).claim() is Claim.FIRST


def test_killed_window_never_blocks_the_next_start(start: Start, tmp_path: Path) -> None:
    blocked = 0
    for _ in range(KILLS):
        killed = start()
        assert said(killed) == "FIRST"
        killed.kill()  # somewhere between taking the lock and listening
        killed.wait()
        instance = SingleInstance(tmp_path)
        blocked += instance.claim() is not Claim.FIRST
        instance.release()
    assert blocked == 0


def test_killed_window_whose_socket_is_left_does_not_keep_the_next_from_listening(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    killed = start()
    assert [said(killed), said(killed)] == ["FIRST", "ready"]
    killed.kill()
    killed.wait()
    second = start()
    assert [said(second), said(second)] == ["FIRST", "ready"]
    assert SingleInstance(tmp_path).claim() is Claim.SHOWN


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes the lock of a killed process by itself")
def test_lock_whose_process_number_belongs_to_another_program_now_does_not_block(
    start: Start, tmp_path: Path
) -> None:
    killed = start()
    assert said(killed) == "FIRST"
    killed.kill()
    killed.wait()
    lines = (tmp_path / LOCK_NAME).read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / LOCK_NAME).write_text("".join([f"{os.getpid()}\n", *lines[1:]]), encoding="utf-8")
    assert SingleInstance(tmp_path).claim(SHORT_MS) is Claim.FIRST


def test_window_that_hangs_keeps_its_folder_and_says_nothing(start: Start, tmp_path: Path) -> None:
    hanging = start("deaf")
    assert [said(hanging), said(hanging)] == ["FIRST", "ready"]
    assert SingleInstance(tmp_path).claim(SHORT_MS) is Claim.NO_ANSWER
    assert window_is_open(tmp_path)


def test_command_asks_without_taking_the_folder(start: Start, tmp_path: Path) -> None:
    assert not window_is_open(tmp_path)
    assert not window_is_open(tmp_path / "没有")
    first = start()
    assert said(first) == "FIRST"
    assert window_is_open(tmp_path)


def test_minimised_window_comes_back(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    bring_forward(window)
    assert window.isVisible()
    assert not window.windowState() & Qt.WindowState.WindowMinimized
