"""A subscription knows its maker, so that a webhook of somebody who left does not send on

Revision ID: 0054
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    made_by: sa.Column[str] = sa.Column(
        "made_by", sa.Text(), comment="name of the person or key that made it, or switched it on last"
    )
    op.add_column("subscriptions", made_by)
    op.add_column("subscriptions", sa.Column("maker_id", sa.Uuid(), comment="the same, of a person"))
    op.create_foreign_key(
        op.f("subscriptions_maker_id_fk"), "subscriptions", "users", ["maker_id"], ["id"], ondelete="SET NULL"
    )
    maker_left: sa.Column[bool] = sa.Column(
        "maker_left",
        sa.Boolean(),
        nullable=False,
        server_default=sa.false(),
        comment="it is off because its maker was disabled",
    )
    op.add_column("subscriptions", maker_left)


def downgrade() -> None:
    for name in ("maker_left", "maker_id", "made_by"):
        op.drop_column("subscriptions", name)
