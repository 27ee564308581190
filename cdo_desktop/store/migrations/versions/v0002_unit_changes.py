"""Unit changes, second names, receiving bodies."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add four tables; nothing that is there changes."""
    op.create_table(
        "unit_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_changes")),
    )
    op.create_table(
        "unit_change_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["unit_changes.id"], name=op.f("fk_unit_change_parts_change_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_change_parts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_change_parts")),
        sa.UniqueConstraint("change_id", "unit_id", name=op.f("uq_unit_change_parts_change_id_unit_id")),
    )
    op.create_index(op.f("ix_unit_change_parts_unit_id"), "unit_change_parts", ["unit_id"], unique=False)
    op.create_table(
        "unit_second_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("pinyin", sa.String(), nullable=False),
        sa.Column("initials", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_second_names_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_second_names")),
    )
    op.create_index(op.f("ix_unit_second_names_unit_id"), "unit_second_names", ["unit_id"], unique=False)
    op.create_table(
        "receiving_bodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiving_bodies")),
        sa.UniqueConstraint("since", name=op.f("uq_receiving_bodies_since")),
    )
