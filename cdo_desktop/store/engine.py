"""SQLAlchemy on the database file: the engine, and sessions whose transactions begin where we say so."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from cdo_desktop.errors import InvalidInputError
from cdo_desktop.store.connection import ClosingConnection, configure, patience, refusal

logger = logging.getLogger(__name__)

ONE_HOLDER = "one holder a post on any day"  # raised by the triggers of the first migration


@contextmanager
def open_session(engine: Engine, path: Path, begin: tuple[str, ...], *, reading: bool) -> Iterator[Session]:
    """Open a session whose transaction begins with these statements, at once; the caller ends it."""
    engine = engine.execution_options(begin_statements=begin)
    with session_errors(path, reading=reading), Session(engine, expire_on_commit=False) as session:
        session.connection()  # begins now: whoever cannot write is told before the work, not in its midst
        yield session


def commit(session: Session) -> None:
    """Commit. If only the folder cannot be synced then, it is done all the same, and not refused.

    SQLite does that last, when the journal is gone and the change with it can no longer be taken back.
    """
    try:
        session.commit()
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) != sqlite3.SQLITE_IOERR_DIR_FSYNC:
            raise
        logger.warning("the folder could not be synced after a change")


def create_sqlite_engine(path: Path) -> Engine:
    """Return an engine whose transactions begin where we say so, with the project's pragmas."""
    # NullPool: Windows cannot replace or delete a file that an idle connection holds open.
    # URL.create: a folder may be called “名册?2026#1”, which is no part of an address.
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "do_connect", _open_as_elsewhere)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _open_as_elsewhere(
    _dialect: object, _entry: object, _arguments: object, options: dict[str, object]
) -> None:
    options |= {"timeout": patience(), "factory": ClosingConnection}


def _configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    configure(cast("sqlite3.Connection", connection))


def _begin(connection: Connection) -> None:
    for statement in connection.get_execution_options().get("begin_statements", ("BEGIN",)):
        connection.exec_driver_sql(statement)


@contextmanager
def session_errors(path: Path, *, reading: bool = False) -> Iterator[None]:
    """Turn what the database refuses into sentences for the user; nothing has been written then."""
    try:
        yield
    except IntegrityError as error:
        if ONE_HOLDER in str(error.orig):
            raise InvalidInputError(
                "这个岗位在这段时间里已经有人任职，一个岗位同一天只能有一人。没有保存，请先办理离任或改用“更换”。",
                field="since",
            ) from error
        raise
    except (DatabaseError, sqlite3.DatabaseError) as error:
        original = error.orig if isinstance(error, DatabaseError) and error.orig else error
        refused = refusal(original, path, reading=reading)
        if refused is None:
            raise
        raise refused from error
