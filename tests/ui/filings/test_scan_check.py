"""A scan that is booked in by hand is compared with the filing first, and a strange one is asked about."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdo_desktop.errors import StorageError
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import PaperForm
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.paper_list import PaperQuery
from cdo_desktop.services.scan_check import ScanCheck, ScanChecks
from cdo_desktop.ui.filings.receive_dialog import ReceiveDialog
from tests.ui.fakes import TODAY
from tests.ui.filings.test_tray import UNIT, own_form, printed, tray
from tests.ui.filings_desk import FilingsDesk
from tests.ui.register_desk import WAIT

OTHER = "区教育局"
ENTER = Qt.Key.Key_Return
NOT_THIS = "扫描件上的二维码是“区教育局 数据专员 吕晓雯”的备案表，不是这一份的"


def opened(desk: FilingsDesk) -> ReceiveDialog:
    """Open 收件 for 周明."""
    (row,) = [row for row in desk.office.filing_list.rows() if row.name == "周明"]
    desk.select(row.filing_id)
    return desk.open(FilingStep.RECEIVE, ReceiveDialog)


def shows(desk: FilingsDesk) -> list[str]:
    """Return what the papers received show."""
    papers = desk.office.paper_list
    keys = papers.keys(PaperQuery())
    rows = papers.rows(keys)
    return [str(rows[key].shows) for key in keys]


def kept(desk: FilingsDesk) -> list[str]:
    """Return the names of the files kept with 周明's filing, without those of the prints."""
    (row,) = [row for row in desk.office.filing_list.rows() if row.name == "周明"]
    files = desk.office.attachments.list_of(of_filing(row.filing_id))
    return [one.name for one in files if one.note != "出表时留存"]


def test_right_scan_is_booked_in_with_what_it_shows(filings: FilingsDesk, tmp_path: Path) -> None:
    file = printed(filings, tmp_path)
    dialog = opened(filings)
    dialog.scan.set_path(file)
    assert dialog.scan.said.text() == "正在核对二维码…"
    filings.settle()
    assert dialog.scan.said.text() == "二维码是这份备案的，内容与现在的登记一致"
    filings.press(ENTER)
    assert filings.no_dialog()
    assert (shows(filings), filings.notices.questions) == (["现内容"], [])


def test_scan_of_another_filing_is_asked_about_and_kept_out(filings: FilingsDesk, tmp_path: Path) -> None:
    file = printed(filings, tmp_path, OTHER)
    dialog = opened(filings)
    dialog.scan.set_path(file)
    filings.settle()
    assert dialog.scan.said.text() == NOT_THIS
    filings.notices.answer = False
    filings.press(ENTER)
    assert dialog.isVisible()
    assert filings.notices.labels == [("仍要收件", "返回")]
    assert NOT_THIS in filings.notices.questions[0]
    assert shows(filings) == []
    filings.notices.answer = True
    dialog.save()
    filings.settle()
    assert filings.no_dialog()
    assert (shows(filings), kept(filings)) == (["未核"], [file.name])


