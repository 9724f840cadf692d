"""Scopes and rotation of keys; who did something is an id

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "api_keys",
        sa.Column("scopes", pg.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{*}'::text[]")),
    )
    op.add_column("api_keys", sa.Column("last_used_at", sa.DateTime(timezone=True), comment="to the minute"))
    op.add_column(
        "api_keys",
        sa.Column(
            "machine_id",
            sa.UUID(),
            comment="the first key of its rotations; null: this one is the first",
        ),
    )
    op.create_foreign_key(op.f("api_keys_machine_id_fk"), "api_keys", "api_keys", ["machine_id"], ["id"])
    op.add_column(
        "conflict_events",
        sa.Column("actor_id", sa.Text(), comment="user:id or key:id; null: the service itself"),
    )
    op.add_column(
        "imports",
        sa.Column("asked_by_id", sa.Text(), comment="user:id or key:id; null: the command line"),
    )


def downgrade() -> None:
    op.drop_column("imports", "asked_by_id")
    op.drop_column("conflict_events", "actor_id")
    for column in ("machine_id", "last_used_at", "scopes"):
        op.drop_column("api_keys", column)
