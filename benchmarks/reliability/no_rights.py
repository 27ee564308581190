"""R7: folders and files that may not be written or read, without root's rights.

Every kind of work is done with the data folder, the database, the backups, the targets or their folder closed
in turn, and the window is opened. All must work, or be refused with a sentence. Root would walk through every
permission: run by root, the trial gives up that right first and remains the owner of its files.
"""

import argparse
import contextlib
import ctypes
import logging
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.works import WORKS, Place, Stock, Work, do, expect, told_well
from cdo_desktop.store.backup_attachments import BACKUPS_FOLDER

MODULE = "benchmarks.reliability.no_rights"
_ROOT = Path(__file__).parents[2]
_READ_ONLY_FILE, _READ_ONLY_FOLDER, _NOTHING = 0o444, 0o555, 0
_WALKS_THROUGH = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
_PR_CAPBSET_DROP = 24
_WAIT_MS = 20_000


@dataclass(frozen=True)
class Closed:
    """What is closed: the paths of a place, and the rights that are left of them."""

    name: str
    rights: Callable[[Place], dict[Path, int]]


CLOSED = (
    Closed("the data folder", lambda place: {place.data: _READ_ONLY_FOLDER}),
    Closed("the database", lambda place: {place.database: _READ_ONLY_FILE}),
    Closed(
        "folder and database",
        lambda place: {place.database: _READ_ONLY_FILE, place.data: _READ_ONLY_FOLDER},
    ),
    Closed("the database to readers", lambda place: {place.database: _NOTHING}),
    Closed("the data folder to readers", lambda place: {place.data: _NOTHING}),
    Closed("the folder of the backups", lambda place: {place.data / BACKUPS_FOLDER: _READ_ONLY_FOLDER}),
    Closed("the backups to readers", lambda place: {place.data / BACKUPS_FOLDER: _NOTHING}),
    Closed("the folder of the targets", lambda place: {place.out: _READ_ONLY_FOLDER}),
    Closed("that folder to readers", lambda place: {place.out: _NOTHING}),
    Closed("the targets", lambda place: dict.fromkeys(place.out.iterdir(), _READ_ONLY_FILE)),
    Closed("the backup", lambda place: {place.stock.backup: _NOTHING}),
    Closed("the roster", lambda place: {place.stock.roster: _NOTHING}),
)


@dataclass
class Losses:
    """What became of the trials with one thing closed."""

    name: str
    trials: int = 0
    told: int = 0
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"R7 {self.name} closed: trials={self.trials} lost={len(self.lost)} (told: {self.told})"


def run(folder: Path, names: list[str]) -> list[Losses]:
    """Do every kind of work with each thing closed."""
    stock = Stock(folder / "stock")
    _ = stock.backup, stock.sheet
    results = [Losses(closed.name) for closed in CLOSED]
    for work in WORKS:
        if names and work.name not in names:
            continue
        place = Place(folder / "place", stock)
        expected = expect(work, place)
        for closed, losses in zip(CLOSED, results, strict=True):
            _lay_out(work, place)
            losses.trials += 1
            try:
                with shut(closed, place):
                    error = do(work, place)
                lost = expected.judge(work, place.state(), error)
                losses.told += error is not None
                if error is not None and not told_well(error):
                    lost.append(f"said: {error}")
                lost += [f"left behind: {path.name}" for path in place.leftovers()]
            except Exception:  # noqa: BLE001  what must never be raised is what is looked for
                lost = [traceback.format_exc(limit=-6)]
            losses.lost += [f"{work.name}: {what}" for what in lost]
    return results


def _lay_out(work: Work, place: Place) -> None:
    place.lay_out(work.source(place.stock))
    (place.data / BACKUPS_FOLDER).mkdir()


@contextlib.contextmanager
def shut(closed: Closed, place: Place) -> Iterator[None]:
    """Take rights away for the length of the block; what is not there cannot be closed."""
    rights = {path: mode for path, mode in closed.rights(place).items() if path.exists()}
    before = {path: path.stat().st_mode for path in rights}
    try:
        for path, mode in rights.items():
            path.chmod(mode)
        yield
    finally:
        for path, mode in reversed(before.items()):
            path.chmod(mode)


def run_windows(folder: Path) -> Losses:
    """Open the window with each thing closed."""
    from PySide6.QtWidgets import QApplication

    losses = Losses("the window with each")
    application = QApplication.instance() or QApplication(["no_rights"])
    place = Place(folder / "window", Stock(folder / "stock"))
    raised: list[str] = []
    sys.excepthook = lambda kind, error, trace: raised.append(
        "".join(traceback.format_exception(kind, error, trace, limit=-6))
    )
    for closed in CLOSED:
        place.lay_out(place.stock.sample)
        (place.data / BACKUPS_FOLDER).mkdir()
        losses.trials += 1
        try:
            with shut(closed, place):
                losses.told += bool(_open_window(place))
        except Exception:  # noqa: BLE001  what must never be raised is what is looked for
            raised.append(traceback.format_exc(limit=-6))
        losses.lost += [f"{closed.name}: {what}" for what in raised]
        raised.clear()
    sys.excepthook = sys.__excepthook__
    del application
    return losses


def _open_window(place: Place) -> str:
    """Open the window, wait for what it shows and close it; return the reason why there is no register."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from cdo_desktop.app import Program
    from cdo_desktop.ui.common.empty_state import EmptyState
    from cdo_desktop.ui.common.process import watch_over

    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError("there is no application")
    before = sys.excepthook
    program = Program(place.data, place.clock)
    loop = QEventLoop()
    program.page_shown.connect(lambda: QTimer.singleShot(300, loop.quit))
    QTimer.singleShot(_WAIT_MS, loop.quit)
    watch_over(application, place.data)
    sys.excepthook = before
    program.start()
    loop.exec()
    program.window.tasks.wait_all()
    states = program.window.tabs.findChildren(EmptyState)
    told = states[0].text.text() if states and program.tab is None else ""
    if program.tab is None and not told:
        raise RuntimeError("the window shows neither the register nor a reason")
    program.close()
    program.window.deleteLater()
    return told


def _give_up_rights() -> None:
    """Let no process from here on walk through permissions, root's included; Linux only."""
    for capability in _WALKS_THROUGH:
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def run_without_rights(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run this module without the rights of root, and return what it printed."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-X", "utf8", "-m", MODULE, *arguments, "--inside"]
    give_up = _give_up_rights if os.geteuid() == 0 else None
    return subprocess.run(
        command,
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
        preexec_fn=give_up,
    )


def main() -> int:
    """Run the trials and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", action="append", default=[], choices=[work.name for work in WORKS])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if os.name == "nt":
        print("R7 not run: chmod takes no rights away on Windows")
        return 0
    if not options.inside:
        done = run_without_rights(sys.argv[1:])
        print(done.stdout, end="")
        return done.returncode
    logging.disable(logging.CRITICAL)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        probe = Path(name) / "probe"
        probe.touch(mode=0)
        if os.access(probe, os.R_OK):
            print("R7 not run: root's rights cannot be given up here")
            return 0
        results = run(Path(name) / "works", options.work)
        if not options.work:
            results.append(run_windows(Path(name) / "windows"))
    for losses in results:
        print(losses, *losses.lost[:8], sep="\n  ")
    lost = sum(len(losses.lost) for losses in results)
    trials = sum(losses.trials for losses in results)
    print(f"R7 trials={trials} lost={lost} in {time.monotonic() - begun:.0f} s")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
