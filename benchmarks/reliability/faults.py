"""Lets the n-th call on the files of a folder fail: a small library that Linux loads before all others."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")
_ROOT = Path(__file__).parents[2]


def can_be_built() -> bool:
    """Whether this is a Linux with a C compiler."""
    return sys.platform.startswith("linux") and shutil.which("cc") is not None


def run_with_faults(module: str, arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a module in a process whose files can be made to fail, and return what it printed."""
    library = folder / "faults.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"], check=True
    )
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    command = [sys.executable, "-X", "utf8", "-X", "faulthandler", "-m", module, *arguments]
    return subprocess.run(
        command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )


@dataclass
class Fault:
    """What came of arming: how many calls there were, and the name of the one that failed."""

    calls: int = 0
    failed: str = ""


@contextmanager
def failing(
    folder: Path, at: int, error: int, *, for_ever: bool = False, writes_only: bool = False
) -> Iterator[Fault]:
    """Let the n-th call in a folder fail with an error number, from 1 on; 0 only counts."""
    library = ctypes.CDLL(None)
    library.faults_failed.restype = ctypes.c_char_p
    fault = Fault()
    library.faults_arm(os.fsencode(folder), ctypes.c_long(at), error, int(for_ever), int(writes_only))
    try:
        yield fault
    finally:
        fault.calls = int(library.faults_disarm())
        fault.failed = library.faults_failed().decode("ascii")
