"""撤销 and 重做 with two windows: no filing comes beside another one of the same change."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cdo_desktop.errors import ConflictError
from cdo_desktop.office import Office
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState, PaperForm
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.filing_receipts import ReceiptDraft

from .conftest import TODAY, Clock, Desk

TOWN = "罗店镇"
Windows = tuple[Desk, Desk]
Way = Callable[[Desk, Desk, int], object]


@pytest.fixture
def windows(desk: Desk) -> Iterator[Windows]:
    """Two windows on one register that asks for the filing of every 信息更新, with one change."""
    settings = desk.office.system.settings
    settings.save(replace(settings.get(), refile_updates=True), settings.get())
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    new = desk.successor(opened, since=date(2026, 11, 12), name="李四")
    desk.office.holders.replace(opened, new, FilingDraft(change_reason="退休"))
    clock = Clock()
    with Office(desk.office.data_folder, clock) as other:
        for window in (desk.office, other):
            assert not window.undo.state.redo.possible  # begins to record
        yield desk, Desk(other, clock)


def kept(desk: Desk, kind: str = "变更备案") -> list[int]:
    """Return the filings of 李四 that are not void."""
    rows = desk.office.filing_list.rows()
    return sorted(row.filing_id for row in rows if row.name == "李四" and row.kind == kind)


def void(desk: Desk, filing_id: int, *, anew: bool = False) -> None:
    filings = desk.office.filings
    filings.void(filings.plan(FilingStep.VOID, [filing_id]), "写错", anew=anew)


def again(desk: Desk, filing_id: int) -> None:
    filings = desk.office.filings
    filings.make_anew(filings.plan(FilingStep.ANEW, [filing_id]))


def mend(desk: Desk, filing_id: int) -> None:
    paper = desk.office.filing_edits.get(filing_id)
    desk.office.filing_edits.save(paper, replace(paper, change_date=date(2026, 11, 13)))


def file(desk: Desk, filing_id: int) -> None:
    filings = desk.office.filings
    receipt = ReceiptDraft(PaperForm.ORIGINAL, TODAY)
    filings.receive(filings.plan(FilingStep.RECEIVE, [filing_id]), receipt)
    filings.file(filings.plan(FilingStep.FILE, [filing_id]))


def update(desk: Desk, title: str) -> None:
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, title=title))


def leave(desk: Desk, day: date) -> None:
    holders = desk.office.holders
    (tenure,) = [row for row in holders.holders_of(desk.row(TOWN).post_id) if row.name == "李四"]
    holders.leave(holders.get(tenure.tenure_id), LeaveDraft(day, "退休"))


def undo(desk: Desk) -> None:
    desk.office.undo.undo(desk.office.undo.state.undo.number)


def redo(desk: Desk) -> None:
    desk.office.undo.redo(desk.office.undo.state.redo.number)


def void_then_anew_elsewhere(one: Desk, other: Desk, filing: int) -> None:
    void(one, filing)
    again(other, filing)
    undo(one)


def void_then_anew_elsewhere_with_another_day(one: Desk, other: Desk, filing: int) -> None:
    void(one, filing)
    again(other, filing)
    mend(other, kept(other)[-1])
    undo(one)


def void_then_anew_and_filed_elsewhere(one: Desk, other: Desk, filing: int) -> None:
    void(one, filing)
    again(other, filing)
    file(other, kept(other)[-1])
    undo(one)


def void_of_the_second_then_a_third(one: Desk, other: Desk, filing: int) -> None:
    void(one, filing, anew=True)
    second = kept(one)[-1]
    void(one, second)
    again(other, filing)
    undo(one)


def anew_taken_back_then_anew_elsewhere(one: Desk, other: Desk, filing: int) -> None:
    void(one, filing)
    again(one, filing)
    undo(one)
    again(other, filing)
    redo(one)


def anew_taken_back_then_the_void_one_back_elsewhere(one: Desk, other: Desk, filing: int) -> None:
    void(other, filing)
    again(one, filing)
    undo(one)
    undo(other)
    redo(one)


@pytest.mark.parametrize(
    "way",
    [
        void_then_anew_elsewhere,
        void_then_anew_elsewhere_with_another_day,
        void_then_anew_and_filed_elsewhere,
        void_of_the_second_then_a_third,
        anew_taken_back_then_anew_elsewhere,
        anew_taken_back_then_the_void_one_back_elsewhere,
    ],
)
def test_no_filing_comes_beside_another_of_its_change(windows: Windows, way: Way) -> None:
    one, other = windows
    (filing,) = kept(one)
    with pytest.raises(ConflictError, match="之后又被改过或用到，不能再.*没有改动任何内容"):
        way(one, other, filing)
    assert len(kept(one)) == 1


def test_no_departure_comes_beside_another_that_was_registered_since(windows: Windows) -> None:
    one, other = windows
    leave(one, TODAY + timedelta(days=1))
    (first,) = kept(one, "离任备案")
    void(one, first)
    leave(other, TODAY + timedelta(days=1))
    with pytest.raises(ConflictError):
        undo(one)
    (second,) = kept(one, "离任备案")
    assert second != first
    (line,) = one.office.filings.plan(FilingStep.ANEW, [first]).lines
    assert line.problem == "已经另有一份，不用再建"


def test_no_update_comes_beside_another_that_is_underway(windows: Windows) -> None:
    one, other = windows
    file(one, kept(one)[0])
    update(one, "主任")
    void(one, kept(one)[-1])
    update(other, "副主任")
    with pytest.raises(ConflictError):
        undo(one)
    assert len(kept(one)) == 2


def test_an_update_comes_back_beside_one_of_the_same_day_that_is_filed(windows: Windows) -> None:
    one, _other = windows
    file(one, kept(one)[0])
    update(one, "主任")
    file(one, kept(one)[-1])
    update(one, "副主任")
    before = kept(one)
    assert len(before) == 3
    undo(one)
    redo(one)
    void(one, before[-1])
    undo(one)
    assert kept(one) == before
    void(one, before[1])  # filed
    (line,) = one.office.filings.plan(FilingStep.ANEW, [before[1]]).lines
    assert line.problem == "已经另有一份，不用再建"  # underway, and printed with all that is new
    file(one, before[2])
    assert one.office.filings.plan(FilingStep.ANEW, [before[1]]).ready


def test_what_was_set_aside_with_another_in_its_place_goes_back_and_forth(windows: Windows) -> None:
    one, _other = windows
    (filing,) = kept(one)
    void(one, filing, anew=True)
    (second,) = kept(one)
    void(one, second)
    again(one, second)
    (third,) = kept(one)
    for step in (undo, undo, undo, redo, redo, redo):
        step(one)
    assert kept(one) == [third]
    states = {row.filing_id: row.state for row in one.office.filing_list.rows_of([filing, second]).values()}
    assert states == {filing: FilingState.VOID, second: FilingState.VOID}
