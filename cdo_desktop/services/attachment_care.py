"""What nobody does by hand: contents that no row refers to any more, and copies left open."""

import logging
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection, DatabaseError
from typing import Final, cast

from cdo_desktop.errors import StorageError
from cdo_desktop.paths import file_time
from cdo_desktop.services.journal import Journal
from cdo_desktop.store import Database
from cdo_desktop.store.attachments import AttachmentFolder, delete_contents, references_of
from cdo_desktop.store.backup import BEFORE_RESTORE
from cdo_desktop.store.connection import storage_errors
from cdo_desktop.store.integrity import open_existing
from cdo_desktop.store.opened_copies import OpenedCopies
from cdo_desktop.store.restore import JOURNALS

logger = logging.getLogger(__name__)

COLLECT_AFTER: Final = 24 * 60 * 60
"""Seconds after which a content goes that was written, or lost its row, and has none."""


class AttachmentCare:
    """Tidies one data folder, once after each start."""

    def __init__(self, database: Database, journal: Journal, data_folder: Path) -> None:
        self._database = database
        self._journal = journal
        self._own = AttachmentFolder(data_folder)
        self._copies = OpenedCopies(data_folder)

    def tidy(self) -> int:
        """Delete what is not needed and return how many contents went; raises StorageError when locked."""
        self._copies.clear_all()
        before = file_time(self._journal.clock()) - COLLECT_AFTER
        if not self._own.orphans(self._named_now(), before):
            return 0
        kept = self._named_by_kept_databases()
        if kept is None:
            return 0
        with self._database.write() as session:  # nobody adds or removes meanwhile
            driver = session.connection().connection.driver_connection
            named = references_of(cast("Connection", driver)).names
            return delete_contents(self._own.orphans(named | kept, before))

    def _named_now(self) -> frozenset[str]:
        with self._database.snapshot() as connection:
            return references_of(connection).names

    def _named_by_kept_databases(self) -> frozenset[str] | None:
        """Return what the databases refer to that restores have put aside; None when one cannot be read."""
        names: frozenset[str] = frozenset()
        try:
            for path in self._kept_databases():
                with storage_errors(path), open_existing(path) as connection:
                    names |= references_of(connection).names
        except (StorageError, DatabaseError):
            logger.warning("a database put aside cannot be read, no attachment is deleted", exc_info=True)
            return None
        return names

    def _kept_databases(self) -> Iterator[Path]:
        for path in self._database.path.parent.glob(f"{self._database.path.name}{BEFORE_RESTORE}*"):
            if not path.name.endswith(JOURNALS):
                yield path
