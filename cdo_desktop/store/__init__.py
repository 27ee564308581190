"""Engine, transactions and migrations."""

from cdo_desktop.store.engine import Database
from cdo_desktop.store.schema import open_database

__all__ = ["Database", "open_database"]
