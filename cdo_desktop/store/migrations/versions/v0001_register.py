"""The register: units, posts, persons, tenures, filings, calendar, settings, history."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Two periods overlap when each begins before the other ends.
_OVERLAP = """
CREATE TRIGGER {name} BEFORE {event} ON tenures
WHEN EXISTS (
    SELECT 1 FROM tenures AS other JOIN posts ON posts.id = other.post_id
    WHERE other.post_id = NEW.post_id AND other.id IS NOT NEW.id
      AND (posts.kind <> '办公室成员' OR other.person_id = NEW.person_id)
      AND (NEW.until IS NULL OR other.since < NEW.until)
      AND (other.until IS NULL OR NEW.since < other.until)
)
BEGIN SELECT RAISE(ABORT, 'one holder a post on any day'); END
"""

# What was filed stays as it was signed; only its later fate (stored, void, reasons) may be added.
_SIGNED = (
    "id",
    "uuid",
    "tenure_id",
    "kind",
    "number",
    "filled_on",
    "change_date",
    "known_on",
    "change_reason",
    "predecessor_name",
    "predecessor_title",
    "handover",
    "filler",
    "filler_phone",
    "due_date",
    "due_provisional",
    "received_on",
    "content",
    "digest",
)
_FILED_IS_FINAL = f"""
CREATE TRIGGER filings_filed_is_final BEFORE UPDATE ON filings
WHEN OLD.state IN ('已备案', '已入库', '作废') AND (
    {" OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _SIGNED)}
    OR NEW.state NOT IN ('已备案', '已入库', '作废')
    OR (OLD.state = '作废' AND NEW.state <> '作废')
)
BEGIN SELECT RAISE(ABORT, 'a filed paper is final'); END
"""

_KEEP_FILED = """
CREATE TRIGGER filings_filed_is_kept BEFORE DELETE ON filings
WHEN OLD.number IS NOT NULL OR OLD.state IN ('已备案', '已入库', '作废')
BEGIN SELECT RAISE(ABORT, 'a filed paper is kept, and its number never used again'); END
"""

_HISTORY_UPDATE = """
CREATE TRIGGER history_is_append_only_{name} BEFORE {event} ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
"""


def upgrade() -> None:
    """Create every table and the rules the database holds itself."""
    op.execute("PRAGMA application_id = 0x43444F31")  # store.schema.APPLICATION_ID
    _create_tables()
    op.execute(_OVERLAP.format(name="tenures_one_holder_insert", event="INSERT"))
    op.execute(_OVERLAP.format(name="tenures_one_holder_update", event="UPDATE"))
    op.execute(_FILED_IS_FINAL)
    op.execute(_KEEP_FILED)
    op.execute(_HISTORY_UPDATE.format(name="update", event="UPDATE"))
    op.execute(_HISTORY_UPDATE.format(name="delete", event="DELETE"))


def _create_tables() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("before_values", sa.String(), nullable=False),
        sa.Column("after_values", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index("ix_history_entity_entity_id", "history", ["entity", "entity_id"], unique=False)
    op.create_index("ix_history_person_id", "history", ["person_id"], unique=False)
    op.create_index("ix_history_unit_id", "history", ["unit_id"], unique=False)
    op.create_table(
        "persons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pinyin", sa.String(), nullable=False),
        sa.Column("initials", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("birth_month", sa.String(), nullable=False),
        sa.Column("political_status", sa.String(), nullable=False),
        sa.Column("office_phone", sa.String(), nullable=False),
        sa.Column("mobile", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
    )
    op.create_index(op.f("ix_persons_name"), "persons", ["name"], unique=False)
    op.create_index(op.f("ix_persons_sort_key"), "persons", ["sort_key"], unique=False)
    op.create_table(
        "settings",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("full_name_confirmed", sa.Boolean(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("pinyin", sa.String(), nullable=False),
        sa.Column("initials", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("unit_group", sa.String(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
    )
    op.create_index(op.f("ix_units_short_name"), "units", ["short_name"], unique=False)
    op.create_index(op.f("ix_units_sort_order"), "units", ["sort_order"], unique=False)
    op.create_index(op.f("ix_units_unit_group"), "units", ["unit_group"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("empty_since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_posts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("unit_id", "kind", name=op.f("uq_posts_unit_id_kind")),
    )
    op.create_table(
        "unit_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_names_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_names")),
    )
    op.create_index(op.f("ix_unit_names_unit_id"), "unit_names", ["unit_id"], unique=False)
    op.create_table(
        "tenures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("head_status", sa.String(), nullable=False),
        sa.Column("head_note", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("basis_kind", sa.String(), nullable=False),
        sa.Column("work_scope", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("rank", sa.String(), nullable=False),
        sa.Column("duties", sa.String(), nullable=False),
        sa.Column("digital_years", sa.String(), nullable=False),
        sa.Column("education", sa.String(), nullable=False),
        sa.Column("training", sa.String(), nullable=False),
        sa.Column("platform_account", sa.String(), nullable=False),
        sa.Column("backup_name", sa.String(), nullable=False),
        sa.Column("backup_phone", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("leave_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until > since", name=op.f("ck_tenures_period")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_tenures_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_tenures_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenures")),
    )
    op.create_index(op.f("ix_tenures_person_id"), "tenures", ["person_id"], unique=False)
    op.create_index("ix_tenures_post_id_since", "tenures", ["post_id", "since"], unique=False)
    op.create_table(
        "filings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("tenure_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("filled_on", sa.Date(), nullable=True),
        sa.Column("change_date", sa.Date(), nullable=True),
        sa.Column("known_on", sa.Date(), nullable=True),
        sa.Column("change_reason", sa.String(), nullable=False),
        sa.Column("predecessor_name", sa.String(), nullable=False),
        sa.Column("predecessor_title", sa.String(), nullable=False),
        sa.Column("handover", sa.String(), nullable=False),
        sa.Column("filler", sa.String(), nullable=False),
        sa.Column("filler_phone", sa.String(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("late_reason", sa.String(), nullable=False),
        sa.Column("void_reason", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenure_id"], ["tenures.id"], name=op.f("fk_filings_tenure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filings")),
        sa.UniqueConstraint("number", name=op.f("uq_filings_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_filings_uuid")),
    )
    op.create_index(op.f("ix_filings_due_date"), "filings", ["due_date"], unique=False)
    op.create_index(op.f("ix_filings_state"), "filings", ["state"], unique=False)
    op.create_index(op.f("ix_filings_tenure_id"), "filings", ["tenure_id"], unique=False)
