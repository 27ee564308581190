"""The register as a table: every post with its holder on a day, sorted and filtered in SQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from typing import cast as typing_cast

from sqlalchemy import ColumnElement, Integer, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql import Select

from cdo_desktop.models import Filing, Person, Post, Tenure, Unit
from cdo_desktop.rules.filing import FINAL_STATES, RECEIVED_STATES, RegisterState
from cdo_desktop.rules.text import clean_text
from cdo_desktop.rules.vocabulary import FILED_POSTS, FilingKind, FilingState, UnitGroup
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.calendar import stored_calendar
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.register_keys import RowKey as RowKey
from cdo_desktop.services.register_keys import RowKeys
from cdo_desktop.services.unit_names import full_name_on, short_name_on
from cdo_desktop.store import Database

LONGEST_SEARCH = 200  # characters; SQLite refuses patterns that are very long
BATCH = 900  # posts a statement; SQLite takes 999 variables on old builds


@dataclass(frozen=True)
class RegisterQuery:
    """What the table asks for. ``as_of`` None means today; limits and empty days count to that day."""

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
    until: date | None  # a departure still to come that is registered already
    next_since: date | None  # the first day of a coming holder who is registered already
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

    def keys(self, query: RegisterQuery) -> RowKeys:
        """Return the key of every matching row in the asked order."""
        statement = self._matching(query, Post.id, func.coalesce(Tenure.id, 0))
        order = _order(query, query.as_of or self._journal.today)
        with self._database.read() as session:
            found = session.connection().execute(statement.order_by(*order))
            # The driver's own tuples: rows of SQLAlchemy would take as long again as the query.
            return RowKeys(typing_cast("Iterable[Sequence[int]]", found.cursor))

    def rows(self, keys: Sequence[RowKey], as_of: date | None = None) -> dict[RowKey, RegisterRow]:
        """Return the rows of some keys; a key that is no longer there is left out."""
        found: dict[RowKey, RegisterRow] = {}
        day = as_of or self._journal.today
        wanted = set(keys)
        with self._database.read() as session:
            calendar = stored_calendar(session)
            for batch in _batches(list({post_id for post_id, _ in keys})):
                statement = self._joined(day, *self._columns(day)).where(Post.id.in_(batch))
                for values in session.execute(statement):
                    key = (values.post_id, values.tenure_id or 0)
                    if key in wanted:
                        found[key] = self._row(values, day, calendar)
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
        state = _state(day)
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
            statement = statement.where(_state(day) == query.state)
        for word in _searched(query.text).split():
            statement = statement.where(self._matches_anything(word, day))
        for key, text in query.filters.items():
            if wanted := _searched(text):
                statement = statement.where(self._matches(key, wanted, day))
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
        next_since = (
            select(func.min(_last.since))
            .where(_last.post_id == Post.id, _last.since > day)
            .correlate(Post)
            .scalar_subquery()
        )
        return (
            Post.id.label("post_id"),
            Tenure.id.label("tenure_id"),
            Unit.id.label("unit_id"),
            Person.id.label("person_id"),
            short_name_on(day, self._journal.today).label("unit"),
            full_name_on(day, self._journal.today).label("unit_full_name"),
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
            _state(day).label("state"),
            Filing.kind.label("filing_kind"),
            Filing.state.label("filing_state"),
            Filing.due_date,
            Filing.due_provisional,
            func.coalesce(left_on, Post.empty_since).label("empty_since"),
            Tenure.until,
            next_since.label("next_since"),
        )

    def _row(self, values: Any, day: date, calendar: WorkingCalendar) -> RegisterRow:
        stored: Mapping[str, Any] = values._mapping
        fields: dict[str, Any] = {key: "" if value is None else value for key, value in stored.items()}
        fields |= {key: stored[key] for key in _NULLABLE} | {
            "due_provisional": bool(stored["due_provisional"])
        }
        empty_since = date.fromisoformat(str(fields.pop("empty_since")))
        state = RegisterState(fields.pop("state"))
        today = self._journal.today
        for name in ("until", "next_since"):
            coming = fields[name]
            fields[name] = coming if coming is not None and coming > today else None
        due = fields["due_date"]
        left = calendar.working_days_between(day, due) if due and state is RegisterState.RUNNING else None
        return RegisterRow(
            **fields,
            state=state,
            working_days_left=left,
            late_days=calendar.working_days_between(due, day) if state is RegisterState.OVERDUE else 0,
            empty_days=max((day - empty_since).days, 0) if fields["tenure_id"] is None else None,
        )

    def _matches_anything(self, word: str, day: date) -> ColumnElement[bool]:
        # 区教育局 is looked for as jyj: the keys of a unit match anywhere, those of a person from the start.
        anywhere = (
            short_name_on(day, self._journal.today),
            full_name_on(day, self._journal.today),
            Person.name,
            Tenure.title,
            Tenure.section,
            Unit.pinyin,
            Unit.initials,
            Person.mobile,
            Person.office_phone,
            Post.kind,
        )
        return or_(_contains(anywhere, word), _begins((Person.pinyin, Person.initials), word))

    def _matches(self, key: str, text: str, day: date) -> ColumnElement[bool]:
        match key:
            case "name":
                return or_(_contains((Person.name,), text), _begins((Person.pinyin, Person.initials), text))
            case "unit":
                name = short_name_on(day, self._journal.today)
                return _contains((name, Unit.pinyin, Unit.initials), text)
            case "unit_full_name":
                name = full_name_on(day, self._journal.today)
                return _contains((name, Unit.pinyin, Unit.initials), text)
            case "state":
                return _contains((_state(day),), text)
            case "post":
                return _contains((Post.kind,), text)
            case _:
                return _contains((_SORTS[key][0],), text)


_NULLABLE = ("tenure_id", "person_id", "since", "until", "next_since", "due_date")


def _state(day: date) -> ColumnElement[str]:
    received = or_(Filing.received_on.is_not(None), Filing.state.in_(RECEIVED_STATES))
    return case(
        (Tenure.id.is_(None), RegisterState.VACANT.value),
        (Post.kind.not_in(FILED_POSTS), RegisterState.EXEMPT.value),
        (Filing.state.in_(FINAL_STATES), RegisterState.FILED.value),
        (received, RegisterState.RECEIVED.value),
        (Filing.due_date < day, RegisterState.OVERDUE.value),
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


def _order(query: RegisterQuery, day: date) -> tuple[ColumnElement[Any], ...]:
    natural: tuple[Any, ...] = (Unit.sort_order, Unit.id, Post.rank, Tenure.since, Tenure.id)
    chosen: tuple[ColumnElement[Any], ...]
    if query.sort == "state":
        urgency = {state.value: place for place, state in enumerate(_URGENCY)}
        chosen = (case(urgency, value=_state(day)), cast(Filing.due_date, String))
    else:
        chosen = _SORTS[query.sort] if query.sort else ()
    directed = tuple(column.desc() if query.descending else column.asc() for column in chosen)
    # Empty cells come last either way: nobody sorts to see blanks first.
    blank = (or_(column.is_(None), column == "") for column in chosen)
    return (*blank, *directed, *natural)


_URGENCY = (
    RegisterState.OVERDUE,
    RegisterState.RUNNING,
    RegisterState.VACANT,
    RegisterState.RECEIVED,
    RegisterState.FILED,
    RegisterState.EXEMPT,
)


def _searched(text: str) -> str:
    return clean_text(text)[:LONGEST_SEARCH]


def _contains(columns: Iterable[Any], text: str) -> ColumnElement[bool]:
    pattern = f"%{_escaped(text)}%"
    return or_(*(column.like(pattern, escape="\\") for column in columns))


def _begins(columns: Iterable[Any], text: str) -> ColumnElement[bool]:
    pattern = f"{_escaped(text)}%"
    return or_(*(column.like(pattern, escape="\\") for column in columns))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _batches(post_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(post_ids), BATCH):
        yield post_ids[start : start + BATCH]
