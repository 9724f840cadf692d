"""Who cancelled an import

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "imports",
        sa.Column("cancelled_by", sa.Text(), nullable=True, comment="name of the key; null: it is wanted"),
    )


def downgrade() -> None:
    op.drop_column("imports", "cancelled_by")
