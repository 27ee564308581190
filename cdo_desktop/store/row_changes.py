"""What a writing transaction did to the rows of the register, and how that is taken back or done again.

Temporary triggers of the transaction's own connection note the first image of every row that is touched, so
whoever writes, by SQLAlchemy's objects or by plain SQL, need not know of it. An image is the JSON array of a
row's columns without its id and version: a row that was changed and changed back is the same row.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, TypeAlias, cast

from cdo_desktop.errors import ConflictError

if TYPE_CHECKING:  # SQLAlchemy is imported by the first session, after the register has appeared
    import sqlite3

    from sqlalchemy import Connection

Value: TypeAlias = str | int | None

WATCHED = (
    *("units", "unit_names", "unit_second_names", "unit_changes", "unit_change_parts"),
    *("posts", "persons", "tenures", "filings", "filing_prints", "papers", "waiting_scans", "contacts"),
    "attachments",
)
"""The tables of the register and of the way of its filings, those that others refer to first."""
_EVENTS = ("INSERT", "UPDATE", "DELETE")
_REPLACED = frozenset({"tenures"})  # two may not overlap: all that change go before any comes back


class RowsChangedError(ConflictError):
    """A row is not any more as the change left it; nothing was written."""

    def __init__(self) -> None:
        super().__init__("这些记录之后又被改过。没有改动任何内容，请刷新后核对。")


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after a transaction; None: it was not there."""

    table: str
    row_id: int
    before: str | None
    after: str | None
    version: int  # the last one the row had; 0 in tables without versions

    def values(self, *, after: bool) -> dict[str, Value]:
        """Return the columns of one side by name, but for id and version; none where it was not there."""
        image = self.after if after else self.before
        return dict(zip(_columns(self.table), json.loads(image), strict=True)) if image else {}

    @property
    def filing_id(self) -> int | None:
        """The filing that a paper or a file belongs to; None for all other rows."""
        if self.table not in ("papers", "attachments"):
            return None
        values = self.values(after=self.after is not None)
        if self.table == "attachments" and values["entity"] != "filings":
            return None
        found = values["filing_id" if self.table == "papers" else "entity_id"]
        return found if isinstance(found, int) else None

    def with_values(self, values: Mapping[str, Value], *, after: bool) -> "RowChange":
        """Return the change with other values in some columns of one side, where the row is there."""
        image = _as_image(list({**self.values(after=after), **values}.values()))
        return replace(self, after=image) if after else replace(self, before=image)


# Written as SQLite's json_array writes it, for images are compared as texts.
_as_image = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@lru_cache
def _columns(table: str) -> tuple[str, ...]:
    from cdo_desktop.models import Base

    columns = Base.metadata.tables[table].columns.keys()
    return tuple(name for name in columns if name not in ("id", "version"))


@lru_cache
def _has_version(table: str) -> bool:
    from cdo_desktop.models import Base

    return "version" in Base.metadata.tables[table].columns


def _image(table: str, row: str) -> str:
    return f"json_array({', '.join(f'{row}.{name}' for name in _columns(table))})"


def _version(table: str, row: str) -> str:
    return f"{row}.version" if _has_version(table) else "0"


def _trigger(table: str, event: str) -> str:
    return f"touched_{table}_{event.lower()}"


@lru_cache
def _watching() -> tuple[str, ...]:
    """Return what a connection executes to note every row touched from then on."""
    statements = [
        "PRAGMA temp_store = MEMORY",  # the images are personal data: they go into no file
        "PRAGMA recursive_triggers = ON",  # else a row that INSERT OR REPLACE replaces would go unseen
        "CREATE TEMP TABLE touched (place INTEGER, id INTEGER, before TEXT, version INTEGER,"
        " PRIMARY KEY (place, id)) WITHOUT ROWID",
    ]
    for place, table in enumerate(WATCHED):
        old = f"OLD.id, {_image(table, 'OLD')}, {_version(table, 'OLD')}"
        for event, noted in zip(_EVENTS, ("NEW.id, NULL, 0", old, old), strict=True):
            row_id = noted.partition(",")[0]
            # No INSERT OR IGNORE: an OR of the statement that fires the trigger would take its place.
            statements.append(
                f"CREATE TEMP TRIGGER {_trigger(table, event)} AFTER {event} ON main.{table} BEGIN"
                f" INSERT INTO touched SELECT {place}, {noted} WHERE NOT EXISTS"
                f" (SELECT 1 FROM touched WHERE place = {place} AND id = {row_id}); END"
            )
    return tuple(statements)


def watch(connection: "Connection") -> None:
    """Note from now on what the open transaction does; call once, it ends with the connection."""
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    for statement in _watching():
        driver.execute(statement)  # two dozen through SQLAlchemy would take a millisecond more


def stop_watching(connection: "Connection") -> None:
    """Note nothing more in the open transaction: noting costs a large import a seventh of its commit."""
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    for table, event in product(WATCHED, _EVENTS):
        driver.execute(f"DROP TRIGGER temp.{_trigger(table, event)}")


