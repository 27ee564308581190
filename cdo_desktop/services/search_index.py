"""Keeps the full-text index true: every writing transaction ends with `index_pending`.

Persons are found by their name, units by every name they have or had. Triggers note in ``search_pending``
whose names a transaction has touched.
"""

from collections.abc import Iterable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cdo_desktop.models import UNIT_ROWS, Person, SearchPending, SecondName, Unit, UnitName
from cdo_desktop.rules.pinyin import PinyinKeys, unit_pinyin
from cdo_desktop.rules.search_keys import NameKeys, index_columns, name_keys

_NOTE_ALL = (
    text("INSERT OR IGNORE INTO search_pending SELECT rowid FROM search"),
    text("INSERT OR IGNORE INTO search_pending SELECT id FROM persons"),
    text(f"INSERT OR IGNORE INTO search_pending SELECT {UNIT_ROWS} + id FROM units"),
)
_DELETE_PENDING = text("DELETE FROM search WHERE rowid IN (SELECT id FROM search_pending)")
_FORGET_PENDING = text("DELETE FROM search_pending")
_MERGE = text("INSERT INTO search (search) VALUES ('optimize')")
_INSERT = "INSERT INTO search (rowid, whole, inner, characters) VALUES (?, ?, ?, ?)"


def is_pending(session: Session) -> bool:
    """Tell whether the index does not know some names yet."""
    return session.scalar(select(SearchPending.id).limit(1)) is not None


def index_pending(session: Session) -> None:
    """Write into the index what the open transaction has changed."""
    if not is_pending(session):
        return
    session.execute(_DELETE_PENDING)
    rows = [(row, *index_columns((keys,))) for row, keys in _pending_persons(session)]
    for unit_id, names in names_of_units(session, pending=True).items():
        rows.append(
            (UNIT_ROWS + unit_id, *index_columns(name_keys(name, unit_pinyin(name)) for name in names))
        )
    if rows:
        session.connection().exec_driver_sql(_INSERT, rows)
    session.execute(_FORGET_PENDING)


def rebuild_index(session: Session) -> None:
    """Write the whole index anew, so that nothing of a name that is gone stays in the file."""
    for statement in _NOTE_ALL:
        session.execute(statement)
    index_pending(session)
    session.execute(_MERGE)


def names_of_units(session: Session, *, pending: bool = False) -> dict[int, list[str]]:
    """Return every name that units have or had, present ones first; of those pending, or of all."""
    found: dict[int, dict[str, None]] = {}
    for table, key in ((Unit, Unit.id), (UnitName, UnitName.unit_id), (SecondName, SecondName.unit_id)):
        query = select(key, table.short_name, table.full_name).order_by(table.id)
        if pending:
            query = query.join(SearchPending, SearchPending.id == UNIT_ROWS + key)
        for unit_id, short_name, full_name in session.execute(query):
            found.setdefault(unit_id, {}).update({short_name: None, full_name: None})
    return {unit_id: [name for name in names if name] for unit_id, names in found.items()}


def _pending_persons(session: Session) -> Iterable[tuple[int, NameKeys]]:
    columns = (Person.id, Person.name, Person.pinyin, Person.initials, Person.sort_key)
    query = select(*columns).join(SearchPending, SearchPending.id == Person.id)
    for person_id, name, *keys in session.execute(query):
        yield person_id, name_keys(name, PinyinKeys(*keys))
