"""提醒函: asks a unit for the filings it still owes; what is overdue is named with its working days.

One filing is told in the text; of several the letter has a list as its attachment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from cdo_desktop.documents.pdf.filing_data import written_date
from cdo_desktop.documents.pdf.flowing_table import NamedColumns, named_table
from cdo_desktop.documents.pdf.form_texts import FormTexts, form_texts
from cdo_desktop.documents.pdf.letter_pages import Letter, LetterPages
from cdo_desktop.documents.pdf.official_page import LETTER
from cdo_desktop.documents.pdf.pdf_target import whole_pdf
from cdo_desktop.errors import InvalidInputError
from cdo_desktop.rules.filing import coming
from cdo_desktop.rules.text import without_end_mark

_FILE = "reminder_letter"
_COLUMNS: NamedColumns = (
    ("count", 9.0, False),
    ("post", 21.0, False),
    ("name", 17.0, False),
    ("title", 35.0, True),
    ("kind", 12.0, False),
    ("change_date", 21.5, False),
    ("due_date", 21.5, False),
    ("state", 19.0, False),
)


@dataclass(frozen=True)
class ReminderItem:
    """One filing that a unit owes.

    ``overdue`` with ``late_days`` 0 is late by less than a working day. ``days_left`` are working days, 0 on
    the last day, None without a limit. ``scan_here``: only the original is missing. ``returned``: what came
    was sent back, as far as is known with its reason.
    """

    post: str
    name: str
    title: str
    kind: str
    change_date: date | None = None
    due_date: date | None = None
    due_provisional: bool = False
    overdue: bool = False
    late_days: int = 0
    days_left: int | None = None
    scan_here: bool = False
    returned: bool = False
    return_reason: str = ""


@dataclass(frozen=True)
class Reminder:
    """One letter: ``unit`` is the full name, ``issuer`` 署名, ``reply_by`` the day until which to answer.

    ``scan_counts``: a scan is in time. Without ``contact`` or ``phone`` the letter names none.
    """

    unit: str
    items: tuple[ReminderItem, ...]
    as_of: date
    dated: date
    receiving_body: str
    issuer: str
    contact: str
    phone: str
    number: str = ""
    reply_by: date | None = None
    scan_counts: bool = True


def write_reminders(
    reminders: Iterable[Reminder],
    target: Path | BinaryIO,
    *,
    duplex: bool = False,
    texts: FormTexts | None = None,
) -> int:
    """Write a letter for every unit into one PDF and return the number of pages.

    ``duplex`` adds empty backs, so that every letter starts a new sheet. Characters that no font has are left
    blank; ``official_page.paper_problems`` names them. Raises InvalidInputError when there is nothing to
    remind of, StorageError or FileInUseError when the file cannot be written.
    """
    words = texts or form_texts()
    chosen = tuple(reminder for reminder in reminders if reminder.items)
    if not chosen:
        raise InvalidInputError("没有需要提醒的备案，没有生成提醒函。请先选择在办或逾期的备案。")
    with whole_pdf(target, _title(chosen[0], words), pagesize=LETTER.size) as canvas:
        pages = LetterPages(canvas, words.paper(_FILE, "page"))
        for reminder in chosen:
            if duplex:
                pages.fill_sheet()
            _add(pages, reminder, words)
    return pages.count


def reminder_text(reminder: Reminder, texts: FormTexts | None = None) -> tuple[str, ...]:
    """Return the paragraphs of a letter."""
    words = texts or form_texts()
    late = sum(item.overdue for item in reminder.items)
    only_originals = all(item.scan_here for item in reminder.items)
    values = {
        "unit": reminder.unit,
        "as_of": written_date(reminder.as_of, words),
        "receiving_body": reminder.receiving_body,
        "reply_by": written_date(reminder.reply_by, words),
        "count": str(len(reminder.items)),
        "late_count": str(late),
        "missing": words.paper(_FILE, _missing(reminder.items)),
        "form": words.paper(_FILE, "form_original" if only_originals else "form"),
        "scan_first": words.paper(_FILE, "scan_first") if reminder.scan_counts else "",
    }
    if len(reminder.items) == 1:
        (item,) = reminder.items
        told = words.paper(_FILE, f"one.{_way(item, reminder.as_of)}", **values, **_item_values(item, words))
    else:
        told = words.paper(_FILE, "several.overdue" if late else "several.running", **values)
    request = ("overdue" if late else "running") + ("_by" if reminder.reply_by else "")
    rule = "rule" if any(item.due_date for item in reminder.items) else "rule_no_limit"
    return (
        words.paper(_FILE, rule, **values) + told + _returned(reminder.items, words),
        words.paper(_FILE, f"request.{request}", **values),
        words.paper(_FILE, "closing", **values),
    )


def _missing(items: Sequence[ReminderItem]) -> str:
    """Return the key of what is missing of all."""
    if all(item.scan_here for item in items):
        return "missing_original"
    return "missing_returned" if all(item.returned for item in items) else "missing"


def _returned(items: Sequence[ReminderItem], words: FormTexts) -> str:
    """Return the sentence about what was sent back; "" when nothing was."""
    back = [item for item in items if item.returned]
    if not back:
        return ""
    if len(items) == 1:
        return _with_reason("one", back[0], words)
    each = "；".join(_with_reason("each", item, words) for item in back)
    return words.paper(_FILE, "returned.several", returned=each)


def _with_reason(key: str, item: ReminderItem, words: FormTexts) -> str:
    reason = without_end_mark(item.return_reason)
    key = f"returned.{key}" if reason else f"returned.{key}_without_reason"
    return words.paper(_FILE, key, post=item.post, name=item.name, return_reason=reason)


def _add(pages: LetterPages, reminder: Reminder, words: FormTexts) -> None:
    several = len(reminder.items) > 1
    title = words.paper(_FILE, "list_title")
    pages.add(
        Letter(
            title=_title(reminder, words),
            addressee=words.paper(_FILE, "addressee", unit=reminder.unit),
            paragraphs=reminder_text(reminder, words),
            issuer=reminder.issuer,
            dated=written_date(reminder.dated, words),
            attachment_note=words.paper(_FILE, "attachment_note", list_title=title) if several else "",
            contact=_contact(reminder, words),
            number=reminder.number,
            head=words.paper(_FILE, "red_head"),
        )
    )
    if several:
        rows = [_cells(count, item, reminder.as_of, words) for count, item in enumerate(reminder.items, 1)]
        table = named_table(LETTER, _COLUMNS, words, _FILE)
        pages.add_list(words.paper(_FILE, "attachment_mark"), title, table, rows)


def _title(reminder: Reminder, words: FormTexts) -> str:
    posts = "、".join(dict.fromkeys(item.post for item in reminder.items))
    return words.paper(_FILE, "title", posts=posts)


def _contact(reminder: Reminder, words: FormTexts) -> str:
    if not reminder.contact:
        return ""
    key = "contact" if reminder.phone else "contact_without_phone"
    return words.paper(_FILE, key, contact=reminder.contact, phone=reminder.phone)


def _way(item: ReminderItem, day: date) -> str:
    if ahead := coming(item.kind, item.change_date, item.due_date, day):
        return ahead
    if item.due_date is None:
        return "no_limit"
    if not item.overdue:
        return "running"
    return "overdue" if item.late_days else "overdue_under_a_day"


def _item_values(item: ReminderItem, words: FormTexts) -> dict[str, str]:
    return {
        "post": item.post,
        "name": item.name,
        "title": item.title,
        "kind": item.kind,
        "change_date": written_date(item.change_date, words),
        "due_date": _marked(written_date(item.due_date, words), item, words),
        "late_days": str(item.late_days),
    }


def _marked(due: str, item: ReminderItem, words: FormTexts) -> str:
    return words.paper(_FILE, "provisional", date=due) if due and item.due_provisional else due


def _cells(count: int, item: ReminderItem, day: date, words: FormTexts) -> tuple[str, ...]:
    nothing = words.paper(_FILE, "nothing")
    due = _marked(item.due_date.isoformat() if item.due_date else "", item, words)
    return (
        str(count),
        item.post,
        item.name,
        item.title,
        item.kind,
        item.change_date.isoformat() if item.change_date else nothing,
        due or nothing,
        _state(item, day, words),
    )


def _state(item: ReminderItem, day: date, words: FormTexts) -> str:
    state = _state_in_time(item, day, words)
    if item.returned:
        return words.paper(_FILE, "state.returned", state=state)
    return words.paper(_FILE, "state.original", state=state) if item.scan_here else state


def _state_in_time(item: ReminderItem, day: date, words: FormTexts) -> str:
    if ahead := coming(item.kind, item.change_date, item.due_date, day):
        return words.paper(_FILE, f"state.{ahead}")
    if item.due_date is None:
        return words.paper(_FILE, "state.no_limit")
    if item.overdue:
        key = "late" if item.late_days else "late_under_a_day"
        return words.paper(_FILE, f"state.{key}", days=str(item.late_days))
    key = "left" if item.days_left else "last_day"
    return words.paper(_FILE, f"state.{key}", days=str(item.days_left or 0))
