"""A report that is no double after all takes the urgency back that it brought

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "duplicates",
        sa.Column(
            "urgency_before",
            sa.Text(),
            comment="of the other one, when this report was filed as one more of it",
        ),
    )
    op.create_check_constraint(
        op.f("duplicates_urgency_before_known_ck"),
        "duplicates",
        "urgency_before IN ('low', 'normal', 'high', 'danger')",
    )


def downgrade() -> None:
    op.drop_column("duplicates", "urgency_before")
