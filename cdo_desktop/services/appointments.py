"""What every appointment writes: person, tenure, filing, history. Functions take the open session."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidFormError, InvalidInputError, NotFoundError
from cdo_desktop.models import Filing, Person, Post, Tenure, Unit
from cdo_desktop.rules.change_days import day_messages
from cdo_desktop.rules.filing import appointment_kind, change_reason, days_by_form, is_limited
from cdo_desktop.rules.pinyin import pinyin_of
from cdo_desktop.rules.text import check_phone, clean_name, clean_text, is_none_word, refuse_ditto, too_long
from cdo_desktop.rules.titles import clean_title
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, FilingState, PostKind
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.holder_draft import (
    MAX_LENGTH,
    PERSON_FIELDS,
    TENURE_FIELDS,
    HolderDraft,
    holder_values,
)
from cdo_desktop.services.journal import Journal, Value


@dataclass(frozen=True)
class FilingDraft:
    """What the paper says of the change itself; empty for a first filing."""

    kind: FilingKind | None = None  # None: 首次 or 变更, as the post's past says
    change_date: date | None = None  # None: the day the tenure begins
    known_on: date | None = None
    told_by: str = ""
    change_reason: str = ""
    predecessor_name: str = ""
    predecessor_title: str = ""
    handover: str = ""
    filled_on: date | None = None
    filler: str = ""
    filler_phone: str = ""
    # What the office knows of a paper that it has received already, at go-live (office.md §1).
    state: FilingState | None = None  # None: 草稿
    number: str = ""
    received_on: date | None = None
    late_reason: str = ""


CHANGE_COLUMNS: Final = (
    *("change_date", "known_on", "told_by", "change_reason", "predecessor_name", "predecessor_title"),
    *("handover", "filler", "filler_phone"),
)
"""What a paper says of the change itself: fields of the draft, and columns of the same names."""
NEW_FILING = "新建备案"  # the history's word for it
_TOLD = ("kind", "change_date", "known_on", "told_by", "due_date", "change_reason")
_TOLD_OF_RECEIVED = ("state", "number", "received_on", "late_reason")

_FILING_CHECKS: dict[str, Callable[[str], str]] = {
    "told_by": clean_text,
    "change_reason": change_reason,
    "predecessor_name": clean_name,
    "predecessor_title": clean_title,
    "handover": clean_text,
    "filler": clean_name,
    "filler_phone": lambda text: check_phone(text).value,
    "number": lambda text: "" if is_none_word(clean_text(text)) else clean_text(text),
    "late_reason": clean_text,
}


def checked_filing(draft: FilingDraft) -> FilingDraft:
    """Return the draft in its stored form; raises InvalidFormError with one sentence a field."""
    values, messages = checked_filing_texts({name: getattr(draft, name) for name in _FILING_CHECKS})
    if messages:
        raise InvalidFormError(messages)
    return replace(draft, **values)  # type: ignore[arg-type]


def refuse_days(today: date, **days: date | None) -> None:
    """Raise InvalidFormError for days of a change that are mistyped (`rules.change_days`)."""
    messages = day_messages(today, **days)
    if messages:
        raise InvalidFormError(messages)


def checked_filing_texts(typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of a paper in their stored form, and a sentence for each that cannot be accepted."""
    values: dict[str, str] = {}
    messages: dict[str, str] = {}
    for name, text in typed.items():
        try:
            refuse_ditto(clean_text(text))
            values[name] = _FILING_CHECKS[name](text)
        except InvalidInputError as error:
            messages[name] = str(error)
            continue
        messages |= too_long(MAX_LENGTH, **{name: values[name]})
    return values, messages


@dataclass(frozen=True)
class PostInfo:
    """One post with what an action needs to know of its unit."""

    post_id: int
    kind: PostKind
    unit_id: int
    unit: str
    ends: date | None = None  # the unit's first day no longer there


