"""催办: what to say to a unit, to whom, and what was said (office.md §1, chasing)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidFormError
from cdo_desktop.models import Contact, Person, Post, Tenure, Unit
from cdo_desktop.rules.filing import Coming, Lamp, coming
from cdo_desktop.rules.text import clean_name, clean_text, too_long, without_end_mark
from cdo_desktop.rules.vocabulary import ContactWay, PostKind
from cdo_desktop.services.filing_list import FilingListService, FilingRow
from cdo_desktop.services.filing_records import find_filings
from cdo_desktop.services.forms import FormService
from cdo_desktop.services.journal import Journal
from cdo_desktop.store import Database

LONGEST_NAME: Final = 50
LONGEST_SAID: Final = 500


@dataclass(frozen=True)
class PhoneNumber:
    """Whom to call in a unit."""

    unit: str
    post: str
    name: str
    office_phone: str
    mobile: str


@dataclass(frozen=True)
class ChaseText:
    """A sentence to be copied into 政务微信 or read out, one a unit, and the numbers to call."""

    text: str
    phones: tuple[PhoneNumber, ...]


@dataclass(frozen=True)
class ContactDraft:
    """One call or message about some filings."""

    way: ContactWay = ContactWay.PHONE
    at: datetime | None = None  # None: now
    answered_by: str = ""
    said: str = ""
    promised_on: date | None = None


@dataclass(frozen=True)
class ContactRow:
    """One call or message as it is listed."""

    contact_id: int
    at: datetime
    way: str
    answered_by: str
    said: str
    promised_on: date | None
    made_by: str


class ContactService:
    """Says what is missing, and keeps who was told."""

    def __init__(
        self, database: Database, journal: Journal, filings: FilingListService, forms: FormService
    ) -> None:
        self._database = database
        self._journal = journal
        self._filings = filings
        self._forms = forms

    def chase(self, filing_ids: Sequence[int]) -> ChaseText:
        """Return what to say of some filings, a line a unit, and whom to call there: the 数据专员 first."""
        rows = self._filings.rows_of(filing_ids)
        by_unit: dict[int, list[FilingRow]] = {}
        for filing_id in filing_ids:
            if filing_id in rows:
                by_unit.setdefault(rows[filing_id].unit_id, []).append(rows[filing_id])
        today = self._journal.today
        with self._database.read() as session:
            body = self._forms.receiving_body(session)
            phones = _phones(session, by_unit, today)
        lines = [chasing_sentence(found[0].unit, found, body, today) for found in by_unit.values()]
        return ChaseText("\n".join(lines), phones)

    def add(self, filing_ids: Sequence[int], draft: ContactDraft) -> None:
        """Log one contact for each of the filings; raises InvalidFormError or NotFoundError."""
        draft = _checked(draft)
        now = self._journal.clock()
        with self._database.write() as session:
            for record in find_filings(session, filing_ids):
                contact = Contact(
                    unit_id=record.unit.id,
                    filing_id=record.filing.id,
                    at=draft.at or now,
                    way=draft.way,
                    answered_by=draft.answered_by,
                    said=draft.said,
                    promised_on=draft.promised_on,
                    made_by=self._journal.actor,
                )
                session.add(contact)
                session.flush()
                self._journal.record(
                    session,
                    "催办",
                    Contact.__tablename__,
                    contact.id,
                    after={
                        "filing_id": record.filing.id,
                        "way": draft.way,
                        "answered_by": draft.answered_by,
                        "said": draft.said,
                        "promised_on": draft.promised_on,
                    },
                    unit_id=record.unit.id,
                    person_id=record.person.id,
                )

    def of_filing(self, filing_id: int) -> tuple[ContactRow, ...]:
        """Return who was told about a filing, the newest first."""
        return self._list(Contact.filing_id == filing_id)

    def of_unit(self, unit_id: int) -> tuple[ContactRow, ...]:
        """Return who was told in a unit, the newest first."""
        return self._list(Contact.unit_id == unit_id)

    def _list(self, condition: ColumnElement[bool]) -> tuple[ContactRow, ...]:
        columns = (
            *(Contact.id, Contact.at, Contact.way, Contact.answered_by, Contact.said),
            *(Contact.promised_on, Contact.made_by),
        )
        query = select(*columns).where(condition).order_by(Contact.at.desc(), Contact.id.desc())
        with self._database.read() as session:
            return tuple(ContactRow(*row) for row in session.execute(query))


def chasing_sentence(unit: str, rows: Sequence[FilingRow], receiving_body: str, today: date) -> str:
    """Return one sentence to a unit about all its filings that have not come: what, since when, by when."""
    parts = [_about(row, today) for row in rows]
    form = "备案表原件" if all(row.is_half_here for row in rows) else "备案表签字盖章后"
    when = "按时" if all(_coming(row, today) for row in rows) else "尽快"
    return f"{unit}：贵单位{'；'.join(parts)}。请{when}将{form}报送{receiving_body}，谢谢。"


def _about(row: FilingRow, today: date) -> str:
    what = f"{row.post}“{row.name}”的{row.kind}表"
    how_long = _how_long(row)
    if row.is_sent_back:
        reason = without_end_mark(row.return_reason)
        why = f"（{reason}）" if reason else ""
        return f"{what}已退回补正{why}，{how_long or '还没有再收到'}"
    if row.is_half_here:
        return "，".join(filter(None, (f"{what}已收到扫描件", "原件还没有收到", how_long)))
    return _about_coming(row, today) or f"{what}{how_long or '还没有收到'}"


def _coming(row: FilingRow, today: date) -> Coming:
    return coming(row.kind, row.change_date, row.due_date, today)


def _about_coming(row: FilingRow, today: date) -> str:
    on, due = (_day(day) if day else "" for day in (row.change_date, row.due_date))
    match _coming(row, today):
        case Coming.LEAVE:
            return f"{row.post}“{row.name}”将于{on}离任，届时请报送{row.kind}表"
        case Coming.APPOINTMENT:
            return f"{row.post}“{row.name}”将于{on}任职，届时请报送{row.kind}表"
        case Coming.CHANGE:
            return f"{row.post}将于{on}变更为“{row.name}”，{row.kind}表应于{due}前报送"
        case Coming.NOTHING:
            return ""


def _how_long(row: FilingRow) -> str:
    """Say by when it is due and how long that is, or was; "" without a limit."""
    if row.due_date is None:
        return ""
    due = _day(row.due_date)
    if row.lamp is Lamp.OVERDUE:
        return f"应于{due}前报送，已逾期{row.late.words}"
    if row.lamp is Lamp.LAST_DAY:
        return f"今天（{due}）截止报送"
    return f"应于{due}前报送，还剩 {row.working_days_left or 0} 个工作日"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


_CALLED_FIRST: Final = (PostKind.SPECIALIST, PostKind.CDO)


def _phones(session: Session, unit_ids: Iterable[int], today: date) -> tuple[PhoneNumber, ...]:
    """Return the present holders of the units with a number, who is called first standing first."""
    query = (
        select(Unit.id, Unit.short_name, Post.kind, Person.name, Person.office_phone, Person.mobile)
        .join(Post, Post.unit_id == Unit.id)
        .join(Tenure, Tenure.post_id == Post.id)
        .join(Person, Person.id == Tenure.person_id)
        .where(Unit.id.in_(list(unit_ids)), Post.kind.in_(_CALLED_FIRST), Tenure.since <= today)
        .where(Tenure.until.is_(None) | (Tenure.until > today))
    )
    places = {unit_id: place for place, unit_id in enumerate(unit_ids)}
    found = [row for row in session.execute(query) if row.office_phone or row.mobile]
    found.sort(key=lambda row: (places[row.id], _CALLED_FIRST.index(PostKind(row.kind))))
    return tuple(PhoneNumber(*row[1:]) for row in found)


def _checked(draft: ContactDraft) -> ContactDraft:
    answered_by, said = clean_name(draft.answered_by), clean_text(draft.said)
    messages = too_long(LONGEST_NAME, answered_by=answered_by) | too_long(LONGEST_SAID, said=said)
    if messages:
        raise InvalidFormError(messages)
    return replace(draft, answered_by=answered_by, said=said)
