"""An unexpected error is logged without a value and shown in Chinese, once."""

import errno
import logging
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cdo_desktop.errors import StorageError
from cdo_desktop.ui.common.crash import CrashHook, crash_report, explain, start_log
from cdo_desktop.ui.common.crash_dialog import CrashDialog

SECRET = "张三 13800000000"


def fail() -> None:
    phone = SECRET
    raise ValueError(f"bad phone {phone}")


def caught(action: Callable[[], None] = fail) -> BaseException:
    with pytest.raises(Exception) as raised:  # noqa: PT011  any error will do
        action()
    return raised.value


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield start_log(tmp_path / "logs")
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.fixture
def hook(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> CrashHook:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    return CrashHook()


def dialogs() -> list[CrashDialog]:
    """Return the open ones; those of other tests may not be gone yet."""
    widgets = QApplication.topLevelWidgets()
    return [widget for widget in widgets if isinstance(widget, CrashDialog) and widget.isVisible()]


def close_dialogs(qtbot: QtBot) -> None:
    for dialog in dialogs():
        dialog.close_button.click()
    qtbot.waitUntil(lambda: dialogs() == [])


def test_report_has_kinds_and_lines_but_no_values() -> None:
    def wrapped() -> None:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError(SECRET) from error

    report = crash_report(caught(wrapped))
    assert "RuntimeError" in report
    assert "ValueError" in report
    assert "test_crash.py:" in report
    assert "张三" not in report
    assert "138" not in report


def test_log_has_no_values_even_of_logged_exceptions(log_file: Path) -> None:
    error = caught()
    logging.getLogger("cdo_desktop.test").error("could not read", exc_info=error)
    text = log_file.read_text(encoding="utf-8")
    assert "could not read" in text
    assert "ValueError" in text
    assert "test_crash.py:" in text
    assert "张三" not in text


def test_other_handlers_leave_nothing_in_the_log(log_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    plain = logging.StreamHandler()
    root.handlers.insert(0, plain)  # formats first, and keeps its text in the record
    try:
        logging.getLogger("cdo_desktop.test").error("could not read", exc_info=caught())
    finally:
        root.removeHandler(plain)
    assert "张三" in capsys.readouterr().err
    assert "张三" not in log_file.read_text(encoding="utf-8")


def database_error() -> None:
    raise sqlite3.OperationalError("disk I/O error")


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (OSError(errno.ENOSPC, "x"), "磁盘空间不足"),
        (PermissionError(errno.EACCES, "x"), "没有读写文件的权限"),
        (OSError(errno.EIO, "x"), "系统没能读写文件"),
        (MemoryError(), "内存不足"),
        (sqlite3.OperationalError("database is locked"), "数据文件暂时不能读写"),
        (ValueError(SECRET), "程序出了意外的错误"),
        (StorageError("磁盘已满，请清理。"), "磁盘已满，请清理。"),
    ],
)
def test_environment_is_told_from_a_bug(error: BaseException, part: str) -> None:
    text = explain(error)
    assert part in text
    assert "张三" not in text


def test_error_is_shown_in_chinese_and_can_be_copied(qtbot: QtBot, hook: CrashHook, log_file: Path) -> None:
    error = caught()
    hook.handle(type(error), error, error.__traceback__)
    (dialog,) = dialogs()
    assert dialog.isVisible()
    assert "已经保存的内容不受影响" in dialog.message.text()
    dialog.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert "ValueError" in copied
    assert "首席数据官工作台" in copied
    assert "张三" not in copied
    assert "ValueError" in log_file.read_text(encoding="utf-8")
    close_dialogs(qtbot)


def test_series_of_errors_shows_one_dialog_and_logs_all(
    qtbot: QtBot, hook: CrashHook, log_file: Path
) -> None:
    for _ in range(5):
        error = caught()
        hook.handle(type(error), error, error.__traceback__)
    assert len(dialogs()) == 1
    assert log_file.read_text(encoding="utf-8").count("unexpected error") == 5
    close_dialogs(qtbot)
    error = caught()
    hook.handle(type(error), error, error.__traceback__)
    assert len(dialogs()) == 1
    close_dialogs(qtbot)


def test_error_of_another_thread_is_shown_on_the_gui_thread(qtbot: QtBot, hook: CrashHook) -> None:
    error = caught()
    thread = threading.Thread(target=lambda: hook.handle(type(error), error, error.__traceback__))
    thread.start()
    thread.join()
    assert dialogs() == []  # not made by the other thread
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    close_dialogs(qtbot)


def test_installed_hook_receives_uncaught_errors(qtbot: QtBot, hook: CrashHook) -> None:
    hook.install()
    error = caught()
    sys.excepthook(type(error), error, error.__traceback__)
    assert len(dialogs()) == 1
    close_dialogs(qtbot)


def test_keyboard_interrupt_is_left_to_the_console(
    qtbot: QtBot, hook: CrashHook, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.handle(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert "KeyboardInterrupt" in capsys.readouterr().err
    assert dialogs() == []
