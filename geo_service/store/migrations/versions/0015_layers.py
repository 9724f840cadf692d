"""Which layer of the street works open: read once from their texts, for the order of works and for what they break

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "works",
        sa.Column(
            "layer",
            sa.Text(),
            comment="of the street that they open, read from their texts (domain/layers.py)",
        ),
    )
    op.add_column(
        "claims", sa.Column("layer", sa.Text(), comment="of the street that works open (domain/layers.py)")
    )
    op.alter_column("claims", "overdue", comment="should have started, or be over, and no sign of it")


def downgrade() -> None:
    op.alter_column("claims", "overdue", comment="should have started, and no sign of it")
    op.drop_column("claims", "layer")
    op.drop_column("works", "layer")
