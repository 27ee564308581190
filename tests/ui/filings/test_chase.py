"""催办: what to say and whom to call are copied by one key, and what was said is kept."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTreeWidget
from pytestqt.qtbot import QtBot

from cdo_desktop.services.contacts import ChaseText, PhoneNumber
from cdo_desktop.services.filing_sql import FilingView
from cdo_desktop.ui.filings.chase_dialog import ChaseDialog
from cdo_desktop.ui.filings.chase_words import ChaseWords
from tests.ui.filings_desk import FilingsDesk, received
from tests.ui.register_desk import WAIT

ENTER = Qt.Key.Key_Return


def open_chase(desk: FilingsDesk, *filing_ids: int) -> ChaseDialog:
    """Open the window for some filings."""
    desk.select(*filing_ids)
    desk.page.actions_.chase.trigger()
    return desk.dialog(ChaseDialog)


def test_the_sentence_is_copied_by_enter_and_the_call_logged(filings: FilingsDesk) -> None:
    filings.show(FilingView.OVERDUE)
    (late,) = filings.ids(FilingView.OVERDUE)
    dialog = open_chase(filings, late)
    filings.press(ENTER)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("罗店镇：贵单位数据专员“周明”的变更备案表应于11月17日前报送，已逾期 5 个工作日")
    assert dialog.form.editor("said").focus.hasFocus()
    QTest.keyClicks(dialog.focusWidget(), "ok")
    filings.press(ENTER)
    assert filings.no_dialog()
    (call,) = filings.office.contacts.of_filing(late)
    assert (call.way, call.said) == ("电话", "ok")
    assert filings.notices.infos[-1] == "已记下催办：罗店镇 数据专员 周明"
    assert filings.shown("last_contact") == ["2026-11-24 09:30"]


def test_a_number_is_copied_by_its_digit(filings: FilingsDesk) -> None:
    dialog = open_chase(filings, filings.ids(FilingView.OVERDUE)[0])
    texts = [button.text() for button in dialog.words.number_buttons]
    assert texts == ["复制 021-56100000(&1)", "复制 13900000001(&2)"]  # of the 首席数据官: 周明 has none yet
    QTest.keyClick(dialog, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    filings.qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "13900000001", timeout=WAIT)
    assert dialog.remark.text() == "已复制13900000001"


def test_earlier_calls_are_listed(filings: FilingsDesk) -> None:
    late = filings.ids(FilingView.OVERDUE)[0]
    dialog = open_chase(filings, late)
    dialog.form.editor("said").set_value("等领导签字")
    dialog.form.editor("promised_on").set_value(date(2026, 11, 25))
    dialog.save()
    filings.settle()
    dialog = open_chase(filings, late)
    (tree,) = dialog.findChildren(QTreeWidget)
    item = tree.topLevelItem(0)
    assert item is not None
    assert [item.text(column) for column in range(1, 5)] == ["电话", "陈思远", "等领导签字", "2026-11-25"]
    assert tree.verticalScrollBar().maximum() == 0


def test_several_units_share_a_window_and_each_gets_its_line(filings: FilingsDesk) -> None:
    ids = filings.ids(FilingView.WAITING)
    dialog = open_chase(filings, *ids)
    assert dialog.windowTitle() == f"催办：{len(ids)} 份备案[*]"
    dialog.words.copy_text.click()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 3
    assert any("13900000005" in button.text() for button in dialog.words.number_buttons)
    assert dialog.form.values()["answered_by"] == ""
    dialog.save()
    filings.settle()
    assert all(filings.office.contacts.of_filing(one) for one in ids)


def test_what_has_come_is_not_chased(filings: FilingsDesk) -> None:
    first = filings.ids()[0]
    received(filings.office, first)
    filings.show(FilingView.TO_NUMBER)
    filings.select(first)
    action = filings.page.actions_.chase
    assert (action.isEnabled(), action.statusTip()) == (False, "已经收到，不用催")


def test_very_many_numbers_are_copied_together(qtbot: QtBot) -> None:
    phones = tuple(PhoneNumber(f"单位{n}", "数据专员", f"张{n}", "", f"1390000000{n}") for n in range(5))
    words = ChaseWords(ChaseText("请报送。", phones))
    qtbot.addWidget(words)
    (all_numbers,) = words.number_buttons
    all_numbers.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "单位0 数据专员 张0　手机 13900000000"
    assert len(lines) == 5


def test_a_unit_without_numbers_says_so(qtbot: QtBot) -> None:
    words = ChaseWords(ChaseText("请报送。", ()))
    qtbot.addWidget(words)
    assert "名册里没有登记电话" in [label.text() for label in words.findChildren(QLabel)]
