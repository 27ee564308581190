"""Another setting counts what has come and did not count; what counts already stays (decision 017)."""

from dataclasses import replace
from datetime import date

from cdo_desktop.rules.filing import CountedReceipt
from tests.services.conftest import ORIGINAL, SCAN, Desk

CAME = date(2026, 11, 18)  # a day late
EARLY_SCAN = replace(SCAN, received_on=CAME)


def test_scan_that_is_here_counts_once_the_setting_lets_it(desk: Desk) -> None:
    desk.count_by(CountedReceipt.ORIGINAL)
    filing = desk.change()
    desk.receive(EARLY_SCAN, filing)
    assert desk.filing(filing).received_on is None
    assert desk.count_by(CountedReceipt.EARLIER).counted == 1
    now = desk.filing(filing)
    assert (now.state, now.received_on, now.late.days, now.lamp) == ("已收扫描件", CAME, 1, "")
    assert desk.row("罗店镇").state == "已收件"
    assert desk.file(filing) == ["2026-001"]


def test_history_tells_by_what_it_counts(desk: Desk) -> None:
    desk.count_by(CountedReceipt.ORIGINAL)
    filing = desk.change()
    desk.receive(EARLY_SCAN, filing)
    desk.count_by(CountedReceipt.SCAN)
    newest = desk.office.filing_history.of_filing(filing)[0]
    assert (newest.action, newest.details) == ("按新的设置计收件", (("收到日期", "", "2026-11-18"),))


def test_what_counts_already_stays(desk: Desk) -> None:
    filing = desk.change()
    desk.receive(EARLY_SCAN, filing)
    desk.receive(replace(ORIGINAL, received_on=date(2026, 11, 20)), filing)
    before = desk.filing(filing)
    assert desk.count_by(CountedReceipt.ORIGINAL).counted == 0
    assert desk.filing(filing) == before


def test_what_was_sent_back_or_never_came_does_not_count(desk: Desk) -> None:
    desk.count_by(CountedReceipt.ORIGINAL)
    returned, waiting = desk.change(), desk.change("大场镇", name="王五")
    desk.receive(SCAN, returned)
    desk.send_back(returned, "缺单位公章")
    assert desk.count_by(CountedReceipt.EARLIER).counted == 0
    assert (desk.filing(returned).received_on, desk.filing(waiting).received_on) == (None, None)


def test_another_setting_alone_counts_nothing(desk: Desk) -> None:
    desk.count_by(CountedReceipt.ORIGINAL)
    filing = desk.change()
    desk.receive(SCAN, filing)
    service = desk.office.system.settings
    opened = service.get()
    assert service.save(replace(opened, fonds="宝山区数据局"), opened).counted == 0
    assert desk.filing(filing).received_on is None


def test_receipt_that_was_counted_so_is_no_more_undone(desk: Desk) -> None:
    undo = desk.office.undo
    desk.count_by(CountedReceipt.ORIGINAL)
    filing = desk.change()
    desk.receive(SCAN, filing)
    assert undo.state.undo.label == "收件 李四"
    desk.count_by(CountedReceipt.EARLIER)
    assert not undo.state.undo.possible
    assert undo.state.undo.reason == "之后办理了“修改设置”，不能再撤销“收件 李四”"
