"""What an office does with filings every week, by keys alone: tasks 4, 5 and 6 of the yardstick."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication

from benchmarks.keyboard import Keyboard
from benchmarks.office_desk import NOW, Desk, Task, WrongResultError, expect, expect_status
from cdo_desktop.office import Office
from cdo_desktop.rules.filing_steps import FilingStep
from cdo_desktop.rules.vocabulary import PaperForm, PostKind
from cdo_desktop.services.appointments import FilingDraft
from cdo_desktop.services.attachment_rows import of_filing
from cdo_desktop.services.filing_receipts import ReceiptDraft
from cdo_desktop.services.holder_draft import HolderDraft
from cdo_desktop.services.register import RegisterQuery

SCAN_NAME = "淞南镇备案表.pdf"
_GIVEN = "晓明伟强丽芳静敏军杰娟勇艳涛超霞平刚桂英"


def _go_to_filings(desk: Desk, keyboard: Keyboard) -> None:
    keyboard.press("Ctrl+2")
    keyboard.until(lambda: desk.filings and not desk.busy, "the filings")
    keyboard.think()


def receive_form(desk: Desk, keyboard: Keyboard) -> None:
    """A form came yesterday; its scan was copied in a folder."""
    _go_to_filings(desk, keyboard)
    keyboard.press("Ctrl+F")
    keyboard.type("snz")
    keyboard.press("Down")
    keyboard.until(lambda: desk.filing().get("单位") == "淞南镇", "the filing")
    keyboard.think()
    keyboard.press("Return")
    keyboard.until(desk.form, "the form")
    keyboard.press("Ctrl+V")  # the scan
    keyboard.press("Alt+D", "Down")  # yesterday
    keyboard.press("Return")
    keyboard.until(lambda: desk.form() is None and not desk.busy, "the receipt")
    expect_status(desk, "已收件：淞南镇 首席数据官 尹敏")
    office = desk.program.office
    if office is None:
        raise WrongResultError("no data is open")
    row = next(row for row in office.filing_list.rows() if row.unit == "淞南镇" and row.name == "尹敏")
    expect((row.state, row.scan_on), ("已收扫描件", date(2026, 11, 23)))
    expect([one.name for one in office.attachments.list_of(of_filing(row.filing_id))], [SCAN_NAME])


def copy_scan(office: Office) -> None:
    """Copy a scanned form, as in the window of a folder."""
    scan = office.data_folder.parent / SCAN_NAME
    scan.write_bytes(b"%PDF-1.7\n" + bytes(200_000))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(scan))])
    QGuiApplication.clipboard().setMimeData(data)


def number_twenty(desk: Desk, keyboard: Keyboard) -> None:
    """Twenty have come: give them their numbers."""
    _go_to_filings(desk, keyboard)
    keyboard.press("Alt+Z", "Right", "Right", "Down")  # 清单: 待收件, 逾期未收, 待编号
    keyboard.press("Ctrl+A", "Return")
    keyboard.until(desk.form, "the summary")
    keyboard.think()
    keyboard.press("Return")
    keyboard.until(lambda: desk.form() is None and not desk.busy, "the numbers")
    expect_status(desk, "已备案 20 份：2026-024 至 2026-043")


def receive_twenty(office: Office) -> None:
    """Let the originals of twenty successors have come."""
    posts = [
        row
        for row in office.register.all_rows(RegisterQuery())
        if row.post == PostKind.SPECIALIST and row.tenure_id
    ]
    held = [row for row in posts if row.due_date is None][:20]
    for place, row in enumerate(held):
        opened = office.holders.get(row.tenure_id or 0)
        blank = HolderDraft(opened.post_id, opened.post)
        new = replace(blank, name=f"张{_GIVEN[place]}", since=date(2026, 11, 23))
        office.holders.replace(opened, new, FilingDraft(change_reason="职务调整"))
    ids = [row.filing_id for row in office.filing_list.rows() if row.name[0] == "张" and row.due_date]
    plan = office.filings.plan(FilingStep.RECEIVE, ids)
    office.filings.receive(plan, ReceiptDraft(PaperForm.ORIGINAL, NOW.date()))


def chase_overdue(desk: Desk, keyboard: Keyboard) -> None:
    """Who is overdue? Copy what to say, call, and log the call."""
    _go_to_filings(desk, keyboard)
    keyboard.press("Alt+Z", "Right", "Down")  # 清单: 待收件, 逾期未收
    keyboard.until(lambda: desk.filing().get("提示", "").startswith("逾期"), "the overdue filing")
    keyboard.press("Ctrl+T")
    keyboard.until(desk.form, "what to say")
    keyboard.press("Return")
    copied = QGuiApplication.clipboard().text()
    if not copied.startswith("区教育局：贵单位首席数据官“何佳慧”的变更备案表应于11月9日前报送，已逾期"):
        raise WrongResultError(f"copied was {copied}")
    keyboard.think()
    keyboard.press("Alt+Down", "Down", "Return")  # the usual answers are listed
    keyboard.press("Return")
    keyboard.until(lambda: desk.form() is None and not desk.busy, "the log")
    expect_status(desk, "已记下催办：区教育局 首席数据官 何佳慧")
    expect(desk.filing().get("最近催办"), f"{NOW:%Y-%m-%d %H:%M}")


FILING_TASKS = (
    Task("4", "收到一份表，连同扫描件和日期登记", 15, 15, receive_form, copy_scan),
    Task("5", "二十份编号、备案", 30, 11, number_twenty, receive_twenty),
    Task("6", "看谁逾期，复制催办语，记下电话", 15, 14, chase_overdue),
)
