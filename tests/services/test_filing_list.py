"""备案 as a list: what is late on which day, and what lights no lamp."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from cdo_desktop.rules.filing import Lamp, RegisterState, lamp_of
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState, PaperForm, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.filing_list import FilingQuery, FilingRow
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.unit_reform import Reform, UnitRef
from tests.services.conftest import CHANGED, ORIGINAL, SCAN, TODAY, TOWN, Desk

OTHER = "大场镇"


def change(desk: Desk, unit: str, **paper: object) -> None:
    desk.change(unit, replace(FilingDraft(change_reason="退休"), **paper))  # type: ignore[arg-type]


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


class Way:
    """One filing that is printed, received, sent back, received, numbered, stored and void, on a day each."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.clock.set_day(date(2026, 11, 12))
        self.filing = desk.change()
        self.go(13, lambda: desk.office.forms.mark_issued(desk.office.forms.compose(unit=TOWN)))
        self.go(16, lambda: self.receive(PaperForm.SCAN))
        self.go(17, lambda: desk.send_back(self.filing))
        self.go(18, lambda: self.receive(PaperForm.SCAN))
        self.go(19, lambda: self.receive(PaperForm.ORIGINAL))
        self.go(20, lambda: desk.file(self.filing))
        self.go(21, lambda: desk.office.filings.store(desk.plan(FilingStep.STORE, self.filing), "2号柜"))
        self.go(23, lambda: desk.void(self.filing, anew=True))
        desk.clock.set_day(TODAY)

    def go(self, day: int, act: Callable[[], object]) -> None:
        self.desk.clock.set_day(date(2026, 11, day))
        act()

    def receive(self, form: PaperForm) -> None:
        self.desk.receive(ReceiptDraft(form, self.desk.clock.now.date()), self.filing)


def test_a_past_day_shows_every_filing_as_it_stood(desk: Desk) -> None:
    way = Way(desk)
    seen = {}
    for day in range(12, 25):
        (row,) = changes(desk, date(2026, 11, day))
        seen[day] = (
            row.filing_id == way.filing,
            row.state,
            row.number,
            row.received_on and row.received_on.day,
        )
    none, number = "", "2026-001"
    assert seen == {
        12: (True, "草稿", none, None),
        13: (True, "已发表", none, None),
        14: (True, "已发表", none, None),
        15: (True, "已发表", none, None),
        16: (True, "已收扫描件", none, 16),
        17: (True, "退回", none, None),
        18: (True, "已收扫描件", none, 18),
        19: (True, "已收原件", none, 18),
        20: (True, "已备案", number, 18),
        21: (True, "已入库", number, 18),
        22: (True, "已入库", number, 18),
        23: (False, "草稿", none, None),
        24: (False, "草稿", none, None),
    }
    (row,) = changes(desk, date(2026, 11, 19))
    assert (row.filed_on, row.stored_on, row.stored_place, row.void_reason) == (None, None, "", "")
    assert [row.lamp for row in changes(desk, date(2026, 11, 17))] == [Lamp.LAST_DAY]


def test_what_a_reform_set_aside_was_there_before(desk: Desk) -> None:
    change(desk, TOWN)
    desk.clock.set_day(date(2026, 11, 30))
    unit = desk.office.units.get(desk.row(TOWN).unit_id)
    reform = Reform(date(2026, 11, 30), "宝编〔2026〕9号")
    desk.office.system.unit_changes.abolish(UnitRef(unit.unit_id or 0, unit.version), reform)
    assert changes(desk) == []
    assert [row.state for row in changes(desk, TODAY)] == [FilingState.DRAFT]


def test_a_first_filing_has_no_limit(desk: Desk) -> None:
    desk.appoint(TOWN, since=date(2025, 1, 6))
    (row,) = desk.office.filing_list.rows()
    assert (row.kind, row.due_date, row.lamp, row.late.days) == ("首次备案", None, Lamp.NONE, 0)


