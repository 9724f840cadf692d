"""A building project has people to call, and files that go along at its handover

Revision ID: 0061
Revises: 0060
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)


def upgrade() -> None:
    op.create_table(
        "project_contacts",
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column(
            "sealed", sa.LargeBinary(), nullable=False, comment="encrypted (vault.py): a list of people"
        ),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("project_contacts_pk")),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["building_projects.id"],
            name=op.f("project_contacts_project_id_fk"),
            ondelete="CASCADE",
        ),
        comment="Whom to call about a building project: personal data, apart from the project itself",
    )
    op.create_table(
        "project_files",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, comment="the name of the file without its ending"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False, comment="size of the file that was sealed"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="encrypted (vault.py)"),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("project_files_pk")),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["building_projects.id"],
            name=op.f("project_files_project_id_fk"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("kind IN ('pdf', 'photo')", name=op.f("project_files_kind_known_ck")),
        comment="Files that go along at the handover of a building project",
    )
    # Those of a project, to list and to count them.
    op.create_index("project_files_project_id_ix", "project_files", ["project_id"])


def downgrade() -> None:
    op.drop_table("project_files")
    op.drop_table("project_contacts")
