"""Full-text search over persons and units; an index that answers who holds a post on a day by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_CREATE = (
    'CREATE VIRTUAL TABLE search USING fts5(whole, inner, characters, prefix = "1 2 3 4", tokenize = "ascii")'
)
_PERSON = "{row}.id"
_UNIT = "1099511627776 + {row}.id"  # models.search.UNIT_ROWS
_OF_UNIT = "1099511627776 + {row}.unit_id"
# Table, what an update must touch, and the row of the index.
_WATCHED = (
    ("persons", "name, initials, sort_key", _PERSON),
    ("units", "full_name, short_name", _UNIT),
    ("unit_names", "unit_id, full_name, short_name", _OF_UNIT),
    ("unit_second_names", "unit_id, full_name, short_name", _OF_UNIT),
)
# A trigger may not write the index itself (trusted_schema is off): it notes the row, the services write it.
_NOTE = """
CREATE TRIGGER {table}_search_{name} AFTER {event} ON {table}
BEGIN INSERT OR IGNORE INTO search_pending (id) VALUES ({row}); END
"""


def upgrade() -> None:
    """Make the index and note that every person and unit is still to be written into it."""
    op.execute(_CREATE)
    op.create_table(
        "search_pending",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_pending")),
    )
    for table, columns, row in _WATCHED:
        for name, event, side in (
            ("insert", "INSERT", "NEW"),
            ("update", f"UPDATE OF {columns}", "NEW"),
            ("delete", "DELETE", "OLD"),
        ):
            op.execute(_NOTE.format(table=table, name=name, event=event, row=row.format(row=side)))
    op.drop_index("ix_tenures_post_id_since", "tenures")
    op.create_index("ix_tenures_post_id_since_until", "tenures", ["post_id", "since", "until"], unique=False)
    op.execute("INSERT INTO search_pending SELECT id FROM persons")
    op.execute("INSERT INTO search_pending SELECT 1099511627776 + id FROM units")
