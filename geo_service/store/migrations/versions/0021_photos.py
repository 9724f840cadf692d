"""Photos of reports

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "photos",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("repair_id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.UUID(), comment="null: it came with the report itself"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="a JPEG that we wrote"),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("photos_pk")),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repairs.id"], name=op.f("photos_repair_id_fk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["report_messages.id"], name=op.f("photos_message_id_fk"), ondelete="CASCADE"
        ),
        comment="What citizens photographed: personal data, apart from the repair as its reporter is",
    )
    op.create_index("photos_repair_id_ix", "photos", ["repair_id"])
    op.create_index("photos_message_id_ix", "photos", ["message_id"])


def downgrade() -> None:
    op.drop_table("photos")
