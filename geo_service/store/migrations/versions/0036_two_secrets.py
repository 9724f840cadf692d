"""A webhook has two secrets while one replaces the other

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "signs as well until previous_until, so that receivers have time"
    op.add_column("subscriptions", sa.Column("previous_secret", sa.Text(), comment=comment))
    op.add_column("subscriptions", sa.Column("previous_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("subscriptions", "previous_until")
    op.drop_column("subscriptions", "previous_secret")
