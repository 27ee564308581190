"""Operators, the chain over the history, redactions of the history on a person's request, attachments."""

import sqlite3
from typing import cast

import sqlalchemy as sa
from alembic import op

from cdo_desktop.store.audit_chain import seal

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_FIRST_OPERATOR = "本机经办人"  # settings.DEFAULT_ACTOR: whom every earlier row of the history names
_NEWEST_TIME = "SELECT coalesce(max(at), strftime('%Y-%m-%d %H:%M:%f000', 'now', 'localtime')) FROM history"
_APPEND_ONLY = """
CREATE TRIGGER {table}_is_append_only_{name} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# Who did what when to which record stays for ever; what it said of a person may go once that is noted.
_HISTORY_UPDATE = """
CREATE TRIGGER history_is_append_only_update BEFORE UPDATE ON history
WHEN NOT EXISTS (SELECT 1 FROM history_redactions WHERE history_id = OLD.id)
OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.actor IS NOT OLD.actor OR NEW.action IS NOT OLD.action
OR NEW.entity IS NOT OLD.entity OR NEW.entity_id IS NOT OLD.entity_id OR NEW.unit_id IS NOT OLD.unit_id
OR NEW.person_id IS NOT OLD.person_id
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
"""


def upgrade() -> None:
    """Add five tables, with the operator who worked until now; of what is there, only a rule changes."""
    _add_operators()
    _add_chain()
    _add_attachments()
    for table in ("audit_links", "history_redactions", "person_erasures"):
        for event in ("UPDATE", "DELETE"):
            op.execute(_APPEND_ONLY.format(table=table, name=event.lower(), event=event))
    op.execute("DROP TRIGGER history_is_append_only_update")
    op.execute(_HISTORY_UPDATE)
    _begin_chain()


def _add_operators() -> None:
    operators = op.create_table(
        "operators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
        sa.UniqueConstraint("name", name=op.f("uq_operators_name")),
    )
    first = {"name": _FIRST_OPERATOR, "pin_hash": "", "is_active": True, "failures": 0, "version": 1}
    op.bulk_insert(operators, [first])


def _add_chain() -> None:
    op.create_table(
        "audit_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("last_history_id", sa.Integer(), nullable=False),
        sa.Column("last_redaction_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_audit_links_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_links")),
    )
    op.create_table(
        "history_redactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("history_id", sa.Integer(), nullable=False),
        sa.Column("digest_before", sa.String(), nullable=False),
        sa.Column("digest_after", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["history_id"], ["history.id"], name=op.f("fk_history_redactions_history_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_redactions")),
    )
    op.create_index(op.f("ix_history_redactions_history_id"), "history_redactions", ["history_id"])
    op.create_table(
        "person_erasures",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_person_erasures_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_erasures")),
    )


def _begin_chain() -> None:
    """Seal what was told before there was a chain; from now on a history without links has lost them."""
    connection = op.get_bind()
    at = connection.exec_driver_sql(_NEWEST_TIME).scalar_one()
    seal(cast("sqlite3.Connection", connection.connection.driver_connection), str(at))


def _add_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attachments_entity_entity_id"), "attachments", ["entity", "entity_id"])
    op.create_index(op.f("ix_attachments_sha256"), "attachments", ["sha256"])
