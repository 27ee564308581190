"""The register as a table: every post with its holder on a day, sorted and filtered in SQL."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Integer, String, and_, case, cast, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlalchemy.sql import Select

from cdo_desktop.models import Filing, Person, Post, Tenure, Unit
from cdo_desktop.rules.filing import FINAL_STATES, RECEIVED_STATES, RegisterState
from cdo_desktop.rules.vocabulary import FilingKind, FilingState, UnitGroup
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.journal import Journal
from cdo_desktop.store import Database

RowKey: TypeAlias = tuple[int, int]  # post id, tenure id (0: empty)

BATCH = 400  # keys a statement; SQLite takes 999 variables on old builds


@dataclass(frozen=True)
class RegisterQuery:
    """What the table asks for. ``as_of`` None means today."""

    as_of: date | None = None
    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    group: UnitGroup | None = None
    state: RegisterState | None = None


@dataclass(frozen=True)
class RegisterRow:
    """One post, with its holder if it has one. Dates as dates, missing texts empty."""

    post_id: int
    tenure_id: int | None
    unit_id: int
    person_id: int | None
    unit: str
    unit_full_name: str
    unit_name_confirmed: bool
    category: str
    group: str
    post: str
    name: str
    sex: str
    title: str
    section: str
    head_status: str
    since: date | None
    basis: str
    office_phone: str
    mobile: str
    email: str
    note: str
    state: RegisterState
    filing_kind: str
    filing_state: str
    due_date: date | None
    due_provisional: bool
    working_days_left: int | None  # until the due date; None without a running limit
    late_days: int  # working days past the due date
    empty_days: int | None  # calendar days a post has been empty


@dataclass(frozen=True)
class RegisterCounts:
    """How many rows there are: all that the day has, and by group and state within the other filters."""

    total: int
    by_group: Mapping[str, int]
    by_state: Mapping[str, int]


_last = aliased(Tenure)


class RegisterService:
    """Lists posts; ``keys`` is the whole order, ``rows`` only what is looked at."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def keys(self, query: RegisterQuery) -> list[RowKey]:
        """Return the key of every matching row in the asked order."""
        statement = self._matching(query, Post.id, func.coalesce(Tenure.id, 0))
        with self._database.read() as session:
            return [
                (row[0], row[1])
                for row in session.execute(statement.order_by(*_order(query, self._journal.today)))
            ]

    def rows(self, keys: Sequence[RowKey], as_of: date | None = None) -> dict[RowKey, RegisterRow]:
        """Return the rows of some keys; a key that is no longer there is left out."""
        found: dict[RowKey, RegisterRow] = {}
        day = as_of or self._journal.today
        with self._database.read() as session:
            calendar = stored_calendar(session)
            for batch in _batches(keys):
                statement = self._joined(day, *self._columns(day)).where(
                    tuple_(Post.id, func.coalesce(Tenure.id, 0)).in_(batch)
                )
                for values in session.execute(statement):
                    row = self._row(values, day, calendar)
                    found[(row.post_id, row.tenure_id or 0)] = row
        return found

    def all_rows(self, query: RegisterQuery) -> list[RegisterRow]:
        """Return every matching row in order, for exports."""
        keys = self.keys(query)
        rows = self.rows(keys, query.as_of)
        return [rows[key] for key in keys if key in rows]

    def counts(self, query: RegisterQuery) -> RegisterCounts:
        """Count rows by group and by state; each ignores its own filter, so that the other choices show."""
        day = query.as_of or self._journal.today
        group_query = RegisterQuery(query.as_of, query.text, query.filters, state=query.state)
        state_query = RegisterQuery(query.as_of, query.text, query.filters, group=query.group)
        state = _state(self._journal.today)
        with self._database.read() as session:
            total = session.scalar(self._joined(day, func.count())) or 0
            groups = session.execute(
                self._matching(group_query, Unit.group, func.count()).group_by(Unit.group)
            ).all()
            states = session.execute(self._matching(state_query, state, func.count()).group_by(state)).all()
        return RegisterCounts(total, {row[0]: row[1] for row in groups}, {row[0]: row[1] for row in states})

    def _matching(self, query: RegisterQuery, *columns: Any) -> Select[Any]:
        day = query.as_of or self._journal.today
        statement = self._joined(day, *columns)
        if query.group is not None:
            statement = statement.where(Unit.group == query.group)
        if query.state is not None:
            statement = statement.where(_state(self._journal.today) == query.state)
        for word in query.text.split():
            statement = statement.where(_matches_anything(word))
        for key, text in query.filters.items():
            if text.strip():
                statement = statement.where(_matches(key, text.strip(), self._journal.today))
        return statement

    def _joined(self, day: date, *columns: Any) -> Select[Any]:
        held = and_(
            Tenure.post_id == Post.id,
            Tenure.since <= day,
            or_(Tenure.until.is_(None), Tenure.until > day),
        )
        newest_filing = (
            select(func.max(Filing.id))
            .where(
                Filing.tenure_id == Tenure.id,
                Filing.state != FilingState.VOID,
                Filing.kind != FilingKind.LEAVE,
            )
            .correlate(Tenure)
            .scalar_subquery()
        )
        return (
            select(*columns)
            .select_from(Post)
            .join(Unit, Unit.id == Post.unit_id)
            .outerjoin(Tenure, held)
            .outerjoin(Person, Person.id == Tenure.person_id)
            .outerjoin(Filing, Filing.id == newest_filing)
            .where(or_(Unit.valid_from.is_(None), Unit.valid_from <= day))
            .where(or_(Unit.valid_to.is_(None), Unit.valid_to > day))
        )

    def _columns(self, day: date) -> tuple[Any, ...]:
        left_on = (
            select(func.max(_last.until))
            .where(_last.post_id == Post.id, _last.until <= day)
            .correlate(Post)
            .scalar_subquery()
        )
        return (
            Post.id.label("post_id"),
            Tenure.id.label("tenure_id"),
            Unit.id.label("unit_id"),
            Person.id.label("person_id"),
            Unit.short_name.label("unit"),
            Unit.full_name.label("unit_full_name"),
            Unit.full_name_confirmed.label("unit_name_confirmed"),
            Unit.category,
            Unit.group.label("group"),
            Post.kind.label("post"),
            Person.name,
            Person.sex,
            Tenure.title,
            Tenure.section,
            Tenure.head_status,
            Tenure.since,
            Tenure.basis,
            Person.office_phone,
            Person.mobile,
            Person.email,
            Tenure.note,
            _state(self._journal.today).label("state"),
            Filing.kind.label("filing_kind"),
            Filing.state.label("filing_state"),
            Filing.due_date,
            Filing.due_provisional,
            func.coalesce(left_on, Post.empty_since).label("empty_since"),
        )

    def _row(self, values: Any, day: date, calendar: WorkingCalendar) -> RegisterRow:
        fields = dict(values._mapping)
        empty_since = date.fromisoformat(str(fields.pop("empty_since")))
        state = RegisterState(fields.pop("state"))
        today, due = self._journal.today, fields["due_date"]
        vacant = fields["tenure_id"] is None
        texts = {key: "" if value is None else value for key, value in fields.items() if key not in _NULLABLE}
        return RegisterRow(
            **{key: fields[key] for key in _NULLABLE},
            **texts,
            state=state,
            working_days_left=calendar.working_days_between(today, due)
            if due is not None and state is RegisterState.RUNNING
            else None,
            late_days=calendar.working_days_between(due, today) if state is RegisterState.OVERDUE else 0,
            empty_days=max((day - empty_since).days, 0) if vacant else None,
        )


