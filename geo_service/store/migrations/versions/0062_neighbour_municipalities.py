"""Works of another municipality are not the city's own

Revision ID: 0062
Revises: 0061
"""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE owner_groups SET kind = 'road_authority' "
        r"WHERE kind = 'city' AND id <> 'city' AND name ~* '^(stad|gemeente|ville|commune)\M'"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE owner_groups SET kind = 'city' "
        r"WHERE kind = 'road_authority' AND name ~* '^(stad|gemeente|ville|commune)\M'"
    )
