"""Papers with an odd text in every place, and what must be read on each."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from benchmarks.reliability.odd_filler import (
    ANY,
    BODY,
    DAY,
    NAME,
    NUMBER,
    OPERATOR,
    TITLE,
    UNIT,
    Area,
    Filler,
    OddPaper,
    drawn,
)
from benchmarks.reliability.odd_forms import form
from cdo_desktop.documents.ledgers import (
    ArchiveCatalog,
    ArchiveRow,
    FilingLedger,
    FilingLedgerRow,
    IncomingRegister,
    IncomingRow,
    Ledger,
    write_ledger_pdf,
)
from cdo_desktop.documents.pdf import contact_list as contacts
from cdo_desktop.documents.pdf.filing_receipt import FilingReceipt, write_receipts
from cdo_desktop.documents.pdf.form_layout import MM
from cdo_desktop.documents.pdf.handover_sheet import (
    HandoverItem,
    HandoverSheet,
    handover_categories,
    write_handovers,
)
from cdo_desktop.documents.pdf.official_page import LANDSCAPE, LETTER, PORTRAIT, Sheet, paper_problems
from cdo_desktop.documents.pdf.reminder_letter import Reminder, ReminderItem, write_reminders
from cdo_desktop.documents.pdf.seal_list import SealItem, SealList, write_seal_list
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind

CONTACTS = Area(15 * MM - 1, 282 * MM + 1, 8 * MM, contacts.PAGE_HEIGHT - 10 * MM, 12 * MM)


def _area(sheet: Sheet, above: float = 3 * MM) -> Area:
    return Area(sheet.left - 1, sheet.right + 1, sheet.bottom - 12 * MM, sheet.top + 2, sheet.bottom - above)


def _paper(filler: Filler, made: object, write: Callable[[io.BytesIO], object], area: Area) -> OddPaper:
    return OddPaper(drawn(write), filler.texts, paper_problems(made), area)


def receipt(filler: Filler) -> OddPaper:
    """Make 备案回执."""
    late = filler.odd.happens()
    made = filler.fill(
        FilingReceipt,
        {
            "number": NUMBER,
            "unit": UNIT,
            "name": NAME,
            "title": TITLE,
            "handler": OPERATOR,
            "receiving_body": BODY,
            "late_reason": ANY,
            "office_phone": NAME,
        },
        unseen=() if late else ("late_reason",),
        post=filler.odd.one_of(*FILED_POSTS),
        kind=filler.odd.one_of(*FilingKind),
        filed_on=DAY,
        issued_on=DAY,
        change_date=filler.day(),
        due_date=filler.day(),
        due_provisional=filler.odd.happens(),
        scan_received_on=filler.day(),
        original_received_on=filler.day(),
        late=late,
        late_days=filler.odd.number(2),
    )
    return _paper(filler, made, lambda target: write_receipts([made], target), _area(PORTRAIT))


def reminder(filler: Filler) -> OddPaper:
    """Make 提醒函 about one filing or several."""
    count = filler.odd.number(4) + 1 if filler.odd.happens() else 1
    items = tuple(_reminder_item(filler, alone=count == 1) for _ in range(count))
    late = any(item.overdue for item in items)
    made = filler.fill(
        Reminder,
        {
            "unit": UNIT,
            "receiving_body": BODY,
            "issuer": BODY,
            "contact": OPERATOR,
            "phone": NAME,
            "number": 20,
        },
        items=items,
        as_of=DAY,
        dated=DAY,
        reply_by=filler.day() if late else None,
    )
    if not made.contact:
        filler.texts = {name: text for name, text in filler.texts.items() if not name.startswith("phone")}
    return _paper(filler, made, lambda target: write_reminders([made], target), _area(LETTER, 5 * MM))


def _reminder_item(filler: Filler, *, alone: bool) -> ReminderItem:
    due = filler.day()
    return filler.fill(
        ReminderItem,
        {"name": NAME, "title": TITLE},
        unseen=("title",) if alone else (),
        post=filler.odd.one_of(*FILED_POSTS),
        kind=filler.odd.one_of(*FilingKind),
        change_date=DAY - timedelta(days=9),
        due_date=due,
        overdue=due is not None and filler.odd.happens(),
        late_days=filler.odd.number(2),
        days_left=filler.odd.number(3),
    )


def seal_list(filler: Filler) -> OddPaper:
    """Make 用印清单."""
    items = tuple(
        filler.fill(SealItem, {"document": 300, "purpose": ANY, "note": ANY}, copies=filler.odd.number(9))
        for _ in range(filler.odd.number(6))
    )
    made = filler.fill(
        SealList, {"office": BODY, "seal": BODY, "reason": ANY}, applied_on=filler.day(), items=items
    )
    return _paper(filler, made, lambda target: write_seal_list(made, target), _area(PORTRAIT))


def handover(filler: Filler) -> OddPaper:
    """Make 工作交接单."""
    items = []
    for _ in range(filler.odd.number(6)):
        lengths = {"content": ANY, "state": ANY, "note": ANY}
        if filler.odd.happens(0.3):
            items.append(filler.fill(HandoverItem, {"category": NAME, **lengths}))
        else:
            category = filler.odd.one_of(*handover_categories())
            items.append(filler.fill(HandoverItem, lengths, category=category))
    made = filler.fill(
        HandoverSheet,
        {
            "unit": UNIT,
            "predecessor": NAME,
            "predecessor_title": TITLE,
            "successor": NAME,
            "successor_title": TITLE,
            "reason": ANY,
        },
        post=filler.odd.one_of(*FILED_POSTS),
        handed_over_on=filler.day(),
        items=tuple(items),
    )
    return _paper(filler, made, lambda target: write_handovers([made], target), _area(PORTRAIT))


def filing_ledger(filler: Filler) -> OddPaper:
    """Make 备案登记册."""
    rows, below = [], []
    for _ in range(filler.odd.number(5)):
        voided = filler.odd.happens(0.3)
        below += [f"note {len(filler.texts)}"] * voided
        rows.append(
            filler.fill(
                FilingLedgerRow,
                {
                    "number": NUMBER,
                    "unit": UNIT,
                    "name": NAME,
                    "title": TITLE,
                    "late_reason": TITLE,
                    "handler": OPERATOR,
                    "place": TITLE,
                    "note": ANY,
                    "void_reason": TITLE,
                },
                unseen=() if voided else ("void_reason",),
                post=filler.odd.one_of(*FILED_POSTS),
                kind=filler.odd.one_of(*FilingKind),
                change_date=filler.day(),
                due_date=filler.day(),
                due_provisional=filler.odd.happens(),
                received_on=filler.day(),
                late=filler.odd.happens(),
                late_days=filler.odd.number(3),
                filed_on=filler.day(),
                stored_on=filler.day(),
                voided=voided,
            )
        )
    made = filler.fill(FilingLedger, {"keeper": BODY}, year=2026, as_of=DAY, rows=tuple(rows))
    return replace(_ledger(filler, made, LANDSCAPE), after_others=frozenset(below))


def incoming_register(filler: Filler) -> OddPaper:
    """Make 收文登记册."""
    lengths = {
        "number": NUMBER,
        "sender": UNIT,
        "document": 300,
        "form": OPERATOR,
        "way": OPERATOR,
        "receiver": OPERATOR,
        "note": ANY,
    }
    rows = tuple(
        filler.fill(IncomingRow, lengths, received_on=filler.day(), copies=filler.odd.number(9))
        for _ in range(filler.odd.number(8))
    )
    made = filler.fill(IncomingRegister, {"keeper": BODY}, year=2026, as_of=DAY, rows=rows)
    return _ledger(filler, made, LANDSCAPE)


def archive_catalog(filler: Filler) -> OddPaper:
    """Make 归档文件目录."""
    lengths = {"number": NUMBER, "author": UNIT, "title": 300, "retention": OPERATOR, "note": ANY}
    rows = tuple(
        filler.fill(ArchiveRow, lengths, item=item, dated=filler.day(), pages=filler.odd.number(9))
        for item in range(1, filler.odd.number(8) + 1)
    )
    made = filler.fill(ArchiveCatalog, {"fonds": BODY, "department": BODY}, year=2026, made_on=DAY, rows=rows)
    below = frozenset(name for name in filler.texts if name.startswith("department"))
    return replace(_ledger(filler, made, PORTRAIT), after_others=below)


def _ledger(filler: Filler, made: Ledger, sheet: Sheet) -> OddPaper:
    return _paper(filler, made, lambda target: write_ledger_pdf(made, target), _area(sheet))


def contact_list(filler: Filler) -> OddPaper:
    """Make 通讯录; a vacant post has no title or phone."""
    people = {
        f"{post}_{field}": longest
        for post in ("cdo", "specialist")
        for field, longest in (("name", NAME), ("title", TITLE), ("phone", TITLE))
    }
    rows = [
        filler.fill(contacts.ContactRow, {"group": NAME, "unit": UNIT, **people})
        for _ in range(filler.odd.number(6) + 1)
    ]
    content = drawn(lambda target: contacts.write_contact_list(rows, DAY, target))
    return OddPaper(content, filler.texts, contacts.contact_problems(rows), CONTACTS)


PAPERS: Mapping[str, Callable[[Filler], OddPaper]] = {
    **{f"备案表 {post} {kind}": form(post, kind) for post in FILED_POSTS for kind in FilingKind},
    "备案回执": receipt,
    "提醒函": reminder,
    "用印清单": seal_list,
    "工作交接单": handover,
    "备案登记册": filing_ledger,
    "收文登记册": incoming_register,
    "归档文件目录": archive_catalog,
    "通讯录": contact_list,
}
