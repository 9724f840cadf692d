"""Utilities are asked to take repairs along, and the coordinator is asked when nobody decides

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)


def upgrade() -> None:
    since = "of an undecided conflict: the day on which it was opened"
    op.add_column(
        "conflicts",
        sa.Column(
            "open_since", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False, comment=since
        ),
    )
    op.add_column(
        "conflicts", sa.Column("reminded_on", sa.Date(), comment="the desk was told that its term ends")
    )
    op.add_column(
        "conflicts", sa.Column("escalated_on", sa.Date(), comment="the coordinator was asked to decide")
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(start=1), nullable=False, comment="R-1, for people"),
        sa.Column("works_id", sa.UUID(), nullable=False),
        sa.Column("owner_group_id", sa.Text(), nullable=False, comment="who is asked"),
        sa.Column("repair_ids", pg.ARRAY(sa.UUID()), nullable=False),
        sa.Column("street", sa.Text()),
        sa.Column("number_from", sa.Integer()),
        sa.Column("number_to", sa.Integer()),
        sa.Column("starts_on", sa.Date(), nullable=False, comment="of the works, when they were asked"),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("width_m", sa.Double(), comment="null: the full width"),
        sa.Column("note", sa.Text()),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False, comment="the last day to answer"),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answer_note", sa.Text()),
        sa.Column(
            "late", sa.Boolean(), server_default=sa.false(), nullable=False, comment="answered after the term"
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _instant("created_at"),
        _instant("updated_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("requests_pk")),
        sa.UniqueConstraint("number", name=op.f("requests_number_uq")),
        sa.ForeignKeyConstraint(["works_id"], ["works.id"], name=op.f("requests_works_id_fk")),
        sa.ForeignKeyConstraint(
            ["owner_group_id"], ["owner_groups.id"], name=op.f("requests_owner_group_id_fk")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'yes', 'no', 'no_answer', 'done')", name=op.f("requests_state_known_ck")
        ),
        sa.CheckConstraint("width_m > 0", name=op.f("requests_width_positive_ck")),
        comment="What a utility is asked to reinstate along with its works",
    )
    # As for the other tables of which a partner sees its own rows (0031).
    own = "current_user <> 'geo_partner' OR owner_group_id = current_setting('geo.party', true)"
    op.execute(f"CREATE POLICY partner_sees ON requests FOR SELECT USING ({own})")
    op.execute("CREATE POLICY others_write ON requests USING (current_user <> 'geo_partner')")
    op.execute("ALTER TABLE requests ENABLE ROW LEVEL SECURITY")
    op.create_index("requests_works_id_ix", "requests", ["works_id"])
    op.create_index("requests_owner_group_id_ix", "requests", ["owner_group_id"])
    op.create_index("requests_repair_ids_ix", "requests", ["repair_ids"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_table("requests")
    op.drop_column("conflicts", "escalated_on")
    op.drop_column("conflicts", "reminded_on")
    op.drop_column("conflicts", "open_since")
