"""Where a person finds a row that was left out: the line of the text or the row of the sheet

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "import_rejections",
        sa.Column(
            "line",
            sa.Integer(),
            nullable=True,
            comment="where a person finds it: line of a text, row of a sheet",
        ),
    )


def downgrade() -> None:
    op.drop_column("import_rejections", "line")
