"""R33: the sample district driven by random clicks and keys, without a screen and with a seed.

Nothing unexpected may be raised, the window may never stand still for half a second, the memory in use may
not grow by 50 MB after the first tenth of the time, and the log may hold no name and no telephone number
(R38). Time that the processor gave to other programs is no stall. The files it reads and writes are its own.

The memory is read with one heap for all threads, as Windows has it. With glibc's own heap for every thread,
58 MB of the heaps were in memory and not in use after five minutes, with one heap at most 7 MB.
"""

import argparse
import contextlib
import ctypes
import faulthandler
import gc
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from benchmarks.reliability.canaries import personal_words, words_in_files
from benchmarks.reliability.offices import TODAY, Clock, backups_of, copy_office, make_sample
from benchmarks.startup_watch import resident_megabytes
from cdo_desktop import paths
from cdo_desktop.office import Office
from cdo_desktop.store.integrity import check_database
from cdo_desktop.store.manifest import BackupKind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from benchmarks.reliability.soak_user import RandomUser
    from benchmarks.reliability.soak_watch import LoopWatch
    from cdo_desktop.app import Program
    from cdo_desktop.ui.common.tasks import Tasks

MINUTES = 60.0
STALL = 0.5  # seconds
GROWTH = 50.0  # MB
_WARM_UP = 0.1  # of the time
_LOOKS = 20  # at the memory


class Soak:
    """One window with its random user, and all that went wrong."""

    def __init__(self, folder: Path, minutes: float, seed: int) -> None:
        self.errors: Counter[str] = Counter()
        self.messages: Counter[str] = Counter()
        self.memory: list[float] = []
        self.allocated: list[float] = []
        self.begun_anew = 0
        self.restarts = 0
        self._folder = folder
        self._seconds = minutes * 60
        self._seed = seed
        self._clock = Clock()
        self._program: Program | None = None

    def run(self) -> "tuple[RandomUser, LoopWatch]":
        """Work until the time is over."""
        from PySide6.QtCore import QTimer, qInstallMessageHandler
        from PySide6.QtWidgets import QApplication

        from benchmarks.reliability.soak_user import RandomUser
        from benchmarks.reliability.soak_watch import LoopWatch
        from cdo_desktop.ui.common.collector import Collector
        from cdo_desktop.ui.common.crash import start_log
        from cdo_desktop.ui.common.input_guard import install_input_guard

        gc.disable()  # the `Collector` of the program collects
        application = QApplication(["soak"])
        application.setQuitOnLastWindowClosed(False)
        self._record_errors()
        qInstallMessageHandler(lambda _kind, _where, text: self.messages.update([text]))
        stand_in_for_the_system(self._folder)
        start_log(self._folder / "data")
        install_input_guard(application)
        collector = Collector(application)
        collector.start()
        self._open()
        user = RandomUser(self._window, self._tasks, self._seed)
        watch = LoopWatch(STALL)
        look = QTimer(interval=int(self._seconds * 1000 / _LOOKS))
        look.timeout.connect(lambda: self.memory.append(used_megabytes()))
        look.timeout.connect(lambda: self.allocated.append(allocated_megabytes()))
        look.start()
        again = QTimer(interval=500)
        again.timeout.connect(self._open_if_closed)
        again.timeout.connect(user.start)  # if an error of Qt's came up where the next step is set
        again.start()
        # Not `quit`: it asks every window first, and one with unsaved work declines.
        QTimer.singleShot(int(self._seconds * 1000), lambda: application.exit(0))
        user.start()
        application.exec()
        user.stop()
        watch.end()
        self._close()
        return user, watch

    def _open(self) -> None:
        from benchmarks.reliability.soak_user import RandomFiles
        from cdo_desktop.app import Program

        folder = self._folder / f"files{self.restarts}"
        shutil.copytree(self._folder / "in", folder / "in")
        self._program = Program(self._folder / "data", self._clock, RandomFiles(folder, self._seed))
        self._program.start()

    def _open_if_closed(self) -> None:
        program = self._program
        if program is not None and not program.window.isVisible():
            self.restarts += 1
            program.window.deleteLater()
            self._open()

    def _window(self) -> "QWidget | None":
        return self._program.window if self._program else None

    def _tasks(self) -> "Tasks | None":
        return self._program.window.tasks if self._program else None

    def _close(self) -> None:
        from PySide6.QtWidgets import QApplication

        for widget in QApplication.topLevelWidgets():
            if self._program is None or widget is not self._program.window:
                widget.deleteLater()
        if self._program is not None:
            self._program.window.tasks.cancel_all()
            self._program.window.tasks.wait_all()
            self._program.close()

    def _record_errors(self) -> None:
        def handle(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            lines = traceback.format_exception(kind, error, trace)
            place = "".join(lines[-3:])
            if place not in self.errors:
                print("".join(lines), flush=True)
            self.errors.update([place])

        sys.excepthook = handle
        threading.excepthook = lambda args: handle(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )


def used_megabytes() -> float:
    """Return the resident memory without what the C library keeps for later, where it can be asked for it."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
    return resident_megabytes()


class _Heap(ctypes.Structure):
    """What glibc's ``mallinfo2`` tells."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    )


def allocated_megabytes() -> float:
    """Return what the C library has given out, without Python's small objects; 0 where it does not say."""
    if sys.platform != "linux":
        return 0.0
    try:
        ask = ctypes.CDLL("libc.so.6").mallinfo2
    except (OSError, AttributeError):
        return 0.0
    ask.restype = _Heap
    told = ask()
    return float(told.uordblks + told.hblkhd) / 2**20


def stand_in_for_the_system(folder: Path) -> None:
    """Let nothing leave the program: no other program is opened, and what is printed goes to a file."""
    from PySide6.QtGui import QDesktopServices
    from PySide6.QtPrintSupport import QPrinter

    from cdo_desktop.ui.common import pdf_preview
    from cdo_desktop.ui.registry import forms_dialog

    def printer(_parent: object, title: str, _pages: int, *, duplex: bool = False) -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(folder / "printed.pdf"))
        made.setDocName(f"{title} {duplex}")
        return made

    QDesktopServices.openUrl = staticmethod(lambda _url: True)  # type: ignore[method-assign]
    forms_dialog.choose_printer = pdf_preview.choose_printer = printer  # type: ignore[attr-defined,assignment]


