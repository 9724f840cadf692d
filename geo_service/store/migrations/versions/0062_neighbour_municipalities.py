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
    """Of groups that an import made: their id is the slug of their name, and no prefix leads to them. The others a person or the file of a
    city described.
    """
    op.execute(r"""
        UPDATE owner_groups SET kind = 'road_authority'
        WHERE kind = 'city' AND id <> 'city' AND name ~* '^(stad|gemeente|ville|commune)\M'
          AND id = trim(BOTH '_' FROM regexp_replace(lower(regexp_replace(normalize(name, NFKD), '[^ -~]', '', 'g')), '[^a-z0-9]+', '_', 'g'))
          AND NOT EXISTS (SELECT FROM owner_prefixes WHERE owner_group_id = owner_groups.id)
    """)


def downgrade() -> None:
    """Nothing: the version before reads either kind."""
