"""Reference maps as they came, sections that are derived from them, works of a building

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AREA = "geom @ ST_MakeEnvelope(-100000, -100000, 400000, 400000, 31370)"
LAYERS = "layer IN ('pavement', 'street', 'parcel')"
KINDS = "kind IN ('footpath', 'cycle_path', 'carriageway', 'corridor', 'kerb')"


def upgrade() -> None:
    op.create_table(
        "base_shapes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column(
            "name",
            sa.Text(),
            nullable=True,
            comment="of an axis: the street on its left, and on its right unless that has another name",
        ),
        sa.Column("name_right", sa.Text(), nullable=True),
        sa.Column("side", sa.Text(), nullable=True),
        sa.Column("number_from", sa.Text(), nullable=True),
        sa.Column("number_to", sa.Text(), nullable=True),
        sa.Column("material", sa.Text(), nullable=True),
        sa.Column("laid_on", sa.Date(), nullable=True),
        sa.Column(
            "derived",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="drawn as a line, widened by us",
        ),
        sa.Column("geom", Geometry(srid=31370, spatial_index=False), nullable=False),
        sa.CheckConstraint(AREA, name=op.f("base_shapes_geom_in_region_ck")),
        sa.CheckConstraint("NOT ST_IsEmpty(geom)", name=op.f("base_shapes_geom_not_empty_ck")),
        sa.CheckConstraint("ST_IsValid(geom)", name=op.f("base_shapes_geom_valid_ck")),
        sa.CheckConstraint(KINDS, name=op.f("base_shapes_kind_known_ck")),
        sa.CheckConstraint(LAYERS, name=op.f("base_shapes_layer_known_ck")),
        sa.CheckConstraint("side IN ('even', 'odd')", name=op.f("base_shapes_side_known_ck")),
        sa.PrimaryKeyConstraint("id", name=op.f("base_shapes_pk")),
        # Makes a second import of the same shape an update.
        sa.UniqueConstraint(
            "source", "layer", "source_id", name=op.f("base_shapes_source_layer_source_id_uq")
        ),
        comment="What reference maps told us, as it came: pavement, kerbs, axes, parcels. Sections and streets are derived from it",
    )
    # Finds the axes near a footpath, layer by layer.
    op.create_index("base_shapes_layer_geom_ix", "base_shapes", ["layer", "geom"], postgresql_using="gist")
    op.create_table(
        "base_tiles",
        sa.Column("x", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("y", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("x", "y", name=op.f("base_tiles_pk")),
        comment="Squares of 500 m in which the reference map or a building changed and what depends on it was not derived yet",
    )
    op.add_column(
        "pavement_sections",
        sa.Column(
            "derived",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="no survey shows it: drawn by us inside a road, or between a carriageway and façades",
        ),
    )
    op.add_column("pavement_sections", sa.Column("base_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("pavement_sections_base_id_fk"),
        "pavement_sections",
        "base_shapes",
        ["base_id"],
        ["id"],
        ondelete="CASCADE",
    )
    # Finds the sections that were cut out of one shape.
    op.create_index("pavement_sections_base_id_ix", "pavement_sections", ["base_id"])
    op.add_column(
        "works",
        sa.Column(
            "building_id",
            sa.UUID(),
            nullable=True,
            comment="the building that they are about: a city's own project",
        ),
    )
    op.create_foreign_key(
        op.f("works_building_id_fk"), "works", "buildings", ["building_id"], ["id"], ondelete="SET NULL"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("works_building_id_fk"), "works", type_="foreignkey")
    op.drop_column("works", "building_id")
    op.drop_index("pavement_sections_base_id_ix", table_name="pavement_sections")
    op.drop_constraint(op.f("pavement_sections_base_id_fk"), "pavement_sections", type_="foreignkey")
    op.drop_column("pavement_sections", "base_id")
    op.drop_column("pavement_sections", "derived")
    op.drop_table("base_tiles")
    op.drop_table("base_shapes")
