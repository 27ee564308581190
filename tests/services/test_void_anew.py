"""作废 with 另建: what can be filed again gets another draft, the rest only becomes void."""

import pytest

from cdo_desktop.errors import ConflictError, InvalidFormError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.unit_reform import Reform, UnitRef

from .conftest import ORIGINAL, TODAY, Desk

TOWN, OTHER = "罗店镇", "大场镇"
GONE = "单位自 2026-11-24 起已撤并，不能重新办理"


def abolish(desk: Desk, unit_name: str) -> None:
    unit_id = desk.row(unit_name).unit_id
    unit = desk.office.units.get(unit_id)
    desk.office.system.unit_changes.abolish(UnitRef(unit_id, unit.version), Reform(TODAY))


def received(desk: Desk, unit: str, name: str) -> int:
    filing = desk.change(unit, name=name)
    desk.receive(ORIGINAL, filing)
    return filing


def test_for_a_unit_that_is_gone_nothing_is_begun_anew_unasked(desk: Desk) -> None:
    paper = received(desk, TOWN, "李四")
    abolish(desk, TOWN)
    plan = desk.plan(FilingStep.VOID, paper)
    (line,) = plan.ready
    assert (plan.renewable, plan.anew_meant, line.hint) == ((), False, GONE)


def test_beside_them_the_others_are_begun_anew(desk: Desk) -> None:
    gone, there = received(desk, TOWN, "李四"), received(desk, OTHER, "王五")
    abolish(desk, TOWN)
    drafts = set(desk.listed(FilingView.WAITING))
    plan = desk.plan(FilingStep.VOID, gone, there)
    assert plan.anew_meant
    done = desk.office.filings.void(plan, "登记有误", anew=True)
    assert [line.filing_id for line in done.renewable] == [there]
    assert {desk.filing(one).state for one in (gone, there)} == {FilingState.VOID}
    (new,) = set(desk.listed(FilingView.WAITING)) - drafts
    assert (desk.filing(new).unit, desk.filing(new).name) == (OTHER, "王五")


def test_several_of_which_none_can_are_refused_when_it_is_asked_for(desk: Desk) -> None:
    papers = received(desk, TOWN, "李四"), received(desk, OTHER, "王五")
    for unit in (TOWN, OTHER):
        abolish(desk, unit)
    with pytest.raises(InvalidFormError) as told:
        desk.void(*papers, anew=True)
    assert told.value.messages == {
        "anew": "选中的 2 份都不能重新办理，原因见下。没有作废任何一份，请去掉这一项再作废。"
    }
    assert {desk.filing(one).state for one in papers} == {FilingState.RECEIVED}


def test_a_unit_that_goes_meanwhile_is_seen_before(desk: Desk) -> None:
    paper = received(desk, TOWN, "李四")
    plan = desk.plan(FilingStep.VOID, paper)
    assert plan.anew_meant
    abolish(desk, TOWN)
    with pytest.raises(ConflictError):
        desk.office.filings.void(plan, "登记有误", anew=True)
