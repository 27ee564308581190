"""A successor came, by a correction, before a registered departure: that was a 更换 after all."""

from dataclasses import replace
from datetime import date

import pytest

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft

from .conftest import ORIGINAL, TOWN, Desk
from .undo_steps import dump, redone, undone

CAME, LEAVES, EARLIER = date(2025, 1, 6), date(2026, 12, 20), date(2026, 12, 10)


def leave_and_follow(desk: Desk, since: date = LEAVES) -> tuple[int, int]:
    """Register that 张三 leaves on 12-20 and 李四 follows; return both filings."""
    opened = desk.appoint(TOWN, since=CAME)
    left = desk.office.holders.leave(opened, LeaveDraft(LEAVES, "退休", date(2026, 11, 20), "组织部"))
    new = desk.successor(opened, since=since)
    opened = desk.office.holders.get(opened.tenure_id or 0)
    tenure = desk.office.holders.replace(opened, new, FilingDraft(change_reason="调离"))
    (row,) = [row for row in desk.office.filing_list.rows() if row.tenure_id == tenure]
    return left, row.filing_id


def correct(desk: Desk, day: date) -> None:
    """Say that 李四 came on another day."""
    post = desk.row(TOWN).post_id
    (tenure,) = desk.stored("SELECT max(id) FROM tenures WHERE post_id = ?", post)[0]
    holders = desk.office.holders
    opened = holders.get(int(str(tenure)))
    holders.update(opened, replace(opened, since=day), correction=True)


@pytest.mark.parametrize("followed", [LEAVES, date(2026, 12, 28)])
def test_the_departure_gives_way_to_the_change(desk: Desk, followed: date) -> None:
    left, change = leave_and_follow(desk, followed)
    correct(desk, EARLIER)
    assert desk.ends() == [("李四", EARLIER, None), ("张三", CAME, EARLIER)]
    assert [desk.filing(one).state for one in (left, change)] == ["作废", "草稿"]
    assert desk.filing(change).change_date == EARLIER
    told = desk.office.filing_history.of_filing(left)[0]
    assert ("作废原因", "", "离任改为更换，由李四的变更备案代替") in told.details
    (line,) = desk.plan(FilingStep.ANEW, left).lines
    assert line.problem == "离任日期已经不是 2026-12-20，不用重新办理"


def test_it_is_undone_and_done_again_in_one(desk: Desk) -> None:
    left, _change = leave_and_follow(desk)
    undo = desk.office.undo
    assert not undo.state.undo.possible
    before = dump(desk)
    correct(desk, EARLIER)
    after = dump(desk)
    undone(undo)
    assert dump(desk) == before
    assert desk.filing(left).state == "草稿"
    redone(undo)
    assert dump(desk) == after


def test_who_left_before_the_corrected_day_keeps_the_paper(desk: Desk) -> None:
    left, _change = leave_and_follow(desk, date(2026, 12, 28))
    correct(desk, date(2026, 12, 24))
    assert desk.filing(left).state == "草稿"
    assert desk.ends()[-1] == ("张三", CAME, LEAVES)


def test_a_paper_that_has_come_is_not_contradicted(desk: Desk) -> None:
    left, change = leave_and_follow(desk)
    desk.receive(ORIGINAL, left)
    with pytest.raises(InvalidInputError) as told:
        correct(desk, EARLIER)
    assert told.value.field == "since"
    assert str(told.value) == (
        "罗店镇 数据专员“张三”的离任备案已收原件，离任日期 2026-12-20，接任不能更早。没有保存；"
        "离任日期不对的，先退回或作废那份离任备案。"
    )
    assert desk.ends() == [("李四", LEAVES, None), ("张三", CAME, LEAVES)]
    assert desk.filing(change).change_date == LEAVES
    desk.send_back(left)
    correct(desk, EARLIER)
    assert (desk.filing(left).state, desk.ends()[-1]) == ("作废", ("张三", CAME, EARLIER))
