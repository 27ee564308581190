"""What an undo or a redo brings back has the limit that the calendar gives now."""

from dataclasses import replace
from datetime import date

import pytest

from cdo_desktop.rules.working_days import SpecialDay
from cdo_desktop.services.holidays import NoticeDraft
from tests.services.conftest import Desk

CHANGED = date(2026, 12, 29)
WITHOUT_NOTICE, WITH_NOTICE = (date(2027, 1, 4), True), (date(2027, 1, 5), False)
DAYS_OFF = tuple(SpecialDay(date(2027, 1, day), True, "元旦", "2027 年放假通知") for day in range(1, 5))


@pytest.fixture
def watched(desk: Desk) -> Desk:
    """Return a desk whose window notes every step."""
    desk.clock.set_day(date(2026, 12, 30))
    assert not desk.office.undo.state.undo.possible
    return desk


def enter_notice(desk: Desk) -> None:
    desk.office.system.holidays.save([NoticeDraft(2027, DAYS_OFF, "国务院办公厅通知")])


def limit(desk: Desk, filing: int) -> tuple[date | None, bool]:
    now = desk.filing(filing)
    return now.due_date, now.due_provisional


def undo(desk: Desk) -> None:
    desk.office.undo.undo(desk.office.undo.state.undo.number)


def redo(desk: Desk) -> None:
    desk.office.undo.redo(desk.office.undo.state.redo.number)


def recounted(desk: Desk, filing: int) -> int:
    query = (
        "SELECT count(*) FROM history WHERE action = '重算截止日' AND entity = 'filings' AND entity_id = ?"
    )
    return int(str(desk.stored(query, filing)[0][0]))


def set_aside(desk: Desk, filing: int) -> None:
    desk.void(filing, reason="登记有误")


def test_undone_void_has_the_limit_of_a_notice_entered_meanwhile(watched: Desk) -> None:
    filing = watched.change(since=CHANGED)
    assert limit(watched, filing) == WITHOUT_NOTICE
    set_aside(watched, filing)
    enter_notice(watched)
    undo(watched)
    assert watched.filing(filing).state == "草稿"
    assert limit(watched, filing) == WITH_NOTICE
    assert recounted(watched, filing) == 1


def test_what_was_recounted_goes_back_and_forth(watched: Desk) -> None:
    filing = watched.change(since=CHANGED)
    set_aside(watched, filing)
    enter_notice(watched)
    undo(watched)
    redo(watched)
    assert watched.filing(filing).state == "作废"
    undo(watched)
    assert (watched.filing(filing).state, limit(watched, filing)) == ("草稿", WITH_NOTICE)
    assert recounted(watched, filing) == 1


def test_redone_change_has_the_limit_of_a_notice_entered_meanwhile(watched: Desk) -> None:
    filing = watched.change(since=CHANGED)
    undo(watched)
    enter_notice(watched)
    redo(watched)
    assert limit(watched, filing) == WITH_NOTICE
    assert recounted(watched, filing) == 1


def test_day_of_a_change_that_comes_back_has_the_limit_of_now(watched: Desk) -> None:
    """The notice moves nothing of the day that stands there meanwhile."""
    filing = watched.change(since=CHANGED)
    holders = watched.office.holders
    opened = holders.get(watched.filing(filing).tenure_id)
    holders.update(opened, replace(opened, since=date(2026, 11, 12)))
    assert limit(watched, filing) == (date(2026, 11, 17), False)
    enter_notice(watched)
    undo(watched)
    assert limit(watched, filing) == WITH_NOTICE


def test_limit_that_is_right_is_not_told_of(watched: Desk) -> None:
    filing = watched.change(since=CHANGED)
    set_aside(watched, filing)
    undo(watched)
    assert (limit(watched, filing), recounted(watched, filing)) == (WITHOUT_NOTICE, 0)
