"""People say which works are one project of two owners

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "joint_projects",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("a_origin_id", sa.UUID(), nullable=False, comment="of the two digs, the lower id"),
        sa.Column("b_origin_id", sa.UUID(), nullable=False),
        sa.Column("conflict_id", sa.UUID(), nullable=False, comment="that somebody looked at"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("joint_projects_pk")),
        sa.ForeignKeyConstraint(
            ["conflict_id"], ["conflicts.id"], name=op.f("joint_projects_conflict_id_fk"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "a_origin_id", "b_origin_id", name=op.f("joint_projects_a_origin_id_b_origin_id_uq")
        ),
        sa.CheckConstraint("status IN ('confirmed', 'refused')", name=op.f("joint_projects_status_known_ck")),
        sa.CheckConstraint("a_origin_id < b_origin_id", name=op.f("joint_projects_two_digs_ck")),
        comment="Works of two owners on the same days and ground, of which a person said whether they are one project",
    )
    op.create_index("joint_projects_conflict_id_ix", "joint_projects", ["conflict_id"])


def downgrade() -> None:
    op.drop_table("joint_projects")
