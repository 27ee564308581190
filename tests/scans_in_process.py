"""Lets scans be read in the process of the tests: children would take half the time of those that file.

The child itself is tested in `tests/documents/test_scans.py`, and filing with it by the command `scans`.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from cdo_desktop.documents.readers import scan_pages, scans


def read_scans_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do at once what a child would do, with the same files as its answer."""

    def work(task: str, folder: Path, arguments: Sequence[str], **_limits: object) -> None:
        if task == "_scan":
            scan_pages.read_pages(Path(arguments[0]), folder)
        else:
            parts = json.loads(Path(arguments[1]).read_text(encoding="utf-8"))
            scan_pages.split(Path(arguments[0]), parts, Path(arguments[2]), folder)

    monkeypatch.setattr(scans, "run_in_child", work)
