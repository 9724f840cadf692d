"""Claims on the guarantee of a utility: what it is asked to pay, and what became of it

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "claim_files",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(start=1), nullable=False, comment="V-1, for people"),
        sa.Column("conflict_id", sa.UUID(), nullable=False),
        sa.Column("owner_group_id", sa.Text(), nullable=False, comment="who is asked to pay"),
        sa.Column("state", sa.Text(), server_default="sent", nullable=False),
        sa.Column("amount_eur", sa.Double(), nullable=False),
        sa.Column("facts", pg.JSONB(), nullable=False, comment="as they were when it was sent"),
        sa.Column("note", sa.Text()),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("claim_files_pk")),
        sa.UniqueConstraint("number", name=op.f("claim_files_number_uq")),
        sa.UniqueConstraint("conflict_id", name=op.f("claim_files_conflict_id_uq")),
        sa.ForeignKeyConstraint(["conflict_id"], ["conflicts.id"], name=op.f("claim_files_conflict_id_fk")),
        sa.ForeignKeyConstraint(
            ["owner_group_id"], ["owner_groups.id"], name=op.f("claim_files_owner_group_id_fk")
        ),
        sa.CheckConstraint(
            "state IN ('sent', 'accepted', 'refused', 'paid')", name=op.f("claim_files_state_known_ck")
        ),
        sa.CheckConstraint("amount_eur >= 0", name=op.f("claim_files_amount_not_negative_ck")),
        comment="Claims on the guarantee of a utility",
    )
    op.create_index("claim_files_owner_group_id_ix", "claim_files", ["owner_group_id"])


def downgrade() -> None:
    op.drop_table("claim_files")
