"""The name a unit carried on a day, as a column of a query, and every name that a paper may give it."""

from collections.abc import Container, Iterable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from cdo_desktop.models import SecondName, Unit, UnitName
from cdo_desktop.rules.unit_matching import KnownName, UnitNames


def full_name_on(day: date, today: date) -> ColumnElement[str]:
    """Return the full name on a day for a query over units."""
    return _name_on(UnitName.full_name.expression, Unit.full_name.expression, day, today)


def short_name_on(day: date, today: date) -> ColumnElement[str]:
    """Return the short name on a day for a query over units."""
    return _name_on(UnitName.short_name.expression, Unit.short_name.expression, day, today)


def _name_on(
    former: ColumnElement[str], present: ColumnElement[str], day: date, today: date
) -> ColumnElement[str]:
    if day >= today:
        return present  # no rename lies in the future
    carried = (
        select(former)
        .where(UnitName.unit_id == Unit.id, UnitName.until > day)
        .order_by(UnitName.until, UnitName.id)
        .limit(1)
        .correlate(Unit)
        .scalar_subquery()
    )
    return func.coalesce(carried, present)


def present_names(session: Session, today: date) -> UnitNames:
    """Return an index over every name of the units there are today."""
    query = select(Unit.id).where(Unit.valid_to <= today)
    ended = frozenset(session.scalars(query))
    return UnitNames(names_of_standing(own_names(session), second_names(session, today), ended))


def names_of_standing(
    own: Iterable[KnownName], plates: Mapping[int, frozenset[str]], ended: Container[int]
) -> list[KnownName]:
    """Return the names of units that have not ended; a unit's own name goes before another one's plate."""
    names = [known for known in own if known.unit_id not in ended]
    taken = {known.name for known in names}
    return names + [
        KnownName(unit_id, name)
        for unit_id, hung in plates.items()
        if unit_id not in ended
        for name in hung - taken
    ]


def own_names(session: Session) -> list[KnownName]:
    """Return the names that units have and had."""
    present = session.execute(select(Unit.id, Unit.full_name, Unit.short_name).order_by(Unit.id))
    former = session.execute(select(UnitName.unit_id, UnitName.full_name, UnitName.short_name))
    named = [*present, *former]
    return [KnownName(unit_id, name) for unit_id, *both in named for name in sorted(set(both))]


def second_names(session: Session, today: date) -> dict[int, frozenset[str]]:
    """Return the plates that hang today beside the name (一个机构两块牌子)."""
    query = select(SecondName.unit_id, SecondName.full_name, SecondName.short_name).where(
        or_(SecondName.since.is_(None), SecondName.since <= today),
        or_(SecondName.until.is_(None), SecondName.until > today),
    )
    plates: dict[int, frozenset[str]] = {}
    for row in session.execute(query):
        plates[row.unit_id] = plates.get(row.unit_id, frozenset()) | {row.full_name, row.short_name}
    return plates
