"""The guarantee of a phase that is done early begins on the day on which it was seen to be done

Revision ID: 0063
Revises: 0062
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null for phases that were done before: their guarantee begins at their end, as it did.
    op.add_column(
        "phases",
        sa.Column("done_on", sa.Date, comment="the day on which the service first saw that it is done"),
    )


def downgrade() -> None:
    op.drop_column("phases", "done_on")