_NULLABLE = ("tenure_id", "person_id", "since", "due_date")


def _state(today: date) -> ColumnElement[str]:
    received = or_(Filing.received_on.is_not(None), Filing.state.in_(RECEIVED_STATES))
    return case(
        (Tenure.id.is_(None), RegisterState.VACANT.value),
        (Filing.id.is_(None), RegisterState.EXEMPT.value),
        (Filing.state.in_(FINAL_STATES), RegisterState.FILED.value),
        (received, RegisterState.RECEIVED.value),
        (Filing.due_date < today, RegisterState.OVERDUE.value),
        else_=RegisterState.RUNNING.value,
    )


_SORTS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "unit": (cast(Unit.pinyin, String),),
    "name": (cast(Person.sort_key, String),),
    "unit_full_name": (cast(Unit.pinyin, String),),
    "category": (cast(Unit.category, String),),
    "group": (cast(Unit.group, String),),
    "post": (cast(Post.rank, Integer),),
    "title": (cast(Tenure.title, String),),
    "section": (cast(Tenure.section, String),),
    "sex": (cast(Person.sex, String),),
    "head_status": (cast(Tenure.head_status, String),),
    "since": (cast(Tenure.since, String),),
    "basis": (cast(Tenure.basis, String),),
    "office_phone": (cast(Person.office_phone, String),),
    "mobile": (cast(Person.mobile, String),),
    "email": (cast(Person.email, String),),
    "note": (cast(Tenure.note, String),),
    "due_date": (cast(Filing.due_date, String),),
}


