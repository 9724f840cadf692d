"""Reliability learnt per owner, and how long works expect to take

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CERTAINTIES = "'indicative', 'planned', 'confirmed', 'in_progress', 'done', 'cancelled'"


def upgrade() -> None:
    op.create_table(
        "reliabilities",
        sa.Column("owner_group_id", sa.Text(), nullable=True, comment="null: all owners together"),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("slack_before_days", sa.Integer(), nullable=False),
        sa.Column("slack_after_days", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column(
            "observations",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="works that it was learnt from",
        ),
        sa.Column(
            "learnt_on",
            sa.Date(),
            nullable=True,
            comment="day on which the figures or their basis last changed",
        ),
        sa.Column(
            "source",
            sa.Text(),
            nullable=True,
            comment="who fixed this by hand, on what ground; null: it was learnt",
        ),
        sa.Column("basis", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.CheckConstraint(f"certainty IN ({CERTAINTIES})", name=op.f("reliabilities_certainty_known_ck")),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name=op.f("reliabilities_probability_range_ck")),
        sa.CheckConstraint(
            "slack_before_days >= 0 AND slack_after_days >= 0",
            name=op.f("reliabilities_slack_not_negative_ck"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_group_id"], ["owner_groups.id"], name=op.f("reliabilities_owner_group_id_fk")
        ),
        comment="What observed changes say of an owner's dates; where there is none, certainties count",
    )
    # Prevent two answers to "how far may these dates be off": per owner group, and for all owners.
    op.create_index("reliabilities_owner_uq", "reliabilities", ["owner_group_id", "certainty"], unique=True)
    op.create_index(
        "reliabilities_everyone_uq",
        "reliabilities",
        ["certainty"],
        unique=True,
        postgresql_where=sa.text("owner_group_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("reliabilities")