def count_touched(connection: "Connection") -> int:
    """Return how many rows of the register have been touched since `watch`."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM touched").scalar_one())


def touched_rows(connection: "Connection") -> Iterator[tuple[str, int]]:
    """Yield table and id of what has been touched since `watch`, where the images would be too much."""
    for place, row_id in connection.exec_driver_sql("SELECT place, id FROM touched"):
        yield WATCHED[place], row_id


def changes_of(connection: "Connection") -> tuple[RowChange, ...]:
    """Return what differs since `watch`; rows that came and went within the transaction are left out."""
    found: list[RowChange] = []
    places = connection.exec_driver_sql("SELECT DISTINCT place FROM touched ORDER BY place").scalars().all()
    for place in places:
        table = WATCHED[place]
        after = f"CASE WHEN now.id IS NOT NULL THEN {_image(table, 'now')} END"
        query = (
            f"SELECT touched.id, touched.before, {after}, coalesce({_version(table, 'now')}, touched.version)"
            f" FROM touched LEFT JOIN main.{table} AS now ON now.id = touched.id"
            f" WHERE touched.place = {place} AND touched.before IS NOT {after} ORDER BY touched.id"
        )
        found += [RowChange(table, *row) for row in connection.exec_driver_sql(query)]
    return tuple(found)


def turn(connection: "Connection", changes: Sequence[RowChange], *, back: bool) -> tuple[RowChange, ...]:
    """Put every row to the side before the change (``back``) or after it, with a version of its own.

    Return the same changes with the versions written, so that they can be turned the other way. Raises
    RowsChangedError unless every row is as the other side says and none that goes has attachments; what else
    refers to a row that goes, or stands where one comes back, the database refuses with an IntegrityError, at
    the latest at the commit.
    """
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    by_table: dict[str, list[RowChange]] = {table: [] for table in WATCHED}
    for change in changes:
        by_table[change.table].append(change)
    turned = {
        table: [replace(change, version=version + 1) for change, version in _checked(connection, mine, back)]
        for table, mine in by_table.items()
        if mine
    }
    taken_away = [change.row_id for change in turned.get("attachments", ()) if _wanted(change, back) is None]
    for table, mine in turned.items():
        _refuse_attached(connection, table, mine, taken_away, back=back)
    for table in reversed(turned):
        _delete(connection, table, turned[table], back=back)
    for table, mine in turned.items():
        _put(connection, table, mine, back=back)
    return tuple(change for mine in turned.values() for change in mine)


def _checked(
    connection: "Connection", changes: Sequence[RowChange], back: bool
) -> Iterator[tuple[RowChange, int]]:
    """Yield the changes of one table with the version the row has, or had last."""
    table = changes[0].table
    query = (
        f"SELECT id, {_image(table, 'now')}, {_version(table, 'now')} FROM {table} AS now"
        " WHERE id IN (SELECT value FROM json_each(?))"
    )
    ids = json.dumps([change.row_id for change in changes])
    stored: Mapping[int, tuple[str, int]] = {
        row_id: (image, version) for row_id, image, version in connection.exec_driver_sql(query, (ids,))
    }
    for change in changes:
        image, version = stored.get(change.row_id, (None, change.version))
        if image != (change.after if back else change.before):
            raise RowsChangedError
        yield change, version


def _wanted(change: RowChange, back: bool) -> str | None:
    return change.before if back else change.after


def _is_put_anew(change: RowChange, back: bool) -> bool:
    """Tell whether a row is inserted: it is not there, or has gone to make room for the others."""
    return change.table in _REPLACED or _wanted(change, not back) is None


def _refuse_attached(
    connection: "Connection",
    table: str,
    changes: Iterable[RowChange],
    taken_away: Sequence[int],
    *,
    back: bool,
) -> None:
    """Attachments name their record without a foreign key; it must not go from under them."""
    gone = json.dumps([change.row_id for change in changes if _wanted(change, back) is None])
    query = (
        "SELECT 1 FROM attachments WHERE entity = ? AND entity_id IN (SELECT value FROM json_each(?))"
        " AND id NOT IN (SELECT value FROM json_each(?))"
    )
    if connection.exec_driver_sql(query, (table, gone, json.dumps(taken_away))).first() is not None:
        raise RowsChangedError


def _delete(connection: "Connection", table: str, changes: Iterable[RowChange], *, back: bool) -> None:
    gone = [
        (change.row_id,)
        for change in changes
        if _wanted(change, not back) is not None and (table in _REPLACED or _wanted(change, back) is None)
    ]
    if gone:
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE id = ?", gone)


def _put(connection: "Connection", table: str, changes: Iterable[RowChange], *, back: bool) -> None:
    names = (*_columns(table), *(("version",) if _has_version(table) else ()))
    inserted: list[tuple[Value, ...]] = []
    updated: list[tuple[Value, ...]] = []
    for change in changes:
        image = _wanted(change, back)
        if image is not None:
            values = (*json.loads(image), *((change.version,) if _has_version(table) else ()))
            (inserted if _is_put_anew(change, back) else updated).append((*values, change.row_id))
    if inserted:
        marks = ", ".join("?" * (len(names) + 1))
        connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(names)}, id) VALUES ({marks})", inserted)
    if updated:
        sets = ", ".join(f"{name} = ?" for name in names)
        connection.exec_driver_sql(f"UPDATE {table} SET {sets} WHERE id = ?", updated)
