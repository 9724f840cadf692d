"""Who cancelled an import

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "imports",
        sa.Column("cancelled_by", sa.Text(), nullable=True, comment="name of the key; null: it is wanted"),
    )


def downgrade() -> None:
    op.drop_column("imports", "cancelled_by")