def find_post(session: Session, post_id: int) -> PostInfo:
    """Return a post; raises NotFoundError."""
    query = select(Post.id, Post.kind, Post.unit_id, Unit.short_name, Unit.valid_to).join(
        Unit, Unit.id == Post.unit_id
    )
    row = session.execute(query.where(Post.id == post_id)).one_or_none()
    if row is None:
        raise NotFoundError("这个岗位已不存在，请刷新后再试。")
    return PostInfo(row.id, PostKind(row.kind), row.unit_id, row.short_name, row.valid_to)


def refuse_ended_unit(post: PostInfo, since: date | None) -> None:
    """Raise InvalidFormError for an appointment from a day on which the unit is no more (机构改革)."""
    if post.ends is not None and since is not None and since >= post.ends:
        told = f"“{post.unit}”自 {post.ends:%Y-%m-%d} 起已撤并，不能再任命。请到现在的单位办理。"
        raise InvalidFormError({"since": told})


def find_tenure(session: Session, tenure_id: int) -> tuple[Tenure, Person]:
    """Return a tenure and its person; raises NotFoundError."""
    tenure = session.get(Tenure, tenure_id)
    if tenure is None:
        raise NotFoundError("这条任职记录已不存在，请刷新后再试。")
    person = session.get(Person, tenure.person_id)
    if person is None:
        raise NotFoundError("这名人员已不存在，请刷新后再试。")
    return tenure, person


def add_appointment(
    session: Session,
    journal: Journal,
    calendar: WorkingCalendar,
    draft: HolderDraft,
    filing: FilingDraft,
    post: PostInfo,
    action: str,
    until: date | None = None,
) -> Tenure:
    """Insert person, tenure and filing of a checked draft whose post is free from its first day on.

    ``until`` is the first day no longer in post of somebody who left long ago.
    """
    if draft.since is None:
        raise InvalidInputError("请填写任职日期。", field="since")
    person = session.get(Person, draft.person_id) if draft.person_id else None
    before: dict[str, Value] = {}
    if person is None:
        person = new_person(draft)
        session.add(person)
    else:
        before = _add_to_person(person, draft)
    session.flush()
    others = _tenures_of(session, post)
    tenure = Tenure(
        post_id=post.post_id,
        person_id=person.id,
        until=until or _next_since(others, draft.since, post),
        **{name: getattr(draft, name) for name in TENURE_FIELDS},
    )
    session.add(tenure)
    session.flush()
    journal.record(
        session,
        action,
        "tenures",
        tenure.id,
        before=before,
        after=holder_values(draft),
        unit_id=post.unit_id,
        person_id=person.id,
    )
    if post.kind in FILED_POSTS:
        earlier = [other for other in others if other.since < tenure.since]
        predecessor = earlier[-1] if earlier else None
        _add_filing(session, journal, calendar, tenure, person, filing, post, predecessor)
    return tenure


def _add_to_person(person: Person, draft: HolderDraft) -> dict[str, Value]:
    """Take over what the form says of a person the office knows already; return what was there before."""
    said = {name: getattr(draft, name) for name in PERSON_FIELDS if getattr(draft, name)}
    before = {name: getattr(person, name) for name in said if getattr(person, name) != said[name]}
    for name in before:
        setattr(person, name, said[name])
    person.version += bool(before)
    return before


@dataclass(frozen=True)
class Predecessor:
    """Who held a post before, or is to hold it, as a new appointment sees them."""

    since: date
    title: str
    name: str


def _tenures_of(session: Session, post: PostInfo) -> list[Predecessor]:
    """Return who held or is to hold a post, the earliest first."""
    query = (
        select(Tenure.since, Tenure.title, Person.name)
        .join(Person, Person.id == Tenure.person_id)
        .where(Tenure.post_id == post.post_id)
        .order_by(Tenure.since, Tenure.id)
    )
    return [Predecessor(*row) for row in session.execute(query)]


def _next_since(others: Iterable[Predecessor], since: date, post: PostInfo) -> date | None:
    """Return the first day of a later tenure on the post: a holder entered late ends where it begins."""
    if post.kind.many_holders:
        return None
    return next((other.since for other in others if other.since > since), None)