def test_the_earliest_limit_comes_first_and_those_without_one_last(desk: Desk) -> None:
    desk.change(since=TODAY)
    change(desk, OTHER)
    rows = desk.office.filing_list.rows()
    assert [row.unit for row in rows if row.due_date] == [OTHER, TOWN]
    assert [row.due_date is None for row in rows] == [False, False, True, True]


def test_a_void_filing_lights_no_lamp() -> None:
    assert lamp_of(FilingState.VOID, CHANGED, None, TODAY) is Lamp.NONE


def test_the_scan_of_an_imported_filing_calls_for_no_original(desk: Desk) -> None:
    past = FilingDraft(state=FilingState.FILED, number="2025-7", received_on=date(2025, 5, 6))
    desk.appoint(OTHER, since=date(2025, 5, 1), filing=past)
    imported, filing = next(r.filing_id for r in desk.office.filing_list.rows() if r.number), desk.change()
    desk.receive(SCAN, imported, filing)
    assert desk.listed(FilingView.TO_ORIGINAL) == [filing]
    desk.file(filing)
    assert desk.listed(FilingView.TO_ORIGINAL) == [filing]


def test_lists_follow_a_filing_on_its_way(desk: Desk) -> None:
    filing = desk.change()
    assert filing in desk.listed(FilingView.WAITING)
    assert desk.listed(FilingView.OVERDUE) == [filing]
    desk.receive(replace(SCAN, received_on=date(2026, 11, 16)), filing)
    assert (desk.listed(FilingView.OVERDUE), desk.listed(FilingView.TO_NUMBER)) == ([], [filing])
    assert desk.listed(FilingView.TO_ORIGINAL) == [filing]
    desk.file(filing)
    assert (desk.listed(FilingView.TO_STORE), desk.listed(FilingView.DONE)) == ([filing], [filing])
    desk.office.filings.store(desk.plan(FilingStep.STORE, filing), "2 号柜 3 盒")
    assert (desk.listed(FilingView.TO_STORE), desk.listed(FilingView.DONE)) == ([], [filing])
    assert (desk.filing(filing).stored_on, desk.filing(filing).stored_place) == (TODAY, "2 号柜 3 盒")
    counts = desk.office.filing_list.counts(FilingQuery())
    assert (counts[FilingView.DONE], counts[FilingView.ALL]) == (1, 2)


def test_what_came_in_by_import_is_no_to_do(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    past = FilingDraft(
        change_reason="退休",
        state=FilingState.FILED,
        number="2026-003",
        received_on=date(2026, 11, 19),  # late, and long ago
    )
    desk.office.holders.replace(opened, desk.successor(opened, since=CHANGED), past)
    for of in (FilingView.OVERDUE, FilingView.TO_EXPLAIN, FilingView.TO_STORE, FilingView.TO_NUMBER):
        assert desk.listed(of) == []
    assert len(desk.listed(FilingView.DONE)) == 1


def test_what_was_received_on_an_unknown_day_waits_for_its_day(desk: Desk) -> None:
    desk.appoint(TOWN, filing=FilingDraft(state=FilingState.SCANNED))  # as an import may say
    (found,) = desk.listed(FilingView.TO_NUMBER)
    (line,) = desk.plan(FilingStep.FILE, found).lines
    assert line.problem == "没有收到日期，请先登记收件"
    desk.receive(SCAN, found)
    assert desk.file(found) == ["2026-001"]


@pytest.mark.parametrize("column", ["unit", "name", "number", "state", "due_date", "received_on"])
def test_list_is_searched_and_sorted_in_sql(desk: Desk, column: str) -> None:
    one, other = desk.change(), desk.change(OTHER, name="王五")
    desk.receive(ORIGINAL, one)
    desk.file(one)
    rows = desk.office.filing_list
    for descending in (False, True):
        keys = rows.keys(FilingQuery(sort=column, descending=descending))
        assert set(keys) >= {one, other}
    assert rows.keys(FilingQuery(text="luodianzhen lisi")) == [one]
    assert rows.keys(FilingQuery(text="2026-001")) == [one]
    assert rows.keys(FilingQuery(filters={"name": "ww"})) == [other]
    assert rows.keys(FilingQuery(text="100%'; DROP")) == []
