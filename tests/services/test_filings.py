"""The way of a filing: received, returned, numbered, stored, void, and what each leaves behind."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cdo_desktop.errors import ConflictError, InvalidFormError, InvalidInputError
from cdo_desktop.rules.filing import CountedReceipt, counted_receipt
from cdo_desktop.rules.filing_steps import FilingStep, refusal
from cdo_desktop.rules.number_pattern import BRACKETED, NumberPattern
from cdo_desktop.rules.vocabulary import FilingState, PaperForm, PaperShows, PaperWay, PostKind
from cdo_desktop.services import filing_again, filing_numbers
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.filing_list import FilingQuery, FilingRow
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.filings import StepPlan
from cdo_desktop.services.paper_list import PaperQuery
from tests.services.conftest import TODAY, Desk

TOWN, OTHER = "罗店镇", "大场镇"
CHANGED = date(2026, 11, 12)  # due on 11-17
SCAN = ReceiptDraft(PaperForm.SCAN, TODAY, PaperWay.MESSAGE)
ORIGINAL = ReceiptDraft(PaperForm.ORIGINAL, TODAY, PaperWay.POST)


def change(desk: Desk, unit: str = TOWN, changed: date = CHANGED, name: str = "李四") -> int:
    """Register a holder and a successor, and return the filing of the successor."""
    opened = desk.appoint(unit, since=date(2025, 1, 6))
    desk.office.holders.replace(
        opened, desk.successor(opened, since=changed, name=name), FilingDraft(change_reason="退休")
    )
    (row,) = [row for row in desk.office.filing_list.rows() if row.unit == unit and row.kind == "变更备案"]
    return row.filing_id


def row(desk: Desk, filing_id: int) -> FilingRow:
    return desk.office.filing_list.rows_of([filing_id])[filing_id]


def plan(desk: Desk, step: FilingStep, *filing_ids: int, day: date | None = None) -> StepPlan:
    return desk.office.filings.plan(step, filing_ids, day)


def receive(desk: Desk, draft: ReceiptDraft, *filing_ids: int) -> None:
    desk.office.filings.receive(plan(desk, FilingStep.RECEIVE, *filing_ids), draft)


def file(desk: Desk, *filing_ids: int, day: date | None = None) -> list[str]:
    done = desk.office.filings.file(plan(desk, FilingStep.FILE, *filing_ids, day=day))
    return [line.number for line in done.ready]


def stored(desk: Desk, query: str, *values: object) -> list[tuple[object, ...]]:
    with desk.office._database.snapshot() as connection:
        return connection.execute(query, values).fetchall()


# Receipts


def test_scan_comes_first_and_the_original_days_later(desk: Desk) -> None:
    filing = change(desk)
    receive(desk, replace(SCAN, received_on=date(2026, 11, 16)), filing)
    assert (row(desk, filing).state, row(desk, filing).received_on) == (
        FilingState.SCANNED,
        date(2026, 11, 16),
    )
    receive(desk, replace(ORIGINAL, received_on=date(2026, 11, 20)), filing)
    now = row(desk, filing)
    assert (now.state, now.scan_on, now.original_on) == (
        FilingState.RECEIVED,
        date(2026, 11, 16),
        date(2026, 11, 20),
    )
    assert (now.received_on, now.late.days) == (date(2026, 11, 16), 0)


@pytest.mark.parametrize(
    ("rule", "counts", "late"),
    [
        (CountedReceipt.EARLIER, date(2026, 11, 16), 0),
        (CountedReceipt.SCAN, date(2026, 11, 16), 0),
        (CountedReceipt.ORIGINAL, date(2026, 11, 20), 3),
    ],
)
def test_setting_says_which_receipt_counts(desk: Desk, rule: CountedReceipt, counts: date, late: int) -> None:
    office_settings = desk.office.system.settings
    opened = office_settings.get()
    office_settings.save(replace(opened, counted_receipt=rule), opened)
    filing = change(desk)
    receive(desk, replace(SCAN, received_on=date(2026, 11, 16)), filing)
    receive(desk, replace(ORIGINAL, received_on=date(2026, 11, 20)), filing)
    assert (row(desk, filing).received_on, row(desk, filing).late.days) == (counts, late)


def test_while_only_the_original_counts_a_scan_leaves_the_lamp_on(desk: Desk) -> None:
    office_settings = desk.office.system.settings
    opened = office_settings.get()
    office_settings.save(replace(opened, counted_receipt=CountedReceipt.ORIGINAL), opened)
    filing = change(desk)
    receive(desk, SCAN, filing)
    now = row(desk, filing)
    assert (now.state, now.received_on, now.lamp) == (FilingState.SCANNED, None, "逾期")
    assert desk.row(TOWN).state == "逾期"
    (line,) = plan(desk, FilingStep.FILE, filing).lines
    assert line.problem == "按设置以原件为准，原件还没有收到"


@given(
    st.sampled_from(CountedReceipt),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_receipt_that_counts_is_one_of_those_that_came(
    rule: CountedReceipt, scan: date | None, original: date | None
) -> None:
    counted = counted_receipt(rule, scan, original)
    assert counted in {scan, original, None}
    if original is not None:
        assert counted is not None  # the original always counts for something
    if rule is CountedReceipt.EARLIER and scan is not None and original is not None:
        assert counted == min(scan, original)


@pytest.mark.parametrize("days", [0, 1, 300])
def test_receipt_may_be_entered_late_but_not_in_the_future(desk: Desk, days: int) -> None:
    filing = change(desk)
    receive(desk, replace(SCAN, received_on=TODAY - timedelta(days=days)), filing)
    assert row(desk, filing).received_on == TODAY - timedelta(days=days)
    with pytest.raises(InvalidFormError) as caught:
        receive(desk, replace(SCAN, received_on=TODAY + timedelta(days=1)), filing)
    assert caught.value.messages["received_on"] == "收到日期不能晚于今天 2026-11-24。"


def test_every_paper_stands_in_the_register_of_papers_with_a_running_number(desk: Desk) -> None:
    one, other = change(desk), change(desk, OTHER, name="王五")
    receive(desk, SCAN, one, other)
    receive(desk, replace(ORIGINAL, entry_no="OA〔2026〕88", copies=2, note="加盖公章"), one)
    papers = stored(
        desk, "SELECT year, count, entry_no, form, way, copies, received_by FROM papers ORDER BY id"
    )
    actor = desk.office.journal.actor
    assert papers == [
        (2026, 1, "", "扫描件", "政务微信", 1, actor),
        (2026, 2, "", "扫描件", "政务微信", 1, actor),
        (2026, 3, "OA〔2026〕88", "原件", "邮寄", 2, actor),
    ]


def test_scan_is_kept_with_its_filing(desk: Desk) -> None:
    filing = change(desk)
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    desk.office.filings.receive(plan(desk, FilingStep.RECEIVE, filing), SCAN, [("扫描𬀩.pdf", pdf)])
    (kept,) = desk.office.attachments.list_of(of_filing(filing))
    assert (kept.name, kept.note) == ("扫描𬀩.pdf", "收到的扫描件")
    assert stored(desk, "SELECT sha256 <> '' FROM papers") == [(1,)]


def test_scan_for_several_filings_is_refused_and_nothing_received(desk: Desk) -> None:
    one, other = change(desk), change(desk, OTHER, name="王五")
    with pytest.raises(InvalidInputError, match="一次只能归到一份备案"):
        desk.office.filings.receive(
            plan(desk, FilingStep.RECEIVE, one, other), SCAN, [("a.pdf", b"%PDF-1.4")]
        )
    assert row(desk, one).received_on is None
    assert stored(desk, "SELECT count(*) FROM papers") == [(0,)]


def test_file_of_a_numbered_filing_is_kept(desk: Desk) -> None:
    filing = change(desk)
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    desk.office.filings.receive(plan(desk, FilingStep.RECEIVE, filing), SCAN, [("扫描.pdf", pdf)])
    file(desk, filing)
    (kept,) = desk.office.attachments.list_of(of_filing(filing))
    with pytest.raises(InvalidInputError, match="属于已经编号的备案（2026-001），随备案留存，不能移除"):
        desk.office.attachments.remove([kept.attachment_id])
    assert len(desk.office.attachments.list_of(of_filing(filing))) == 1


# Returns


def test_what_was_returned_does_not_count_and_the_limit_runs_on(desk: Desk) -> None:
    filing = change(desk)
    receive(desk, replace(SCAN, received_on=date(2026, 11, 16)), filing)
    desk.office.filings.send_back(plan(desk, FilingStep.RETURN, filing), "没有盖章")
    now = row(desk, filing)
    assert (now.state, now.received_on, now.scan_on, now.return_reason) == (
        FilingState.RETURNED,
        None,
        None,
        "没有盖章",
    )
    assert (now.lamp, now.late.days) == ("逾期", 5)
    assert stored(desk, "SELECT returned_on FROM papers") == [("2026-11-24",)]
    receive(desk, ORIGINAL, filing)
    assert (row(desk, filing).state, row(desk, filing).received_on) == (FilingState.RECEIVED, TODAY)


def test_a_return_needs_its_reason_and_a_paper(desk: Desk) -> None:
    filing = change(desk)
    with pytest.raises(InvalidInputError, match="没有一份可以退回"):
        desk.office.filings.send_back(plan(desk, FilingStep.RETURN, filing), "缺章")
    receive(desk, SCAN, filing)
    with pytest.raises(InvalidFormError, match="需要改正"):
        desk.office.filings.send_back(plan(desk, FilingStep.RETURN, filing), "  ")
    assert row(desk, filing).state == FilingState.SCANNED


# Numbers


def test_numbers_run_in_the_order_of_the_register_from_the_pattern(desk: Desk) -> None:
    one, other = change(desk), change(desk, OTHER, name="王五")
    receive(desk, ORIGINAL, one, other)
    shown = plan(desk, FilingStep.FILE, other, one)
    assert [line.number for line in shown.ready] == ["2026-001", "2026-002"]
    assert file(desk, other, one) == ["2026-001", "2026-002"]
    now = row(desk, one)
    assert (now.state, now.filed_on, now.filed_by) == (FilingState.FILED, TODAY, desk.office.journal.actor)


def test_numbers_go_on_from_what_was_set_and_from_what_was_imported(desk: Desk) -> None:
    desk.office.numbers.set_first(2026, 57)
    one, other = change(desk), change(desk, OTHER, name="王五")
    receive(desk, ORIGINAL, one, other)
    assert file(desk, one) == ["2026-057"]
    desk.appoint("吴淞街道", filing=FilingDraft(state=FilingState.FILED, number="2026-120"))
    assert file(desk, other) == ["2026-121"]
    with pytest.raises(InvalidInputError, match="已经编到第 121 号"):
        desk.office.numbers.set_first(2026, 60)


def test_another_pattern_goes_on_counting_and_a_year_begins_anew(desk: Desk) -> None:
    one, other = change(desk), change(desk, OTHER, name="王五")
    receive(desk, ORIGINAL, one, other)
    assert file(desk, one) == ["2026-001"]
    office_settings = desk.office.system.settings
    opened = office_settings.get()
    office_settings.save(replace(opened, number_pattern=BRACKETED), opened)
    assert file(desk, other) == ["〔2026〕2号"]
    assert desk.office.numbers.next_number(2026) == "〔2026〕3号"
    assert desk.office.numbers.next_number(2027) == "〔2027〕1号"


def test_what_was_voided_without_another_is_done_again_later_once(desk: Desk) -> None:
    filing, other = change(desk), change(desk, OTHER, name="王五")
    undo = desk.office.undo
    receive(desk, ORIGINAL, filing)
    file(desk, filing)
    desk.office.filings.void(plan(desk, FilingStep.VOID, filing), "姓名写错")
    shown = plan(desk, FilingStep.ANEW, filing, other)
    assert [line.problem for line in shown.lines] == ["", "没有作废，不用重新办理"]
    desk.office.filings.make_anew(shown)
    (again,) = [found for found in desk.office.filing_list.rows() if found.name == "李四"]
    gone = row(desk, filing)
    assert (again.kind, again.state, again.due_date) == (gone.kind, FilingState.DRAFT, gone.due_date)
    assert undo.state.undo.label == "重新办理 李四"
    assert desk.office.filing_history.of_filing(again.filing_id)[0].action == "重新办理"
    assert plan(desk, FilingStep.ANEW, filing).lines[0].problem == "已经另有一份，不用再建"
    with pytest.raises(ConflictError):
        desk.office.filings.make_anew(shown)
    undo.undo(undo.state.undo.number)
    assert plan(desk, FilingStep.ANEW, filing).ready


def test_what_was_begun_anew_by_the_older_word_is_known_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = change(desk)
    monkeypatch.setattr(filing_again, "AGAIN", "重新备案")  # as schema 6 began with
    desk.office.filings.void(plan(desk, FilingStep.VOID, filing), "姓名写错", anew=True)
    monkeypatch.undo()
    (again,) = [found.filing_id for found in desk.office.filing_list.rows() if found.name == "李四"]
    opened = desk.office.filing_edits.get(again)
    desk.office.filing_edits.save(opened, replace(opened, change_date=date(2026, 11, 13)))
    assert plan(desk, FilingStep.ANEW, filing).lines[0].problem == "已经另有一份，不用再建"
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
    desk.office.filings.void(plan(desk, FilingStep.VOID, filing), "姓名写错", anew=True)
    columns = f"change_date, known_on, predecessor_name, due_date, filler_phone, {', '.join(texts)}"
    void, again = stored(desk, f"SELECT {columns} FROM filings WHERE kind = '变更备案' ORDER BY id")
    assert None not in void
    assert "" not in void
    assert again == void


def test_of_several_void_ones_of_a_change_one_is_done_again(desk: Desk) -> None:
    first = change(desk)
    desk.office.filings.void(plan(desk, FilingStep.VOID, first), "姓名写错", anew=True)
    (second,) = [found.filing_id for found in desk.office.filing_list.rows() if found.name == "李四"]
    desk.office.filings.void(plan(desk, FilingStep.VOID, second), "又写错")
    problems = {line.filing_id: line.problem for line in plan(desk, FilingStep.ANEW, first, second).lines}
    assert sorted(problems.values()) == ["", "已经另有一份，不用再建"]


def test_everything_worth_knowing_before_a_number_is_said(desk: Desk) -> None:
    filing = change(desk)
    receive(desk, SCAN, filing)
    assert plan(desk, FilingStep.FILE, filing).lines[0].hint.split("；") == [
        "逾期 5 个工作日，还没有逾期说明（可以以后补）",
        "只收到扫描件，原件以后补登",
    ]


def test_a_number_that_is_there_already_is_kept(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    known = FilingDraft(change_reason="退休", number="旧-9", state=FilingState.RECEIVED, received_on=TODAY)
    desk.office.holders.replace(opened, desk.successor(opened, since=CHANGED), known)
    (with_number,) = [found.filing_id for found in desk.office.filing_list.rows() if found.number]
    without = change(desk, OTHER, name="王五")
    receive(desk, ORIGINAL, without)
    shown = plan(desk, FilingStep.FILE, with_number, without)
    assert {(line.number, line.hint) for line in shown.lines if line.filing_id == with_number} == {
        ("旧-9", "已有编号 旧-9，不另编号")
    }
    desk.office.filings.file(shown)
    assert [row(desk, one).number for one in (with_number, without)] == ["旧-9", "2026-001"]
    assert row(desk, with_number).state == FilingState.FILED
    assert desk.office.numbers.next_number(2026) == "2026-002"


def test_many_are_numbered_without_reading_all_numbers_for_each(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filings_ = [change(desk, unit, name=f"王{unit[0]}") for unit in (TOWN, OTHER, "月浦镇", "顾村镇")]
    receive(desk, ORIGINAL, *filings_)
    calls: list[int] = []
    read = filing_numbers.last_given

    def counted(session: Session, year: int, pattern: NumberPattern) -> int:
        calls.append(year)
        return read(session, year, pattern)

    monkeypatch.setattr(filing_numbers, "last_given", counted)
    file(desk, *filings_)
    assert calls == [2026, 2026]  # when it is shown, and when it is done


def test_a_void_number_stays_used_and_its_filing_can_be_done_again(desk: Desk) -> None:
    filing = change(desk)
    receive(desk, ORIGINAL, filing)
    file(desk, filing)
    desk.office.filings.void(plan(desk, FilingStep.VOID, filing), "姓名写错", anew=True)
    gone = row(desk, filing)
    assert (gone.state, gone.number, gone.void_reason) == (FilingState.VOID, "2026-001", "姓名写错")
    (again,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert (again.state, again.due_date) == (FilingState.DRAFT, gone.due_date)
    receive(desk, ORIGINAL, again.filing_id)
    assert file(desk, again.filing_id) == ["2026-002"]


def correct_first_day(desk: Desk, day: date, unit: str = TOWN) -> None:
    opened = desk.office.holders.get(desk.row(unit).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, since=day), correction=True)


@pytest.mark.parametrize("draft", [SCAN, ORIGINAL])
def test_corrected_first_day_counts_the_limit_of_what_was_received_anew(
    draft: ReceiptDraft, desk: Desk
) -> None:
    filing = change(desk)  # due on 11-17
    receive(desk, replace(draft, received_on=date(2026, 11, 18)), filing)
    assert row(desk, filing).late.days == 1
    correct_first_day(desk, date(2026, 11, 13))
    now = row(desk, filing)
    assert (now.change_date, now.due_date) == (date(2026, 11, 13), date(2026, 11, 18))
    assert (now.late.is_late, view(desk, FilingView.TO_EXPLAIN)) == (False, [])
    told = desk.office.filing_history.of_filing(filing)[0]
    assert told.action == "登记更正"
    assert ("应备案截止日", "2026-11-17", "2026-11-18") in told.details
    file(desk, filing)
    correct_first_day(desk, date(2026, 11, 12))
    assert row(desk, filing).due_date == date(2026, 11, 18)  # what was filed stays


def test_what_is_done_again_has_the_change_date_of_now(desk: Desk) -> None:
    filing = change(desk)
    receive(desk, ORIGINAL, filing)
    file(desk, filing)
    correct_first_day(desk, date(2026, 11, 13))
    desk.office.filings.void(plan(desk, FilingStep.VOID, filing), "日期写错", anew=True)
    (again,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert (again.change_date, again.due_date) == (date(2026, 11, 13), date(2026, 11, 18))
    told = desk.office.filing_history.of_filing(again.filing_id)[0]
    assert ("变更日期", "", "2026-11-13") in told.details
    (line,) = plan(desk, FilingStep.ANEW, filing).lines
    assert line.problem == "已经另有一份，不用再建"


def test_what_is_done_again_keeps_a_change_date_that_was_mended_back(desk: Desk) -> None:
    filing = change(desk)  # of 11-12
    correct_first_day(desk, date(2026, 11, 16))
    opened = desk.office.filing_edits.get(filing)
    assert opened.change_date == date(2026, 11, 16)  # it followed
    desk.office.filing_edits.save(opened, replace(opened, change_date=CHANGED))
    desk.office.filings.void(plan(desk, FilingStep.VOID, filing), "写错", anew=True)
    (again,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert (again.change_date, again.due_date) == (CHANGED, date(2026, 11, 17))
    desk.office.filings.void(plan(desk, FilingStep.VOID, again.filing_id), "又写错")
    correct_first_day(desk, CHANGED)  # nothing follows 11-16 any more
    desk.office.filings.make_anew(plan(desk, FilingStep.ANEW, again.filing_id))
    (third,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert third.change_date == CHANGED


@pytest.mark.parametrize("filed", [False, True])
def test_what_is_done_again_later_follows_a_correction_made_while_it_was_void(
    desk: Desk, *, filed: bool
) -> None:
    filing = change(desk)
    correct_first_day(desk, date(2026, 11, 16))
    if filed:
        receive(desk, ORIGINAL, filing)
        file(desk, filing)
        correct_first_day(desk, date(2026, 11, 13))
    desk.office.filings.void(plan(desk, FilingStep.VOID, filing), "写错")
    correct_first_day(desk, date(2026, 11, 17))
    desk.office.filings.make_anew(plan(desk, FilingStep.ANEW, filing))
    (again,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert again.change_date == date(2026, 11, 17)


def test_what_is_done_again_keeps_a_change_date_of_its_own(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    own = FilingDraft(change_reason="退休", change_date=date(2026, 11, 9))
    desk.office.holders.replace(opened, desk.successor(opened, since=CHANGED), own)
    (row_,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    receive(desk, ORIGINAL, row_.filing_id)
    file(desk, row_.filing_id)
    correct_first_day(desk, date(2026, 11, 13))
    desk.office.filings.void(plan(desk, FilingStep.VOID, row_.filing_id), "姓名写错", anew=True)
    (again,) = [found for found in desk.office.filing_list.rows() if found.kind == "变更备案"]
    assert (again.change_date, again.due_date) == (date(2026, 11, 9), row_.due_date)


def test_a_number_that_somebody_took_meanwhile_is_replaced_by_the_next(desk: Desk) -> None:
    one, other = change(desk), change(desk, OTHER, name="王五")
    receive(desk, ORIGINAL, one, other)
    shown = plan(desk, FilingStep.FILE, one)
    file(desk, other)
    done = desk.office.filings.file(shown)
    assert [line.number for line in done.ready] == ["2026-002"]


def test_a_plan_that_is_no_longer_true_changes_nothing(desk: Desk) -> None:
    one, other = change(desk), change(desk, OTHER, name="王五")
    receive(desk, SCAN, one, other)
    shown = plan(desk, FilingStep.FILE, one, other)
    desk.office.filings.send_back(plan(desk, FilingStep.RETURN, other), "缺章")
    with pytest.raises(ConflictError, match="没有改动任何内容"):
        desk.office.filings.file(shown)
    assert row(desk, one).state == FilingState.SCANNED
    assert row(desk, one).number == ""


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (date(2026, 11, 25), "备案日期不能晚于今天 2026-11-24。"),
        (date(2026, 11, 18), "备案日期早于收到日期 2026-11-19"),
    ],
)
def test_day_of_filing_lies_between_receipt_and_today(desk: Desk, day: date, problem: str) -> None:
    filing = change(desk)
    receive(desk, replace(ORIGINAL, received_on=date(2026, 11, 19)), filing)
    (line,) = plan(desk, FilingStep.FILE, filing, day=day).lines
    assert line.problem == problem
    with pytest.raises(InvalidInputError, match="没有一份可以备案"):
        desk.office.filings.file(plan(desk, FilingStep.FILE, filing, day=day))


# What was signed


def test_signed_content_is_kept_when_the_register_goes_on(desk: Desk) -> None:
    filing = change(desk)
    batch = desk.office.forms.compose(unit=TOWN, post=PostKind.SPECIALIST)
    desk.office.forms.mark_issued(batch)
    receive(desk, ORIGINAL, filing)
    file(desk, filing)
    before = stored(desk, "SELECT content, digest FROM filings WHERE id = ?", filing)
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, title="主任", mobile="13900000000"))
    assert stored(desk, "SELECT content, digest FROM filings WHERE id = ?", filing) == before
    assert json.loads(str(before[0][0]))["name"] == "李四"
    assert [kept.note for kept in desk.office.attachments.list_of(of_filing(filing))] == ["出表时留存"]
    final = pytest.raises(IntegrityError, match="a filed paper is final")
    with final, desk.office._database.write() as session:
        session.connection().exec_driver_sql("UPDATE filings SET content = '' WHERE id = ?", (filing,))


def test_an_older_print_that_came_back_is_what_was_signed(desk: Desk) -> None:
    filing = change(desk)
    forms = desk.office.forms
    forms.mark_issued(forms.compose(unit=TOWN, post=PostKind.SPECIALIST))
    ((digest, content),) = stored(desk, "SELECT digest, content FROM filing_prints")
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, title="主任"))
    forms.mark_issued(forms.compose(unit=TOWN, post=PostKind.SPECIALIST))
    assert stored(desk, "SELECT count(*) FROM filing_prints") == [(2,)]
    receive(desk, replace(ORIGINAL, shows=PaperShows.OLDER, digest=str(digest)), filing)
    file(desk, filing)
    assert stored(desk, "SELECT digest, content FROM filings WHERE id = ?", filing) == [(digest, content)]


def test_a_form_is_kept_once_however_often_it_is_printed(desk: Desk) -> None:
    filing = change(desk)
    forms = desk.office.forms
    for _ in range(3):
        forms.mark_issued(forms.compose(unit=TOWN, post=PostKind.SPECIALIST))
    assert len(desk.office.attachments.list_of(of_filing(filing))) == 1


def test_of_a_units_own_form_the_register_says_what_was_signed(desk: Desk) -> None:
    filing = change(desk)
    receive(desk, ORIGINAL, filing)
    file(desk, filing)
    ((content, digest),) = stored(desk, "SELECT content, digest FROM filings WHERE id = ?", filing)
    assert json.loads(str(content))["name"] == "李四"
    assert digest


def test_original_that_follows_a_filed_scan_is_noted_and_changes_nothing_signed(desk: Desk) -> None:
    filing = change(desk)
    receive(desk, replace(SCAN, received_on=date(2026, 11, 16)), filing)
    assert plan(desk, FilingStep.FILE, filing).lines[0].hint == "只收到扫描件，原件以后补登"
    file(desk, filing)
    receive(desk, ORIGINAL, filing)
    now = row(desk, filing)
    assert (now.state, now.original_on, now.received_on) == (FilingState.FILED, TODAY, date(2026, 11, 16))
    receive(desk, replace(ORIGINAL, received_on=TODAY), filing)  # a second copy: of papers only
    assert stored(desk, "SELECT count(*) FROM papers") == [(3,)]


# Late, stored, lists


def test_reason_for_lateness_is_a_to_do_that_blocks_nothing(desk: Desk) -> None:
    filing = change(desk)
    receive(desk, replace(ORIGINAL, received_on=date(2026, 11, 19)), filing)
    (line,) = plan(desk, FilingStep.FILE, filing).lines
    assert (line.problem, line.late.days) == ("", 2)
    assert line.hint == "逾期 2 个工作日，还没有逾期说明（可以以后补）"
    file(desk, filing)
    assert view(desk, FilingView.TO_EXPLAIN) == [filing]
    desk.office.filings.explain(filing, row(desk, filing).version, "公章外借")
    assert view(desk, FilingView.TO_EXPLAIN) == []
    assert row(desk, filing).late_reason == "公章外借"


def test_a_day_before_the_change_is_pointed_out_and_stops_nothing(desk: Desk) -> None:
    filing = change(desk)
    early = date(2026, 11, 11)
    (line,) = plan(desk, FilingStep.RECEIVE, filing, day=early).lines
    told = "收到日期 2026-11-11 早于变更日期 2026-11-12，请核对"
    assert (line.problem, line.hint) == ("", told)
    assert plan(desk, FilingStep.RECEIVE, filing).lines[0].hint == ""
    receive(desk, replace(SCAN, received_on=early), filing)
    (line,) = plan(desk, FilingStep.FILE, filing).lines
    assert (line.problem, line.hint) == ("", f"{told}；只收到扫描件，原件以后补登")
    correct_first_day(desk, early)
    assert plan(desk, FilingStep.FILE, filing, day=early).lines[0].hint == "只收到扫描件，原件以后补登"
    assert file(desk, filing) == ["2026-001"]


def test_a_paper_that_comes_before_a_departure_is_pointed_out(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    filing = desk.office.holders.leave(opened, LeaveDraft(date(2026, 12, 1), "退休"))
    (line,) = plan(desk, FilingStep.RECEIVE, filing).lines
    assert line.hint == "收到日期 2026-11-24 早于离任日期 2026-12-01，请核对"


def test_what_comes_on_a_day_off_after_the_limit_is_late_by_no_working_day(desk: Desk) -> None:
    filing = change(desk, changed=date(2026, 11, 17))  # due on Friday, 11-20
    receive(desk, replace(ORIGINAL, received_on=date(2026, 11, 21)), filing)
    assert (row(desk, filing).late.is_late, row(desk, filing).late.days) == (True, 0)
    (line,) = plan(desk, FilingStep.FILE, filing).lines
    assert (line.late.is_late, line.hint) == (True, "逾期不足一个工作日，还没有逾期说明（可以以后补）")
    assert view(desk, FilingView.TO_EXPLAIN) == [filing]


def test_the_scan_of_an_imported_filing_calls_for_no_original(desk: Desk) -> None:
    past = FilingDraft(state=FilingState.FILED, number="2025-7", received_on=date(2025, 5, 6))
    desk.appoint(OTHER, since=date(2025, 5, 1), filing=past)
    imported, filing = next(r.filing_id for r in desk.office.filing_list.rows() if r.number), change(desk)
    receive(desk, SCAN, imported, filing)
    assert view(desk, FilingView.TO_ORIGINAL) == [filing]
    file(desk, filing)
    assert view(desk, FilingView.TO_ORIGINAL) == [filing]


def view(desk: Desk, of: FilingView) -> list[int]:
    return desk.office.filing_list.keys(FilingQuery(of))


def test_lists_follow_a_filing_on_its_way(desk: Desk) -> None:
    filing = change(desk)
    assert filing in view(desk, FilingView.WAITING)
    assert view(desk, FilingView.OVERDUE) == [filing]
    receive(desk, replace(SCAN, received_on=date(2026, 11, 16)), filing)
    assert (view(desk, FilingView.OVERDUE), view(desk, FilingView.TO_NUMBER)) == ([], [filing])
    assert view(desk, FilingView.TO_ORIGINAL) == [filing]
    file(desk, filing)
    assert (view(desk, FilingView.TO_STORE), view(desk, FilingView.DONE)) == ([filing], [filing])
    desk.office.filings.store(plan(desk, FilingStep.STORE, filing), "2 号柜 3 盒")
    assert (view(desk, FilingView.TO_STORE), view(desk, FilingView.DONE)) == ([], [filing])
    assert (row(desk, filing).stored_on, row(desk, filing).stored_place) == (TODAY, "2 号柜 3 盒")
    counts = desk.office.filing_list.counts(FilingQuery())
    assert (counts[FilingView.DONE], counts[FilingView.ALL]) == (1, 2)


def test_what_came_in_by_import_is_no_to_do(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    past = FilingDraft(
        change_reason="退休",
        state=FilingState.FILED,
        number="2026-003",
        received_on=date(2026, 11, 19),  # late, and long ago
    )
    desk.office.holders.replace(opened, desk.successor(opened, since=CHANGED), past)
    for of in (FilingView.OVERDUE, FilingView.TO_EXPLAIN, FilingView.TO_STORE, FilingView.TO_NUMBER):
        assert view(desk, of) == []
    assert len(view(desk, FilingView.DONE)) == 1


def test_what_was_received_on_an_unknown_day_waits_for_its_day(desk: Desk) -> None:
    desk.appoint(TOWN, filing=FilingDraft(state=FilingState.SCANNED))  # as an import may say
    (found,) = view(desk, FilingView.TO_NUMBER)
    (line,) = plan(desk, FilingStep.FILE, found).lines
    assert line.problem == "没有收到日期，请先登记收件"
    receive(desk, SCAN, found)
    assert file(desk, found) == ["2026-001"]


@pytest.mark.parametrize("column", ["unit", "name", "number", "state", "due_date", "received_on"])
def test_list_is_searched_and_sorted_in_sql(desk: Desk, column: str) -> None:
    one, other = change(desk), change(desk, OTHER, name="王五")
    receive(desk, ORIGINAL, one)
    file(desk, one)
    rows = desk.office.filing_list
    for descending in (False, True):
        keys = rows.keys(FilingQuery(sort=column, descending=descending))
        assert set(keys) >= {one, other}
    assert rows.keys(FilingQuery(text="luodianzhen lisi")) == [one]
    assert rows.keys(FilingQuery(text="2026-001")) == [one]
    assert rows.keys(FilingQuery(filters={"name": "ww"})) == [other]
    assert rows.keys(FilingQuery(text="100%'; DROP")) == []


@settings(deadline=None)
@given(st.sampled_from(FilingStep), st.sampled_from(FilingState))
def test_every_step_is_allowed_or_says_why_not(step: FilingStep, state: FilingState) -> None:
    said = refusal(step, state)
    assert said == "" or "，" in said or said in ("已经作废", "已经入库", "还没有收到", "还没有备案编号")
    if state is FilingState.VOID:
        assert bool(said) == (step is not FilingStep.ANEW)
    if state in (FilingState.FILED, FilingState.STORED) and step in (FilingStep.RETURN, FilingStep.FILE):
        assert "作废" in said


# 收文登记 as a list


def test_papers_are_listed_newest_first_searched_and_sorted(desk: Desk) -> None:
    one, other = change(desk), change(desk, OTHER, name="王五")
    receive(desk, replace(SCAN, received_on=date(2025, 12, 30)), one)
    receive(desk, replace(ORIGINAL, entry_no="OA-8", note="补盖公章"), one, other)
    papers = desk.office.paper_list
    rows = papers.rows(papers.keys(PaperQuery()))
    numbers = [rows[key].number for key in papers.keys(PaperQuery())]
    assert sorted(numbers) == ["OA-8", "OA-8", "收2025-0001"]
    assert numbers[-1] == "收2025-0001"
    assert [rows[key].year for key in papers.keys(PaperQuery(year=2025))] == [2025]
    assert [rows[key].name for key in papers.keys(PaperQuery(text="dachang"))] == ["王五"]
    assert len(papers.keys(PaperQuery(filters={"number": "收2025"}))) == 1
    assert len(papers.keys(PaperQuery(filters={"note": "公章"}))) == 2
    for column in ("number", "unit", "name", "received_on", "returned_on", "copies"):
        for descending in (False, True):
            assert len(papers.keys(PaperQuery(sort=column, descending=descending))) == 3


def test_history_of_a_filing_keeps_what_was_undone(desk: Desk) -> None:
    filing = change(desk)
    undo = desk.office.undo
    receive(desk, SCAN, filing)
    undo.undo(undo.state.undo.number)
    told = desk.office.filing_history.of_filing(filing)
    assert [row.action for row in told] == [
        *("撤销：收文登记", "撤销：收件"),
        *("收件", "收文登记", "新建备案"),
    ]
    assert ("形式", "", "扫描件") in told[3].details
    assert all("filing_id" not in detail for row in told for detail in row.details)
