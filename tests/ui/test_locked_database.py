"""Another program holds the database while somebody works: told, nothing typed is lost, saved later (R8)."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from benchmarks.reliability.locked import Trial
from cdo_desktop.store import connection


def test_what_was_typed_outlives_a_lock_and_a_start_says_why_it_shows_nothing(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.3)
    trial = Trial(tmp_path, seconds=0)
    trial.run()
    assert trial.problems == []
