"""Event streams for other systems: members that were published, and the newest of each thing

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

STREAMS = "stream IN ('conflicts', 'works', 'repairs')"


def upgrade() -> None:
    op.create_table(
        "ldes_members",
        # Prevents two members in one place: pages are cut by place.
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column(
            "place",
            sa.BigInteger,
            primary_key=True,
            autoincrement=False,
            comment="1, 2, 3 … without gaps: the page of a member follows from it",
        ),
        sa.Column("thing_id", pg.UUID(as_uuid=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), nullable=False, comment="of publication; never goes back"
        ),
        sa.Column("body", pg.JSONB, nullable=False, comment="JSON-LD as it was published"),
        sa.CheckConstraint(STREAMS, name=op.f("ldes_members_stream_known_ck")),
        comment="Append-only: pages of other systems hold what stands here",
    )
    op.create_table(
        "ldes_heads",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("thing_id", pg.UUID(as_uuid=True), primary_key=True),
        sa.Column(
            "stamp", sa.Text, nullable=False, comment="the version that was published; gone: it is no more"
        ),
        sa.Column("digest", sa.Text, nullable=False, comment="of the member that tells it"),
        sa.CheckConstraint(STREAMS, name=op.f("ldes_heads_stream_known_ck")),
        comment="The newest member of each thing, so that a state is published once",
    )


def downgrade() -> None:
    op.drop_table("ldes_heads")
    op.drop_table("ldes_members")
