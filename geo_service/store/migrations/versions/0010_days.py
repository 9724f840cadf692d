"""Days: for which day claims, conflicts and advice stand

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recomputations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="the calendar day for which it computed"),
        sa.Column(
            "made_with",
            sa.Text(),
            nullable=False,
            comment="fingerprint of statements, rules, certainties and parameters; another one needs a full run",
        ),
        sa.Column("works", sa.Integer(), nullable=True, comment="looked at anew; null: all"),
        sa.Column("repairs", sa.Integer(), nullable=True),
        sa.Column("buildings", sa.Integer(), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("alerts", sa.Integer(), nullable=False),
        sa.Column(
            "differences",
            sa.Integer(),
            nullable=True,
            comment="of a check: rows that were not as a full run has them; must be 0",
        ),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        # the three ways that `coordination/day_change.py` knows
        sa.CheckConstraint("kind IN ('night', 'full', 'check')", name=op.f("recomputations_kind_known_ck")),
        sa.PrimaryKeyConstraint("id", name=op.f("recomputations_pk")),
        comment="Each new day and each full run; the newest row says for which day claims, conflicts and advice stand",
    )


def downgrade() -> None:
    op.drop_table("recomputations")
