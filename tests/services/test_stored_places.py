"""入库 of what is stored already mends its place, as an action of its own."""

import pytest

from cdo_desktop.errors import ConflictError, InvalidFormError
from cdo_desktop.rules.filing_steps import FilingStep
from tests.services.conftest import ORIGINAL, TODAY, Desk

OTHER = "大场镇"


@pytest.fixture
def in_cabinet(desk: Desk) -> tuple[Desk, int]:
    """Return a desk with one filing that is stored in 1号柜."""
    filing = numbered(desk)
    desk.office.filings.store(desk.plan(FilingStep.STORE, filing), "1号柜")
    return desk, filing


def numbered(desk: Desk, unit: str = "罗店镇", name: str = "李四") -> int:
    filing = desk.change(unit, name=name)
    desk.receive(ORIGINAL, filing)
    desk.file(filing)
    return filing


def test_wrong_place_is_mended_and_told_of(in_cabinet: tuple[Desk, int]) -> None:
    desk, filing = in_cabinet
    shown = desk.plan(FilingStep.STORE, filing)
    assert (shown.step, shown.lines[0].problem, shown.lines[0].hint) == (
        FilingStep.MOVE,
        "",
        "现在放在：1号柜",
    )
    before = desk.filing(filing)
    desk.office.filings.store(shown, "2号柜")
    now = desk.filing(filing)
    assert (now.state, now.stored_on, now.stored_place) == ("已入库", TODAY, "2号柜")
    assert now.version == before.version + 1
    newest = desk.office.filing_history.of_filing(filing)[0]
    assert (newest.action, newest.details) == ("更正存放位置", (("存放位置", "1号柜", "2号柜"),))


def test_several_are_mended_together_and_the_same_place_is_not_told_of(in_cabinet: tuple[Desk, int]) -> None:
    desk, filing = in_cabinet
    other = numbered(desk, OTHER, name="王五")
    desk.office.filings.store(desk.plan(FilingStep.STORE, other), "2号柜")
    desk.office.filings.store(desk.plan(FilingStep.STORE, filing, other), "2号柜")
    assert {desk.filing(one).stored_place for one in (filing, other)} == {"2号柜"}
    actions = [line.action for line in desk.office.filing_history.of_filing(other)]
    assert "更正存放位置" not in actions


def test_beside_others_it_is_left_out(in_cabinet: tuple[Desk, int]) -> None:
    desk, filing = in_cabinet
    other = numbered(desk, OTHER, name="王五")
    both = desk.plan(FilingStep.STORE, filing, other)
    assert both.step is FilingStep.STORE
    assert [(line.filing_id, line.problem) for line in both.left_out] == [
        (filing, "已经入库，单独选中再入库可以更正存放位置")
    ]
    desk.office.filings.store(both, "3号柜")
    assert (desk.filing(filing).stored_place, desk.filing(other).stored_place) == ("1号柜", "3号柜")


@pytest.mark.parametrize(
    ("place", "said"),
    [(" ", "请写明现在放在哪里。"), ("1号柜", "和现在的存放位置一样，没有改动。")],
)
def test_nothing_to_mend_is_said(in_cabinet: tuple[Desk, int], place: str, said: str) -> None:
    desk, filing = in_cabinet
    before = desk.filing(filing)
    with pytest.raises(InvalidFormError) as raised:
        desk.office.filings.store(desk.plan(FilingStep.STORE, filing), place)
    assert raised.value.messages == {"place": said}
    assert desk.filing(filing) == before


def test_stale_plan_mends_nothing(in_cabinet: tuple[Desk, int]) -> None:
    desk, filing = in_cabinet
    shown = desk.plan(FilingStep.STORE, filing)
    desk.office.filings.store(desk.plan(FilingStep.STORE, filing), "2号柜")
    with pytest.raises(ConflictError):
        desk.office.filings.store(shown, "3号柜")
    assert desk.filing(filing).stored_place == "2号柜"
