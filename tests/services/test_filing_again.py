"""重新办理: what takes the place of a void filing, once, and what it keeps of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cdo_desktop.errors import ConflictError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services import filing_again
from cdo_desktop.services.appointments import FilingDraft
from tests.services.conftest import CHANGED, ORIGINAL, TODAY, TOWN, Desk

OTHER = "大场镇"


def test_what_was_voided_without_another_is_done_again_later_once(desk: Desk) -> None:
    filing, other = desk.change(), desk.change(OTHER, name="王五")
    undo = desk.office.undo
    desk.receive(ORIGINAL, filing)
    desk.file(filing)
    desk.void(filing, reason="姓名写错")
    shown = desk.plan(FilingStep.ANEW, filing, other)
    assert [line.problem for line in shown.lines] == ["", "没有作废，不用重新办理"]
    desk.office.filings.make_anew(shown)
    (again,) = [found for found in desk.office.filing_list.rows() if found.name == "李四"]
    gone = desk.filing(filing)
    assert (again.kind, again.state, again.due_date) == (gone.kind, FilingState.DRAFT, gone.due_date)
    assert undo.state.undo.label == "重新办理 李四"
    assert desk.office.filing_history.of_filing(again.filing_id)[0].action == "重新办理"
    assert desk.plan(FilingStep.ANEW, filing).lines[0].problem == "已经另有一份，不用再建"
    with pytest.raises(ConflictError):
        desk.office.filings.make_anew(shown)
    undo.undo(undo.state.undo.number)
    assert desk.plan(FilingStep.ANEW, filing).ready


def test_what_was_begun_anew_by_the_older_word_is_known_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = desk.change()
    monkeypatch.setattr(filing_again, "AGAIN", "重新备案")  # as schema 6 began with
    desk.void(filing, reason="姓名写错", anew=True)
    monkeypatch.undo()
    (again,) = [found.filing_id for found in desk.office.filing_list.rows() if found.name == "李四"]
    opened = desk.office.filing_edits.get(again)
    desk.office.filing_edits.save(opened, replace(opened, change_date=date(2026, 11, 13)))
    assert desk.plan(FilingStep.ANEW, filing).lines[0].problem == "已经另有一份，不用再建"
    yesterday = TODAY - timedelta(days=1)
    assert [row.filing_id for row in desk.office.filing_list.rows(yesterday) if row.name == "李四"] == [
        filing
    ]


def test_what_a_void_filing_said_of_its_change_stands_in_the_next(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    texts = {"change_reason": "退休", "told_by": "组织科王五", "handover": "已完成", "filler": "王五"}
    said = FilingDraft(**texts, known_on=TODAY, filler_phone="56691234")  # type: ignore[arg-type]
    desk.office.holders.replace(opened, desk.successor(opened, since=CHANGED), said)
    filing = next(found.filing_id for found in desk.office.filing_list.rows() if found.kind == "变更备案")
    desk.void(filing, reason="姓名写错", anew=True)
    columns = f"change_date, known_on, predecessor_name, due_date, filler_phone, {', '.join(texts)}"
    void, again = desk.stored(f"SELECT {columns} FROM filings WHERE kind = '变更备案' ORDER BY id")
    assert None not in void
    assert "" not in void
    assert again == void


def test_of_several_void_ones_of_a_change_one_is_done_again(desk: Desk) -> None:
    first = desk.change()
    desk.void(first, reason="姓名写错", anew=True)
    (second,) = [found.filing_id for found in desk.office.filing_list.rows() if found.name == "李四"]
    desk.void(second, reason="又写错")
    problems = {line.filing_id: line.problem for line in desk.plan(FilingStep.ANEW, first, second).lines}
    assert sorted(problems.values()) == ["", "已经另有一份，不用再建"]


def test_a_void_number_stays_used_and_its_filing_can_be_done_again(desk: Desk) -> None:
    filing = desk.change()
    desk.receive(ORIGINAL, filing)
    desk.file(filing)
    desk.void(filing, reason="姓名写错", anew=True)
    gone = desk.filing(filing)
    assert (gone.state, gone.number, gone.void_reason) == (FilingState.VOID, "2026-001", "姓名写错")
    (again,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert (again.state, again.due_date) == (FilingState.DRAFT, gone.due_date)
    desk.receive(ORIGINAL, again.filing_id)
    assert desk.file(again.filing_id) == ["2026-002"]


def test_what_is_done_again_has_the_change_date_of_now(desk: Desk) -> None:
    filing = desk.change()
    desk.receive(ORIGINAL, filing)
    desk.file(filing)
    desk.correct_first_day(date(2026, 11, 13))
    desk.void(filing, reason="日期写错", anew=True)
    (again,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert (again.change_date, again.due_date) == (date(2026, 11, 13), date(2026, 11, 18))
    told = desk.office.filing_history.of_filing(again.filing_id)[0]
    assert ("变更日期", "", "2026-11-13") in told.details
    (line,) = desk.plan(FilingStep.ANEW, filing).lines
    assert line.problem == "已经另有一份，不用再建"


def test_what_is_done_again_keeps_a_change_date_that_was_mended_back(desk: Desk) -> None:
    filing = desk.change()  # of 11-12
    desk.correct_first_day(date(2026, 11, 16))
    opened = desk.office.filing_edits.get(filing)
    assert opened.change_date == date(2026, 11, 16)  # it followed
    desk.office.filing_edits.save(opened, replace(opened, change_date=CHANGED))
    desk.void(filing, reason="写错", anew=True)
    (again,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert (again.change_date, again.due_date) == (CHANGED, date(2026, 11, 17))
    desk.void(again.filing_id, reason="又写错")
    desk.correct_first_day(CHANGED)  # nothing follows 11-16 any more
    desk.office.filings.make_anew(desk.plan(FilingStep.ANEW, again.filing_id))
    (third,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert third.change_date == CHANGED


@pytest.mark.parametrize("filed", [False, True])
def test_what_is_done_again_later_follows_a_correction_made_while_it_was_void(
    desk: Desk, *, filed: bool
) -> None:
    filing = desk.change()
    desk.correct_first_day(date(2026, 11, 16))
    if filed:
        desk.receive(ORIGINAL, filing)
        desk.file(filing)
        desk.correct_first_day(date(2026, 11, 13))
    desk.void(filing, reason="写错")
    desk.correct_first_day(date(2026, 11, 17))
    desk.office.filings.make_anew(desk.plan(FilingStep.ANEW, filing))
    (again,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert again.change_date == date(2026, 11, 17)


def test_what_is_done_again_keeps_a_change_date_of_its_own(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    own = FilingDraft(change_reason="退休", change_date=date(2026, 11, 9))
    desk.office.holders.replace(opened, desk.successor(opened, since=CHANGED), own)
    (row_,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    desk.receive(ORIGINAL, row_.filing_id)
    desk.file(row_.filing_id)
    desk.correct_first_day(date(2026, 11, 13))
    desk.void(row_.filing_id, reason="姓名写错", anew=True)
    (again,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert (again.change_date, again.due_date) == (date(2026, 11, 9), row_.due_date)
