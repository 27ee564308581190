"""更换 before a departure whose paper has its number: what is said to do can be done."""

from datetime import date

import pytest

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft

from .conftest import ORIGINAL, TOWN, Desk

LEAVES, FOLLOWS = date(2026, 12, 20), date(2026, 12, 10)


def departure(desk: Desk) -> int:
    """Return the 离任备案, received, of who leaves on 12-20."""
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    paper = desk.office.holders.leave(opened, LeaveDraft(LEAVES, "退休", date(2026, 11, 20), "组织部"))
    desk.receive(ORIGINAL, paper)
    return paper


def follow(desk: Desk) -> None:
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.replace(
        opened, desk.successor(opened, since=FOLLOWS), FilingDraft(change_reason="调离")
    )


@pytest.mark.parametrize("stored", [False, True])
def test_what_has_its_number_is_to_be_void(desk: Desk, stored: bool) -> None:
    paper = departure(desk)
    desk.file(paper)
    if stored:
        desk.office.filings.store(desk.plan(FilingStep.STORE, paper), "1号柜")
    with pytest.raises(InvalidInputError) as told:
        follow(desk)
    assert str(told.value).endswith(
        "没有保存；离任日期不对的，先作废那份离任备案（有编号的不能退回），不用另建草稿。"
    )
    plan = desk.plan(FilingStep.VOID, paper)
    assert plan.renewable
    assert not plan.anew_meant  # a draft would only be made void by 更换
    desk.office.filings.void(plan, "改为更换")
    follow(desk)
    (holder, left, *_) = desk.office.holders.holders_of(desk.row(TOWN).post_id)
    assert (holder.name, left.until, desk.filing(paper).state) == ("李四", FOLLOWS, FilingState.VOID)


def test_without_a_number_no_other_is_begun_unasked_either(desk: Desk) -> None:
    assert not desk.plan(FilingStep.VOID, departure(desk)).anew_meant
