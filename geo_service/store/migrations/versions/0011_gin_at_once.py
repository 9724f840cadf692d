"""Conflicts are found by their works at once, without a list of entries that wait to be sorted in

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Every search goes through the waiting entries one by one: 20 ms for a batch of an import that takes 1 ms without them.
    op.execute("ALTER INDEX conflicts_works_ids_ix SET (fastupdate = off)")
    op.execute("SELECT gin_clean_pending_list('conflicts_works_ids_ix')")


def downgrade() -> None:
    op.execute("ALTER INDEX conflicts_works_ids_ix RESET (fastupdate)")
