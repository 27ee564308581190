"""The database file: connections, pragmas and the two kinds of transaction."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from cdo_desktop.errors import AppError, InvalidInputError, StorageError
from cdo_desktop.store.write_gate import WriteGate

logger = logging.getLogger(__name__)

BUSY_SECONDS = 5
ONE_HOLDER = "one holder a post on any day"  # raised by the triggers of the first migration

# Rollback journal, not WAL: SQLite before 3.51.3 can corrupt a WAL database (quality.md finding 5).
PRAGMAS = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA mmap_size = 0",
    "PRAGMA secure_delete = ON",
)


class Database:
    """One SQLite file. ``read()`` and ``write()`` are the only ways in.

    ``before_commit`` sees what every writing transaction has done and may add to it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before_commit: Callable[[Session], None] = lambda _session: None
        self.gate = WriteGate()
        self.engine = create_sqlite_engine(path)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one state of the database and cannot change it."""
        with self._session(("PRAGMA query_only = ON", "BEGIN"), reading=True) as session:
            yield session
            session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits at the end, or rolls everything back on any error.

        Raises StorageError while the gate is shut.
        """
        self.gate.enter()
        with self._session(("BEGIN IMMEDIATE",)) as session:
            yield session
            session.flush()
            self.before_commit(session)
            session.commit()

    @contextmanager
    def _session(self, begin: tuple[str, ...], *, reading: bool = False) -> Iterator[Session]:
        engine = self.engine.execution_options(begin_statements=begin)
        with (
            storage_errors(self.path, reading=reading),
            Session(engine, expire_on_commit=False) as session,
        ):
            session.connection()  # begins now: whoever cannot write is told before the work, not in its midst
            yield session

    def close(self) -> None:
        """Release every connection."""
        self.engine.dispose()


def create_sqlite_engine(path: Path) -> Engine:
    """Return an engine whose transactions begin where we say so, with the project's pragmas."""
    # NullPool: Windows cannot replace or delete a file that an idle connection holds open.
    # URL.create: a folder may be called “名册?2026#1”, which is no part of an address.
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Python's own transaction handling would commit before DDL (quality.md finding 2).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    for statement in connection.get_execution_options().get("begin_statements", ("BEGIN",)):
        connection.exec_driver_sql(statement)


@contextmanager
def storage_errors(path: Path, *, reading: bool = False) -> Iterator[None]:
    """Turn what SQLite refuses into sentences for the user; nothing has been written then."""
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
        translated = _translated(error, path, reading=reading)
        if translated is None:
            raise
        logger.info("database refused: %s", type(error).__name__)
        raise translated from error


def _translated(error: Exception, path: Path, *, reading: bool) -> AppError | None:
    original = getattr(error, "orig", None) or error
    code = getattr(original, "sqlite_errorcode", 0)
    if reading and code == sqlite3.SQLITE_READONLY:
        return None  # our own mistake: somebody wrote inside read()
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StorageError("数据正被另一个程序使用，等待超时。没有保存，原有数据没有改动，请稍后再试。")
        case sqlite3.SQLITE_FULL:
            return StorageError(
                f"磁盘已满（{path.anchor or path.parent}）。没有保存，原有数据没有改动，请腾出空间后再试。"
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StorageError(f"数据文件夹“{path.parent}”不可写。没有保存，原有数据没有改动，请检查权限。")
        case sqlite3.SQLITE_CANTOPEN:
            return StorageError(f"打不开数据库文件“{path}”。请检查文件夹是否存在、是否有权限。")
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return not_a_database(path)
        case sqlite3.SQLITE_IOERR:
            return StorageError(f"读写磁盘时出错（{path.parent}）。没有保存，请检查磁盘后再试。")
        case _:
            return None


def not_a_database(path: Path) -> StorageError:
    """Return the error of a file that cannot be read as a database."""
    return StorageError(f"数据库文件“{path}”已损坏或不是本程序的数据库。文件没有改动，请从备份恢复。")
