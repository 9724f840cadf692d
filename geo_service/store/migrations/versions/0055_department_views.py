"""Departments may have views of lists

Revision ID: 0055
Revises: 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "department_views",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("screen", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False, comment="of the address: filters, order and columns"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(
            "department IN ('nutsen', 'werkplaatsen', 'publiek_domein', 'patrimonium', 'stedenbouw')",
            name=op.f("department_views_department_known_ck"),
        ),
        sa.CheckConstraint(
            "screen IN ('cases', 'repairs', 'overview', 'map')", name=op.f("department_views_screen_known_ck")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("department_views_pk")),
        # Two views of one name could not be told apart.
        sa.UniqueConstraint(
            "department", "screen", "name", name=op.f("department_views_department_screen_name_uq")
        ),
        comment="Views of lists that a department shares",
    )


def downgrade() -> None:
    op.drop_table("department_views")
