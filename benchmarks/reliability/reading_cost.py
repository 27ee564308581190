"""What it costs to read one workbook as the program does: the child's time and memory, and its answer."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cdo_desktop.documents.readers.child import (
    PROBLEM_NAME,
    RESULT_NAME,
    child_command,
    child_environment,
)

_MEASURE = """
import resource, subprocess, sys, time
started = time.monotonic()
status = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
_REFUSED = 3


@dataclass(frozen=True)
class Cost:
    """One child: its end, seconds on the clock and of computing, most memory in bytes, its sentence."""

    status: int
    seconds: float
    computing: float
    memory: int
    sentence: str

    @property
    def is_read(self) -> bool:
        """Whether the workbook was read."""
        return self.status == 0

    @property
    def is_refused(self) -> bool:
        """Whether the child refused it with a whole sentence."""
        return self.status == _REFUSED and self.sentence.endswith("。")


def reading_cost(folder: Path, path: Path) -> Cost:
    """Read a workbook in one child that answers in ``folder``, which is made; Linux only.

    A small process in between measures: a process that is forked counts the memory of the one it comes from.
    """
    folder.mkdir()
    command = [sys.executable, "-c", _MEASURE, *child_command("_read", str(folder), str(path))]
    ended = subprocess.run(command, env=child_environment(), stdout=subprocess.PIPE, check=True)
    status, seconds, computing, kilobytes = ended.stdout.split()
    problem = folder / PROBLEM_NAME
    sentence = json.loads(problem.read_text(encoding="utf-8"))["message"] if problem.exists() else ""
    is_lost = int(status) == 0 and not (folder / RESULT_NAME).exists()
    return Cost(
        -1 if is_lost else int(status), float(seconds), float(computing), int(kilobytes) * 1024, sentence
    )