def prepare(folder: Path) -> None:
    """Lay out the sample district and the files that the user may choose."""
    sample = make_sample(folder / "sample")
    database = copy_office(sample, folder / "data")
    inputs = folder / "in"
    inputs.mkdir()
    with Office(folder / "sample", Clock()) as office:
        office.roster_export.write(inputs / "名册.xlsx", as_of=TODAY, full=True)
        office.roster_export.write_template(inputs / "模板.xlsx")
    (inputs / "坏.xlsx").write_bytes(b"PK\x03\x04" + bytes(200))
    (inputs / "坏.cdobak").write_bytes(bytes(5000))
    (inputs / "通知.csv").write_text("日期,类型\n2027-01-01,休\n", encoding="utf-8")
    (inputs / "坏.json").write_text("{", encoding="utf-8")
    made = backups_of(database.parent).back_up(BackupKind.MANUAL)
    shutil.move(made.path, inputs / made.path.name)


def drive(folder: Path, minutes: float, seed: int) -> int:
    """Prepare, drive and judge; the exit status is 1 when something went wrong."""
    prepare(folder)
    soak = Soak(folder, minutes, seed)
    begun = time.monotonic()
    user, watch = soak.run()
    if os.environ.get("SOAK_TRACE"):
        print("\n".join(user.latest))
    settled = soak.memory[max(1, int(_LOOKS * _WARM_UP)) :]
    growth = max(settled) - settled[0] if settled else 0.0
    database = folder / "data" / paths.DATABASE_NAME
    problems = check_database(database, thorough=True).problems
    words = personal_words(folder / "sample" / paths.DATABASE_NAME) | personal_words(database)
    told = words_in_files(words, (folder / "data").glob("*.log*"))
    for text, count in soak.messages.most_common(10):
        print(f"Qt said {count} times: {text}")
    print("actions in: " + ", ".join(f"{name} {count}" for name, count in user.visited.most_common()))
    for stall in watch.stalls:
        print(f"stall at {stall}")
    print("memory (MB): " + " ".join(f"{value:.0f}" for value in soak.memory))
    print("allocated (MB): " + " ".join(f"{value:.0f}" for value in soak.allocated))
    print(
        f"R33 seed={seed} actions={user.actions} windows={soak.restarts + 1} "
        f"exceptions={soak.errors.total()} "
        f"stalls={len(watch.stalls)} growth={growth:.0f} MB damaged={len(problems)} "
        f"(longest wait {watch.longest * 1000:.0f} ms) in {(time.monotonic() - begun) / 60:.1f} min"
    )
    print(f"R38 words={len(words)} found_in_logs={len(told)}")
    return 1 if soak.errors or watch.stalls or growth >= GROWTH or problems or told else 0


def main() -> int:
    """Drive a child and tell what became of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        faulthandler.enable()
        logging.captureWarnings(True)
        return drive(options.child, options.minutes, options.seed)
    with tempfile.TemporaryDirectory() as name:
        root = Path(__file__).parents[2]
        fonts = str(root / "resources" / "fonts")
        qt = {"QT_QPA_PLATFORM": "offscreen", "QT_QPA_FONTDIR": fonts, "CDO_BUNDLED_FONTS": "1"}
        environment = {**os.environ, **qt, "MALLOC_ARENA_MAX": "1"}
        arguments = ["--child", name, "--minutes", str(options.minutes), "--seed", str(options.seed)]
        command = [sys.executable, "-m", "benchmarks.reliability.soak", *arguments]
        status = subprocess.call(command, cwd=root, env=environment)
    if status not in (0, 1):
        print(f"R33 the program died: {status}")
    return 1 if status else 0


if __name__ == "__main__":
    sys.exit(main())
