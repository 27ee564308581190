"""Connections to the database file without SQLAlchemy, and what the user is told when SQLite refuses.

SQLAlchemy takes longer to import than the register takes to appear: what is read first is read through here.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import local
from time import monotonic
from typing import Any
from weakref import WeakSet

from cdo_desktop.errors import AppError, BusyError, StorageError

logger = logging.getLogger(__name__)

BUSY_SECONDS = 5
GLANCE_SECONDS = 0.15
"""How long the thread of the window waits for a lock: longer would be seen."""
_STILL_BUSY_SECONDS = 1.0

# Rollback journal, not WAL: SQLite before 3.51.3 can corrupt a WAL database (quality.md finding 5).
PRAGMAS = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA mmap_size = 0",
    "PRAGMA secure_delete = ON",
)
BEGIN_READING = ("PRAGMA query_only = ON", "BEGIN")
"""What opens a transaction that sees one state of the database and cannot change it."""


class _Patience(local):
    """How long this thread waits for whoever has the database."""

    is_short = False
    gave_up_at = float("-inf")

    def seconds(self) -> float:
        """Return it; whoever never waits long does not wait again while the lock is known to be held."""
        if not self.is_short:
            return BUSY_SECONDS
        return 0.0 if monotonic() - self.gave_up_at < _STILL_BUSY_SECONDS else GLANCE_SECONDS


_patience = _Patience()


def never_wait_long() -> None:
    """Let this thread be told soon that the database is locked; for the thread of the window."""
    _patience.is_short = True


def patience() -> float:
    """Return how many seconds a connection of this thread waits for a lock."""
    return _patience.seconds()


class ClosingConnection(sqlite3.Connection):
    """Closes its cursors with itself.

    SQLite keeps a connection, and its lock, until its last unfinished query is gone. An error holds on to
    the query that it came out of, and the next save would find the database locked.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def cursor(self, *arguments: Any, **options: Any) -> Any:
        """Make a cursor and remember it."""
        cursor = super().cursor(*arguments, **options)
        self._cursors.add(cursor)
        return cursor

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """Run a query and remember its cursor."""
        cursor = super().execute(*arguments)
        self._cursors.add(cursor)
        return cursor

    def close(self) -> None:
        """Let go of the file at once."""
        for cursor in tuple(self._cursors):
            cursor.close()
        super().close()


def connect(database: str | Path, *, uri: bool = False) -> sqlite3.Connection:
    """Open a plain connection whose transactions begin where we say so, and that ends when it is closed."""
    return sqlite3.connect(
        database, uri=uri, timeout=patience(), isolation_level=None, factory=ClosingConnection
    )


def configure(connection: sqlite3.Connection) -> None:
    """Give a new connection the project's pragmas, and transactions that begin where we say so."""
    # Python's own transaction handling would commit before DDL (quality.md finding 2).
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


@contextmanager
def snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a connection that sees one state of the database and cannot change it.

    Raises StorageError when the database is locked, damaged or cannot be opened.
    """
    with (
        storage_errors(path, reading=True),
        closing(connect(path)) as connection,
    ):
        configure(connection)
        for statement in BEGIN_READING:
            connection.execute(statement)
        yield connection


@contextmanager
def storage_errors(path: Path, *, reading: bool = False) -> Iterator[None]:
    """Turn what SQLite refuses into sentences for the user; nothing has been written then."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        refused = refusal(error, path, reading=reading)
        if refused is None:
            raise
        raise refused from error


def refusal(error: BaseException, path: Path, *, reading: bool) -> AppError | None:
    """Return the sentence for an error of SQLite, or None where it is our own mistake."""
    code = getattr(error, "sqlite_errorcode", 0)
    if reading and code == sqlite3.SQLITE_READONLY:
        return None  # somebody wrote inside read()
    if code & 0xFF in _BUSY:
        _patience.gave_up_at = monotonic()
    told = _sentence(code, path, reading=reading)
    if told is not None:
        logger.info("database refused: %s", type(error).__name__)
    return told


_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _sentence(code: int, path: Path, *, reading: bool) -> AppError | None:
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED if reading:
            return BusyError("数据正被另一个程序使用，暂时读不出来。原有数据没有改动，请稍后再试。")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return BusyError("数据正被另一个程序使用，等待超时。没有保存，原有数据没有改动，请稍后再试。")
        case sqlite3.SQLITE_FULL:
            return StorageError(
                f"磁盘已满（{path.drive or path.parent}）。没有保存，原有数据没有改动，请腾出空间后再试。"
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


readable_text = partial(str, encoding="utf-8", errors="replace")
"""Return a stored text, with a mark in the place of what is none: damage must not stop a check.

It is called for every text of a query; a function of ours would take twice as long.
"""


def not_a_database(path: Path) -> StorageError:
    """Return the error of a file that cannot be read as a database."""
    return StorageError(f"数据库文件“{path}”已损坏或不是本程序的数据库。文件没有改动，请从备份恢复。")
