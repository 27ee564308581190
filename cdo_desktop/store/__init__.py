"""The database file: connections, transactions, migrations, backups."""

from cdo_desktop.store.database import Database
from cdo_desktop.store.schema import open_database

__all__ = ["Database", "open_database"]
