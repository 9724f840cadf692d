"""Remarks on conflicts may come with files

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(start=1), nullable=False, comment="A-1, for people"),
        sa.Column("conflict_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False, comment="size of the file that was sealed"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="encrypted (vault.py)"),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("attachments_pk")),
        sa.UniqueConstraint("number", name=op.f("attachments_number_uq")),
        sa.ForeignKeyConstraint(["conflict_id"], ["conflicts.id"], name=op.f("attachments_conflict_id_fk")),
        sa.CheckConstraint("kind IN ('pdf', 'photo')", name=op.f("attachments_kind_known_ck")),
        comment="Files beside remarks on conflicts; the trail of the conflict names them",
    )
    # Those of a conflict, to count them.
    op.create_index("attachments_conflict_id_ix", "attachments", ["conflict_id"])


def downgrade() -> None:
    op.drop_table("attachments")
