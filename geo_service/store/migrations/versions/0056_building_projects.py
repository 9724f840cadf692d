"""The city keeps a register of its own building projects

Revision ID: 0056
Revises: 0055
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)
NOTHING = sa.text("'[]'::jsonb")


def upgrade() -> None:
    op.create_table(
        "building_projects",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("building_id", sa.UUID(), nullable=True),
        sa.Column("works_id", sa.UUID(), nullable=True, comment="the works that it is in the street"),
        sa.Column("phases", pg.JSONB(), server_default=NOTHING, nullable=False),
        sa.Column("budget_eur", sa.Numeric(14, 2), nullable=True),
        sa.Column("spent_eur", sa.Numeric(14, 2), nullable=True),
        sa.Column("subsidies", pg.JSONB(), server_default=NOTHING, nullable=False),
        sa.Column("next_decision", sa.Text(), nullable=True, comment="that the college has to take"),
        sa.Column("next_decision_on", sa.Date(), nullable=True),
        sa.Column("handover_on", sa.Date(), nullable=True, comment="to who maintains the building"),
        sa.Column("warranties", pg.JSONB(), server_default=NOTHING, nullable=False),
        sa.Column("note", sa.Text(), nullable=True, comment="what goes along at the handover"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("building_projects_named_ck")),
        sa.CheckConstraint("budget_eur >= 0 AND spent_eur >= 0", name=op.f("building_projects_no_debt_ck")),
        sa.PrimaryKeyConstraint("id", name=op.f("building_projects_pk")),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["buildings.id"],
            name=op.f("building_projects_building_id_fk"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["works_id"], ["works.id"], name=op.f("building_projects_works_id_fk"), ondelete="SET NULL"
        ),
        comment="The city's own building projects: phases, money, deadlines, handover",
    )


def downgrade() -> None:
    op.drop_table("building_projects")
