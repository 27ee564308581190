"""One page of every paper with made-up content, to see its words before they are used."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import BinaryIO

from cdo_desktop.documents.ledgers import FilingLedger, FilingLedgerRow, write_ledger_pdf
from cdo_desktop.documents.pdf.contact_list import ContactRow, write_contact_list
from cdo_desktop.documents.pdf.filing_receipt import FilingReceipt, write_receipts
from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.documents.pdf.handover_sheet import HandoverSheet, write_handovers
from cdo_desktop.documents.pdf.reminder_letter import Reminder, ReminderItem, write_reminders
from cdo_desktop.documents.pdf.seal_list import SealItem, SealList, write_seal_list
from cdo_desktop.rules.vocabulary import FilingKind, PostKind

_UNIT = "示例单位"
_NAME, _OTHER = "张三", "李四"
_TITLE = "示例职务"
_PHONE = "021-00000000"
_HANDLER = "王五"
_NUMBER = "示例编号"

_Writer = Callable[[BinaryIO, str, date, FormTexts], int]


def has_sample(name: str) -> bool:
    """Tell whether a text file has a sample here; the 备案表 have an empty form instead."""
    return name in _WRITERS


def write_sample(name: str, target: BinaryIO, receiving_body: str, day: date, texts: FormTexts) -> int:
    """Draw the paper whose words stand in a text file, and return its pages."""
    return _WRITERS[name](target, receiving_body, day, texts)


def _contact_list(target: BinaryIO, _body: str, day: date, texts: FormTexts) -> int:
    row = ContactRow("部门", _UNIT, _NAME, _TITLE, _PHONE, _OTHER, _TITLE, _PHONE)
    return write_contact_list([row], day, target, texts=texts)


def _receipt(target: BinaryIO, body: str, day: date, texts: FormTexts) -> int:
    receipt = FilingReceipt(
        number=_NUMBER,
        unit=_UNIT,
        post=PostKind.CDO,
        name=_NAME,
        title=_TITLE,
        kind=FilingKind.CHANGE,
        filed_on=day,
        handler=_HANDLER,
        receiving_body=body,
        issued_on=day,
        change_date=day - timedelta(days=7),
        due_date=day - timedelta(days=4),
        scan_received_on=day - timedelta(days=3),
        original_received_on=day,
        late=True,
        late_days=1,
        late_reason="示例说明",
        office_phone=_PHONE,
    )
    return write_receipts([receipt], target, texts=texts)


def _reminder(target: BinaryIO, body: str, day: date, texts: FormTexts) -> int:
    """Draw one letter about a single filing and one with a list."""
    changed, due = day - timedelta(days=7), day - timedelta(days=4)
    late = ReminderItem(
        PostKind.CDO, _NAME, _TITLE, FilingKind.CHANGE, changed, due, overdue=True, late_days=2
    )
    running = ReminderItem(PostKind.SPECIALIST, _OTHER, _TITLE, FilingKind.CHANGE, day, day, days_left=0)
    letters = [
        Reminder(_UNIT, items, day, day, body, body, _HANDLER, _PHONE) for items in ((late,), (late, running))
    ]
    return write_reminders(letters, target, texts=texts)


def _ledger(target: BinaryIO, body: str, day: date, texts: FormTexts) -> int:
    row = FilingLedgerRow(
        number=_NUMBER,
        unit=_UNIT,
        post=PostKind.CDO,
        name=_NAME,
        title=_TITLE,
        kind=FilingKind.CHANGE,
        change_date=day - timedelta(days=7),
        due_date=day - timedelta(days=4),
        received_on=day - timedelta(days=3),
        late=True,
        late_days=1,
        filed_on=day,
        handler=_HANDLER,
        voided=True,
        void_reason="示例原因",
    )
    return write_ledger_pdf(FilingLedger(day.year, day, body, (row,)), target, texts=texts)


def _seal_list(target: BinaryIO, body: str, day: date, texts: FormTexts) -> int:
    paper = SealList("示例部门", body, day, (SealItem("示例文件", 2, "示例用途"),))
    return write_seal_list(paper, target, texts=texts)


def _handover(target: BinaryIO, _body: str, day: date, texts: FormTexts) -> int:
    sheet = HandoverSheet(_UNIT, PostKind.CDO, _NAME, _TITLE, _OTHER, _TITLE, day)
    return write_handovers([sheet], target, texts=texts)


_WRITERS: dict[str, _Writer] = {
    "contact_list": _contact_list,
    "filing_receipt": _receipt,
    "reminder_letter": _reminder,
    "ledgers": _ledger,
    "seal_list": _seal_list,
    "handover_sheet": _handover,
}
