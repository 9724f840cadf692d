"""People acknowledge, agree, assign and settle conflicts

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

DEPARTMENTS = "'nutsen', 'werkplaatsen', 'publiek_domein', 'patrimonium', 'stedenbouw'"


def upgrade() -> None:
    comment = "kind, until, note: the last one, also once facts have broken it"
    op.add_column("conflicts", sa.Column("agreement", pg.JSONB(), comment=comment))
    op.add_column("conflicts", sa.Column("department", sa.Text(), comment="who follows this up"))
    op.add_column("conflicts", sa.Column("person", sa.Text()))
    op.add_column("conflicts", sa.Column("due_on", sa.Date(), comment="the last day to answer"))
    op.create_check_constraint(
        op.f("conflicts_department_known_ck"), "conflicts", f"department IN ({DEPARTMENTS})"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("conflicts_department_known_ck"), "conflicts")
    for name in ("due_on", "person", "department", "agreement"):
        op.drop_column("conflicts", name)
