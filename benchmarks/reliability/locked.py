"""R8: another process holds the database for half a minute while somebody works in the window.

The event loop may never stand still for 200 ms (time that the processor gave to other programs does not
count), the user must be told within 6 seconds, what was typed must stay, and saving must work afterwards.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.reliability.offices import Clock, copy_office, make_sample
from cdo_desktop.services.register import RegisterQuery
from cdo_desktop.store import connection

if TYPE_CHECKING:
    from cdo_desktop.app import Program
    from cdo_desktop.ui.common.form_dialog import FormDialog

SECONDS = 30.0
STALL = 0.2  # seconds
TOLD_WITHIN = 6.0
_WAIT_MS = 60_000
_TYPED = {"mobile": "13900009999", "title": "四级主任科员", "note": "锁住时填写的备注"}
_HOLD = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
other.execute("ROLLBACK")
"""


class Trial:
    """A window on the sample district, and another process that can hold its database."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self.problems: list[str] = []
        self.stalls: list[str] = []
        self.waits: dict[str, float] = {}
        self._seconds = seconds
        self._database = copy_office(make_sample(folder / "sample"), folder / "data")
        self._raised: list[str] = []

    def run(self) -> None:
        """Work before, during and after the lock."""
        from PySide6.QtWidgets import QApplication

        application = QApplication.instance() or QApplication(["locked"])
        sys.excepthook = lambda kind, error, _trace: self._raised.append(f"{kind.__name__}: {error}")
        connection.never_wait_long()
        try:
            self._work()
        finally:
            connection._patience.is_short = False
            sys.excepthook = sys.__excepthook__
        del application

    def _work(self) -> None:
        from benchmarks.reliability.soak_watch import LoopWatch
        from cdo_desktop.app import Program

        program = Program(self._database.parent, Clock())
        self._until(program.page_shown.connect, program.start)
        self._settle(program)
        dialog = self._fill_a_form(program)
        watch = LoopWatch(STALL)
        begun = time.monotonic()
        with self._held():
            self._save(dialog)
            self._look_around(program)
            self._start_another()
            self._wait(max(0.0, self._seconds - (time.monotonic() - begun)))
        watch.end()
        self._save_afterwards(program, dialog)
        self.problems += self._raised
        self.stalls = [f"stall at {stall}" for stall in watch.stalls]
        self.waits["longest stall"] = watch.longest
        program.close()

    def _fill_a_form(self, program: "Program") -> "FormDialog":
        from cdo_desktop.ui.common.form_dialog import FormDialog

        if program.tab is None or program.office is None:
            raise RuntimeError("the register is not shown")
        rows = program.office.register.all_rows(RegisterQuery())
        row = next(row for row in rows if row.tenure_id is not None)
        program.tab.table.select_key((row.post_id, row.tenure_id or 0))
        program.tab.actions_.update.trigger()
        self._settle(program)
        (dialog,) = (found for found in program.window.findChildren(FormDialog) if found.isVisible())
        for key, value in _TYPED.items():
            dialog.form.editor(key).set_value(value)
        return dialog

    def _save(self, dialog: "FormDialog") -> None:
        """Press 保存 while the database is held, and wait for the sentence."""
        begun = time.monotonic()
        dialog.save_button.click()
        self._when(lambda: not dialog.saving)
        self.waits["told after"] = time.monotonic() - begun
        if self.waits["told after"] > TOLD_WITHIN:
            self.problems.append("it took too long to say so")
        if "正被另一个程序使用" not in dialog.banner.text:
            self.problems.append(f"said: {dialog.banner.text}")
        self._compare(dialog, "during the lock")

    def _compare(self, dialog: "FormDialog", when: str) -> None:
        kept = {key: dialog.form.editor(key).value() for key in _TYPED}
        if not dialog.isVisible() or kept != _TYPED:
            self.problems.append(f"{when} the form holds {kept}")

    def _look_around(self, program: "Program") -> None:
        """Search and go through the tabs; each is read from the database that is held."""
        tab = program.tab
        if tab is None:
            return
        tab.bar.search.setText("王")
        tab.bar.search_now()
        for number in range(program.window.tabs.count()):
            program.window.tabs.setCurrentIndex(number)
            self._wait(0.3)
        program.window.tabs.setCurrentIndex(0)
        self._settle(program)

    def _start_another(self) -> None:
        """Open a window on the same data: it must say why there is no register."""
        from cdo_desktop.app import Program
        from cdo_desktop.ui.common.empty_state import EmptyState

        begun = time.monotonic()
        other = Program(self._database.parent, Clock())
        self._until(other.page_shown.connect, other.start)
        self.waits["start told after"] = time.monotonic() - begun
        states = other.window.tabs.findChildren(EmptyState)
        if not states or "正被另一个程序使用" not in states[0].text.text():
            self.problems.append("a start during the lock does not say why there is no register")
        other.window.tasks.wait_all()
        other.close()
        other.window.deleteLater()

    def _save_afterwards(self, program: "Program", dialog: "FormDialog") -> None:
        import shiboken6

        self._compare(dialog, "after the lock")
        dialog.save_button.click()
        self._settle(program)
        with closing(sqlite3.connect(self._database)) as database:
            query = (
                "SELECT count(*) FROM persons p JOIN tenures t ON t.person_id = p.id "
                "WHERE p.mobile = ? AND t.note = ?"
            )
            (count,) = database.execute(query, (_TYPED["mobile"], _TYPED["note"])).fetchone()
        if (shiboken6.isValid(dialog) and dialog.isVisible()) or count != 1:
            self.problems.append("saving does not work afterwards")

    def _held(self) -> "Held":
        return Held(self._database)

    def _settle(self, program: "Program") -> None:
        self._when(lambda: not program.window.tasks.busy)

    def _when(self, is_so: Callable[[], bool]) -> None:
        """Let the window work until something is so."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        look = QTimer(interval=10)
        look.timeout.connect(lambda: loop.quit() if is_so() else None)
        look.start()
        QTimer.singleShot(_WAIT_MS, loop.quit)
        loop.exec()

    def _until(self, connect: Callable[[Callable[[], None]], object], act: Callable[[], None]) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        connect(loop.quit)
        QTimer.singleShot(_WAIT_MS, loop.quit)
        act()
        loop.exec()

    def _wait(self, seconds: float) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()


class Held:
    """Another process holds a database for the length of the block."""

    def __init__(self, database: Path) -> None:
        self._command = [sys.executable, "-c", _HOLD, str(database)]

    def __enter__(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        if self._process.stdout is None or self._process.stdout.readline() != "held\n":
            raise RuntimeError("the database could not be held")

    def __exit__(self, *_error: object) -> None:
        self._process.communicate("\n", timeout=20)


def main() -> int:
    """Run the trial and print what was waited for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    options = parser.parse_args()
    root = Path(__file__).parents[2]
    os.environ |= {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QPA_FONTDIR": str(root / "resources" / "fonts"),
        "CDO_BUNDLED_FONTS": "1",
    }
    with tempfile.TemporaryDirectory() as name:
        trial = Trial(Path(name), options.seconds)
        trial.run()
    waits = ", ".join(f"{what} {seconds * 1000:.0f} ms" for what, seconds in trial.waits.items())
    lost = trial.problems + trial.stalls
    print(f"R8 held for {options.seconds:.0f} s: lost={len(lost)} ({waits})")
    print(*lost, sep="\n")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
