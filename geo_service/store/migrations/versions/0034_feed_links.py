"""Private addresses of the calendar and the Atom feed, and the epoch of the feed

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "feed_links",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("user_id", sa.UUID(), comment="who made it and reads it; null: a key"),
        sa.Column(
            "machine_id",
            sa.UUID(),
            comment="of a key, that it was made with: it stays the same when the key is rotated",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="as people call it"),
        sa.Column(
            "token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256; the token itself is shown once"
        ),
        sa.Column("filter", pg.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("feed_links_pk")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("feed_links_user_id_fk"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("(user_id IS NULL) <> (machine_id IS NULL)", name=op.f("feed_links_has_maker_ck")),
        sa.UniqueConstraint("token_hash", name=op.f("feed_links_token_hash_uq")),
        comment="Private addresses of the calendar and the Atom feed; who knows one reads what its maker may see",
    )
    op.create_index("feed_links_user_id_ix", "feed_links", ["user_id"])
    op.create_table(
        "feed_epoch",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("single", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("feed_epoch_pk")),
        sa.UniqueConstraint("single", name=op.f("feed_epoch_single_uq")),
        sa.CheckConstraint("single", name=op.f("feed_epoch_one_row_ck")),
        comment="One row: which feed this is. A backup that is put back begins another one, as places are given anew",
    )
    op.execute("INSERT INTO feed_epoch DEFAULT VALUES")


def downgrade() -> None:
    op.drop_table("feed_epoch")
    op.drop_table("feed_links")
