"""What the editor of a holder works on, and the check of what was typed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from cdo_desktop.errors import InvalidFormError, InvalidInputError
from cdo_desktop.rules.dates import parse_month
from cdo_desktop.rules.roster_columns import RosterField
from cdo_desktop.rules.text import (
    PLAIN_VALUES,
    Checked,
    check_email,
    check_mobile,
    check_name,
    check_phone,
    clean_name,
    clean_text,
    is_none_word,
    length_problem,
    narrow,
    refuse_ditto,
)
from cdo_desktop.rules.titles import clean_title
from cdo_desktop.rules.vocabulary import AppointmentBasis, HeadStatus, PostKind, Sex

MAX_LENGTH = 200
LONG_LENGTH = 1000


@dataclass(frozen=True)
class HolderDraft:
    """A person in a post: every field of the forms that belongs to the person or the tenure."""

    post_id: int
    post: PostKind
    tenure_id: int | None = None
    tenure_version: int = 0
    person_id: int | None = None
    person_version: int = 0
    name: str = ""
    sex: str = ""
    birth_month: str = ""
    political_status: str = ""
    office_phone: str = ""
    mobile: str = ""
    email: str = ""
    since: date | None = None
    title: str = ""
    head_status: str = ""
    head_note: str = ""
    basis: str = ""
    basis_kind: str = ""
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
    note: str = ""


PERSON_FIELDS = ("name", "sex", "birth_month", "political_status", "office_phone", "mobile", "email")
TENURE_FIELDS = (
    "since",
    "title",
    "head_status",
    "head_note",
    "basis",
    "basis_kind",
    "work_scope",
    "section",
    "rank",
    "duties",
    "digital_years",
    "education",
    "training",
    "platform_account",
    "backup_name",
    "backup_phone",
    "note",
)
HOLDER_FIELDS = PERSON_FIELDS + TENURE_FIELDS

# The one place that ties a roster column to an attribute of the draft.
HOLDER_COLUMNS: dict[RosterField, str] = {
    RosterField.NAME: "name",
    RosterField.SEX: "sex",
    RosterField.BIRTH_MONTH: "birth_month",
    RosterField.POLITICAL_STATUS: "political_status",
    RosterField.OFFICE_PHONE: "office_phone",
    RosterField.MOBILE: "mobile",
    RosterField.EMAIL: "email",
    RosterField.SINCE: "since",
    RosterField.TITLE: "title",
    RosterField.HEAD: "head_status",
    RosterField.HEAD_NOTE: "head_note",
    RosterField.BASIS: "basis",
    RosterField.WORK_SCOPE: "work_scope",
    RosterField.SECTION: "section",
    RosterField.RANK: "rank",
    RosterField.DUTIES: "duties",
    RosterField.DIGITAL_YEARS: "digital_years",
    RosterField.EDUCATION: "education",
    RosterField.TRAINING: "training",
    RosterField.PLATFORM_ACCOUNT: "platform_account",
    RosterField.BACKUP_NAME: "backup_name",
    RosterField.BACKUP_PHONE: "backup_phone",
    RosterField.NOTE: "note",
    RosterField.BASIS_KIND: "basis_kind",
}

HOLDER_LABELS: dict[str, str] = {attribute: column.value for column, attribute in HOLDER_COLUMNS.items()}

_WORDS: dict[str, tuple[frozenset[str], str]] = {
    "sex": (frozenset(Sex), "性别请填“男”或“女”。"),
    "head_status": (frozenset(HeadStatus), "请填“是”“否”或“主持工作”。"),
    "basis_kind": (
        frozenset(AppointmentBasis),
        f"任职方式请填下列之一：{'、'.join(AppointmentBasis)}。",
    ),
}
_TEXT_FIELDS = tuple(name for name in HOLDER_FIELDS if name != "since")
_LONG_FIELDS = ("work_scope", "duties", "note")
_DOUBTED: dict[str, Callable[[str], Checked]] = {
    "mobile": check_mobile,
    "office_phone": check_phone,
    "backup_phone": check_phone,
    "email": check_email,
}
_CHECKS: dict[str, Callable[[str], str]] = {
    "name": check_name,
    "birth_month": parse_month,
    "backup_name": clean_name,
    "digital_years": narrow,
    "title": clean_title,
    "note": lambda text: "" if is_none_word(text) else text,
}


def checked_holder(draft: HolderDraft) -> HolderDraft:
    """Return the draft in its stored form.

    Raises InvalidFormError with one sentence a field that cannot be accepted.
    """
    values: dict[str, str] = {}
    messages: dict[str, str] = {}
    typed = vars(draft)
    for name in _TEXT_FIELDS:
        raw = typed[name]
        if not raw and name != "name":
            continue  # most fields of most rosters
        try:
            value = _checked_text(name, str(raw))
        except InvalidInputError as error:
            messages[name] = str(error)
            continue
        if value != raw:
            values[name] = value
    if draft.since is None:
        messages["since"] = "请填写任职日期，例如 2026-03-05。"
    for name, (words, message) in _WORDS.items():
        text = typed[name]
        if text and text not in words:
            messages[name] = message
    if messages:
        raise InvalidFormError(messages)
    # str | date fields share one replace(); the checks above hold the types.
    return replace(draft, **values) if values else draft  # type: ignore[arg-type]


def checked_field(name: str, raw: str) -> Checked:
    """Return one field in its stored form, with a warning where it is odd; raises InvalidInputError."""
    value = _checked_text(name, raw)
    if name in _WORDS and value and value not in _WORDS[name][0]:
        raise InvalidInputError(_WORDS[name][1], field=name)
    doubt = _DOUBTED.get(name)
    return Checked(value, doubt(value).warning if doubt and value else "")


@lru_cache(maxsize=16384)
def _checked_text(name: str, raw: str) -> str:
    """Return one field in its stored form; most values of a roster stand in many of its rows."""
    plain = PLAIN_VALUES.get(name)
    if plain is not None and plain.fullmatch(raw):
        return raw
    text = clean_text(raw)
    limit = LONG_LENGTH if name in _LONG_FIELDS else MAX_LENGTH
    if problem := length_problem(text, limit):
        raise InvalidInputError(problem, field=name)
    if name == "name":
        return check_name(raw)
    if name != "note":
        refuse_ditto(text)
    if text and name in _DOUBTED:
        return _DOUBTED[name](text).value
    check = _CHECKS.get(name)
    return check(text) if check and text else text


def holder_values(draft: HolderDraft) -> dict[str, str | date | None]:
    """Return the editable fields alone, for storing and for the history."""
    return {name: getattr(draft, name) for name in HOLDER_FIELDS}
