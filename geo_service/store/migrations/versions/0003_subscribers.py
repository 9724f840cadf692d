"""Subscribers: whose a subscription is, and which version of it was read

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "subscriptions",
        sa.Column(
            "owner_group_id",
            sa.Text(),
            nullable=True,
            comment="of a partner: it hears of its own works only; null: one of the city's",
        ),
    )
    op.create_foreign_key(
        op.f("subscriptions_owner_group_id_fk"), "subscriptions", "owner_groups", ["owner_group_id"], ["id"]
    )
    op.add_column("subscriptions", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.alter_column(
        "subscriptions",
        "after_seq",
        comment="alerts up to here were told before it began",
        existing_comment="alerts up to here were queued for delivery",
        existing_type=sa.BigInteger(),
        existing_nullable=False,
    )


def downgrade() -> None:
    op.alter_column(
        "subscriptions",
        "after_seq",
        comment="alerts up to here were queued for delivery",
        existing_comment="alerts up to here were told before it began",
        existing_type=sa.BigInteger(),
        existing_nullable=False,
    )
    op.drop_column("subscriptions", "version")
    op.drop_column("subscriptions", "owner_group_id")
