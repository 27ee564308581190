"""What an undo or a redo brings back counts as received by the setting that holds now (decision 017)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from cdo_desktop.rules.filing import CountedReceipt
from cdo_desktop.services.filing_sql import FilingView
from tests.services.conftest import ORIGINAL, SCAN, TODAY, Desk
from tests.services.undo_steps import dump, redone, undone


@pytest.fixture
def waiting(desk: Desk) -> int:
    """Return a filing of an office that counts originals, whose window notes every step from here on."""
    desk.count_by(CountedReceipt.ORIGINAL)
    filing = desk.change()
    assert not desk.office.undo.state.undo.possible
    return filing


def received(desk: Desk, filing: int) -> tuple[str, date | None]:
    now = desk.filing(filing)
    return now.state, now.received_on


def counted(desk: Desk, filing: int) -> int:
    history = desk.office.filing_history.of_filing(filing)
    return [line.action for line in history].count("按新的设置计收件")


def test_void_scan_that_comes_back_counts_by_the_setting_made_meanwhile(desk: Desk, waiting: int) -> None:
    desk.receive(SCAN, waiting)
    desk.void(waiting)
    desk.count_by(CountedReceipt.EARLIER)
    undone(desk.office.undo)
    assert received(desk, waiting) == ("已收扫描件", TODAY)
    assert counted(desk, waiting) == 1
    assert waiting not in desk.listed(FilingView.OVERDUE)
    assert desk.file(waiting) == ["2026-001"]


def test_redone_receipt_counts_by_the_setting_made_meanwhile(desk: Desk, waiting: int) -> None:
    desk.receive(SCAN, waiting)
    undone(desk.office.undo)
    desk.count_by(CountedReceipt.EARLIER)
    redone(desk.office.undo)
    assert received(desk, waiting) == ("已收扫描件", TODAY)


def test_returned_scan_that_comes_back_counts(desk: Desk, waiting: int) -> None:
    desk.receive(SCAN, waiting)
    desk.send_back(waiting)
    desk.count_by(CountedReceipt.SCAN)
    undone(desk.office.undo)
    assert received(desk, waiting) == ("已收扫描件", TODAY)


@pytest.mark.parametrize("step", [Desk.void, Desk.send_back])
def test_what_was_counted_goes_back_and_forth(
    desk: Desk, waiting: int, step: Callable[[Desk, int], None]
) -> None:
    undo = desk.office.undo
    desk.receive(SCAN, waiting)
    step(desk, waiting)
    desk.count_by(CountedReceipt.EARLIER)
    undone(undo)
    before = dump(desk)
    redone(undo)
    assert received(desk, waiting)[0] in ("作废", "退回")
    undone(undo)
    assert dump(desk) == before
    assert counted(desk, waiting) == 1


def test_scan_that_does_not_count_now_either_stays_so(desk: Desk, waiting: int) -> None:
    desk.receive(SCAN, waiting)
    desk.void(waiting)
    undone(desk.office.undo)
    assert received(desk, waiting) == ("已收扫描件", None)
    assert counted(desk, waiting) == 0


def test_what_counted_before_stays_though_it_would_not_now(desk: Desk, waiting: int) -> None:
    desk.count_by(CountedReceipt.EARLIER)
    desk.receive(SCAN, waiting)
    desk.receive(replace(ORIGINAL, received_on=TODAY), waiting)
    desk.void(waiting)
    desk.count_by(CountedReceipt.ORIGINAL)
    undone(desk.office.undo)
    assert received(desk, waiting) == ("已收原件", TODAY)
    assert counted(desk, waiting) == 0
