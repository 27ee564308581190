"""Work off the GUI thread whose outcome always comes back to it."""

import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

import shiboken6
from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QWidget

from cdo_desktop.errors import AppError, CancelledError
from cdo_desktop.ui.common.progress import Progress

if TYPE_CHECKING:
    from cdo_desktop.ui.common.progress_dialog import ProgressDialog

T = TypeVar("T")

SHOW_AFTER_MS = 500
_TURN_SECONDS = 0.0005
"""How long work may keep Python before the GUI thread has its turn.

Qt's calls give Python away, hundreds of them while a dialog is built: a form of 60 fields took 18 to 24 ms;
beside three busy workers 119 to 268 ms with Python's own 5 ms, and 24 to 104 ms with this.
"""


class TaskHandle:
    """One piece of work: whether it still runs, and the way to stop it."""

    def __init__(self, title: str, progress: Progress) -> None:
        self.title = title
        self._progress = progress
        self._finished = False

    @property
    def running(self) -> bool:
        """Whether the outcome has not been delivered yet."""
        return not self._finished

    def cancel(self) -> None:
        """Ask the work to stop; `failed` then gets a CancelledError."""
        self._progress.cancel()


@dataclass
class _Job:
    work: Callable[[], object]
    owner: QObject
    done: Callable[[object], None]
    failed: Callable[[AppError], None] | None
    handle: TaskHandle
    progress: Progress
    drop_when_cancelled: bool
    dialog: "ProgressDialog | None" = None
    result: object = None
    error: BaseException | None = None


class Tasks(QObject):
    """Runs work in a thread pool and calls exactly one of ``done`` and ``failed`` on the GUI thread.

    Neither is called when ``owner`` is gone by then. The work must touch no widget. An error that is no
    AppError is a bug: ``failed`` is told that the work did not end, and the crash hook gets the error.
    """

    busy_changed = Signal(bool)
    _job_ended = Signal()

    def __init__(
        self, parent: QObject | None = None, *, report: Callable[[AppError], None] | None = None
    ) -> None:
        """``report`` gets the AppErrors of work that was started without ``failed``."""
        super().__init__(parent)
        self._report = report
        sys.setswitchinterval(_TURN_SECONDS)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(max(2, min(4, self._pool.maxThreadCount())))
        self._jobs: dict[int, _Job] = {}
        self._ended: deque[int] = deque()
        self._next_id = 0
        self._job_ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether any outcome is still to come."""
        return bool(self._jobs)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of what runs now, for the question before closing."""
        return tuple(job.handle.title for job in self._jobs.values() if job.handle.title)

    def run(
        self,
        work: Callable[[], T],
        *,
        owner: QObject,
        done: Callable[[T], None],
        failed: Callable[[AppError], None] | None = None,
        title: str = "",
        cancellable: bool = False,
    ) -> TaskHandle:
        """Run ``work``; with a ``title``, a small window shows it after half a second.

        ``cancellable`` is for work that only reads: when cancelled, its result is dropped. Work that
        writes takes a `Progress` instead, so that it can undo what it began.
        """
        return self._start(work, Progress(), owner, done, failed, title, cancellable, drop=cancellable)

    def run_with_progress(
        self,
        work: Callable[[Progress], T],
        *,
        owner: QObject,
        done: Callable[[T], None],
        failed: Callable[[AppError], None] | None = None,
        title: str,
    ) -> TaskHandle:
        """Run long ``work`` that reports its steps; its window has a 取消 that makes the next step raise."""
        progress = Progress()
        return self._start(
            lambda: work(progress), progress, owner, done, failed, title, cancellable=True, drop=False
        )

    def _start(
        self,
        work: Callable[[], T],
        progress: Progress,
        owner: QObject,
        done: Callable[[T], None],
        failed: Callable[[AppError], None] | None,
        title: str,
        cancellable: bool,
        *,
        drop: bool,
    ) -> TaskHandle:
        handle = TaskHandle(title, progress)
        delivered = cast("Callable[[object], None]", done)
        job = _Job(work, owner, delivered, failed, handle, progress, drop)
        self._next_id += 1
        job_id = self._next_id
        self._jobs[job_id] = job
        if len(self._jobs) == 1:
            self.busy_changed.emit(True)
        if title:
            QTimer.singleShot(SHOW_AFTER_MS, self, lambda: self._show_progress(job_id, cancellable))
        self._pool.start(lambda: self._work(job_id, job))
        return handle

    def _work(self, job_id: int, job: _Job) -> None:
        """Run in the pool; the one place that catches everything, because every outcome is delivered."""
        try:
            if job.progress.cancelled:
                raise CancelledError("已取消，这次操作没有开始。")
            job.result = job.work()
        except BaseException as error:  # noqa: BLE001  handed to `failed` or to the crash hook in _deliver
            job.error = error
        self._ended.append(job_id)
        self._job_ended.emit()

    @Slot()
    def _deliver(self) -> None:
        while self._ended:
            job = self._jobs.pop(self._ended.popleft())
            job.handle._finished = True
            if job.dialog is not None and shiboken6.isValid(job.dialog):
                job.dialog.finish()
            if not self._jobs:
                self.busy_changed.emit(False)
            self._hand_over(job)

    def _hand_over(self, job: _Job) -> None:
        error = job.error
        if error is None and job.drop_when_cancelled and job.progress.cancelled:
            error = CancelledError("已取消。")
        owner_is_there = shiboken6.isValid(job.owner)
        if error is None:
            if owner_is_there:
                job.done(job.result)
        elif isinstance(error, AppError):
            if owner_is_there:
                self._tell(job, error)
        else:
            if owner_is_there:
                self._tell(job, AppError("程序内部出错，这一步没有完成。已经保存的内容不受影响，请重试。"))
            sys.excepthook(type(error), error, error.__traceback__)

    def _tell(self, job: _Job, error: AppError) -> None:
        tell = job.failed or self._report
        if tell is not None:
            tell(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)

    def _show_progress(self, job_id: int, cancellable: bool) -> None:
        job = self._jobs.get(job_id)
        if job is None or not shiboken6.isValid(job.owner):
            return
        from cdo_desktop.ui.common.progress_dialog import ProgressDialog  # most work is over before

        window = job.owner.window() if isinstance(job.owner, QWidget) else None
        job.dialog = ProgressDialog(job.handle.title, job.progress, cancellable=cancellable, parent=window)
        job.dialog.cancel_pressed.connect(job.progress.cancel)
        job.dialog.start()

    def cancel_all(self) -> None:
        """Ask everything that runs to stop."""
        for job in self._jobs.values():
            job.progress.cancel()

    def wait_all(self) -> None:
        """Block until everything has ended and been delivered, also what the outcomes start; for closing."""
        while self._jobs:
            self._pool.waitForDone()
            self._deliver()
