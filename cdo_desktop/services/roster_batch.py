"""New units and first appointments of an import, collected and inserted table by table.

One by one each costs a dozen statements. Only what is plainly new is collected; everything else goes the
ordinary way, after `RosterBatch.write` has put in what came before it.
"""

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, inspect, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.models import Filing, HistoryEntry, Person, Post, Tenure, Unit
from cdo_desktop.models.base import Base
from cdo_desktop.rules.vocabulary import FILED_POSTS, PostKind
from cdo_desktop.rules.working_days import WorkingCalendar
from cdo_desktop.services.appointments import (
    NEW_FILING,
    FilingDraft,
    PostInfo,
    filing_values,
    person_values,
    told_of_filing,
)
from cdo_desktop.services.holder_draft import TENURE_FIELDS, HolderDraft, holder_values
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.undo import announce
from cdo_desktop.services.unit_draft import UNIT_FIELDS, UnitDraft
from cdo_desktop.services.units import NEW_UNIT, new_post_values, new_unit_values

_LAST_GIVEN_ID = text("SELECT seq FROM sqlite_sequence WHERE name = :table")


class RosterBatch:
    """What one import adds, in one open transaction; until ``write`` nobody else may insert."""

    def __init__(self, session: Session, journal: Journal, calendar: WorkingCalendar) -> None:
        self._session = session
        self._journal = journal
        self._calendar = calendar
        self._today = journal.today
        # In the order in which rows refer to one another.
        self._rows: dict[type[Base], list[dict[str, Any]]] = {
            table: [] for table in (Unit, Post, Person, Tenure, Filing, HistoryEntry)
        }
        self._last_ids: dict[type[Base], int] = {}
        self._last_order: int | None = None
        known = session.execute(select(Person.name, Person.mobile).where(Person.mobile != ""))
        self._known = {(row.name, row.mobile) for row in known}
        self._held = set(session.scalars(select(Tenure.post_id).distinct()))

    def add_unit(self, draft: UnitDraft) -> tuple[int, dict[PostKind, int]]:
        """Take in a new unit and return its id and those of its posts."""
        if self._last_order is None:
            self._last_order = self._session.scalar(select(func.max(Unit.sort_order))) or 0
        unit_id = self._next_id(Unit)
        values = new_unit_values(draft, self._last_order)
        self._last_order = max(self._last_order, values["sort_order"])
        self._rows[Unit].append({"id": unit_id, **values})
        post_ids: dict[PostKind, int] = {}
        for post in new_post_values(unit_id, draft, self._today):
            post_id = self._next_id(Post)
            self._rows[Post].append({"id": post_id, **post})
            post_ids[post["kind"]] = post_id
        self._record(NEW_UNIT, "units", unit_id, {name: values[name] for name in UNIT_FIELDS}, unit_id)
        return unit_id, post_ids

    def takes(self, draft: HolderDraft, post: PostInfo) -> bool:
        """Tell whether an appointment is plainly new: a post that nobody held, a person who is not known."""
        return post.post_id not in self._held and (draft.name, draft.mobile) not in self._known

    def note(self, draft: HolderDraft, post: PostInfo) -> None:
        """Remember who goes the ordinary way, so that who comes after is not taken for plainly new."""
        self._held.add(post.post_id)
        if draft.mobile:
            self._known.add((draft.name, draft.mobile))

    def add_appointment(self, draft: HolderDraft, filing: FilingDraft, post: PostInfo, action: str) -> None:
        """Take in person, tenure and paper of a checked draft, as `add_appointment` of one alone does."""
        if draft.since is None:
            raise InvalidInputError("请填写任职日期。", field="since")
        self.note(draft, post)
        person_id, tenure_id = self._next_id(Person), self._next_id(Tenure)
        self._rows[Person].append({"id": person_id, **person_values(draft)})
        tenure = {name: getattr(draft, name) for name in TENURE_FIELDS}
        self._rows[Tenure].append(
            {"id": tenure_id, "post_id": post.post_id, "person_id": person_id, **tenure}
        )
        self._record(action, "tenures", tenure_id, holder_values(draft), post.unit_id, person_id)
        if post.kind in FILED_POSTS:
            paper = filing_values(self._calendar, filing, draft.since)
            filing_id = self._next_id(Filing)
            self._rows[Filing].append({"id": filing_id, "tenure_id": tenure_id, **paper})
            self._record(NEW_FILING, "filings", filing_id, told_of_filing(paper), post.unit_id, person_id)

    def write(self) -> None:
        """Insert what was taken in, after what the session still holds back."""
        self._session.flush()
        announce(self._session, sum(map(len, self._rows.values())) - len(self._rows[HistoryEntry]))
        for table, rows in self._rows.items():
            if rows:
                _insert(self._session.connection(), table, rows)
                rows.clear()
        self._last_ids.clear()
        self._last_order = None

    def _record(
        self,
        action: str,
        entity: str,
        entity_id: int,
        after: dict[str, Any],
        unit_id: int,
        person_id: int | None = None,
    ) -> None:
        told = self._journal.entry(
            action, entity, entity_id, after=after, unit_id=unit_id, person_id=person_id
        )
        self._rows[HistoryEntry].append(told)

    def _next_id(self, table: type[Base]) -> int:
        if table not in self._last_ids:
            # What was ever given, also to a row that is gone (models.base.LASTING_IDS).
            self._last_ids[table] = self._session.scalar(_LAST_GIVEN_ID, {"table": table.__tablename__}) or 0
        self._last_ids[table] += 1
        return self._last_ids[table]


def _insert(connection: Connection, mapped: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert rows that all have the same attributes, straight into the table.

    SQLAlchemy's own preparation of each row takes longer than SQLite; what it does, its types do here once a
    column.
    """
    attributes = {attribute.key: attribute.columns[0] for attribute in inspect(mapped).column_attrs}
    stored = [_stored(connection, attributes[key], [row[key] for row in rows]) for key in rows[0]]
    constants = {
        column.name: column.default.arg
        for key, column in attributes.items()
        if key not in rows[0] and isinstance(column.default, ScalarElementColumnDefault)
    }
    names = [*(attributes[key].name for key in rows[0]), *constants]
    values = list(zip(*stored, *map(repeat, constants.values()), strict=False))
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {mapped.__tablename__} ({', '.join(names)}) VALUES ({marks})"
    connection.exec_driver_sql(statement, values)


def _stored(connection: Connection, column: ColumnElement[Any], values: list[Any]) -> Iterable[Any]:
    """Return the values of a column as they are stored."""
    dialect = connection.dialect
    convert: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return values if convert is None else map(convert, values)
