"""Papers with an odd text in every place, and what must be read on each."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from benchmarks.reliability.odd_words import OddTexts
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
from cdo_desktop.documents.pdf import form_layout
from cdo_desktop.documents.pdf.filing_form import FilingFormData, form_problems, form_texts, write_form
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
from cdo_desktop.rules.vocabulary import ChangeReason, FilingKind, Handover, HeadStatus, PostKind

DAY = date(2026, 11, 24)
POSTS = (PostKind.CDO, PostKind.SPECIALIST)

# Characters that the services take; what has none of its own gets the 5,000 of R26.
NAME, UNIT, BODY, OPERATOR, TITLE, NUMBER, ANY = 50, 100, 50, 20, 200, 60, 5000

Made = TypeVar("Made")


@dataclass(frozen=True)
class Area:
    """Where a paper's text stands; page numbers are below ``above``."""

    left: float
    right: float
    bottom: float
    top: float
    above: float


@dataclass(frozen=True)
class OddPaper:
    """One paper as it was drawn; ``cut`` are the words that end a text which found no place."""

    content: bytes
    texts: Mapping[str, str]
    problems: tuple[str, ...]
    area: Area
    cut: str = "…（过长）"
    cut_is_named: bool = False  # among the problems as well
    after_others: frozenset[str] = frozenset()  # texts in one place with others: nothing may be left of them


def _area(sheet: Sheet, above: float = 3 * MM) -> Area:
    return Area(sheet.left - 1, sheet.right + 1, sheet.bottom - 12 * MM, sheet.top + 2, sheet.bottom - above)


FORM = Area(form_layout.LEFT - 1, form_layout.RIGHT + 1, 15 * MM, form_layout.PAGE_HEIGHT - 15 * MM, 15 * MM)
CONTACTS = Area(15 * MM - 1, 282 * MM + 1, 8 * MM, contacts.PAGE_HEIGHT - 10 * MM, 12 * MM)


class Filler:
    """Fills dataclasses with odd texts and keeps what must be read."""

    def __init__(self, odd: OddTexts) -> None:
        self.odd = odd
        self.texts: dict[str, str] = {}

    def fill(
        self,
        make: Callable[..., Made],
        lengths: Mapping[str, int],
        /,
        unseen: Sequence[str] = (),
        **fixed: Any,
    ) -> Made:
        """Return one with a text in every field named; ``unseen`` fields are not on the paper."""
        made = {name: self.odd.text(longest) for name, longest in lengths.items()}
        count = len(self.texts)
        self.texts |= {f"{name} {count}": text for name, text in made.items() if name not in unseen}
        return make(**made, **fixed)

    def day(self) -> date | None:
        """Return a day, or none."""
        return DAY - timedelta(days=self.odd.number(400)) if self.odd.happens(0.8) else None


_FORM_TEXTS = {
    "unit_full_name": UNIT,
    "unit_category": NAME,
    "unit_address": ANY,
    "unit_postcode": NAME,
    "name": NAME,
    "sex": NAME,
    "title": ANY,
    "basis": ANY,
    "office_phone": TITLE,
    "mobile": TITLE,
    "email": TITLE,
    "counterpart_name": NAME,
    "counterpart_title": ANY,
    "counterpart_phone": TITLE,
    "filler": NAME,
    "filler_phone": TITLE,
    "birth_month": NAME,
    "political_status": TITLE,
}
_OF_HOLDER = (
    *("name", "title", "basis", "office_phone", "mobile", "email"),
    *("birth_month", "political_status"),
)
_OF_POST: dict[PostKind, dict[str, int]] = {
    PostKind.CDO: {"head_note": ANY, "work_scope": ANY},
    PostKind.SPECIALIST: {
        "section": TITLE,
        "rank": TITLE,
        "duties": ANY,
        "digital_years": TITLE,
        "education": TITLE,
        "training": ANY,
        "platform_account": TITLE,
        "backup_name": NAME,
        "backup_phone": TITLE,
    },
}
_OF_KIND = {
    FilingKind.FIRST: {},
    FilingKind.CHANGE: {"predecessor_name": NAME, "predecessor_title": ANY, "change_reason": TITLE},
    FilingKind.LEAVE: {"change_reason": TITLE},
}


def holder_texts(post: PostKind) -> dict[str, int]:
    """Return the texts of a post's form that belong to its holder, with the most characters of each."""
    of_holder = {name: _FORM_TEXTS[name] for name in _OF_HOLDER}
    return of_holder | _OF_POST[post]


def form(post: PostKind, kind: FilingKind) -> Callable[[Filler], OddPaper]:
    """Return what makes 备案表 of a post and a kind."""

    def make(filler: Filler) -> OddPaper:
        odd = filler.odd
        data = filler.fill(
            FilingFormData,
            _FORM_TEXTS | _OF_POST[post] | _OF_KIND[kind],
            post=post,
            kind=kind,
            filled_on=filler.day(),
            receiving_body="区信息委",
            head_status=odd.one_of("", *HeadStatus),
            handover=odd.one_of("", *Handover),
            since=filler.day(),
            change_date=filler.day(),
            due_date=filler.day(),
            due_provisional=odd.happens(),
            leave_date=filler.day(),
        )
        if data.change_reason in tuple(ChangeReason):
            filler.texts = {name: text for name, text in filler.texts.items() if text != data.change_reason}
        target = io.BytesIO()
        write_form(data, target)
        cut = form_texts().text("too_long")
        return OddPaper(target.getvalue(), filler.texts, form_problems(data), FORM, cut, cut_is_named=True)

    return make


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
        post=filler.odd.one_of(*POSTS),
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
    target = io.BytesIO()
    write_receipts([made], target)
    return OddPaper(target.getvalue(), filler.texts, paper_problems(made), _area(PORTRAIT))


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
    target = io.BytesIO()
    write_reminders([made], target)
    return OddPaper(target.getvalue(), filler.texts, paper_problems(made), _area(LETTER, 5 * MM))


def _reminder_item(filler: Filler, *, alone: bool) -> ReminderItem:
    due = filler.day()
    return filler.fill(
        ReminderItem,
        {"name": NAME, "title": TITLE},
        unseen=("title",) if alone else (),
        post=filler.odd.one_of(*POSTS),
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
    target = io.BytesIO()
    write_seal_list(made, target)
    return OddPaper(target.getvalue(), filler.texts, paper_problems(made), _area(PORTRAIT))


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
        post=filler.odd.one_of(*POSTS),
        handed_over_on=filler.day(),
        items=tuple(items),
    )
    target = io.BytesIO()
    write_handovers([made], target)
    return OddPaper(target.getvalue(), filler.texts, paper_problems(made), _area(PORTRAIT))


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
                post=filler.odd.one_of(*POSTS),
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
    target = io.BytesIO()
    write_ledger_pdf(made, target)
    return OddPaper(target.getvalue(), filler.texts, paper_problems(made), _area(sheet))


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
    target = io.BytesIO()
    contacts.write_contact_list(rows, DAY, target)
    return OddPaper(target.getvalue(), filler.texts, contacts.contact_problems(rows), CONTACTS)


PAPERS: Mapping[str, Callable[[Filler], OddPaper]] = {
    **{f"备案表 {post} {kind}": form(post, kind) for post in POSTS for kind in FilingKind},
    "备案回执": receipt,
    "提醒函": reminder,
    "用印清单": seal_list,
    "工作交接单": handover,
    "备案登记册": filing_ledger,
    "收文登记册": incoming_register,
    "归档文件目录": archive_catalog,
    "通讯录": contact_list,
}
