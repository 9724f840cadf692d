"""A clock that ticks with each transaction of the one writer, so that open pages know when to read again

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact_clock",
        sa.Column("id", sa.SmallInteger, primary_key=True, server_default=sa.text("1")),
        sa.Column("ticks", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.CheckConstraint("id = 1", name=op.f("fact_clock_one_row_ck")),
        comment="One row: how many transactions of the one writer were committed. Another number: facts may have changed",
    )
    op.execute("INSERT INTO fact_clock DEFAULT VALUES")


def downgrade() -> None:
    op.drop_table("fact_clock")
