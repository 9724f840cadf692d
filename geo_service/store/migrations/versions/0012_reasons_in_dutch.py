"""Why a row was left out, in the reader's language: the figures of the reason beside its English sentence

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("import_rejections", "message", comment="in English")
    op.add_column(
        "import_rejections",
        sa.Column(
            "params",
            pg.JSONB(),
            server_default="{}",
            nullable=False,
            comment="its figures, for the sentence of `code` in other languages",
        ),
    )


def downgrade() -> None:
    op.drop_column("import_rejections", "params")
    op.alter_column("import_rejections", "message", comment=None)
