"""Calls on files that fail: no crash, a sentence, the data as before or as after, and the next try works."""

from pathlib import Path

import pytest

from benchmarks.reliability import io_errors
from benchmarks.reliability.faults import can_be_built, run_with_faults


@pytest.mark.skipif(not can_be_built(), reason="files are made to fail by a library that cc builds on Linux")
def test_failing_calls_lose_nothing_and_the_next_try_works(tmp_path: Path) -> None:
    works = [f"--work={name}" for name in ("save a form", "restore")]
    done = run_with_faults(io_errors.MODULE, ["--inside", "--trials=4", *works], tmp_path)
    assert "R5 trials=16 lost=0" in done.stdout, done.stdout
    assert done.returncode == 0
