"""催办: what is said to a unit about a filing that has not come."""

from datetime import date

import pytest

from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.filing_list import FilingRow
from tests.services.conftest import TODAY, Desk

TOWN = "罗店镇"
TUESDAY = date(2026, 11, 17)  # due on Friday, 11-20
SATURDAY = date(2026, 11, 21)


def change(desk: Desk, changed: date) -> int:
    """Register a successor and return the filing."""
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.replace(
        opened, desk.successor(opened, since=changed), FilingDraft(change_reason="退休")
    )
    return listed(desk).filing_id


def listed(desk: Desk) -> FilingRow:
    """Return the filing of the successor as it stands."""
    (row,) = [row for row in desk.office.filing_list.rows() if row.name == "李四"]
    return row


def said(desk: Desk, filing_id: int) -> str:
    """Return what is said, without the greeting and the request."""
    text = desk.office.contacts.chase([filing_id]).text
    return text.removeprefix(f"{TOWN}：贵单位数据专员“李四”的变更备案表").partition("。请")[0]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 19), "应于11月20日前报送，还剩 1 个工作日"),
        (date(2026, 11, 20), "今天（11月20日）截止报送"),
        (SATURDAY, "应于11月20日前报送，已逾期不足一个工作日"),
        (date(2026, 11, 23), "应于11月20日前报送，已逾期 1 个工作日"),
    ],
)
def test_what_is_said_depends_on_the_day(day: date, words: str, desk: Desk) -> None:
    filing = change(desk, TUESDAY)
    desk.clock.set_day(day)
    assert said(desk, filing) == words
    assert TODAY > SATURDAY
