"""Disks that fail, are full or are forbidden: a sentence, the data as it was, and the next try works."""

import logging
import os
from pathlib import Path

import pytest

from benchmarks.reliability import disk_full, io_errors, no_rights
from benchmarks.reliability.faults import can_be_built, run_with_faults


@pytest.mark.skipif(not can_be_built(), reason="files are made to fail by a library that cc builds on Linux")
def test_failing_calls_lose_nothing_and_the_next_try_works(tmp_path: Path) -> None:
    works = [f"--work={name}" for name in ("save a form", "restore")]
    done = run_with_faults(io_errors.MODULE, ["--inside", "--trials=4", *works], tmp_path)
    assert "R5 trials=16 lost=0" in done.stdout, done.stdout
    assert done.returncode == 0


def test_full_disk_loses_nothing_and_is_named(tmp_path: Path) -> None:
    with disk_full.small_disk(tmp_path / "try", 1 << 20) as can_mount:
        pass
    if not can_mount:
        pytest.skip("no small disk can be mounted here")
    logging.disable(logging.CRITICAL)
    try:
        results = disk_full.run_mounted(tmp_path, 4, ["save a form", "back up"])
    finally:
        logging.disable(logging.NOTSET)
    assert [losses.lost for losses in results] == [[], []]
    assert all(losses.told for losses in results)


@pytest.mark.skipif(os.name == "nt", reason="chmod takes no rights away on Windows")
def test_what_is_forbidden_is_refused_with_a_sentence() -> None:
    done = no_rights.run_without_rights(["--work", "save a form"])
    assert "R7 trials=12 lost=0" in done.stdout, done.stdout
