"""Quiet hours and a snooze of each subscription

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "subscriptions",
        sa.Column("snoozed_until", sa.DateTime(timezone=True), comment="nothing is sent before; it waits"),
    )
    op.add_column(
        "subscriptions",
        sa.Column(
            "quiet_from", sa.Time, comment="of e-mail, in the time zone of the city: a night without any"
        ),
    )
    op.add_column("subscriptions", sa.Column("quiet_until", sa.Time))
    # Prevents a night without an end.
    op.create_check_constraint(
        op.f("subscriptions_quiet_has_both_ends_ck"),
        "subscriptions",
        "(quiet_from IS NULL) = (quiet_until IS NULL)",
    )


def downgrade() -> None:
    for name in ("quiet_until", "quiet_from", "snoozed_until"):
        op.drop_column("subscriptions", name)
