"""Filings are numbered and stored; a plan that is no longer true does nothing, what was signed is kept."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cdo_desktop.errors import ConflictError, InvalidInputError
from cdo_desktop.rules.filing_steps import FilingStep, refusal
from cdo_desktop.rules.number_pattern import BRACKETED, NumberPattern
from cdo_desktop.rules.vocabulary import FilingState, PaperShows, PostKind
from cdo_desktop.services import filing_numbers
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.attachment_rows import of_filing
from tests.services.conftest import CHANGED, ORIGINAL, SCAN, TODAY, TOWN, Desk

OTHER = "大场镇"


def test_file_of_a_numbered_filing_is_kept(desk: Desk) -> None:
    filing = desk.change()
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    desk.office.filings.receive(desk.plan(FilingStep.RECEIVE, filing), SCAN, [("扫描.pdf", pdf)])
    desk.file(filing)
    (kept,) = desk.office.attachments.list_of(of_filing(filing))
    with pytest.raises(InvalidInputError, match="属于已经编号的备案（2026-001），随备案留存，不能移除"):
        desk.office.attachments.remove([kept.attachment_id])
    assert len(desk.office.attachments.list_of(of_filing(filing))) == 1


def test_numbers_run_in_the_order_of_the_register_from_the_pattern(desk: Desk) -> None:
    one, other = desk.change(), desk.change(OTHER, name="王五")
    desk.receive(ORIGINAL, one, other)
    shown = desk.plan(FilingStep.FILE, other, one)
    assert [line.number for line in shown.ready] == ["2026-001", "2026-002"]
    assert desk.file(other, one) == ["2026-001", "2026-002"]
    now = desk.filing(one)
    assert (now.state, now.filed_on, now.filed_by) == (FilingState.FILED, TODAY, desk.office.journal.actor)


def test_numbers_go_on_from_what_was_set_and_from_what_was_imported(desk: Desk) -> None:
    desk.office.numbers.set_first(2026, 57)
    one, other = desk.change(), desk.change(OTHER, name="王五")
    desk.receive(ORIGINAL, one, other)
    assert desk.file(one) == ["2026-057"]
    desk.appoint("吴淞街道", filing=FilingDraft(state=FilingState.FILED, number="2026-120"))
    assert desk.file(other) == ["2026-121"]
    with pytest.raises(InvalidInputError, match="已经编到第 121 号"):
        desk.office.numbers.set_first(2026, 60)


def test_another_pattern_goes_on_counting_and_a_year_begins_anew(desk: Desk) -> None:
    one, other = desk.change(), desk.change(OTHER, name="王五")
    desk.receive(ORIGINAL, one, other)
    assert desk.file(one) == ["2026-001"]
    office_settings = desk.office.system.settings
    opened = office_settings.get()
    office_settings.save(replace(opened, number_pattern=BRACKETED), opened)
    assert desk.file(other) == ["〔2026〕2号"]
    assert desk.office.numbers.next_number(2026) == "〔2026〕3号"
    assert desk.office.numbers.next_number(2027) == "〔2027〕1号"


def test_everything_worth_knowing_before_a_number_is_said(desk: Desk) -> None:
    filing = desk.change()
    desk.receive(SCAN, filing)
    assert desk.plan(FilingStep.FILE, filing).lines[0].hint.split("；") == [
        "逾期 5 个工作日，还没有逾期说明（可以以后补）",
        "只收到扫描件，原件以后补登",
    ]


def test_a_number_that_is_there_already_is_kept(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    known = FilingDraft(change_reason="退休", number="旧-9", state=FilingState.RECEIVED, received_on=TODAY)
    desk.office.holders.replace(opened, desk.successor(opened, since=CHANGED), known)
    (with_number,) = [found.filing_id for found in desk.office.filing_list.rows() if found.number]
    without = desk.change(OTHER, name="王五")
    desk.receive(ORIGINAL, without)
    shown = desk.plan(FilingStep.FILE, with_number, without)
    assert {(line.number, line.hint) for line in shown.lines if line.filing_id == with_number} == {
        ("旧-9", "已有编号 旧-9，不另编号")
    }
    desk.office.filings.file(shown)
    assert [desk.filing(one).number for one in (with_number, without)] == ["旧-9", "2026-001"]
    assert desk.filing(with_number).state == FilingState.FILED
    assert desk.office.numbers.next_number(2026) == "2026-002"


def test_many_are_numbered_without_reading_all_numbers_for_each(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filings_ = [desk.change(unit, name=f"王{unit[0]}") for unit in (TOWN, OTHER, "月浦镇", "顾村镇")]
    desk.receive(ORIGINAL, *filings_)
    calls: list[int] = []
    read = filing_numbers.last_given

    def counted(session: Session, year: int, pattern: NumberPattern) -> int:
        calls.append(year)
        return read(session, year, pattern)

    monkeypatch.setattr(filing_numbers, "last_given", counted)
    desk.file(*filings_)
    assert calls == [2026, 2026]  # when it is shown, and when it is done


def test_a_number_that_somebody_took_meanwhile_is_replaced_by_the_next(desk: Desk) -> None:
    one, other = desk.change(), desk.change(OTHER, name="王五")
    desk.receive(ORIGINAL, one, other)
    shown = desk.plan(FilingStep.FILE, one)
    desk.file(other)
    done = desk.office.filings.file(shown)
    assert [line.number for line in done.ready] == ["2026-002"]


def test_a_plan_that_is_no_longer_true_changes_nothing(desk: Desk) -> None:
    one, other = desk.change(), desk.change(OTHER, name="王五")
    desk.receive(SCAN, one, other)
    shown = desk.plan(FilingStep.FILE, one, other)
    desk.send_back(other, "缺章")
    with pytest.raises(ConflictError, match="没有改动任何内容"):
        desk.office.filings.file(shown)
    assert desk.filing(one).state == FilingState.SCANNED
    assert desk.filing(one).number == ""


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (date(2026, 11, 25), "备案日期不能晚于今天 2026-11-24。"),
        (date(2026, 11, 18), "备案日期早于收到日期 2026-11-19"),
    ],
)
def test_day_of_filing_lies_between_receipt_and_today(desk: Desk, day: date, problem: str) -> None:
    filing = desk.change()
    desk.receive(replace(ORIGINAL, received_on=date(2026, 11, 19)), filing)
    (line,) = desk.plan(FilingStep.FILE, filing, day=day).lines
    assert line.problem == problem
    with pytest.raises(InvalidInputError, match="没有一份可以备案"):
        desk.office.filings.file(desk.plan(FilingStep.FILE, filing, day=day))


def test_signed_content_is_kept_when_the_register_goes_on(desk: Desk) -> None:
    filing = desk.change()
    batch = desk.office.forms.compose(unit=TOWN, post=PostKind.SPECIALIST)
    desk.office.forms.mark_issued(batch)
    desk.receive(ORIGINAL, filing)
    desk.file(filing)
    before = desk.stored("SELECT content, digest FROM filings WHERE id = ?", filing)
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, title="主任", mobile="13900000000"))
    assert desk.stored("SELECT content, digest FROM filings WHERE id = ?", filing) == before
    assert json.loads(str(before[0][0]))["name"] == "李四"
    assert [kept.note for kept in desk.office.attachments.list_of(of_filing(filing))] == ["出表时留存"]
    final = pytest.raises(IntegrityError, match="a filed paper is final")
    with final, desk.office._database.write() as session:
        session.connection().exec_driver_sql("UPDATE filings SET content = '' WHERE id = ?", (filing,))


def test_an_older_print_that_came_back_is_what_was_signed(desk: Desk) -> None:
    filing = desk.change()
    forms = desk.office.forms
    forms.mark_issued(forms.compose(unit=TOWN, post=PostKind.SPECIALIST))
    ((digest, content),) = desk.stored("SELECT digest, content FROM filing_prints")
    opened = desk.office.holders.get(desk.row(TOWN).tenure_id or 0)
    desk.office.holders.update(opened, replace(opened, title="主任"))
    forms.mark_issued(forms.compose(unit=TOWN, post=PostKind.SPECIALIST))
    assert desk.stored("SELECT count(*) FROM filing_prints") == [(2,)]
    desk.receive(replace(ORIGINAL, shows=PaperShows.OLDER, digest=str(digest)), filing)
    desk.file(filing)
    assert desk.stored("SELECT digest, content FROM filings WHERE id = ?", filing) == [(digest, content)]


def test_a_form_is_kept_once_however_often_it_is_printed(desk: Desk) -> None:
    filing = desk.change()
    forms = desk.office.forms
    for _ in range(3):
        forms.mark_issued(forms.compose(unit=TOWN, post=PostKind.SPECIALIST))
    assert len(desk.office.attachments.list_of(of_filing(filing))) == 1


def test_of_a_units_own_form_the_register_says_what_was_signed(desk: Desk) -> None:
    filing = desk.change()
    desk.receive(ORIGINAL, filing)
    desk.file(filing)
    ((content, digest),) = desk.stored("SELECT content, digest FROM filings WHERE id = ?", filing)
    assert json.loads(str(content))["name"] == "李四"
    assert digest


@settings(deadline=None)
@given(st.sampled_from(FilingStep), st.sampled_from(FilingState))
def test_every_step_is_allowed_or_says_why_not(step: FilingStep, state: FilingState) -> None:
    said = refusal(step, state)
    assert said == "" or "，" in said or said in ("已经作废", "已经入库", "还没有收到", "还没有备案编号")
    if state is FilingState.VOID:
        assert bool(said) == (step is not FilingStep.ANEW)
    if state in (FilingState.FILED, FilingState.STORED) and step in (FilingStep.RETURN, FilingStep.FILE):
        assert "作废" in said
