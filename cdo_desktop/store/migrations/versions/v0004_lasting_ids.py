"""Ids of the register are never given twice: a row that undo took back keeps its number for itself.

History, drafts and open forms name rows by their id. Without AUTOINCREMENT, SQLite gives the id of a deleted
last row to the next one, who would inherit all of it (decision 013).
"""

from alembic import op
from sqlalchemy import Connection

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = (
    *("units", "unit_names", "unit_second_names", "unit_changes", "unit_change_parts"),
    *("posts", "persons", "tenures", "filings"),
)
_PLAIN_ID = "\tid INTEGER NOT NULL, \n"
_LASTING_ID = "\tid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, \n"


def upgrade() -> None:
    """Make each table anew with what it holds, its indexes and its rules."""
    connection = op.get_bind()
    rules = _definitions(connection, "trigger")
    for name in rules:  # they name one another's tables
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    # Else a renamed table would take the references of the others with it.
    connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
    for table in _TABLES:
        _rebuild(connection, table)
    connection.exec_driver_sql("PRAGMA legacy_alter_table = OFF")
    for rule in rules.values():
        connection.exec_driver_sql(rule)


def _rebuild(connection: Connection, table: str) -> None:
    definition = _definitions(connection, "table", table)[table]
    indexes = _definitions(connection, "index", table)
    for name in indexes:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO old_{table}")
    connection.exec_driver_sql(
        definition.replace(_PLAIN_ID, _LASTING_ID).replace(
            f", \n\tCONSTRAINT pk_{table} PRIMARY KEY (id)", ""
        )
    )
    connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM old_{table}")
    connection.exec_driver_sql(f"DROP TABLE old_{table}")
    for index in indexes.values():
        connection.exec_driver_sql(index)


def _definitions(connection: Connection, kind: str, table: str | None = None) -> dict[str, str]:
    """Return what made the triggers, indexes or tables, in their order; of one table, or of all."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = ? AND tbl_name = coalesce(?, tbl_name)"
    rows = connection.exec_driver_sql(f"{query} AND sql IS NOT NULL ORDER BY rowid", (kind, table))
    return {name: sql for name, sql in rows}  # noqa: C416  a row is no pair to a type checker
