"""Citizens may want an e-mail about a street

Revision ID: 0058
Revises: 0057
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "street_letters",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=False,
            comment="encrypted (vault.py): address, and what links hold",
        ),
        sa.Column(
            "token_hash", sa.Text(), nullable=False, comment="SHA-256 of what the links in e-mails hold"
        ),
        sa.Column(
            "confirmed_at", sa.DateTime(timezone=True), comment="null: nobody has pressed the link yet"
        ),
        sa.Column(
            "heard",
            pg.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="the entries of the street that the reader knows, as store/street_letters.py writes them",
        ),
        sa.Column("looked_on", sa.Date(), comment="the day on which news was last looked for"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("street_letters_pk")),
        comment="Who wants an e-mail when something changes in a street: personal data, erased when it ends",
    )
    # A link leads to one row.
    op.create_index("street_letters_token_hash_uq", "street_letters", ["token_hash"], unique=True)


def downgrade() -> None:
    op.drop_table("street_letters")
