"""Requests a minute, counted over all processes

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
