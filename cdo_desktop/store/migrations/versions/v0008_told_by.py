"""知悉 and from whom: who told the office of a change (office.md §1)."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# As in version 7, and who told: what was filed says so for ever.
_SIGNED = (
    *("id", "uuid", "tenure_id", "kind", "number", "number_year", "number_count", "filed_on", "filed_by"),
    *("filled_on", "issued_on", "change_date", "known_on", "told_by", "change_reason", "predecessor_name"),
    *("predecessor_title", "handover", "filler", "filler_phone", "due_date", "due_provisional"),
    *("received_on", "content", "digest", "returned_on", "return_reason"),
)
_ONCE = ("scan_on", "original_on")
_FILED_IS_FINAL = f"""
CREATE TRIGGER filings_filed_is_final BEFORE UPDATE ON filings
WHEN OLD.state IN ('已备案', '已入库', '作废') AND (
    {" OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _SIGNED)}
    OR {" OR ".join(f"(OLD.{name} IS NOT NULL AND NEW.{name} IS NOT OLD.{name})" for name in _ONCE)}
    OR (NEW.state NOT IN ('已备案', '已入库', '作废') AND (OLD.state <> '作废' OR OLD.number IS NOT NULL))
    OR (OLD.state = '作废' AND NEW.state IN ('已备案', '已入库'))
)
BEGIN SELECT RAISE(ABORT, 'a filed paper is final'); END
"""


def upgrade() -> None:
    """Add one column; of what is there nobody wrote down who told."""
    op.execute("DROP TRIGGER filings_filed_is_final")
    op.add_column("filings", sa.Column("told_by", sa.String(), nullable=False, server_default=""))
    op.execute(_FILED_IS_FINAL)
