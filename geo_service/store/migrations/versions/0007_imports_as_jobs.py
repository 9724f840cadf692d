"""Imports that wait, run as jobs and go on where they were killed; what was told of a feed

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "imports",
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True, comment="null: began at once"),
    )
    op.add_column(
        "imports",
        sa.Column("asked_by", sa.Text(), nullable=True, comment="name of the key; null: the command line"),
    )
    op.add_column("imports", sa.Column("mapping", sa.Text(), nullable=True))
    op.add_column(
        "imports",
        sa.Column(
            "accept_shrink",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="a person confirmed that so much has really gone",
        ),
    )
    op.add_column(
        "imports",
        sa.Column(
            "progress",
            postgresql.JSONB(),
            nullable=True,
            comment="counts of what is committed, written with each batch: a killed import goes on from them",
        ),
    )
    op.drop_constraint(op.f("imports_status_known_ck"), "imports", type_="check")
    op.create_check_constraint(
        op.f("imports_status_known_ck"), "imports", "status IN ('queued', 'running', 'done', 'failed')"
    )
    op.create_table(
        "feeds",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stopped_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "shrunk",
            postgresql.JSONB(),
            nullable=True,
            comment="what a sweep no longer showed and nobody confirmed: vanished, open, at",
        ),
        sa.PrimaryKeyConstraint("source", name=op.f("feeds_pk")),
        comment="What was told of a feed, so that it is told once",
    )


def downgrade() -> None:
    op.drop_table("feeds")
    op.execute("UPDATE imports SET status = 'failed' WHERE status = 'queued'")
    op.drop_constraint(op.f("imports_status_known_ck"), "imports", type_="check")
    op.create_check_constraint(
        op.f("imports_status_known_ck"), "imports", "status IN ('running', 'done', 'failed')"
    )
    for column in ("progress", "accept_shrink", "mapping", "asked_by", "queued_at"):
        op.drop_column("imports", column)
