"""The last day on which a repair may end, and what a programme remarks on works and repairs

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FIELDS = ("starts_on", "ends_on", "certainty", "source_status", "geometry", "phase", "vanished")
REMARK = "of the source's own remark column, as it wrote it"


def upgrade() -> None:
    op.add_column("works", sa.Column("remark", sa.Text(), nullable=True, comment=REMARK))
    op.add_column("repairs", sa.Column("remark", sa.Text(), nullable=True, comment=REMARK))
    op.add_column(
        "repairs",
        sa.Column(
            "latest_on",
            sa.Date(),
            nullable=True,
            comment="the last day, included, on which it may end; null: nobody says so",
        ),
    )
    _may_change((*FIELDS, "remark"))


def downgrade() -> None:
    op.execute("DELETE FROM source_changes WHERE field = 'remark'")
    _may_change(FIELDS)
    op.drop_column("repairs", "latest_on")
    op.drop_column("repairs", "remark")
    op.drop_column("works", "remark")


def _may_change(fields: tuple[str, ...]) -> None:
    """Let `source_changes` hold these fields: prevents a change that nobody can word."""
    name = op.f("source_changes_field_known_ck")
    op.drop_constraint(name, "source_changes")
    op.create_check_constraint(name, "source_changes", f"field IN {fields}")
