"""Ground that works closed is protected: a claim of its own

Revision ID: 0057
Revises: 0056
"""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

BEFORE = "'opening', 'occupancy', 'repair', 'defect', 'investment', 'guarantee', 'access', 'street'"
AFTER = (
    "'opening', 'occupancy', 'repair', 'defect', 'investment', 'guarantee', 'protection', 'access', 'street'"
)


def upgrade() -> None:
    _kinds(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM claims WHERE kind = 'protection'")
    _kinds(BEFORE)


def _kinds(kinds: str) -> None:
    """The check keeps a kind that nobody reads out of the table."""
    op.drop_constraint("claims_kind_known_ck", "claims")
    op.create_check_constraint(op.f("claims_kind_known_ck"), "claims", f"kind IN ({kinds})")