def test_enter_right_after_the_choice_waits_for_what_the_scan_says(
    filings: FilingsDesk, tmp_path: Path
) -> None:
    right, wrong = printed(filings, tmp_path), printed(filings, tmp_path, OTHER)
    dialog = opened(filings)
    dialog.scan.set_path(wrong)
    filings.notices.answer = False
    QTest.keyClick(dialog, ENTER)
    filings.settle()
    assert len(filings.notices.questions) == 1
    assert (dialog.isVisible(), shows(filings)) == (True, [])
    dialog.scan.set_path(right)
    QTest.keyClick(dialog, ENTER)
    filings.settle()
    assert filings.no_dialog()
    assert (shows(filings), len(filings.notices.questions)) == (["现内容"], 1)


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let no scan be known before this is set."""
    event = threading.Event()

    def of_file(_checks: ScanChecks, _path: Path, _filing_id: int) -> ScanCheck:
        assert event.wait(WAIT / 1000)
        return ScanCheck()

    monkeypatch.setattr(ScanChecks, "of_file", of_file)
    return event


def test_enter_for_one_file_does_not_book_in_another(
    filings: FilingsDesk, tmp_path: Path, go: threading.Event
) -> None:
    wrong, right = own_form(tmp_path, "a.png"), own_form(tmp_path, "b.png", 230)
    dialog = opened(filings)
    dialog.scan.set_path(wrong)
    QTest.keyClick(dialog, ENTER)
    dialog.scan.remove_button.click()
    dialog.scan.set_path(right)
    go.set()
    filings.settle()
    assert (dialog.isVisible(), shows(filings)) == (True, [])
    filings.press(ENTER)
    assert filings.no_dialog()
    assert kept(filings) == ["b.png"]


@pytest.mark.parametrize(("choice", "booked"), [(0, ["未核"]), (1, []), (2, [])])
def test_what_waited_for_the_scan_is_not_done_below_the_question(
    filings: FilingsDesk,
    tmp_path: Path,
    go: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    choice: int,
    booked: list[str],
) -> None:
    dialog = opened(filings)
    dialog.form.editor("note").set_value("补")
    dialog.scan.set_path(own_form(tmp_path))
    QTest.keyClick(dialog, ENTER)

    def choose(question: str, answers: tuple[str, ...]) -> int:
        go.set()
        filings.settle()  # the scan is known while the question stands
        assert (dialog.isVisible(), shows(filings)) == (True, [])
        assert (question, answers) == ("填写的内容还没有保存。", ("收件", "不收件", "取消"))
        return choice

    monkeypatch.setattr(filings.notices, "choose", choose)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    filings.settle()
    assert shows(filings) == booked
    assert filings.no_dialog() == (choice != 2)


def test_older_paper_is_shown_before_it_is_booked_in(filings: FilingsDesk, tmp_path: Path) -> None:
    file = printed(filings, tmp_path)
    change_title(filings)
    dialog = opened(filings)
    dialog.scan.set_path(file)
    QTest.keyClick(dialog, ENTER)  # before it is known that it is an older one
    filings.settle()
    assert dialog.isVisible()
    assert "与现在的登记不同" in dialog.banner.label.text()
    dialog.save()
    filings.settle()
    assert (shows(filings), filings.notices.questions) == (["旧内容"], [])


def test_what_is_said_of_a_scan_goes_with_it(filings: FilingsDesk, tmp_path: Path) -> None:
    file = printed(filings, tmp_path)
    change_title(filings)
    dialog = opened(filings)
    dialog.scan.set_path(file)
    QTest.keyClick(dialog, ENTER)
    filings.settle()
    assert (
        dialog.banner.text == "表上的内容与现在的登记不同（打印以后改过），请核对；没有问题就再按一次“收件”。"
    )
    dialog.scan.remove_button.click()
    assert (dialog.banner.text, dialog.banner.isVisible()) == ("", False)


def change_title(desk: FilingsDesk) -> None:
    """Change what the form of 周明 shows."""
    (row,) = [row for row in desk.office.filing_list.rows() if row.name == "周明"]
    holder = desk.office.holders.get(row.tenure_id)
    desk.office.holders.update(holder, replace(holder, title="主任"))


def test_file_that_changes_between_check_and_receipt_is_not_booked_in(
    filings: FilingsDesk, tmp_path: Path
) -> None:
    file = printed(filings, tmp_path)
    dialog = opened(filings)
    dialog.scan.set_path(file)
    filings.settle()
    own_form(tmp_path, file.name)
    dialog.save()
    filings.settle()
    assert "刚才被改动过" in dialog.banner.label.text()
    assert shows(filings) == []


def test_scan_that_could_not_be_compared_says_so(
    filings: FilingsDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise StorageError("临时文件夹写不下。")

    monkeypatch.setattr(ScanChecks, "of_file", full)
    dialog = opened(filings)
    dialog.scan.set_path(own_form(tmp_path))
    filings.settle()
    assert dialog.scan.said.text() == "没有核对二维码：临时文件夹写不下。"
    dialog.scan.set_path(None)
    assert not dialog.scan.said.isVisible()


def assigned(desk: FilingsDesk, file: Path, draw: Callable[[], object] = lambda: None) -> None:
    """Let a scan wait whose filing is void, and assign it to 周明."""
    (row,) = [row for row in desk.office.filing_list.rows() if row.name == "吕晓雯"]
    plan = desk.office.filings.plan(FilingStep.VOID, [row.filing_id])
    desk.office.filings.void(plan, "填错")
    desk.office.scans.take_in([file], ReceiptDraft(PaperForm.SCAN, TODAY))
    desk.tab.reload()
    desk.settle()
    page = tray(desk)
    page.search.setText(UNIT)
    desk.settle()
    page.assign_selected()
    desk.settle()
    page.assign_selected()
    desk.settle()


@pytest.mark.parametrize(("answer", "booked"), [(False, []), (True, ["未核"])])
def test_waiting_scan_of_another_filing_is_asked_about(
    filings: FilingsDesk, tmp_path: Path, answer: bool, booked: list[str]
) -> None:
    filings.notices.answer = answer
    assigned(filings, printed(filings, tmp_path, OTHER))
    assert filings.notices.labels[0] == ("仍要归入", "返回")
    assert NOT_THIS in filings.notices.questions[0]
    assert shows(filings) == booked
    assert len(filings.office.scans.waiting()) == (0 if answer else 1)
