"""The last resort: an error that nobody expected is logged without personal data and shown in Chinese."""

import errno
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal, qVersion
from PySide6.QtWidgets import QApplication

from cdo_desktop import __version__
from cdo_desktop.errors import AppError

logger = logging.getLogger(__name__)

LOG_NAME = "cdo_desktop.log"
_LOG_BYTES = 5_000_000
_LOG_FILES = 10
_KEPT = "已经保存的内容不受影响。"
_BUG = f"程序出了意外的错误，刚才这一步可能没有完成。{_KEPT}可以继续使用；若反复出现，请把详情交给维护人员。"
_DISK_FULL = f"磁盘空间不足，刚才这一步没有完成。{_KEPT}请清理磁盘后重试。"
_FORBIDDEN = f"没有读写文件的权限，刚才这一步没有完成。{_KEPT}请检查文件是否只读、是否被别的程序打开。"
_SYSTEM = f"系统没能读写文件，刚才这一步没有完成。{_KEPT}请检查磁盘、移动盘或网络连接，然后重试。"
_DATABASE = f"数据文件暂时不能读写，刚才这一步没有完成。{_KEPT}请关闭占用它的其他程序后重试。"
_MEMORY = f"内存不足，刚才这一步没有完成。{_KEPT}请关闭其他程序后重试。"

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]


def start_log(folder: Path) -> Path:
    """Write the program's log into ``folder``, ten files of 5 MB, and return the newest one's path."""
    import logging.handlers  # with sockets and pickle, 6 ms

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOG_NAME
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8", delay=True
    )
    handler.setFormatter(_ValuelessFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return path


class _ValuelessFormatter(logging.Formatter):
    """Writes of an exception its kinds and lines only: its text may hold names and phone numbers."""

    def format(self, record: logging.LogRecord) -> str:
        """Ignore the text that another handler may have left in the record."""
        left, record.exc_text = record.exc_text, None
        line = super().format(record)
        record.exc_text = left
        return line

    def formatException(self, ei: object) -> str:  # noqa: N802  logging's name
        """Return the report of the exception."""
        error = ei[1] if isinstance(ei, tuple) else None
        return crash_report(error) if isinstance(error, BaseException) else ""


def crash_report(error: BaseException) -> str:
    """Return the kinds of error and the lines they passed through, without any value."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        number = f" {errno.errorcode.get(current.errno or 0, '')}" if isinstance(current, OSError) else ""
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}{number}")
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return "\n".join(lines)


def explain(error: BaseException) -> str:
    """Return what the user is told: what the environment refused is named, the rest is a bug."""
    if isinstance(error, AppError):
        return str(error)
    if isinstance(error, MemoryError):
        return _MEMORY
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _DISK_FULL
        return _FORBIDDEN if isinstance(error, PermissionError) else _SYSTEM
    import sqlite3

    if any(isinstance(part, sqlite3.OperationalError) for part in (error, error.__cause__)):
        return _DATABASE
    return _BUG


def about_program() -> str:
    """Return the versions that a report needs."""
    import platform

    return (
        f"首席数据官工作台 {__version__}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"{platform.system()} {platform.release()}"
    )


class CrashHook(QObject):
    """Takes the errors that reach no ``except``, of any thread, and shows them one at a time."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self._arrived.connect(self._show)  # queued when another thread emits

    def install(self) -> None:
        """Become the hook of the interpreter and of its threads."""
        sys.excepthook = self.handle
        threading.excepthook = lambda args: self.handle(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log the error and show it; Ctrl+C in a console still ends the program."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        error.__traceback__ = trace
        logger.critical("unexpected error\n%s\n%s", about_program(), crash_report(error))
        self._arrived.emit(error)

    def _show(self, error: BaseException) -> None:
        if self._showing:
            return  # the first of a series says enough; all of them are in the log
        self._showing = True
        from cdo_desktop.ui.common.crash_dialog import CrashDialog
        from cdo_desktop.ui.common.open_dialog import open_dialog

        parent = QApplication.activeModalWidget() or QApplication.activeWindow()
        dialog = CrashDialog(explain(error), f"{about_program()}\n{crash_report(error)}", parent)
        dialog.finished.connect(self._closed)
        open_dialog(dialog)

    def _closed(self, _result: int) -> None:
        self._showing = False


def install_crash_hook(parent: QObject | None = None) -> CrashHook:
    """Install and return the hook; keep it as long as the program runs."""
    hook = CrashHook(parent)
    hook.install()
    return hook
