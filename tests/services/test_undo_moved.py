"""What 撤销 says after the place of what is stored was mended: mend it again."""

from cdo_desktop.rules.filing_steps import FilingStep

from .conftest import ORIGINAL, Desk


def test_a_place_is_said_to_be_mended_again(desk: Desk) -> None:
    assert not desk.office.undo.state.undo.possible  # it records from here on
    filing = desk.change()
    desk.receive(ORIGINAL, filing)
    desk.file(filing)
    for place, said in (
        ("1号柜", "“入库 李四”牵涉已备案或作废的备案，不能撤销；备案错了的只能作废"),
        ("2号柜", "“更正存放位置 李四”不能撤销；存放位置写错了的，再按“入库”更正"),
    ):
        desk.office.filings.store(desk.plan(FilingStep.STORE, filing), place)
        assert desk.office.undo.state.undo.reason == said
