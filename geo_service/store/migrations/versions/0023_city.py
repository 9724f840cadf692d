"""What the city's file says stands in the database, where every process reads the same

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "city",
        sa.Column("id", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("content", pg.JSONB(), nullable=False, comment="as in data/cities/*.toml"),
        sa.Column("digest", sa.Text(), nullable=False, comment="of the content"),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("city_pk")),
        sa.CheckConstraint("id = 1", name=op.f("city_one_row_ck")),
        comment="Owners, layers, materials, departments, school terms and time zone of the city",
    )


def downgrade() -> None:
    op.drop_table("city")
