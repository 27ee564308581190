"""重新办理 of what nobody has to file any more is refused."""

from datetime import date

import pytest

from cdo_desktop.errors import InvalidFormError, InvalidInputError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState, PaperForm
from cdo_desktop.services.filing_list import FilingQuery
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.unit_reform import Reform, UnitRef

from .conftest import TODAY, Desk

TOWN = "罗店镇"
GONE = "单位自 2026-11-24 起已撤并，不能重新办理"


def abolished(desk: Desk, *, filed: bool = False) -> int:
    """Return the filing of a unit that is no more: void by the reform, or filed before it."""
    desk.appoint(TOWN, since=date(2026, 11, 2))
    row = desk.row(TOWN)
    (paper,) = desk.office.filing_list.keys(FilingQuery())
    filings = desk.office.filings
    if filed:
        filings.receive(filings.plan(FilingStep.RECEIVE, [paper]), ReceiptDraft(PaperForm.ORIGINAL, TODAY))
        filings.file(filings.plan(FilingStep.FILE, [paper]))
    unit = desk.office.units.get(row.unit_id)
    desk.office.system.unit_changes.abolish(UnitRef(row.unit_id, unit.version), Reform(TODAY))
    return paper


def test_a_filing_of_an_abolished_unit_is_not_done_anew(desk: Desk) -> None:
    paper = abolished(desk)
    plan = desk.office.filings.plan(FilingStep.ANEW, [paper])
    assert [line.problem for line in plan.lines] == [GONE]
    with pytest.raises(InvalidInputError, match="没有一份可以重新办理"):
        desk.office.filings.make_anew(plan)
    assert list(desk.office.filing_list.keys(FilingQuery())) == [paper]


def test_a_filed_one_can_be_void_but_not_be_done_anew(desk: Desk) -> None:
    paper = abolished(desk, filed=True)
    filings = desk.office.filings
    plan = filings.plan(FilingStep.VOID, [paper])
    assert not plan.ready[0].holder_stays  # so that nothing is offered by itself
    with pytest.raises(InvalidFormError) as told:
        filings.void(plan, "登记有误", anew=True)
    assert told.value.messages == {
        "anew": f"罗店镇 数据专员 张三：{GONE}。没有作废任何一份，请去掉这一项再作废。"
    }
    assert desk.office.filing_list.rows_of([paper])[paper].state == FilingState.FILED
    filings.void(plan, "登记有误")
    assert list(desk.office.filing_list.keys(FilingQuery())) == [paper]
