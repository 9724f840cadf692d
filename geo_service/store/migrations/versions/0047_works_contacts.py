"""Works may have people to call

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "works_contacts",
        sa.Column("works_id", sa.UUID(), nullable=False),
        sa.Column(
            "sealed", sa.LargeBinary(), nullable=False, comment="encrypted (vault.py): a list of people"
        ),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("works_id", name=op.f("works_contacts_pk")),
        sa.ForeignKeyConstraint(
            ["works_id"], ["works.id"], name=op.f("works_contacts_works_id_fk"), ondelete="CASCADE"
        ),
        comment="Whom to call about works: personal data, apart from the works themselves",
    )


def downgrade() -> None:
    op.drop_table("works_contacts")
