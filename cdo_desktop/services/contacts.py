"""催办: what to say to a unit, to whom, and what was said (office.md §1, chasing)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cdo_desktop.errors import InvalidFormError
from cdo_desktop.models import Contact, Person, Post, Tenure, Unit
from cdo_desktop.rules.filing import Lamp
from cdo_desktop.rules.text import clean_name, clean_text, too_long
from cdo_desktop.rules.vocabulary import ContactWay, FilingState, PostKind
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
        lines = [chasing_sentence(found[0].unit, found, body) for found in by_unit.values()]
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


def chasing_sentence(unit: str, rows: Iterable[FilingRow], receiving_body: str) -> str:
    """Return one sentence to a unit about all its filings that have not come: what, since when, by when."""
    parts = [_about(row) for row in rows]
    return f"{unit}：贵单位{'；'.join(parts)}。请尽快将备案表签字盖章后报送{receiving_body}，谢谢。"


def _about(row: FilingRow) -> str:
    what = f"{row.post}“{row.name}”的{row.kind}表"
    if row.state == FilingState.RETURNED:
        what += f"已退回补正（{row.return_reason}）"
    if row.due_date is None:
        return f"{what}还没有收到"
    due = f"{row.due_date.month}月{row.due_date.day}日"
    if row.lamp is Lamp.OVERDUE:
        return f"{what}应于{due}前报送，已逾期{row.late.words}"
    if row.lamp is Lamp.LAST_DAY:
        return f"{what}今天（{due}）截止报送"
    return f"{what}应于{due}前报送，还剩 {row.working_days_left or 0} 个工作日"


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
