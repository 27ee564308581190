"""What a new database needs before its first use."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from cdo_desktop import settings
from cdo_desktop.rules.working_days import load_shipped
from cdo_desktop.services.journal import AUTOMATIC, Journal
from cdo_desktop.store import Database

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy.orm import Session


def prepare_database(database: Database, journal: Journal, shipped_calendar: Path) -> None:
    """Give a new database its id, and any database the notices that came with this program.

    From now on every writing transaction keeps the full-text index true and seals what it told.
    """
    database.before_commit = partial(finish_transaction, journal)
    with database.snapshot() as connection:
        ready = _is_prepared(connection, shipped_calendar)
    if not ready:
        with database.write() as session:
            _prepare(session, journal, shipped_calendar)


def _is_prepared(connection: "sqlite3.Connection", shipped_calendar: Path) -> bool:
    has_id = connection.execute("SELECT 1 FROM settings WHERE key = ?", (settings.DATABASE_ID,)).fetchone()
    unindexed = connection.execute("SELECT 1 FROM search_pending LIMIT 1").fetchone()
    known = {year for (year,) in connection.execute("SELECT year FROM calendar_years")}
    return bool(has_id) and not unindexed and known.issuperset(load_shipped(shipped_calendar)[1])


# SQLAlchemy is imported when there is something to write: not at an ordinary start.


def _prepare(session: "Session", journal: Journal, shipped_calendar: Path) -> None:
    from cdo_desktop.models import Setting
    from cdo_desktop.services.calendar_changes import SHIPPED, add_shipped_years

    is_new = session.get(Setting, settings.DATABASE_ID) is None
    if is_new:
        session.add(Setting(key=settings.DATABASE_ID, value=str(uuid4())))
    automatic = Journal(journal.clock, AUTOMATIC)
    for year in add_shipped_years(session, shipped_calendar, automatic):
        if not is_new:
            automatic.record(session, "载入放假安排", "calendar_years", year, after={"source": SHIPPED})


def finish_transaction(journal: Journal, session: "Session") -> None:
    """Do what every writing transaction ends with."""
    from cdo_desktop.services.audit import seal_history
    from cdo_desktop.services.search_index import index_pending

    index_pending(session)
    seal_history(session, journal)
