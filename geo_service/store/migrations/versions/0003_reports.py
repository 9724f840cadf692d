"""Reports of citizens: a role for the sites they come from, doubles, and what reporters were told

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROLES = "'viewer', 'workshop', 'utilities_desk', 'coordinator', 'partner', {}'admin'"
UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def upgrade() -> None:
    _allow_roles("'reporter', ")
    op.create_table(
        "duplicates",
        sa.Column("repair_id", sa.UUID(), nullable=False),
        sa.Column("of_id", sa.UUID(), nullable=False),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="refused pairs stay, so that they are not suggested again",
        ),
        sa.Column("distance_m", sa.Double(), nullable=False),
        sa.Column("days_apart", sa.Integer(), nullable=False, comment="between the two reports"),
        _now("suggested_at"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decided_by", sa.Text(), nullable=True, comment="the name of a key; null: nobody has looked yet"
        ),
        sa.CheckConstraint(
            "status IN ('suggested', 'confirmed', 'refused')", name=op.f("duplicates_status_known_ck")
        ),
        sa.CheckConstraint("repair_id <> of_id", name=op.f("duplicates_two_repairs_ck")),
        sa.ForeignKeyConstraint(
            ["of_id"], ["repairs.id"], name=op.f("duplicates_of_id_fk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repairs.id"], name=op.f("duplicates_repair_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repair_id", "of_id", name=op.f("duplicates_pk")),
        comment="Two reports that may be, or are, of one defect; both keep their reporter",
    )
    op.create_index("duplicates_of_id_ix", "duplicates", ["of_id"])
    # A report is suggested or confirmed as the double of one other at most.
    op.create_index(
        "duplicates_live_uq",
        "duplicates",
        ["repair_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_table(
        "report_updates",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("repair_id", sa.UUID(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="citizen.<code> in the locale files"),
        sa.Column("params", postgresql.JSONB(), nullable=False, comment="what fills the sentence"),
        _now("at"),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("report_updates_status_known_ck")),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repairs.id"], name=op.f("report_updates_repair_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("report_updates_pk")),
        comment="What the reporter of a repair was told, in order: rows are only ever added",
    )
    op.create_index("report_updates_repair_id_ix", "report_updates", ["repair_id"])
    op.create_index("report_updates_at_ix", "report_updates", ["at"])


def downgrade() -> None:
    op.drop_table("report_updates")
    op.drop_table("duplicates")
    op.execute("DELETE FROM api_keys WHERE role = 'reporter'")
    _allow_roles("")


def _allow_roles(more: str) -> None:
    op.drop_constraint("api_keys_role_known_ck", "api_keys")
    op.create_check_constraint(op.f("api_keys_role_known_ck"), "api_keys", f"role IN ({ROLES.format(more)})")


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