def _order(query: RegisterQuery, today: date) -> tuple[ColumnElement[Any], ...]:
    natural = (Unit.sort_order, Unit.id, Post.rank, Tenure.since, Tenure.id)
    chosen: tuple[ColumnElement[Any], ...]
    if query.sort == "state":
        urgency = {state.value: place for place, state in enumerate(_URGENCY)}
        chosen = (case(urgency, value=_state(today)), cast(Filing.due_date, String))
    else:
        chosen = _SORTS.get(query.sort, ())
    directed = tuple(column.desc() if query.descending else column.asc() for column in chosen)
    # Empty cells come last either way: nobody sorts to see blanks first.
    return (*(column.is_(None) for column in chosen), *directed, *natural)


_URGENCY = (
    RegisterState.OVERDUE,
    RegisterState.RUNNING,
    RegisterState.VACANT,
    RegisterState.RECEIVED,
    RegisterState.FILED,
    RegisterState.EXEMPT,
)


def _matches_anything(word: str) -> ColumnElement[bool]:
    start, part = _like(word, start=True), _like(word)
    # 区教育局 is looked for as jyj: the keys of a unit match anywhere, those of a person from the start.
    names = (Person.name, Unit.short_name, Unit.full_name, Tenure.title, Tenure.section)
    anywhere = (Unit.pinyin, Unit.initials, Person.mobile, Person.office_phone)
    keys = (Person.pinyin, Person.initials)
    return or_(
        *(column.like(part, escape="\\") for column in (*names, *anywhere, Post.kind)),
        *(column.like(start, escape="\\") for column in keys),
    )


def _matches(key: str, text: str, today: date) -> ColumnElement[bool]:
    part, start = _like(text), _like(text, start=True)
    if key == "name":
        columns: tuple[Any, ...] = (Person.pinyin, Person.initials)
        return or_(
            Person.name.like(part, escape="\\"), *(column.like(start, escape="\\") for column in columns)
        )
    if key in ("unit", "unit_full_name"):
        name = Unit.short_name if key == "unit" else Unit.full_name
        return or_(
            name.like(part, escape="\\"),
            Unit.pinyin.like(part, escape="\\"),
            Unit.initials.like(part, escape="\\"),
        )
    if key == "state":
        return _state(today).like(part, escape="\\")
    if key == "post":
        return cast(Post.kind, String).like(part, escape="\\")
    column = _SORTS[key][0] if key in _SORTS else literal("")
    return func.coalesce(column, "").like(part, escape="\\")


def _like(text: str, *, start: bool = False) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%" if start else f"%{escaped}%"


def _batches(keys: Sequence[RowKey]) -> Iterator[Sequence[RowKey]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
