"""Personal data of citizens are sealed: a place for them, and no new row without

What is there already is sealed by the step after the migration, which has the key (`store/personal.py`).

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

PLAIN = {"reporters": "details", "report_messages": "details", "photos": "content"}
"""The column of each table that must be there no more."""


def upgrade() -> None:
    for table, column in PLAIN.items():
        op.alter_column(table, column, nullable=True)
        op.add_column(table, sa.Column("sealed", sa.LargeBinary()))
        # rows of an older version are checked once they change
        op.create_check_constraint(
            op.f(f"{table}_sealed_ck"), table, "sealed IS NOT NULL", postgresql_not_valid=True
        )
    op.execute(
        "COMMENT ON COLUMN reporters.details IS 'null: sealed'; "
        "COMMENT ON COLUMN report_messages.text IS 'null: sealed'; "
        "COMMENT ON COLUMN report_messages.details IS 'null: sealed; who said it, and whatever else the site sent'; "
        "COMMENT ON COLUMN photos.content IS 'null: sealed; a JPEG that we wrote'"
    )
    for table in PLAIN:
        op.execute(
            f"COMMENT ON COLUMN {table}.sealed IS 'encrypted (vault.py); null: from before there was a key'"
        )


def downgrade() -> None:
    """What is sealed cannot be had without the key: it goes."""
    for table, column in PLAIN.items():
        sealed = sa.table(table, sa.column("sealed"))
        op.execute(sa.delete(sealed).where(sealed.c.sealed.is_not(None)))
        op.drop_constraint(op.f(f"{table}_sealed_ck"), table)
        op.drop_column(table, "sealed")
        op.alter_column(table, column, nullable=False)
