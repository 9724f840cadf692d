"""The crew that does a repair on its days, so that a week plan that was accepted stays what it was

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "repairs",
        sa.Column(
            "team",
            sa.Text,
            comment="crew that does it on those days, by its id in the city's file; null: not said",
        ),
    )


def downgrade() -> None:
    op.drop_column("repairs", "team")
