"""What a new database needs before its first use."""

from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from cdo_desktop.models import DATABASE_ID, CalendarYear, Setting
from cdo_desktop.rules.working_days import load_shipped
from cdo_desktop.services.calendar import add_shipped_years
from cdo_desktop.services.search_index import index_pending, is_pending
from cdo_desktop.store import Database


def prepare_database(database: Database, shipped_calendar: Path) -> None:
    """Give a new database its id, and any database the notices that came with this program.

    From now on every writing transaction keeps the full-text index true.
    """
    database.before_commit = index_pending
    with database.read() as session:
        is_indexed = not is_pending(session)
        has_id = session.get(Setting, DATABASE_ID) is not None
        known = set(session.scalars(select(CalendarYear.year)))
    shipped = set(load_shipped(shipped_calendar)[1])
    if has_id and is_indexed and shipped <= known:
        return
    with database.write() as session:
        if session.get(Setting, DATABASE_ID) is None:
            session.add(Setting(key=DATABASE_ID, value=str(uuid4())))
        add_shipped_years(session, shipped_calendar)
