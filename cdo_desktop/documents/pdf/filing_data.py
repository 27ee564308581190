"""What a 备案表 shows, as plain values."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import date

from cdo_desktop.documents.pdf.form_texts import FormTexts
from cdo_desktop.rules.vocabulary import FilingKind, PostKind

CHOICE_FIELDS = ("kind", "head_status", "change_reason", "handover")


@dataclass(frozen=True)
class PaperCode:
    """Which database made a paper and which record it belongs to (UUID texts), and the page's number."""

    database_id: str
    record_id: str
    page: int = 1
    pages: int = 1


@dataclass(frozen=True)
class FilingFormData:
    """What one 备案表 shows; empty strings are fields with nothing to show.

    ``kind`` is None on a form whose three boxes are all empty. ``blank`` prints labels only. ``birth_month``
    and ``political_status`` have their row only when they are given or when the text files ask for it.
    ``counterpart_*`` is the unit's 数据专员 on a 首席数据官's form and the other way round. ``code`` None
    prints no code.
    """

    post: PostKind
    kind: FilingKind | None = None
    blank: bool = False
    filled_on: date | None = None
    receiving_body: str = ""
    unit_full_name: str = ""
    unit_category: str = ""
    unit_address: str = ""
    unit_postcode: str = ""
    name: str = ""
    sex: str = ""
    birth_month: str = ""
    political_status: str = ""
    title: str = ""
    head_status: str = ""
    head_note: str = ""
    since: date | None = None
    basis: str = ""
    work_scope: str = ""
    section: str = ""
    rank: str = ""
    duties: str = ""
    digital_years: str = ""
    education: str = ""
    training: str = ""
    platform_account: str = ""
    backup_name: str = ""
    backup_phone: str = ""
    office_phone: str = ""
    mobile: str = ""
    email: str = ""
    counterpart_name: str = ""
    counterpart_title: str = ""
    counterpart_phone: str = ""
    predecessor_name: str = ""
    predecessor_title: str = ""
    change_reason: str = ""
    change_date: date | None = None
    due_date: date | None = None
    due_provisional: bool = False
    handover: str = ""
    filler: str = ""
    filler_phone: str = ""
    leave_date: date | None = None
    code: PaperCode | None = None


_NOT_ENTERED = {"blank", "filled_on", "receiving_body", "due_date", "due_provisional", "code"}
_TEXTS = tuple(
    field.name
    for field in fields(FilingFormData)
    if field.type is str and field.name not in ("receiving_body", *CHOICE_FIELDS)
)
_ALWAYS = ("unit_full_name", "unit_category", "name")
_BY_HAND = ("filler", "filler_phone")
_DATES = ("filled_on", "since")
_DATES_OF: dict[FilingKind | None, tuple[str, ...]] = {
    FilingKind.CHANGE: ("change_date", "due_date"),
    FilingKind.LEAVE: ("leave_date",),
}
_CHANGE_TEXTS = ("predecessor_name", "predecessor_title", "change_date", "due_date")


def content_digest(form: FilingFormData) -> str:
    """Return 16 hexadecimal digits that change with any entered field, and with nothing else.

    Not entered, and so left out: 填报日期 (the day of printing unless set), the receiving body, the computed
    due date and the paper's own code. Empty fields are left out as well, so that a field added to the form
    later does not change the digests of earlier papers.
    """
    entered = {name: value for name, value in asdict(form).items() if name not in _NOT_ENTERED and value}
    text = json.dumps(
        entered, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=date.isoformat
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def shown_texts(form: FilingFormData, texts: FormTexts) -> dict[str, str]:
    """Return what each cell of a form shows, by field; choices are left to ``ticked``."""
    if form.blank:
        return dict.fromkeys((*_DATES, *_DATES_OF.get(form.kind, ())), texts.text("date_place"))
    nothing, not_applicable = texts.text("nothing"), texts.text("not_applicable")
    shown: dict[str, str] = {}
    for name in _TEXTS:
        value: str = getattr(form, name)
        # 无 is an answer; what has to be there, and who filled the form in, is left open for a pen.
        open_place = name in _BY_HAND or name in must_fields(form)
        shown[name] = value.strip() or ("" if open_place else nothing)
    for name in ("since", "change_date", "leave_date"):
        shown[name] = written_date(getattr(form, name), texts) or texts.text("date_place")
    shown["filled_on"] = written_date(form.filled_on, texts) or texts.text("date_place")
    due = written_date(form.due_date, texts)
    shown["due_date"] = (
        due + texts.text("provisional") if due and form.due_provisional else due or not_applicable
    )
    shown["change_reason"] = form.change_reason.strip()  # for a reason that is not one of the form's boxes
    if form.kind is FilingKind.FIRST:
        shown.update(dict.fromkeys(_CHANGE_TEXTS, not_applicable))
    return shown


def must_fields(form: FilingFormData) -> tuple[str, ...]:
    """Return the fields that this form has to say something in (domain.md §1.4 and §1.5, 必填)."""
    if form.kind is FilingKind.LEAVE:
        return (*_ALWAYS, "leave_date", "change_reason")
    own = ("title", "head_status") if form.post is PostKind.CDO else ("section", "title")
    change = ("change_reason", "change_date") if form.kind is FilingKind.CHANGE else ()
    return (*_ALWAYS, "sex", "since", "basis", "office_phone", "mobile", *own, *change)


def missing_fields(form: FilingFormData) -> tuple[str, ...]:
    """Return the fields that have to say something and do not; a blank form lacks nothing."""
    return () if form.blank else tuple(name for name in must_fields(form) if not getattr(form, name))


def chosen(form: FilingFormData) -> dict[str, str]:
    """Return the word that is to be ticked, by choice field; fields without one are left out."""
    if form.blank:
        return {"kind": form.kind} if form.kind else {}
    words = {"kind": form.kind or "", "head_status": form.head_status.strip()}
    if form.kind is not FilingKind.FIRST:
        words |= {"change_reason": form.change_reason.strip(), "handover": form.handover.strip()}
    return {field: word for field, word in words.items() if word}


def written_date(day: date | None, texts: FormTexts) -> str:
    """Return a date as it is printed, 2026年3月5日; empty for none."""
    if day is None:
        return ""
    pattern = texts.text("date")
    for name, number in (("{year}", day.year), ("{month}", day.month), ("{day}", day.day)):
        pattern = pattern.replace(name, str(number))
    return pattern
