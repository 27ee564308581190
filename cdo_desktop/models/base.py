"""The declarative base and the column types every table shares."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)


LASTING_IDS = {"sqlite_autoincrement": True}
"""For tables whose rows undo takes back: history, drafts and open forms name a row by an id, which is never
given to another one (decision 013)."""


class Versioned:
    """A row that a person edits: a form saves with the version it was opened with."""

    version: Mapped[int] = mapped_column(default=1)