def new_person(draft: HolderDraft) -> Person:
    """Return a person with the search keys of the name, not yet added."""
    return Person(**person_values(draft))


def person_values(draft: HolderDraft) -> dict[str, str]:
    """Return what is stored of a new person: the fields of the form and the search keys of the name."""
    keys = pinyin_of(draft.name)
    values = {name: getattr(draft, name) for name in PERSON_FIELDS}
    return {**values, "pinyin": keys.full, "initials": keys.initials, "sort_key": keys.sort_key}


def _add_filing(
    session: Session,
    journal: Journal,
    calendar: WorkingCalendar,
    tenure: Tenure,
    person: Person,
    draft: FilingDraft,
    post: PostInfo,
    predecessor: Predecessor | None,
) -> None:
    """Insert the draft of the paper that an appointment needs (decision 005)."""
    values = filing_values(calendar, draft, tenure.since, predecessor)
    filing = Filing(tenure_id=tenure.id, **values)
    session.add(filing)
    session.flush()
    record_filing(session, journal, filing, person, post)


def filing_values(
    calendar: WorkingCalendar, draft: FilingDraft, since: date, predecessor: Predecessor | None = None
) -> dict[str, Any]:
    """Return what is stored of the paper that an appointment needs (decision 005), but for its tenure."""
    kind = draft.kind or appointment_kind(predecessor is not None)
    change_date = draft.change_date or (since if is_limited(kind) else None)
    due_date, provisional = _due(kind, change_date, calendar)
    return {
        "uuid": str(uuid4()),
        "kind": kind,
        "state": draft.state or FilingState.DRAFT,
        "number": draft.number or None,
        "received_on": draft.received_on,
        **days_by_form(draft.state, draft.received_on),
        "late_reason": draft.late_reason,
        "filled_on": draft.filled_on,
        **{name: getattr(draft, name) for name in CHANGE_COLUMNS},
        "change_date": change_date,
        "predecessor_name": draft.predecessor_name or (predecessor.name if predecessor else ""),
        "predecessor_title": draft.predecessor_title or (predecessor.title if predecessor else ""),
        "due_date": due_date,
        "due_provisional": provisional,
    }


def record_filing(session: Session, journal: Journal, filing: Filing, person: Person, post: PostInfo) -> None:
    """Write the history row of a new filing."""
    after = told_of_filing({name: getattr(filing, name) for name in (*_TOLD, *_TOLD_OF_RECEIVED)})
    journal.record(
        session, NEW_FILING, "filings", filing.id, after=after, unit_id=post.unit_id, person_id=person.id
    )


def told_of_filing(values: Mapping[str, Any]) -> dict[str, Value]:
    """Return what the history tells of a new filing; of one that was received before more than of a draft."""
    received = values["state"] != FilingState.DRAFT
    return {name: values[name] for name in (*_TOLD, *(_TOLD_OF_RECEIVED if received else ()))}


def set_due_date(filing: Filing, calendar: WorkingCalendar) -> None:
    """Count the limit of three working days where there is one (policy 二（三）)."""
    for name, value in due_values(FilingKind(filing.kind), filing.change_date, calendar).items():
        setattr(filing, name, value)


def due_values(kind: FilingKind, change_date: date | None, calendar: WorkingCalendar) -> dict[str, Value]:
    """Return the limit of a paper as its columns have it."""
    due_date, provisional = _due(kind, change_date, calendar)
    return {"due_date": due_date, "due_provisional": provisional}


def is_of_update(filing: Filing) -> bool:
    """Tell whether a stored 变更备案 is that of an 信息更新: it has a day of its own, and never a limit."""
    return filing.kind == FilingKind.CHANGE and filing.change_date is not None and filing.due_date is None


def _due(kind: FilingKind, change_date: date | None, calendar: WorkingCalendar) -> tuple[date | None, bool]:
    if not is_limited(kind) or change_date is None:
        return None, False
    due = calendar.due_date(change_date)
    return due.day, due.provisional
