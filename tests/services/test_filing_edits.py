"""修改备案内容: what the paper says of the change is mended until it is recorded."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from cdo_desktop.documents.pdf.filing_form import content_digest
from cdo_desktop.documents.readers.extract import extract
from cdo_desktop.documents.readers.roster_sheet import read_roster
from cdo_desktop.documents.readers.workbook import decode
from cdo_desktop.errors import ConflictError, InvalidFormError, InvalidInputError, NotFoundError
from cdo_desktop.models import Tenure
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingKind, FilingState, PaperShows, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.filing_edits import FilingContent
from cdo_desktop.services.filing_list import FilingRow
from cdo_desktop.services.filing_records import find_filing

from .conftest import ORIGINAL, TODAY, TOWN, Desk, F, Line, write_roster


def change(desk: Desk) -> FilingContent:
    """Register a holder and a successor; return what the paper of the change says."""
    filing = FilingDraft(change_reason="退休", filler="王五")
    return desk.office.filing_edits.get(desk.change(filing=filing))


def row(desk: Desk, kind: str) -> FilingRow:
    (found,) = [found for found in desk.office.filing_list.rows() if found.kind == kind]
    return found


def told(desk: Desk, filing_id: int) -> list[tuple[str, tuple[tuple[str, str, str], ...]]]:
    rows = desk.office.filing_history.of_filing(filing_id)
    return [(row.action, row.details) for row in rows]


def test_every_part_of_the_change_is_mended_and_told(desk: Desk) -> None:
    opened = change(desk)
    mended = replace(
        opened,
        change_reason="工作调动",
        known_on=date(2026, 11, 13),
        told_by="组织科 赵六",
        predecessor_name=" 张 三 ",
        predecessor_title="科长",
        handover="已交接",
        filler="孙七",
        filler_phone="021-56000001",
    )
    desk.office.filing_edits.save(opened, mended)
    now = desk.office.filing_edits.get(opened.filing_id)
    assert now == replace(mended, version=opened.version + 1, predecessor_name="张三")
    action, details = told(desk, opened.filing_id)[0]
    assert action == "修改备案内容"
    assert ("知悉日期", "", "2026-11-13") in details
    assert ("填表人", "王五", "孙七") in details
    assert not {"原任姓名", "应备案截止日"} & {label for label, _old, _new in details}


def test_another_change_date_counts_the_limit_anew_and_says_so(desk: Desk) -> None:
    opened = change(desk)
    assert row(desk, "变更备案").due_date == date(2026, 11, 17)
    desk.office.filing_edits.save(opened, replace(opened, change_date=date(2026, 11, 13)))
    assert row(desk, "变更备案").due_date == date(2026, 11, 18)
    _action, details = told(desk, opened.filing_id)[0]
    assert details == (
        ("变更日期", "2026-11-12", "2026-11-13"),
        ("应备案截止日", "2026-11-17", "2026-11-18"),
    )


def refiled(desk: Desk) -> FilingContent:
    """File what a successor came with, and update them; return what the paper of the 信息更新 says."""
    settings = desk.office.system.settings
    settings.save(replace(settings.get(), refile_updates=True), settings.get())
    first = change(desk)
    desk.receive(ORIGINAL, first.filing_id)
    desk.file(first.filing_id)
    holder = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.update(holder, replace(holder, title="主任"))
    drafts = [found for found in desk.office.filing_list.rows() if found.state == FilingState.DRAFT]
    (paper,) = [found for found in drafts if found.kind == "变更备案"]
    return desk.office.filing_edits.get(paper.filing_id)


def test_an_update_that_is_filed_gets_no_limit_from_another_day(desk: Desk) -> None:
    paper = refiled(desk)
    assert desk.filing(paper.filing_id).due_date is None
    desk.office.filing_edits.save(paper, replace(paper, change_date=date(2026, 11, 12)))
    now = desk.filing(paper.filing_id)
    assert (now.change_date, now.due_date, now.lamp) == (date(2026, 11, 12), None, "")
    _action, details = told(desk, paper.filing_id)[0]
    assert [label for label, _old, _new in details] == ["变更日期"]


def test_an_update_of_the_first_day_gets_no_limit_when_that_day_is_corrected(desk: Desk) -> None:
    paper = refiled(desk)
    desk.office.filing_edits.save(paper, replace(paper, change_date=date(2026, 11, 12)))
    desk.correct_first_day(date(2026, 11, 16))
    now = desk.filing(paper.filing_id)
    assert (now.change_date, now.due_date) == (date(2026, 11, 12), None)  # the day of the update stays


def test_an_update_that_a_roster_tells_more_of_gets_no_limit(desk: Desk, tmp_path: Path) -> None:
    paper = refiled(desk)
    line: Line = {F.UNIT_SHORT_NAME: TOWN, F.POST: PostKind.SPECIALIST, F.NAME: "李四", F.FILLER: "孙七"}
    write_roster(tmp_path / "名册.xlsx", [line])
    extract(tmp_path / "名册.xlsx", tmp_path / "名册.json")
    with (tmp_path / "名册.json").open(encoding="utf-8") as rows:
        desk.office.roster_import.apply(read_roster(decode(rows)))
    assert desk.office.filing_edits.get(paper.filing_id).filler == "孙七"
    assert desk.filing(paper.filing_id).due_date is None


def test_the_reason_of_an_update_says_nothing_of_who_left_before(desk: Desk) -> None:
    paper = refiled(desk)
    assert paper.change_reason == "其他"
    with desk.office._database.write() as session:
        session.execute(update(Tenure).where(Tenure.until.is_not(None)).values(leave_reason="其他"))
    desk.office.filing_edits.save(paper, replace(paper, change_reason="职务有变"))
    with desk.office._database.read() as session:
        assert session.scalars(select(Tenure.leave_reason).order_by(Tenure.since)).all() == ["其他", ""]


def test_nothing_typed_writes_nothing(desk: Desk) -> None:
    opened = change(desk)
    before = told(desk, opened.filing_id)
    desk.office.filing_edits.save(opened, opened)
    assert told(desk, opened.filing_id) == before
    assert desk.office.filing_edits.get(opened.filing_id) == opened


def test_what_was_done_again_stays_so_when_its_day_is_mended(desk: Desk) -> None:
    first = change(desk)
    desk.void(first.filing_id, anew=True)
    again = desk.office.filing_edits.get(row(desk, "变更备案").filing_id)
    desk.office.filing_edits.save(again, replace(again, change_date=date(2026, 11, 13)))
    (line,) = desk.plan(FilingStep.ANEW, first.filing_id).lines
    assert line.problem == "已经另有一份，不用再建"
    desk.void(again.filing_id, anew=True)
    both = desk.plan(FilingStep.ANEW, first.filing_id, again.filing_id)
    assert not both.ready
    _action, details = told(desk, row(desk, "变更备案").filing_id)[0]
    assert [label for label, _old, _new in details] == ["备案类型", "变更日期", "应备案截止日"]


def test_it_can_be_undone_by_its_name(desk: Desk) -> None:
    opened = change(desk)
    undo = desk.office.undo
    desk.office.filing_edits.save(opened, replace(opened, handover="已交接", change_reason="调离本单位"))
    assert undo.state.undo.label == "修改备案 李四 变更原因、工作交接"
    undo.undo(undo.state.undo.number)
    assert desk.office.filing_edits.get(opened.filing_id).values == opened.values


def test_who_ended_by_the_change_gives_the_same_reason(desk: Desk) -> None:
    opened = change(desk)
    desk.office.filing_edits.save(opened, replace(opened, change_reason="任免文件写的是免职"))
    holder = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.leave(holder, LeaveDraft(TODAY, reason="调离"))
    leaving = desk.office.filing_edits.get(row(desk, "离任备案").filing_id)
    assert leaving.kind is FilingKind.LEAVE
    assert "change_date" not in leaving.values  # the day is that of the tenure
    desk.office.filing_edits.save(leaving, replace(leaving, change_reason="辞职"))
    with desk.office._database.snapshot() as connection:
        reasons = connection.execute("SELECT leave_reason FROM tenures ORDER BY since").fetchall()
    assert reasons == [("任免文件写的是免职",), ("辞职",)]


def test_a_first_filing_has_who_filled_it_in(desk: Desk) -> None:
    desk.appoint(TOWN)
    first = desk.office.filing_edits.get(row(desk, "首次备案").filing_id)
    assert set(first.values) == {"filler", "filler_phone"}
    desk.office.filing_edits.save(first, replace(first, filler="孙七", change_reason="不算"))
    assert desk.office.filing_edits.get(first.filing_id).filler == "孙七"
    assert desk.office.filing_edits.get(first.filing_id).change_reason == ""


def test_what_was_printed_before_shows_the_older_content(desk: Desk) -> None:
    opened = change(desk)
    forms = desk.office.forms
    batch = forms.compose(unit=TOWN)
    forms.mark_issued(batch)
    digest = content_digest(batch.sheets[0].data)
    issued = desk.office.filing_edits.get(opened.filing_id)
    assert issued.state == FilingState.ISSUED
    desk.office.filing_edits.save(issued, replace(issued, handover="已交接"))
    with desk.office._database.read() as session:
        record = find_filing(session, opened.filing_id)
        assert forms.shows(session, record, digest) is PaperShows.OLDER


def test_after_the_number_nothing_is_mended(desk: Desk) -> None:
    opened = change(desk)
    desk.receive(ORIGINAL, opened.filing_id)
    underway = desk.office.filing_edits.get(opened.filing_id)
    desk.office.filing_edits.save(underway, replace(underway, handover="已交接"))
    desk.file(opened.filing_id)
    filed = desk.office.filing_edits.get(opened.filing_id)
    with pytest.raises(InvalidInputError, match="罗店镇 数据专员 李四的备案已备案，内容已定，没有保存"):
        desk.office.filing_edits.save(filed, replace(filed, handover=""))


def test_whoever_was_quicker_is_shown(desk: Desk) -> None:
    opened = change(desk)
    desk.office.filing_edits.save(opened, replace(opened, filler="赵六"))
    with pytest.raises(ConflictError) as refused:
        desk.office.filing_edits.save(opened, replace(opened, filler="孙七"))
    (conflict,) = refused.value.fields
    assert (conflict.label, conflict.mine, conflict.theirs) == ("填表人", "孙七", "赵六")


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"change_date": None}, "change_date"),
        ({"change_reason": " "}, "change_reason"),
        ({"filler": "同上"}, "filler"),
        ({"told_by": "字" * 201}, "told_by"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(desk: Desk, wrong: dict[str, object], key: str) -> None:
    opened = change(desk)
    with pytest.raises(InvalidFormError) as refused:
        desk.office.filing_edits.save(opened, replace(opened, **wrong))  # type: ignore[arg-type]
    assert set(refused.value.messages) == {key}


def test_one_that_is_gone_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        desk.office.filing_edits.get(999)
