"""The open database: the ways to read it and the one way to write."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cdo_desktop.store.connection import BEGIN_READING, snapshot
from cdo_desktop.store.write_gate import WriteGate

if TYPE_CHECKING:  # SQLAlchemy is imported by the first session, after the register has appeared
    import sqlite3

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


class Database:
    """One SQLite file. ``snapshot()``, ``read()`` and ``write()`` are the only ways in.

    ``before_commit`` sees what every writing transaction has done and may add to it. ``recording`` surrounds
    it: what it yields is called when all is done but the commit, and it ends after that.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before_commit: Callable[[Session], None] = lambda _session: None
        self.recording: Callable[[Session], AbstractContextManager[Callable[[], None]]] = _unrecorded
        self.gate = WriteGate()

    @cached_property
    def engine(self) -> "Engine":
        """SQLAlchemy's engine of the file."""
        from cdo_desktop.store.engine import create_sqlite_engine

        return create_sqlite_engine(self.path)

    def snapshot(self) -> AbstractContextManager["sqlite3.Connection"]:
        """Open a plain connection that sees one state of the database and cannot change it."""
        return snapshot(self.path)

    @contextmanager
    def read(self) -> Iterator["Session"]:
        """Open a session that sees one state of the database and cannot change it."""
        with self._session(BEGIN_READING, reading=True) as session:
            yield session
            session.rollback()

    @contextmanager
    def write(self) -> Iterator["Session"]:
        """Open a session that commits at the end, or rolls everything back on any error.

        Raises StorageError while the gate is shut.
        """
        self.gate.enter()
        with (
            self._session(("BEGIN IMMEDIATE",), reading=False) as session,
            self.recording(session) as look,
        ):
            yield session
            session.flush()
            self.before_commit(session)
            look()
            self._commit(session)

    def _commit(self, session: "Session") -> None:
        from cdo_desktop.store.engine import commit

        commit(session)

    def _session(self, begin: tuple[str, ...], *, reading: bool) -> AbstractContextManager["Session"]:
        from cdo_desktop.store.engine import open_session

        return open_session(self.engine, self.path, begin, reading=reading)

    def close(self) -> None:
        """Release every connection."""
        if "engine" in vars(self):
            self.engine.dispose()


@contextmanager
def _unrecorded(_session: "Session") -> Iterator[Callable[[], None]]:
    yield lambda: None
