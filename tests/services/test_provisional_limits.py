"""暂定 is said only while the notice of a year is missing, also of what is final by now."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from cdo_desktop.rules.working_days import SpecialDay, WorkingCalendar
from cdo_desktop.services.holidays import NoticeDraft
from tests.services.conftest import ORIGINAL, Desk

CHANGED, CAME = date(2026, 12, 29), date(2026, 12, 30)
DAYS_OFF = tuple(SpecialDay(date(2027, 1, day), True, "元旦", "2027 年放假通知") for day in (1, 2, 3))


@pytest.fixture
def filed(desk: Desk) -> tuple[Desk, int]:
    """Return a desk with a filing that got its number before the notice of 2027 came."""
    desk.clock.set_day(CAME)
    filing = desk.change(since=CHANGED)
    desk.receive(replace(ORIGINAL, received_on=CAME), filing)
    desk.file(filing)
    return desk, filing


def enter_notice(desk: Desk) -> None:
    desk.office.system.holidays.save([NoticeDraft(2027, DAYS_OFF, "国务院办公厅通知")])


def shown(desk: Desk, filing: int) -> set[bool]:
    """Return what the list, the register, the ledger and 回执 say of the limit."""
    (receipt,) = desk.office.filing_papers.receipts([filing])
    (line,) = desk.office.filing_papers.filing_ledger(2026).rows
    return {
        desk.filing(filing).due_provisional,
        desk.row("罗店镇").due_provisional,
        receipt.due_provisional,
        line.due_provisional,
    }


def test_limit_of_a_filed_one_is_firm_once_the_notice_is_in(filed: tuple[Desk, int], tmp_path: Path) -> None:
    desk, filing = filed
    assert shown(desk, filing) == {True}
    enter_notice(desk)
    assert shown(desk, filing) == {False}
    desk.office.filing_papers.write_receipts([filing], tmp_path / "回执.pdf")
    text = PdfDocument(tmp_path / "回执.pdf")[0].get_textpage().get_text_range()
    assert "2027年1月4日" in text
    assert "暂定" not in text


def test_what_was_filed_does_not_change(filed: tuple[Desk, int]) -> None:
    desk, filing = filed
    query = "SELECT due_date, due_provisional, version FROM filings WHERE id = ?"
    before = desk.stored(query, filing)
    enter_notice(desk)
    assert desk.stored(query, filing) == before == [("2027-01-04", 1, before[0][2])]


def test_limit_is_provisional_again_when_the_notice_is_taken_back(filed: tuple[Desk, int]) -> None:
    desk, filing = filed
    enter_notice(desk)
    desk.office.system.holidays.remove(2027)
    assert shown(desk, filing) == {True}


def test_void_one_says_so_no_longer_too(desk: Desk) -> None:
    desk.clock.set_day(CAME)
    filing = desk.change(since=CHANGED)
    desk.void(filing, reason="登记有误")
    enter_notice(desk)
    assert desk.filing(filing).due_provisional is False


@pytest.mark.parametrize(
    ("noted", "announced", "provisional"),
    [
        (True, (2026,), True),
        (True, (2026, 2027), False),
        (False, (2026,), False),  # what was firm stays firm
        (True, (2027,), True),  # the days of the change's own year count too
    ],
)
def test_every_year_that_is_counted_through_must_be_announced(
    noted: bool, announced: tuple[int, ...], provisional: bool
) -> None:
    calendar = WorkingCalendar.build((), announced)
    assert calendar.is_still_provisional(noted, CHANGED, date(2027, 1, 4)) is provisional


def test_day_of_the_change_itself_is_not_counted() -> None:
    calendar = WorkingCalendar.build((), (2027,))
    assert not calendar.is_still_provisional(True, date(2026, 12, 31), date(2027, 1, 6))
