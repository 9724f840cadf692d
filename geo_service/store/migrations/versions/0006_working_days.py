"""How long works expect to take within their window

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "works",
        sa.Column(
            "working_days",
            sa.Integer(),
            nullable=True,
            comment="that each phase expects to take within its window, where the source says so",
        ),
    )
    # Prevents a length that would end overdue works before they begin.
    op.create_check_constraint(op.f("works_working_days_positive_ck"), "works", "working_days > 0")


def downgrade() -> None:
    op.drop_column("works", "working_days")
