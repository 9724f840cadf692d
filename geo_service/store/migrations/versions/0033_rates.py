"""Requests a minute, counted over all processes

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_counts",
        sa.Column("subject", sa.Text(), nullable=False, comment="user:id, key:id or address:network"),
        sa.Column("minute", sa.Integer(), autoincrement=False, nullable=False, comment="of the Unix clock"),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "minute", name=op.f("rate_counts_pk")),
        comment="Unlogged: after a crash all begin anew, and no write of it reaches the log or a replica",
        prefixes=["UNLOGGED"],
    )


def downgrade() -> None:
    op.drop_table("rate_counts")
