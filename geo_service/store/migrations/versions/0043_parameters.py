"""Parameters say who set them, and a change names the version that was read

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "parameters", sa.Column("changed_by", sa.Text, comment="who set it; null: the command line")
    )
    op.add_column("parameters", sa.Column("version", sa.Integer, nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("parameters", "version")
    op.drop_column("parameters", "changed_by")
