"""Garbage is collected where Qt can bear it."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from cdo_desktop.ui.common.collector import Collector


class _Dying:
    """Part of a cycle; says in which thread it was collected."""

    def __init__(self, seen: list[QThread]) -> None:
        self._myself = self
        self._seen = seen

    def __del__(self) -> None:
        self._seen.append(QThread.currentThread())


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    made = Collector()
    made.start()
    yield made
    made.stop()


def allocate() -> None:
    """Make so many objects that the automatic collector would have to run."""
    kept = [[number] for number in range(200_000)]
    assert kept


def test_a_worker_that_allocates_collects_nothing(collector: Collector) -> None:
    seen: list[QThread] = []
    _Dying(seen)
    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert not seen
    for _round in range(20):
        collector.collect()
    assert seen == [QThread.currentThread()]


def test_what_was_there_at_the_start_is_passed_over(collector: Collector) -> None:
    assert gc.get_freeze_count() > 0
    assert not gc.isenabled()
