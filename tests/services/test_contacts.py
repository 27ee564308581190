"""催办: what is said to a unit about a filing that has not come."""

from dataclasses import replace
from datetime import date

import pytest

from cdo_desktop.documents.pdf.reminder_letter import reminder_text
from cdo_desktop.rules.filing import CountedReceipt
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.departures import LeaveDraft
from tests.services.conftest import ORIGINAL, SCAN, TODAY, TOWN, Desk

TUESDAY = date(2026, 11, 17)  # due on Friday, 11-20
SATURDAY = date(2026, 11, 21)


def only_the_original_counts(desk: Desk) -> None:
    opened = desk.office.system.settings.get()
    desk.office.system.settings.save(replace(opened, counted_receipt=CountedReceipt.ORIGINAL), opened)


def said(desk: Desk, filing_id: int) -> str:
    """Return what is said, without the greeting and the request."""
    text = desk.office.contacts.chase([filing_id]).text
    return text.removeprefix(f"{TOWN}：贵单位数据专员“李四”的变更备案表").partition("。请")[0]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 19), "应于11月20日前报送，还剩 1 个工作日"),
        (date(2026, 11, 20), "今天（11月20日）截止报送"),
        (SATURDAY, "应于11月20日前报送，已逾期不足一个工作日"),
        (date(2026, 11, 23), "应于11月20日前报送，已逾期 1 个工作日"),
    ],
)
def test_what_is_said_depends_on_the_day(day: date, words: str, desk: Desk) -> None:
    filing = desk.change(since=TUESDAY)
    desk.clock.set_day(day)
    assert said(desk, filing) == words
    assert TODAY > SATURDAY


def test_what_was_sent_back_is_asked_for_again(desk: Desk) -> None:
    filing = desk.change(since=TUESDAY)
    desk.receive(SCAN, filing)
    desk.send_back(filing, "缺公章")
    assert said(desk, filing) == "已退回补正（缺公章），应于11月20日前报送，已逾期 2 个工作日"


@pytest.mark.parametrize("reason", ["缺公章", "缺公章。"])
def test_what_was_sent_back_and_printed_again_still_waits_for_what_was_missing(
    reason: str, desk: Desk
) -> None:
    filing = desk.change(since=TUESDAY)
    desk.receive(SCAN, filing)
    desk.send_back(filing, reason)
    desk.office.forms.mark_issued(desk.office.forms.compose(filing_ids=[filing]))
    assert said(desk, filing) == "已退回补正（缺公章），应于11月20日前报送，已逾期 2 个工作日"
    (letter,) = desk.office.filing_papers.reminders([filing])
    assert "已退回补正（缺公章）" in "".join(reminder_text(letter))
    desk.receive(SCAN, filing)
    assert desk.office.filing_papers.reminders([filing]) == ()


def test_where_the_original_counts_only_it_is_asked_for(desk: Desk) -> None:
    only_the_original_counts(desk)
    filing = desk.change(since=TUESDAY)
    desk.receive(SCAN, filing)
    assert said(desk, filing) == ("已收到扫描件，原件还没有收到，应于11月20日前报送，已逾期 2 个工作日")
    assert desk.office.contacts.chase([filing]).text.endswith("请尽快将备案表原件报送区信息委，谢谢。")
    (letter,) = desk.office.filing_papers.reminders()
    told = "".join(reminder_text(letter))
    assert "区信息委已收到扫描件，尚未收到原件，已逾期2个工作日。" in told
    assert "请尽快将签字、盖章的备案表原件报送区信息委" in told
    assert "可先报送扫描件" not in told


@pytest.mark.parametrize("original", [False, True])
def test_a_scan_is_offered_only_where_it_counts(original: bool, desk: Desk) -> None:
    if original:
        only_the_original_counts(desk)
    desk.change(since=TUESDAY)
    (letter,) = desk.office.filing_papers.reminders()
    assert ("可先报送扫描件，原件随后送达。" in reminder_text(letter)[1]) is not original


def test_a_change_to_come_is_told_as_one(desk: Desk) -> None:
    filing = desk.change(since=date(2026, 12, 1))
    text = desk.office.contacts.chase([filing]).text
    assert text == (
        "罗店镇：贵单位数据专员将于12月1日变更为“李四”，变更备案表应于12月4日前报送。"
        "请按时将备案表签字盖章后报送区信息委，谢谢。"
    )
    assert desk.office.filing_papers.reminders() == ()  # nothing is overdue
    (letter,) = desk.office.filing_papers.reminders([filing])
    assert reminder_text(letter)[0].endswith(
        "你单位数据专员将于2026年12月1日变更为李四，应于2026年12月4日前（含当日）报送备案材料。"
    )


def test_a_departure_to_come_is_told_as_one(desk: Desk) -> None:
    opened = desk.appoint(TOWN, since=date(2025, 1, 6))
    filing = desk.office.holders.leave(opened, LeaveDraft(date(2026, 12, 1), "退休"))
    assert desk.office.contacts.chase([filing]).text == (
        "罗店镇：贵单位数据专员“张三”将于12月1日离任，届时请报送离任备案表。"
        "请按时将备案表签字盖章后报送区信息委，谢谢。"
    )
    (letter,) = desk.office.filing_papers.reminders([filing])
    assert reminder_text(letter)[0].endswith(
        "你单位数据专员张三将于2026年12月1日离任，届时请报送离任备案材料。"
    )


def test_what_was_sent_back_before_its_day_is_asked_for_again(desk: Desk) -> None:
    filing = desk.change(since=date(2026, 12, 1))
    desk.receive(ORIGINAL, filing)
    desk.send_back(filing, "缺单位公章")
    assert said(desk, filing) == "已退回补正（缺单位公章），应于12月4日前报送，还剩 8 个工作日"


def test_where_the_scan_of_a_change_to_come_is_here_the_original_is_asked_for(desk: Desk) -> None:
    only_the_original_counts(desk)
    filing = desk.change(since=date(2026, 12, 1))
    desk.receive(SCAN, filing)
    assert said(desk, filing) == "已收到扫描件，原件还没有收到，应于12月4日前报送，还剩 8 个工作日"


def test_a_first_holder_to_come_is_not_told_as_a_departure(desk: Desk) -> None:
    day = date(2026, 12, 1)
    desk.appoint(TOWN, since=day, filing=FilingDraft(change_date=day))
    (filing,) = [row.filing_id for row in desk.office.filing_list.rows()]
    assert desk.office.contacts.chase([filing]).text == (
        "罗店镇：贵单位数据专员“张三”将于12月1日任职，届时请报送首次备案表。"
        "请按时将备案表签字盖章后报送区信息委，谢谢。"
    )
    (letter,) = desk.office.filing_papers.reminders([filing])
    assert reminder_text(letter)[0].endswith(
        "你单位数据专员张三将于2026年12月1日任职，届时请报送首次备案材料。"
    )
