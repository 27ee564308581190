"""单位 as a table: those that exist and, on request, those that ended; sorted and filtered in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, cast, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from cdo_desktop.models import SecondName, Unit, UnitChangePart, UnitName
from cdo_desktop.rules.text import clean_text
from cdo_desktop.rules.vocabulary import UnitCategory
from cdo_desktop.services.journal import Journal
from cdo_desktop.services.unit_reform import Part
from cdo_desktop.store import Database

BATCH = 900  # units a statement; SQLite takes 999 variables on old builds


@dataclass(frozen=True)
class UnitListQuery:
    """What the table asks for; ``ended`` shows the units that a reform ended as well."""

    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    ended: bool = False


@dataclass(frozen=True)
class UnitLine:
    """One unit. Names that hang beside its own and names it had are joined by 、."""

    unit_id: int
    version: int
    short_name: str
    full_name: str
    full_name_confirmed: bool
    category: str
    group: str
    sort_order: int
    second_names: str
    former_names: str
    valid_from: date | None
    valid_to: date | None
    successors: str
    note: str

    @property
    def is_present(self) -> bool:
        """Whether no reform has ended it."""
        return self.valid_to is None


class UnitListService:
    """Lists units; ``keys`` is the whole order, ``rows`` only what is looked at."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def keys(self, query: UnitListQuery) -> list[int]:
        """Return the ids of all matching units in the asked order."""
        statement = _matching(select(Unit.id), query, self._journal.today).order_by(*_order(query))
        with self._database.read() as session:
            return list(session.scalars(statement))

    def rows(self, unit_ids: Sequence[int]) -> dict[int, UnitLine]:
        """Return the lines of some units; one that is gone is left out."""
        found: dict[int, UnitLine] = {}
        with self._database.read() as session:
            for start in range(0, len(unit_ids), BATCH):
                batch = unit_ids[start : start + BATCH]
                names = _second_names(session, batch, self._journal.today)
                former = _former_names(session, batch)
                heirs = _successors(session, batch)
                for unit in session.scalars(select(Unit).where(Unit.id.in_(batch))):
                    found[unit.id] = _line(
                        unit, names.get(unit.id, ""), former.get(unit.id, ""), heirs.get(unit.id, "")
                    )
        return found

    def counts(self) -> tuple[int, int]:
        """Return how many units exist, and how many ended."""
        query = select(func.count(), func.count(Unit.valid_to)).where(Unit.category != UnitCategory.DISTRICT)
        with self._database.read() as session:
            total, ended = session.execute(query).one()
        return total - ended, ended


def _line(unit: Unit, second: str, former: str, successors: str) -> UnitLine:
    return UnitLine(
        unit_id=unit.id,
        version=unit.version,
        short_name=unit.short_name,
        full_name=unit.full_name,
        full_name_confirmed=unit.full_name_confirmed,
        category=unit.category,
        group=unit.group,
        sort_order=unit.sort_order,
        second_names=second,
        former_names=former,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        successors=successors,
        note=unit.note,
    )


def _matching(statement: Select[Any], query: UnitListQuery, today: date) -> Select[Any]:
    statement = statement.where(Unit.category != UnitCategory.DISTRICT)
    if not query.ended:
        statement = statement.where(or_(Unit.valid_to.is_(None), Unit.valid_to > today))
    for word in clean_text(query.text).split():
        statement = statement.where(_contains(_ANYTHING, word))
    for key, text in query.filters.items():
        if text.strip():
            statement = statement.where(_contains(_FILTERS[key], text.strip()))
    return statement


def _other_name(column: ColumnElement[str], table: type[SecondName] | type[UnitName]) -> ColumnElement[str]:
    """Return all further names of a unit as one text to search in."""
    return (
        select(func.group_concat(column, " "))
        .where(table.unit_id == Unit.id)
        .correlate(Unit)
        .scalar_subquery()
    )


_SECOND = _other_name(
    SecondName.full_name + " " + SecondName.short_name + " " + SecondName.pinyin + " " + SecondName.initials,
    SecondName,
)
_FORMER = _other_name(UnitName.full_name + " " + UnitName.short_name, UnitName)
_OWN = (Unit.short_name, Unit.pinyin, Unit.initials)
_ANYTHING = (*_OWN, Unit.full_name, Unit.category, Unit.note, _SECOND, _FORMER)
_FILTERS: dict[str, tuple[Any, ...]] = {
    "short_name": _OWN,
    "full_name": (Unit.full_name, Unit.pinyin, Unit.initials),
    "category": (Unit.category,),
    "group": (Unit.group,),
    "second_names": (_SECOND,),
    "former_names": (_FORMER,),
    "note": (Unit.note,),
}
_SORTS: dict[str, ColumnElement[Any]] = {
    "short_name": cast(Unit.pinyin, String),
    "full_name": cast(Unit.pinyin, String),
    "category": cast(Unit.category, String),
    "group": cast(Unit.group, String),
    "sort_order": cast(Unit.sort_order, Integer),
    "confirmed": cast(Unit.full_name_confirmed, Integer),
    "valid_from": cast(Unit.valid_from, String),
    "valid_to": cast(Unit.valid_to, String),
    "note": cast(Unit.note, String),
}


def _order(query: UnitListQuery) -> tuple[ColumnElement[Any], ...]:
    natural: tuple[Any, ...] = (Unit.valid_to.is_not(None), Unit.sort_order, Unit.id)
    if not query.sort:
        return natural
    column = _SORTS[query.sort]
    # Empty cells come last either way: nobody sorts to see blanks first.
    return (
        or_(column.is_(None), column == ""),
        column.desc() if query.descending else column.asc(),
        *natural,
    )


def _contains(columns: Sequence[Any], text: str) -> ColumnElement[bool]:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(*(column.like(f"%{escaped}%", escape="\\") for column in columns))


def _second_names(session: Session, unit_ids: Sequence[int], today: date) -> dict[int, str]:
    query = (
        select(SecondName.unit_id, SecondName.full_name)
        .where(SecondName.unit_id.in_(unit_ids), or_(SecondName.until.is_(None), SecondName.until > today))
        .order_by(SecondName.since, SecondName.id)
    )
    return _joined(session, query)


def _former_names(session: Session, unit_ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(UnitName.unit_id, UnitName.full_name)
        .where(UnitName.unit_id.in_(unit_ids))
        .order_by(UnitName.until.desc(), UnitName.id)
    )
    return _joined(session, query)


def _successors(session: Session, unit_ids: Sequence[int]) -> dict[int, str]:
    """Return who went on for each unit that ended: the other units of that reform that did not end."""
    mine, other = UnitChangePart, UnitChangePart.__table__.alias("other_part")
    query = (
        select(mine.unit_id, Unit.short_name)
        .join(other, other.c.change_id == mine.change_id)
        .join(Unit, Unit.id == other.c.unit_id)
        .where(mine.unit_id.in_(unit_ids), mine.part == Part.ENDED, other.c.part != Part.ENDED)
        .order_by(other.c.id)
    )
    return _joined(session, query)


def _joined(session: Session, query: Select[int, str]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for unit_id, name in session.execute(query):
        found.setdefault(unit_id, []).append(name)
    return {unit_id: "、".join(names) for unit_id, names in found.items()}
