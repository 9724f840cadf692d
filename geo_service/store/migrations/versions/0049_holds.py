"""Holds keep their end and their version, so that a calendar can say that one is released

Revision ID: 0049
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

# The SEQUENCE of a hold was that of its repair: it goes on from there.
HOLDS_IN_FORCE = """
    INSERT INTO holds (repair_id, until, version, updated_at)
    SELECT id, verdict_until, version + 1, updated_at FROM repairs
    WHERE held AND verdict_until IS NOT NULL AND deleted_at IS NULL
"""


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("repair_id", sa.UUID(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False, comment="the day from which the repair is free"),
        sa.Column(
            "released_on",
            sa.Date(),
            nullable=True,
            comment="the day on which the hold ended; before `until`: it was cancelled. null: in force",
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("repair_id", name=op.f("holds_pk")),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repairs.id"], name=op.f("holds_repair_id_fk"), ondelete="CASCADE"
        ),
        comment="The last hold of each repair, in force or not, for calendars: SEQUENCE rises with each change",
    )
    op.execute(HOLDS_IN_FORCE)
    # As of repairs: a partner sees none, and others write as before.
    op.execute("CREATE POLICY partner_sees ON holds FOR SELECT USING (current_user <> 'geo_partner')")
    op.execute("CREATE POLICY others_write ON holds USING (current_user <> 'geo_partner')")
    op.execute("ALTER TABLE holds ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.drop_table("holds")
