"""Children that are killed without warning: at a random moment, or at the n-th file operation."""

import logging
import multiprocessing
import multiprocessing.process
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

Report: TypeAlias = Callable[[object], None]
Work: TypeAlias = Callable[..., None]  # called with a Report and the arguments given

SECONDS_TO_WAIT = 120
_READY, _END = "ready", "end"
_NEVER = 1 << 40
_BY_US = (-9, -15, 15)  # exit codes of what was killed; anything else failed by itself
_FILE_EVENTS = ("open", "os.", "shutil.", "sqlite3.connect")

# A forked child has everything imported, so that a thousand of them take minutes; Windows can only spawn.
_METHOD = "spawn" if os.name == "nt" else "forkserver"
_context = multiprocessing.get_context(_METHOD)
if _METHOD == "forkserver":
    _context.set_forkserver_preload(
        [
            "cdo_desktop.office",
            "cdo_desktop.services.safety",
            "cdo_desktop.services.roster_import",
            "cdo_desktop.services.roster_export",
            "cdo_desktop.services.forms",
            "benchmarks.reliability.offices",
            "pypinyin",
        ]
    )


@dataclass(frozen=True)
class Killed:
    """What a child reported before it died; ``finished`` when it came to its end first."""

    reports: tuple[object, ...]
    finished: bool
    seconds: float  # from ready to the end


def run_and_kill(work: Work, *arguments: object, after: float | None) -> Killed:
    """Run ``work`` in a child and kill it ``after`` so many seconds, or let it finish when that is None.

    The time counts from the child's first report.
    """
    return _run(work, arguments, after, None, Path())


def run_and_kill_at(work: Work, *arguments: object, event: int, folder: Path) -> Killed:
    """Run ``work`` in a child that kills itself before its n-th file operation in ``folder``, from 1 on."""
    return _run(work, arguments, None, event, folder)


def count_events(work: Work, *arguments: object, folder: Path) -> int:
    """Return how many file operations in ``folder`` the work needs from beginning to end."""
    reports = _run(work, arguments, None, _NEVER, folder).reports
    if not isinstance(reports[-1], int):
        raise RuntimeError("the child did not come to its end")
    return reports[-1]


def random_delays(count: int, longest: float, seed: int, shortest: float = 0.0) -> Iterator[float]:
    """Yield moments to kill at; the same ones for a seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield chance.uniform(shortest, longest)


def _run(
    work: Work, arguments: tuple[object, ...], after: float | None, event: int | None, folder: Path
) -> Killed:
    receiving, sending = _context.Pipe(duplex=False)
    process: multiprocessing.process.BaseProcess = _context.Process(  # type: ignore[attr-defined]
        target=_child, args=(work, arguments, sending, event, str(folder))
    )
    process.start()
    sending.close()
    reports: list[object] = []
    begun = time.monotonic()
    try:
        if _next(receiving, SECONDS_TO_WAIT) != _READY and event is None:
            raise RuntimeError("the child did not get ready")
        begun = time.monotonic()
        if after is not None:
            process.join(after)
            process.kill()
        process.join(SECONDS_TO_WAIT)
        if process.exitcode is None:
            raise RuntimeError("the child hangs")
        seconds = time.monotonic() - begun
        while (message := _next(receiving, 0)) is not None:
            reports.append(message)
    finally:
        process.kill()
        process.join()
        receiving.close()
    finished = bool(reports) and reports[-1] == _END
    if not finished and process.exitcode not in _BY_US:
        raise RuntimeError(f"the child failed by itself: {process.exitcode}")
    return Killed(tuple(report for report in reports if report not in (_READY, _END)), finished, seconds)


def _next(receiving: Connection, seconds: float) -> object:
    """Return the next whole message, or None when no more comes."""
    try:
        return receiving.recv() if receiving.poll(seconds) else None
    except (EOFError, OSError):
        return None


def _child(
    work: Work, arguments: tuple[object, ...], sending: Connection, event: int | None, folder: str
) -> None:
    logging.disable(logging.WARNING)  # a backup of an older version is one
    count = _die_at(event, folder) if event is not None else list
    work(sending.send, *arguments)
    if event == _NEVER:
        sending.send(len(count()))
    sending.send(_END)


def ready(report: Report) -> None:
    """Tell the parent that what follows may be killed."""
    report(_READY)


def _die_at(event: int, folder: str) -> Callable[[], list[str]]:
    """Count file operations from now on and die before one of them; the result gives those counted so far."""
    counted: list[str] = []
    within = _slashed(folder)

    def hook(name: str, arguments: tuple[Any, ...]) -> None:
        # The text of the tuple would double every backslash of Windows.
        if not name.startswith(_FILE_EVENTS) or not any(within in _slashed(one) for one in arguments):
            return
        counted.append(name)
        if len(counted) == event:
            os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

    sys.addaudithook(hook)
    return lambda: counted


def _slashed(path: object) -> str:
    return str(path).replace("\\", "/")
