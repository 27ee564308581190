"""The register as a table: every post with its holder on a day, sorted and filtered in SQL."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cdo_desktop.rules.filing import Lateness, RegisterState, lateness
from cdo_desktop.rules.vocabulary import UnitGroup
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.calendar import read_calendar
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.register_keys import RowKey as RowKey
from cdo_desktop.services.register_keys import RowKeys
from cdo_desktop.services.register_sql import (
    COLUMNS,
    NAMES,
    POSTS_BY_UNIT,
    POSTS_OF_A_DAY,
    STATE,
    Conditions,
    in_order,
    unit_name_on,
)
from cdo_desktop.store import Database


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


@dataclass(frozen=True, slots=True)
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
    late: Lateness
    until: date | None  # a departure still to come that is registered already
    next_since: date | None  # the first day of a coming holder who is registered already
    empty_days: int | None  # calendar days a post has been empty


@dataclass(frozen=True)
class RegisterCounts:
    """How many rows there are: all that the day has, and by group and state within the other filters."""

    total: int
    by_group: Mapping[str, int]
    by_state: Mapping[str, int]


class RegisterService:
    """Lists posts; ``keys`` is the whole order, ``rows`` only what is looked at."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def keys(self, query: RegisterQuery) -> RowKeys:
        """Return the key of every matching row in the asked order."""
        return self._keys(POSTS_OF_A_DAY, query)

    def first_keys(self, query: RegisterQuery, count: int) -> RowKeys:
        """Return the first ``count`` keys in the register's own order, at once however many there are."""
        return self._keys(POSTS_BY_UNIT, query, f"LIMIT {count}")

    def _keys(self, posts: str, query: RegisterQuery, limit: str = "") -> RowKeys:
        wanted = self._wanted(query)
        order = in_order(query.sort, descending=query.descending)
        statement = f"SELECT posts.id, coalesce(tenures.id, 0) {posts} {wanted} {order} {limit}"
        with self._database.snapshot() as connection:
            return RowKeys(connection.execute(statement, wanted.values))

    def rows(self, keys: Sequence[RowKey], as_of: date | None = None) -> dict[RowKey, RegisterRow]:
        """Return the rows of some keys; a key that is no longer there is left out."""
        day = as_of or self._journal.today
        columns = COLUMNS | {key: unit_name_on(key, day, self._journal.today) for key in NAMES}
        statement = (
            f"SELECT {', '.join(columns.values())} {POSTS_OF_A_DAY}"
            " AND posts.id IN (SELECT value FROM json_each(:posts))"
        )
        values = {"day": day.isoformat(), "posts": json.dumps([post_id for post_id, _ in keys])}
        wanted = set(keys)
        found: dict[RowKey, RegisterRow] = {}
        with self._database.snapshot() as connection:
            calendar = read_calendar(connection)
            for stored in connection.execute(statement, values):
                named = dict(zip(columns, stored, strict=True))
                key = (named["post_id"], named["tenure_id"] or 0)
                if key in wanted:
                    found[key] = self._row(named, day, calendar)
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
        with self._database.snapshot() as connection:
            total = connection.execute(
                f"SELECT count(*) {POSTS_OF_A_DAY}", {"day": day.isoformat()}
            ).fetchone()[0]
            groups = self._count(connection, COLUMNS["group"], group_query)
            states = self._count(connection, STATE, state_query)
        return RegisterCounts(total, groups, states)

    def count_vacant(self) -> int:
        """Return how many posts nobody holds today."""
        return self.counts(RegisterQuery()).by_state.get(RegisterState.VACANT, 0)

    def _count(self, connection: sqlite3.Connection, by: str, query: RegisterQuery) -> dict[str, int]:
        wanted = self._wanted(query)
        statement = f"SELECT {by}, count(*) {POSTS_OF_A_DAY} {wanted} GROUP BY 1"
        return dict(connection.execute(statement, wanted.values))

    def _wanted(self, query: RegisterQuery) -> Conditions:
        wanted = Conditions(query.as_of or self._journal.today, self._journal.today)
        if query.group is not None:
            wanted.equal(COLUMNS["group"], query.group)
        if query.state is not None:
            wanted.equal(STATE, query.state)
        wanted.typed(query.text, query.filters)
        return wanted

    def _row(self, stored: Mapping[str, Any], day: date, calendar: WorkingCalendar) -> RegisterRow:
        fields: dict[str, Any] = {key: "" if value is None else value for key, value in stored.items()}
        fields |= {key: stored[key] for key in ("tenure_id", "person_id")}
        fields |= {key: date.fromisoformat(stored[key]) if stored[key] else None for key in _DATES}
        fields["unit_name_confirmed"] = bool(stored["unit_name_confirmed"])
        empty_since, changed = fields.pop("empty_since"), fields.pop("change_date")
        state = RegisterState(fields.pop("state"))
        today = self._journal.today
        for name in ("until", "next_since"):
            coming = fields[name]
            fields[name] = coming if coming is not None and coming > today else None
        due = fields["due_date"]
        noted = bool(stored["due_provisional"])
        fields["due_provisional"] = calendar.is_still_provisional(noted, changed, due)
        left = calendar.working_days_between(day, due) if due and state is RegisterState.RUNNING else None
        return RegisterRow(
            **fields,
            state=state,
            working_days_left=left,
            late=lateness(due, day, calendar) if state is RegisterState.OVERDUE else Lateness(),
            empty_days=max((day - empty_since).days, 0) if fields["tenure_id"] is None else None,
        )


_DATES = ("since", "until", "next_since", "change_date", "due_date", "empty_since")
