"""备案 as a list: what is late on which day, and what lights no lamp."""

from dataclasses import replace
from datetime import date

import pytest

from cdo_desktop.rules.filing import Lamp, RegisterState, lamp_of
from cdo_desktop.rules.vocabulary import FilingState, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.filing_list import FilingRow
from tests.services.conftest import TODAY, Desk

TOWN, OTHER = "罗店镇", "大场镇"
CHANGED = date(2026, 11, 12)  # a Thursday: due on Tuesday, 11-17


def change(desk: Desk, unit: str, changed: date = CHANGED, **paper: object) -> None:
    """Register a holder and, on a day, a successor with a filing."""
    opened = desk.appoint(unit, since=date(2025, 1, 6))
    filing = replace(FilingDraft(change_reason="退休"), **paper)  # type: ignore[arg-type]
    desk.office.holders.replace(opened, desk.successor(opened, since=changed), filing)


def changes(desk: Desk, on: date | None = None, *, overdue: bool = False) -> list[FilingRow]:
    rows = desk.office.filing_list.rows(on, overdue=overdue)
    return [row for row in rows if row.kind == "变更备案"]


def test_an_unreceived_change_is_late_by_working_days(desk: Desk) -> None:
    change(desk, TOWN)
    (row,) = changes(desk, overdue=True)
    assert (row.unit, row.post, row.name) == (TOWN, PostKind.SPECIALIST, "李四")
    assert (row.change_date, row.due_date) == (CHANGED, date(2026, 11, 17))
    assert (row.lamp, row.working_days_left, row.late.days) == (Lamp.OVERDUE, None, 5)


@pytest.mark.parametrize(
    ("on", "lamp", "left", "late"),
    [
        (date(2026, 11, 16), Lamp.RUNNING, 1, 0),
        (date(2026, 11, 17), Lamp.LAST_DAY, 0, 0),
        (date(2026, 11, 18), Lamp.OVERDUE, None, 1),
    ],
)
def test_the_day_looked_from_decides(desk: Desk, on: date, lamp: Lamp, left: int | None, late: int) -> None:
    change(desk, TOWN)
    (row,) = changes(desk, on)
    assert (row.lamp, row.working_days_left, row.late.days) == (lamp, left, late)


def test_a_paper_that_came_late_keeps_its_days_and_lights_nothing(desk: Desk) -> None:
    change(desk, TOWN, state=FilingState.RECEIVED, received_on=date(2026, 11, 19))
    (row,) = changes(desk)
    assert (row.lamp, row.late.days, row.received_on) == (Lamp.NONE, 2, date(2026, 11, 19))
    (then,) = changes(desk, date(2026, 11, 18), overdue=True)
    assert (then.lamp, then.late.days, then.received_on) == (Lamp.OVERDUE, 1, None)


def test_of_a_day_before_its_paper_came_a_filing_shows_no_number_and_no_later_state(desk: Desk) -> None:
    change(desk, TOWN, state=FilingState.FILED, number="2026-003", received_on=date(2026, 11, 17))
    (then,) = changes(desk, date(2026, 11, 16))
    assert (then.state, then.number, then.received_on) == (FilingState.ISSUED, "", None)
    (now,) = changes(desk)
    assert (now.state, now.number) == (FilingState.FILED, "2026-003")


def test_a_change_after_the_day_looked_from_is_not_there_yet(desk: Desk) -> None:
    change(desk, TOWN)
    assert changes(desk, date(2026, 11, 11)) == []
    assert [row.name for row in desk.office.filing_list.rows(date(2026, 11, 11))] == ["张三"]


def test_what_is_filed_without_a_date_of_receipt_is_not_late(desk: Desk) -> None:
    change(desk, TOWN, state=FilingState.FILED, number="2026-003")
    (row,) = changes(desk)
    assert (row.lamp, row.late.days, row.number) == (Lamp.NONE, 0, "2026-003")
    assert changes(desk, overdue=True) == []


@pytest.mark.parametrize("state", [FilingState.SCANNED, FilingState.RECEIVED])
def test_what_is_received_without_a_date_is_no_more_late_here_than_in_the_register(
    desk: Desk, state: FilingState
) -> None:
    change(desk, TOWN, state=state)
    assert desk.row(TOWN).state is RegisterState.RECEIVED
    (row,) = changes(desk)
    assert (row.lamp, row.working_days_left, row.late.days) == (Lamp.NONE, None, 0)


def test_a_first_filing_has_no_limit(desk: Desk) -> None:
    desk.appoint(TOWN, since=date(2025, 1, 6))
    (row,) = desk.office.filing_list.rows()
    assert (row.kind, row.due_date, row.lamp, row.late.days) == ("首次备案", None, Lamp.NONE, 0)


def test_the_earliest_limit_comes_first_and_those_without_one_last(desk: Desk) -> None:
    change(desk, TOWN, TODAY)
    change(desk, OTHER)
    rows = desk.office.filing_list.rows()
    assert [row.unit for row in rows if row.due_date] == [OTHER, TOWN]
    assert [row.due_date is None for row in rows] == [False, False, True, True]


def test_a_void_filing_lights_no_lamp() -> None:
    assert lamp_of(FilingState.VOID, CHANGED, None, TODAY) is Lamp.NONE
