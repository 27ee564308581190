"""R38: the suite's tests are run, and all that was logged meanwhile is searched for the people of the tests.

Searched are every log below the folders of the tests and everything that any test logged at any level. A name
that is planted beside them has to be found, or the search is worth nothing.

python3 dev.py trials suite_logs [PYTEST ARGUMENTS]
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.reliability.canaries import personal_words, words_in_files
from benchmarks.reliability.offices import make_sample

TESTS = ("tests/ui", "tests/services")
PEOPLE = frozenset(("张三", "李四", "13800000001", "zhangsan@example.gov.cn", "56691234"))
"""Whom the tests appoint (tests/services/conftest.py)."""
_ALL_LOG = "all.log"


def logs_below(folder: Path) -> list[Path]:
    """Return every log of the program, rotated ones too."""
    return sorted(path for path in folder.rglob("*.log*") if path.is_file())


def is_able_to_find(words: set[str], folder: Path) -> bool:
    """Tell whether each of the words is found in a log that has it, deep in a folder."""
    planted = folder / "planted" / "数据 0" / "logs" / "cdo.log.1"
    planted.parent.mkdir(parents=True)
    planted.write_text("\n".join(f"WARNING {word!a} {word}" for word in words), encoding="utf-8")
    return set(words_in_files(words, logs_below(folder / "planted"))) == words


def run_tests(folder: Path, arguments: Sequence[str]) -> int:
    """Run pytest with its folders and everything that is logged below this one; return its status."""
    command = [sys.executable, "-X", "utf8", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    options = [f"--basetemp={folder / 'tests'}", f"--log-file={folder / _ALL_LOG}", "--log-file-level=DEBUG"]
    return subprocess.call([*command, *options, *(arguments or TESTS)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tests, search, and print what was found; a failed test is told but no loss."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = personal_words(make_sample(folder / "sample")) | PEOPLE
        able = is_able_to_find(words, folder)
        status = run_tests(folder, sys.argv[1:] if arguments is None else arguments)
        logs = [*logs_below(folder / "tests"), folder / _ALL_LOG]
        logs = [log for log in logs if log.exists()]
        size = sum(log.stat().st_size for log in logs)
        found = words_in_files(words, logs)
    print(
        f"R38 words={len(words)} planted_found={able} logs={len(logs)} bytes={size} hits={len(found)} "
        f"(pytest ended with {status}) in {time.monotonic() - begun:.0f} s"
    )
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found or not able or not size else 0


if __name__ == "__main__":
    sys.exit(main())
