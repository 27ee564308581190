"""撤销 and 重做 of what is done to filings: printed, received, set aside, moved; not what has its number."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.undo import UndoService
from cdo_desktop.services.unit_reform import Reform

from .conftest import ORIGINAL, SCAN, TODAY, TOWN, Desk
from .undo_steps import (
    OTHER,
    dump,
    edit_unit,
    holder,
    make_tomorrow_a_day_off,
    print_form,
    redone,
    ref,
    replace_holder,
    undone,
    update,
    write_elsewhere,
)


def test_printing_can_be_undone_and_then_what_was_printed(held: Desk, undo: UndoService) -> None:
    before = dump(held)
    replace_holder(held)
    print_form(held)
    assert undo.state.undo.label == "出表 李四"
    undone(undo)
    assert holder(held) == "李四"
    assert [state for (state,) in states(held)] == [FilingState.DRAFT, FilingState.DRAFT]
    undone(undo)
    assert dump(held) == before


def filing_of(desk: Desk, name: str) -> int:
    """Return the newest filing of a person that is not void."""
    return max(row.filing_id for row in desk.office.filing_list.rows() if row.name == name)


def test_a_filing_with_a_number_is_never_taken_back(held: Desk, undo: UndoService) -> None:
    replace_holder(held)
    filing_id = filing_of(held, "李四")
    held.receive(ORIGINAL, filing_id)
    assert undo.state.undo.label == "收件 李四"
    held.file(filing_id)
    reason = "“备案 李四”牵涉已备案或作废的备案，不能撤销；备案错了的只能作废"
    assert undo.state.undo.reason == reason
    assert ("已备案",) in states(held)


def explain(desk: Desk, filing_id: int) -> None:
    (row,) = desk.office.filing_list.rows_of([filing_id]).values()
    desk.office.filings.explain(filing_id, row.version, "出差")


def receive_original(desk: Desk, filing_id: int) -> None:
    desk.receive(ORIGINAL, filing_id)


def file_and_void(desk: Desk, filing_id: int) -> None:
    desk.file(filing_id)
    desk.void(filing_id)


@pytest.mark.parametrize(
    "act",
    [Desk.file, file_and_void, explain, receive_original],
    ids=["备案", "作废", "逾期说明", "补登原件"],
)
def test_what_is_final_ends_the_steps_of_its_own_filing_alone(
    act: Callable[[Desk, int], object], held: Desk, undo: UndoService
) -> None:
    replace_holder(held)
    filing_id = filing_of(held, "李四")
    held.receive(SCAN, filing_id)
    if act in (explain, receive_original):
        held.file(filing_id)
    held.appoint(OTHER, name="王五")
    before = dump(held)["tenures"]
    update(held, mobile="13900000009")  # the person, not the paper
    act(held, filing_id)
    assert undone(undo) == "修改 李四 手机"
    assert dump(held)["tenures"] == before
    assert undone(undo) == "任命 王五"
    assert held.row(OTHER).tenure_id is None
    assert not undo.state.undo.possible  # the receipt went with the number
    assert redone(undo) == "任命 王五"


def test_receipt_that_is_taken_with_one_of_what_is_recorded_is_final(held: Desk, undo: UndoService) -> None:
    replace_holder(held)
    held.appoint(OTHER, name="王五")
    recorded, other = filing_of(held, "李四"), filing_of(held, "王五")
    held.receive(SCAN, recorded, other)
    held.file(recorded)
    held.receive(ORIGINAL, recorded, other)
    assert not undo.state.undo.possible
    assert undo.state.undo.reason.startswith("“收件 ")


def test_setting_aside_what_has_no_number_is_undone(held: Desk, undo: UndoService) -> None:
    replace_holder(held)
    filing_id = filing_of(held, "李四")
    held.receive(ORIGINAL, filing_id)
    before = dump(held)
    held.void(filing_id, anew=True)
    after = dump(held)
    assert undo.state.undo.label == "作废 李四"
    undone(undo)
    assert dump(held) == before
    redone(undo)
    assert dump(held) == after


def test_setting_aside_what_came_in_as_filed_is_final(held: Desk, undo: UndoService) -> None:
    write_elsewhere(held, "UPDATE filings SET state = '已备案'")  # as an import without a number
    held.void(filing_of(held, "张三"))
    assert undo.state.undo.reason.startswith("“作废 张三”牵涉已备案或作废的备案，不能撤销")


def test_a_paper_printed_after_the_undoing_keeps_the_old_step_from_coming_back(
    held: Desk, undo: UndoService
) -> None:
    replace_holder(held)
    update(held, since=TODAY + timedelta(days=1))  # and the end of 张三, and the change date
    undone(undo)
    assert undo.state.redo.label == "修改 李四 任职日期"
    print_form(held)
    assert not undo.state.redo.possible
    assert undo.state.undo.label == "出表 李四"
    assert [state for (state,) in states(held)] == [FilingState.DRAFT, FilingState.ISSUED]


def states(desk: Desk) -> list[tuple[str]]:
    with desk.office._database.snapshot() as connection:
        return connection.execute("SELECT state FROM filings ORDER BY id").fetchall()


def test_an_edit_that_moves_a_paper_that_is_out_is_undone_with_it(held: Desk, undo: UndoService) -> None:
    replace_holder(held)
    print_form(held)
    before = dump(held)
    update(held, since=TODAY + timedelta(days=1))
    undone(undo)
    assert dump(held) == before


def test_a_reform_that_set_papers_without_a_number_aside_is_undone(held: Desk, undo: UndoService) -> None:
    before = dump(held)
    reform = Reform(TODAY, "宝编〔2026〕8号")
    held.office.system.unit_changes.merge([ref(held, TOWN)], ref(held, OTHER), reform)
    assert ("作废",) in states(held)
    assert undone(undo) == "单位合并 月浦镇等 2 个单位"
    assert dump(held) == before


def test_moving_another_limit_leaves_older_steps_alone(held: Desk, undo: UndoService) -> None:
    replace_holder(held)
    undo._stack.end("前面的不算")
    held.appoint(OTHER, name="王五")
    make_tomorrow_a_day_off(held)  # moves the limit of 李四
    assert undo.state.undo.label == "任命 王五"
    undone(undo)
    assert held.row(OTHER).tenure_id is None


def test_printing_many_forms_counts_them_printed_anew_or_not(held: Desk, undo: UndoService) -> None:
    print_form(held)
    held.appoint(OTHER, name="王五")
    posts = [held.row(unit).post_id for unit in (TOWN, OTHER)]
    held.office.forms.mark_issued(held.office.forms.compose(post_ids=posts))
    assert undo.state.undo.label == "出表 张三等 2 份"
    edit_unit(held, address="罗店路 1 号")
    held.office.forms.mark_issued(held.office.forms.compose(post_ids=[posts[1]]))
    held.receive(ORIGINAL, filing_of(held, "张三"), filing_of(held, "王五"))
    assert undo.state.undo.label == "收件 张三等 2 份"
