"""备案表 of chosen filings: exactly these, whatever else the post has meanwhile."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cdo_desktop.errors import NotFoundError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingKind, FilingState, PaperForm, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.filing_list import FilingQuery
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.forms import FormBatch, UnprintedForm

from .conftest import TODAY, Desk

TOWN = "罗店镇"


def id_of(desk: Desk, name: str, kind: FilingKind) -> int:
    """Return the one filing of a person."""
    service = desk.office.filing_list
    rows = service.rows_of(service.keys(FilingQuery())).values()
    (found,) = [row.filing_id for row in rows if (row.name, row.kind) == (name, kind)]
    return found


def two_changes(desk: Desk) -> tuple[int, int]:
    """Return the 变更备案 of 乙乙, overdue, and that of 丙丙, who followed."""
    holders = desk.office.holders
    first = desk.appoint(TOWN, since=date(2025, 1, 6), name="甲甲")
    second = holders.replace(
        first, desk.successor(first, since=date(2026, 11, 12), name="乙乙"), FilingDraft(change_reason="退休")
    )
    third = desk.successor(first, since=date(2026, 11, 20), name="丙丙")
    holders.replace(holders.get(second), third, FilingDraft(change_reason="调离"))
    return id_of(desk, "乙乙", FilingKind.CHANGE), id_of(desk, "丙丙", FilingKind.CHANGE)


def printed(batch: FormBatch) -> list[tuple[int, str, str | None]]:
    return [(sheet.filing_id, sheet.data.name, sheet.data.kind) for sheet in batch.sheets]


def states(desk: Desk, *filing_ids: int) -> list[str]:
    rows = desk.office.filing_list.rows_of(filing_ids)
    return [rows[filing_id].state for filing_id in filing_ids]


def take(desk: Desk, step: FilingStep, filing_id: int) -> None:
    filings = desk.office.filings
    plan = filings.plan(step, [filing_id])
    match step:
        case FilingStep.RECEIVE:
            filings.receive(plan, ReceiptDraft(PaperForm.ORIGINAL, TODAY))
        case FilingStep.RETURN:
            filings.send_back(plan, "缺公章")
        case FilingStep.FILE:
            filings.file(plan)
        case _:
            filings.void(plan, "登记有误")


def test_an_older_filing_of_a_post_is_printed_and_it_alone_is_handed_out(desk: Desk, tmp_path: Path) -> None:
    older, newer = two_changes(desk)
    batch = desk.office.forms.compose(filing_ids=[older])
    assert printed(batch) == [(older, "乙乙", FilingKind.CHANGE)]
    desk.office.forms.write_folder(batch, tmp_path)
    assert states(desk, older, newer) == [FilingState.ISSUED, FilingState.DRAFT]


def test_an_older_filing_is_printed_again_after_it_was_sent_back(desk: Desk) -> None:
    older, _newer = two_changes(desk)
    take(desk, FilingStep.RECEIVE, older)
    take(desk, FilingStep.RETURN, older)
    batch = desk.office.forms.compose(filing_ids=[older])
    assert printed(batch) == [(older, "乙乙", FilingKind.CHANGE)]
    desk.office.forms.mark_issued(batch)
    assert states(desk, older) == [FilingState.ISSUED]


def test_both_filings_of_a_post_give_two_forms(desk: Desk) -> None:
    older, newer = two_changes(desk)
    batch = desk.office.forms.compose(filing_ids=[newer, older])
    assert printed(batch) == [(older, "乙乙", FilingKind.CHANGE), (newer, "丙丙", FilingKind.CHANGE)]


def test_a_departure_is_printed_after_a_successor_was_appointed(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 11, 20), "退休"))
    leaving = id_of(desk, "张三", FilingKind.LEAVE)
    desk.appoint(TOWN, name="李四", since=date(2026, 11, 23))
    batch = desk.office.forms.compose(filing_ids=[leaving])
    assert printed(batch) == [(leaving, "张三", FilingKind.LEAVE)]
    assert batch.sheets[0].data.leave_date == date(2026, 11, 20)


def test_a_change_is_printed_beside_and_after_the_departure_of_the_same_person(desk: Desk) -> None:
    _older, change = two_changes(desk)
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 11, 22), "辞职"))
    leaving = id_of(desk, "丙丙", FilingKind.LEAVE)
    take(desk, FilingStep.RECEIVE, leaving)
    for chosen, kind in ((change, FilingKind.CHANGE), (leaving, FilingKind.LEAVE)):
        batch = desk.office.forms.compose(filing_ids=[chosen])
        assert printed(batch) == [(chosen, "丙丙", kind)]
        assert batch.empty_posts == ()


def test_two_papers_of_one_person_do_not_become_one_file(desk: Desk, tmp_path: Path) -> None:
    _older, change = two_changes(desk)
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.leave(opened, LeaveDraft(date(2026, 11, 22), "辞职"))
    batch = desk.office.forms.compose(filing_ids=[change, id_of(desk, "丙丙", FilingKind.LEAVE)])
    files = desk.office.forms.write_folder(batch, tmp_path)
    assert [file.name.split("_", 1)[1] for file in files] == [
        "罗店镇_数据专员_丙丙_变更备案.pdf",
        "罗店镇_数据专员_丙丙_离任备案.pdf",
    ]
    assert all(file.exists() for file in files)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (FilingStep.FILE, "已经备案，签过字的表在“附件”里"),
        (FilingStep.VOID, "已经作废，不再出表；重新办理以后另有一份"),
    ],
)
def test_what_is_final_is_not_printed_and_says_why(step: FilingStep, why: str, desk: Desk) -> None:
    older, newer = two_changes(desk)
    take(desk, FilingStep.RECEIVE, older)
    take(desk, step, older)
    batch = desk.office.forms.compose(filing_ids=[older, newer])
    assert printed(batch) == [(newer, "丙丙", FilingKind.CHANGE)]
    (left,) = batch.unprinted
    assert left == UnprintedForm(TOWN, PostKind.SPECIALIST, "乙乙", FilingKind.CHANGE, why)


def test_warnings_are_those_of_the_chosen_filing(desk: Desk) -> None:
    older, _newer = two_changes(desk)
    batch = desk.office.forms.compose(filing_ids=[older])
    assert {(warning.filing_id, warning.title) for warning in batch.warnings} == {
        (older, "罗店镇 数据专员 乙乙")
    }


def test_a_filing_that_is_gone_is_told_of(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="已不存在"):
        desk.office.forms.compose(filing_ids=[999])


def test_the_register_still_prints_the_newest_paper_of_a_post(desk: Desk) -> None:
    _older, newer = two_changes(desk)
    batch = desk.office.forms.compose(post_ids=[desk.row(TOWN).post_id])
    assert printed(batch) == [(newer, "丙丙", FilingKind.CHANGE)]
    assert replace(batch, sheets=(), warnings=()) == FormBatch((), (), ())
