"""Local accounts may have a second factor

Revision ID: 0060
Revises: 0059
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="encrypted (vault.py): the secret of the authenticator app"),
        sa.Column("holder", sa.LargeBinary(), nullable=False, comment="the step or session that it was offered to"),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), comment="null: no code was entered yet, it does not count"),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False, comment="of the last code: none is good twice"),
        sa.Column("paper_hashes", pg.ARRAY(sa.LargeBinary()), server_default="{}", nullable=False, comment="SHA-256 of the codes on paper that are left"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("second_factors_pk")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("second_factors_user_id_fk"), ondelete="CASCADE"),
        comment="What local accounts prove beside the password",
    )  # fmt: skip
    op.create_table(
        "sign_in_steps",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the cookie's value"),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False, comment="of the first factor: password or link"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("sign_in_steps_pk")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("sign_in_steps_user_id_fk"), ondelete="CASCADE"),
        comment="People who proved the password and have still to enter a code",
    )  # fmt: skip
    op.create_index("sign_in_steps_user_id_ix", "sign_in_steps", ["user_id"])


def downgrade() -> None:
    op.drop_table("sign_in_steps")
    op.drop_table("second_factors")
