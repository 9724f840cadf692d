"""What citizens add to their reports

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "report_messages",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("repair_id", sa.UUID(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False, comment="the name of the key"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="the number of the site"),
        sa.Column("text", sa.Text()),
        sa.Column("status", sa.Text(), comment="as the site calls it"),
        sa.Column(
            "details", pg.JSONB(), nullable=False, comment="who said it, and whatever else the site sent"
        ),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("report_messages_pk")),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repairs.id"], name=op.f("report_messages_repair_id_fk"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("sent_by", "source_id", name=op.f("report_messages_sent_by_source_id_uq")),
        comment="What citizens added to a report: personal data, apart from the repair as its reporter is",
    )
    op.create_index("report_messages_repair_id_ix", "report_messages", ["repair_id"])
    op.create_index("report_messages_received_at_ix", "report_messages", ["received_at"])


def downgrade() -> None:
    op.drop_table("report_messages")
