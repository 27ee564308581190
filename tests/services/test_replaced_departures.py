"""更换 before a registered departure: one 变更备案, not a paper of a departure that did not happen."""

from dataclasses import replace
from datetime import date

import pytest

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingKind, FilingState, PaperForm
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.filing_list import FilingQuery, FilingRow
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView

from .conftest import TODAY, Desk

TOWN = "罗店镇"
LEAVES, FOLLOWS = date(2026, 12, 20), date(2026, 12, 10)


def leaving(desk: Desk) -> int:
    """Register that 张三 leaves on 12-20, and return the 离任备案."""
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    return desk.office.holders.leave(opened, LeaveDraft(LEAVES, "退休", date(2026, 11, 20), "组织部"))


def follow(desk: Desk, since: date = FOLLOWS) -> int:
    """Register 李四 as the successor of 张三."""
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    new = desk.successor(opened, since=since, name="李四")
    return desk.office.holders.replace(opened, new, FilingDraft(change_reason="调离"))


def filing(desk: Desk, filing_id: int) -> FilingRow:
    return desk.office.filing_list.rows_of([filing_id])[filing_id]


def test_the_paper_of_the_departure_gives_way_to_that_of_the_change(desk: Desk) -> None:
    paper = leaving(desk)
    follow(desk)
    left = filing(desk, paper)
    assert left.state == FilingState.VOID
    waiting = desk.office.filing_list.rows_of(desk.office.filing_list.keys(FilingQuery(FilingView.WAITING)))
    assert [(row.name, row.kind, row.change_date) for row in waiting.values() if row.unit == TOWN] == [
        ("张三", FilingKind.FIRST, None),
        ("李四", FilingKind.CHANGE, FOLLOWS),
    ]
    told = desk.office.filing_history.of_filing(paper)[0]
    assert told.action == "作废"
    assert ("作废原因", "", "离任改为更换，由李四的变更备案代替") in told.details


def test_it_is_all_undone_and_done_again_in_one(desk: Desk) -> None:
    paper = leaving(desk)
    assert not desk.office.undo.state.undo.label  # it records from here on
    follow(desk)
    step = desk.office.undo.state.undo
    assert step.label == "更换 张三为李四"
    desk.office.undo.undo(step.number)
    assert (filing(desk, paper).state, filing(desk, paper).change_date) == (FilingState.DRAFT, LEAVES)
    assert desk.ends() == [("张三", date(2025, 1, 6), LEAVES)]
    again = desk.office.undo.state.redo
    desk.office.undo.redo(again.number)
    assert filing(desk, paper).state == FilingState.VOID


@pytest.mark.parametrize("since", [LEAVES, date(2026, 12, 28)])
def test_who_leaves_before_the_successor_keeps_the_paper(desk: Desk, since: date) -> None:
    paper = leaving(desk)
    follow(desk, since)
    assert (filing(desk, paper).state, filing(desk, paper).change_date) == (FilingState.DRAFT, LEAVES)
    assert desk.ends()[-1] == ("张三", date(2025, 1, 6), LEAVES)


def test_a_paper_that_has_come_is_not_contradicted(desk: Desk) -> None:
    paper = leaving(desk)
    filings = desk.office.filings
    filings.receive(filings.plan(FilingStep.RECEIVE, [paper]), ReceiptDraft(PaperForm.ORIGINAL, TODAY))
    with pytest.raises(InvalidInputError) as told:
        follow(desk)
    assert told.value.field == "since"
    assert str(told.value) == (
        "罗店镇 数据专员“张三”的离任备案已收原件，离任日期 2026-12-20，接任不能更早。没有保存；"
        "离任日期不对的，先退回或作废那份离任备案。"
    )
    assert desk.ends() == [("张三", date(2025, 1, 6), LEAVES)]
    filings.void(filings.plan(FilingStep.VOID, [paper]), "改为更换")
    follow(desk)
    assert desk.ends()[-1] == ("张三", date(2025, 1, 6), FOLLOWS)


def test_the_first_day_of_the_successor_moves_the_end_later_as_well(desk: Desk) -> None:
    leaving(desk)
    opened = desk.office.holders.get(follow(desk))
    desk.office.holders.update(opened, replace(opened, since=date(2026, 12, 8)), correction=True)
    assert desk.ends() == [("李四", date(2026, 12, 8), None), ("张三", date(2025, 1, 6), date(2026, 12, 8))]


def test_the_departure_that_did_not_happen_is_not_done_anew(desk: Desk) -> None:
    paper = leaving(desk)
    follow(desk)
    (line,) = desk.office.filings.plan(FilingStep.ANEW, [paper]).lines
    assert line.problem == "离任日期已经不是 2026-12-20，不用重新办理"
