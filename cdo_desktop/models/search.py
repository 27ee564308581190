"""The full-text index behind Ctrl+K, and the note of what it does not know yet."""

from sqlalchemy import DDL, event
from sqlalchemy.orm import Mapped, mapped_column

from cdo_desktop.models.base import Base

UNIT_ROWS = 1 << 40  # a unit's row in the index is this plus its id, a person's row is its id

# An ordinary FTS5 table keeps its own text: contentless ones cannot delete on the oldest SQLite in use. The
# tokens are made by rules.search_keys; to the tokenizer "ascii" all that is not ASCII belongs to a token,
# also characters that are newer than SQLite.
_CREATE = (
    'CREATE VIRTUAL TABLE search USING fts5(whole, inner, characters, prefix = "1 2 3 4", tokenize = "ascii")'
)

event.listen(Base.metadata, "after_create", DDL(_CREATE))  # type: ignore[no-untyped-call]


class SearchPending(Base):
    """A row of the index whose names have changed; noted by triggers, so that no writer can forget it."""

    __tablename__ = "search_pending"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
