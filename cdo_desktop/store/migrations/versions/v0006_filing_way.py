"""The way of a filing: receipts, returns, numbers, prints, papers received, scans waiting, calls made."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEW_COLUMNS = (
    sa.Column("issued_on", sa.Date(), nullable=True),
    sa.Column("scan_on", sa.Date(), nullable=True),
    sa.Column("original_on", sa.Date(), nullable=True),
    sa.Column("returned_on", sa.Date(), nullable=True),
    sa.Column("return_reason", sa.String(), nullable=False, server_default=""),
    sa.Column("number_year", sa.Integer(), nullable=True),
    sa.Column("number_count", sa.Integer(), nullable=True),
    sa.Column("filed_on", sa.Date(), nullable=True),
    sa.Column("filed_by", sa.String(), nullable=False, server_default=""),
    sa.Column("stored_on", sa.Date(), nullable=True),
    sa.Column("stored_place", sa.String(), nullable=False, server_default=""),
    sa.Column("voided_on", sa.Date(), nullable=True),
)

# What was filed stays as it was signed. Its later fate may be added: when it was stored, why it came late,
# that it is void, and the sealed original that arrives days after the scan (office.md §1, paper's way).
_SIGNED = (
    *("id", "uuid", "tenure_id", "kind", "number", "number_year", "number_count", "filed_on", "filed_by"),
    *("filled_on", "issued_on", "change_date", "known_on", "change_reason", "predecessor_name"),
    *(
        "predecessor_title",
        "handover",
        "filler",
        "filler_phone",
        "due_date",
        "due_provisional",
        "received_on",
    ),
    *("content", "digest", "returned_on", "return_reason"),
)
_ONCE = ("scan_on", "original_on")
_FILED_IS_FINAL = f"""
CREATE TRIGGER filings_filed_is_final BEFORE UPDATE ON filings
WHEN OLD.state IN ('已备案', '已入库', '作废') AND (
    {" OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _SIGNED)}
    OR {" OR ".join(f"(OLD.{name} IS NOT NULL AND NEW.{name} IS NOT OLD.{name})" for name in _ONCE)}
    OR NEW.state NOT IN ('已备案', '已入库', '作废')
    OR (OLD.state = '作废' AND NEW.state <> '作废')
)
BEGIN SELECT RAISE(ABORT, 'a filed paper is final'); END
"""
_PRINT_IS_FINAL = """
CREATE TRIGGER filing_prints_are_final BEFORE UPDATE ON filing_prints
BEGIN SELECT RAISE(ABORT, 'what was printed stays as it was'); END
"""
_FILE_IS_FINAL = """
CREATE TRIGGER attachments_of_filed_{name} BEFORE {event} ON attachments
WHEN OLD.entity = 'filings' AND EXISTS (
    SELECT 1 FROM filings WHERE id = OLD.entity_id AND number IS NOT NULL
    AND state IN ('已备案', '已入库', '作废')
)
BEGIN SELECT RAISE(ABORT, 'a file of a filed paper is kept'); END
"""


def upgrade() -> None:
    """Add columns and five tables; what is there stays, and what is filed becomes no less final."""
    op.execute("DROP TRIGGER filings_filed_is_final")
    for column in _NEW_COLUMNS:
        op.add_column("filings", column)
    year_and_count = ["number_year", "number_count"]
    op.create_index("ix_filings_number_year_number_count", "filings", year_and_count, unique=True)
    _add_tables()
    op.execute(_FILED_IS_FINAL)
    op.execute(_PRINT_IS_FINAL)
    for event in ("UPDATE", "DELETE"):
        op.execute(_FILE_IS_FINAL.format(name=event.lower(), event=event))


def _add_tables() -> None:
    op.create_table(
        "number_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_number_years")),
    )
    op.create_table(
        "filing_prints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("printed_on", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("filled_on", sa.Date(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name=op.f("fk_filing_prints_filing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_prints")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_filing_prints_filing_id"), "filing_prints", ["filing_id"], unique=False)
    op.create_table(
        "papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("entry_no", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("shows", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name=op.f("fk_papers_filing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("year", "count", name=op.f("uq_papers_year_count")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_papers_filing_id"), "papers", ["filing_id"], unique=False)
    op.create_index(op.f("ix_papers_received_on"), "papers", ["received_on"], unique=False)
    op.create_table(
        "waiting_scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pages", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_waiting_scans_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_scans")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_contacts_unit_id")),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name=op.f("fk_contacts_filing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contacts_unit_id"), "contacts", ["unit_id"], unique=False)
    op.create_index(op.f("ix_contacts_filing_id"), "contacts", ["filing_id"], unique=False)
