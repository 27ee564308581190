"""The name a unit carried on a day, as a column of a query."""

from datetime import date

from sqlalchemy import ColumnElement, func, select

from cdo_desktop.models import Unit, UnitName


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
