"""Papers of a filing come, late or in time, and go back: what counts, and what is told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdo_desktop.errors import InvalidFormError, InvalidInputError
from cdo_desktop.rules.filing import CountedReceipt, counted_receipt
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import FilingState
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.departures import LeaveDraft
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.services.paper_list import PaperQuery
from tests.services.conftest import ORIGINAL, SCAN, TODAY, TOWN, Desk

OTHER = "大场镇"


def test_scan_comes_first_and_the_original_days_later(desk: Desk) -> None:
    filing = desk.change()
    desk.receive(replace(SCAN, received_on=date(2026, 11, 16)), filing)
    assert (desk.filing(filing).state, desk.filing(filing).received_on) == (
        FilingState.SCANNED,
        date(2026, 11, 16),
    )
    desk.receive(replace(ORIGINAL, received_on=date(2026, 11, 20)), filing)
    now = desk.filing(filing)
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
    filing = desk.change()
    desk.receive(replace(SCAN, received_on=date(2026, 11, 16)), filing)
    desk.receive(replace(ORIGINAL, received_on=date(2026, 11, 20)), filing)
    assert (desk.filing(filing).received_on, desk.filing(filing).late.days) == (counts, late)


def test_while_only_the_original_counts_a_scan_leaves_the_lamp_on(desk: Desk) -> None:
    office_settings = desk.office.system.settings
    opened = office_settings.get()
    office_settings.save(replace(opened, counted_receipt=CountedReceipt.ORIGINAL), opened)
    filing = desk.change()
    desk.receive(SCAN, filing)
    now = desk.filing(filing)
    assert (now.state, now.received_on, now.lamp) == (FilingState.SCANNED, None, "逾期")
    assert desk.row(TOWN).state == "逾期"
    (line,) = desk.plan(FilingStep.FILE, filing).lines
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
    filing = desk.change()
    desk.receive(replace(SCAN, received_on=TODAY - timedelta(days=days)), filing)
    assert desk.filing(filing).received_on == TODAY - timedelta(days=days)
    with pytest.raises(InvalidFormError) as caught:
        desk.receive(replace(SCAN, received_on=TODAY + timedelta(days=1)), filing)
    assert caught.value.messages["received_on"] == "收到日期不能晚于今天 2026-11-24。"


def test_every_paper_stands_in_the_register_of_papers_with_a_running_number(desk: Desk) -> None:
    one, other = desk.change(), desk.change(OTHER, name="王五")
    desk.receive(SCAN, one, other)
    desk.receive(replace(ORIGINAL, entry_no="OA〔2026〕88", copies=2, note="加盖公章"), one)
    papers = desk.stored(
        "SELECT year, count, entry_no, form, way, copies, received_by FROM papers ORDER BY id"
    )
    actor = desk.office.journal.actor
    assert papers == [
        (2026, 1, "", "扫描件", "政务微信", 1, actor),
        (2026, 2, "", "扫描件", "政务微信", 1, actor),
        (2026, 3, "OA〔2026〕88", "原件", "邮寄", 2, actor),
    ]


def test_scan_is_kept_with_its_filing(desk: Desk) -> None:
    filing = desk.change()
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    desk.office.filings.receive(desk.plan(FilingStep.RECEIVE, filing), SCAN, [("扫描𬀩.pdf", pdf)])
    (kept,) = desk.office.attachments.list_of(of_filing(filing))
    assert (kept.name, kept.note) == ("扫描𬀩.pdf", "收到的扫描件")
    assert desk.stored("SELECT sha256 <> '' FROM papers") == [(1,)]


def test_scan_for_several_filings_is_refused_and_nothing_received(desk: Desk) -> None:
    one, other = desk.change(), desk.change(OTHER, name="王五")
    with pytest.raises(InvalidInputError, match="一次只能归到一份备案"):
        desk.office.filings.receive(desk.plan(FilingStep.RECEIVE, one, other), SCAN, [("a.pdf", b"%PDF-1.4")])
    assert desk.filing(one).received_on is None
    assert desk.stored("SELECT count(*) FROM papers") == [(0,)]


def test_what_was_returned_does_not_count_and_the_limit_runs_on(desk: Desk) -> None:
    filing = desk.change()
    desk.receive(replace(SCAN, received_on=date(2026, 11, 16)), filing)
    desk.send_back(filing, "没有盖章")
    now = desk.filing(filing)
    assert (now.state, now.received_on, now.scan_on, now.return_reason) == (
        FilingState.RETURNED,
        None,
        None,
        "没有盖章",
    )
    assert (now.lamp, now.late.days) == ("逾期", 5)
    assert desk.stored("SELECT returned_on FROM papers") == [("2026-11-24",)]
    desk.receive(ORIGINAL, filing)
    assert (desk.filing(filing).state, desk.filing(filing).received_on) == (FilingState.RECEIVED, TODAY)


def test_a_return_needs_its_reason_and_a_paper(desk: Desk) -> None:
    filing = desk.change()
    with pytest.raises(InvalidInputError, match="没有一份可以退回"):
        desk.send_back(filing, "缺章")
    desk.receive(SCAN, filing)
    with pytest.raises(InvalidFormError, match="需要改正"):
        desk.send_back(filing, "  ")
    assert desk.filing(filing).state == FilingState.SCANNED


@pytest.mark.parametrize("draft", [SCAN, ORIGINAL])
def test_corrected_first_day_counts_the_limit_of_what_was_received_anew(
    draft: ReceiptDraft, desk: Desk
) -> None:
    filing = desk.change()  # due on 11-17
    desk.receive(replace(draft, received_on=date(2026, 11, 18)), filing)
    assert desk.filing(filing).late.days == 1
    desk.correct_first_day(date(2026, 11, 13))
    now = desk.filing(filing)
    assert (now.change_date, now.due_date) == (date(2026, 11, 13), date(2026, 11, 18))
    assert (now.late.is_late, desk.listed(FilingView.TO_EXPLAIN)) == (False, [])
    told = desk.office.filing_history.of_filing(filing)[0]
    assert told.action == "登记更正"
    assert ("应备案截止日", "2026-11-17", "2026-11-18") in told.details
    desk.file(filing)
    desk.correct_first_day(date(2026, 11, 12))
    assert desk.filing(filing).due_date == date(2026, 11, 18)  # what was filed stays


def test_original_that_follows_a_filed_scan_is_noted_and_changes_nothing_signed(desk: Desk) -> None:
    filing = desk.change()
    desk.receive(replace(SCAN, received_on=date(2026, 11, 16)), filing)
    assert desk.plan(FilingStep.FILE, filing).lines[0].hint == "只收到扫描件，原件以后补登"
    desk.file(filing)
    desk.receive(ORIGINAL, filing)
    now = desk.filing(filing)
    assert (now.state, now.original_on, now.received_on) == (FilingState.FILED, TODAY, date(2026, 11, 16))
    desk.receive(replace(ORIGINAL, received_on=TODAY), filing)  # a second copy: of papers only
    assert desk.stored("SELECT count(*) FROM papers") == [(3,)]


def test_reason_for_lateness_is_a_to_do_that_blocks_nothing(desk: Desk) -> None:
    filing = desk.change()
    desk.receive(replace(ORIGINAL, received_on=date(2026, 11, 19)), filing)
    (line,) = desk.plan(FilingStep.FILE, filing).lines
    assert (line.problem, line.late.days) == ("", 2)
    assert line.hint == "逾期 2 个工作日，还没有逾期说明（可以以后补）"
    desk.file(filing)
    assert desk.listed(FilingView.TO_EXPLAIN) == [filing]
    desk.office.filings.explain(filing, desk.filing(filing).version, "公章外借")
    assert desk.listed(FilingView.TO_EXPLAIN) == []
    assert desk.filing(filing).late_reason == "公章外借"


def test_a_day_before_the_change_is_pointed_out_and_stops_nothing(desk: Desk) -> None:
    filing = desk.change()
    early = date(2026, 11, 11)
    (line,) = desk.plan(FilingStep.RECEIVE, filing, day=early).lines
    told = "收到日期 2026-11-11 早于变更日期 2026-11-12，请核对"
    assert (line.problem, line.hint) == ("", told)
    assert desk.plan(FilingStep.RECEIVE, filing).lines[0].hint == ""
    desk.receive(replace(SCAN, received_on=early), filing)
    (line,) = desk.plan(FilingStep.FILE, filing).lines
    assert (line.problem, line.hint) == ("", f"{told}；只收到扫描件，原件以后补登")
    desk.correct_first_day(early)
    assert desk.plan(FilingStep.FILE, filing, day=early).lines[0].hint == "只收到扫描件，原件以后补登"
    assert desk.file(filing) == ["2026-001"]


def test_a_paper_that_comes_before_a_departure_is_pointed_out(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    filing = desk.office.holders.leave(opened, LeaveDraft(date(2026, 12, 1), "退休"))
    (line,) = desk.plan(FilingStep.RECEIVE, filing).lines
    assert line.hint == "收到日期 2026-11-24 早于离任日期 2026-12-01，请核对"


def test_what_comes_on_a_day_off_after_the_limit_is_late_by_no_working_day(desk: Desk) -> None:
    filing = desk.change(since=date(2026, 11, 17))  # due on Friday, 11-20
    desk.receive(replace(ORIGINAL, received_on=date(2026, 11, 21)), filing)
    assert (desk.filing(filing).late.is_late, desk.filing(filing).late.days) == (True, 0)
    (line,) = desk.plan(FilingStep.FILE, filing).lines
    assert (line.late.is_late, line.hint) == (True, "逾期不足一个工作日，还没有逾期说明（可以以后补）")
    assert desk.listed(FilingView.TO_EXPLAIN) == [filing]


def test_papers_are_listed_newest_first_searched_and_sorted(desk: Desk) -> None:
    one, other = desk.change(), desk.change(OTHER, name="王五")
    desk.receive(replace(SCAN, received_on=date(2025, 12, 30)), one)
    desk.receive(replace(ORIGINAL, entry_no="OA-8", note="补盖公章"), one, other)
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
    filing = desk.change()
    undo = desk.office.undo
    desk.receive(SCAN, filing)
    undo.undo(undo.state.undo.number)
    told = desk.office.filing_history.of_filing(filing)
    assert [row.action for row in told] == [
        *("撤销：收文登记", "撤销：收件"),
        *("收件", "收文登记", "新建备案"),
    ]
    assert ("形式", "", "扫描件") in told[3].details
    assert all("filing_id" not in detail for row in told for detail in row.details)
