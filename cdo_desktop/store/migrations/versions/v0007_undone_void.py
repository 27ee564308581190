"""A filing that was set aside before it had a number may come back: undo takes that back (decision 013)."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SIGNED = (
    *("id", "uuid", "tenure_id", "kind", "number", "number_year", "number_count", "filed_on", "filed_by"),
    *("filled_on", "issued_on", "change_date", "known_on", "change_reason", "predecessor_name"),
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
    """Replace one rule; what is there stays."""
    op.execute("DROP TRIGGER filings_filed_is_final")
    op.execute(_FILED_IS_FINAL)
