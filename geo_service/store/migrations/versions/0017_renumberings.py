"""One record under two ids of its publisher

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)
SUGGESTED = sa.text("status = 'suggested'")


def upgrade() -> None:
    op.create_table(
        "renumberings",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column(
            "old_id",
            sa.UUID(),
            nullable=False,
            comment="the works or repair that vanished; confirmed, it lives on under the new id",
        ),
        sa.Column("new_id", sa.UUID(), nullable=False, comment="what came in under the new id"),
        sa.Column("old_source_id", sa.Text(), nullable=False),
        sa.Column("new_source_id", sa.Text(), nullable=False),
        sa.Column(
            "likeness", sa.Double(), nullable=False, comment="shared ground over the ground of both, 0 to 1"
        ),
        sa.Column("starts_moved", sa.Integer(), comment="days later; null: neither has days"),
        sa.Column("ends_moved", sa.Integer()),
        sa.Column(
            "silent_id",
            sa.UUID(),
            comment="which of the two claims no ground while it is suggested; null: both do",
        ),
        sa.Column("status", sa.Text(), server_default="suggested", nullable=False),
        sa.Column("suggested_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.Text(), comment="the name of a key; null: nobody has looked yet"),
        sa.PrimaryKeyConstraint("id", name=op.f("renumberings_pk")),
        # Prevents words that the code does not know.
        sa.CheckConstraint("target IN ('works', 'repairs')", name=op.f("renumberings_target_known_ck")),
        sa.CheckConstraint(
            "status IN ('suggested', 'confirmed', 'refused', 'withdrawn')",
            name=op.f("renumberings_status_known_ck"),
        ),
        sa.CheckConstraint("old_id <> new_id", name=op.f("renumberings_two_records_ck")),
        sa.CheckConstraint("likeness BETWEEN 0 AND 1", name=op.f("renumberings_likeness_share_ck")),
        # Prevents that a refused pair is suggested again.
        sa.UniqueConstraint("old_id", "new_id", name=op.f("renumberings_old_id_new_id_uq")),
        comment="One record under two ids of its publisher: suggested by an import, decided by a person; both ids stay known",
    )
    # Prevent that a record is suggested as two others, on either side.
    for side in ("old", "new"):
        name = f"renumberings_{side}_suggested_uq"
        op.create_index(name, "renumberings", [f"{side}_id"], unique=True, postgresql_where=SUGGESTED)
    # Prevents a look at the whole table for the former ids of one record, and for the record of a former id.
    op.create_index("renumberings_old_id_ix", "renumberings", ["old_id"])
    op.create_index("renumberings_source_old_source_id_ix", "renumberings", ["source", "old_source_id"])


def downgrade() -> None:
    op.drop_table("renumberings")
