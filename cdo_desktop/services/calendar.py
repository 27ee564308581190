"""Working days of one database, read without SQLAlchemy: they stand in the first rows that are shown."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, cast

from cdo_desktop.rules.working_days import SpecialDay, WorkingCalendar
from cdo_desktop.store import Database

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_DAYS = "SELECT day, is_off, name, notice FROM calendar_days"
_YEARS = "SELECT year FROM calendar_years"


class CalendarService:
    """The calendar of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def calendar(self) -> WorkingCalendar:
        """Return the calendar as stored."""
        with self._database.snapshot() as connection:
            return read_calendar(connection)

    def due_dates(self, changed: Iterable[date]) -> tuple[str, ...]:
        """Return one due date a change date; `` 暂定`` follows where a notice is missing."""
        calendar = self.calendar()
        return tuple(str(calendar.due_date(day)) for day in changed)


def read_calendar(connection: sqlite3.Connection) -> WorkingCalendar:
    """Return the calendar that the tables hold."""
    days = (
        SpecialDay(date.fromisoformat(day), bool(is_off), name, notice)
        for day, is_off, name, notice in connection.execute(_DAYS)
    )
    return WorkingCalendar.build(days, (year for (year,) in connection.execute(_YEARS)))


def stored_calendar(session: "Session") -> WorkingCalendar:
    """Return the calendar as an open transaction sees it, its own changes included."""
    session.flush()
    return read_calendar(cast("sqlite3.Connection", session.connection().connection.driver_connection))
