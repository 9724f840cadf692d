"""What reference maps told us, and where it waits to be worked out."""

from __future__ import annotations

import sqlalchemy as sa

from geo_service.domain import buildings as building_words
from geo_service.store.tables.base import geom, metadata, one_of, sound_geometry

base_shapes = sa.Table(
    "base_shapes",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text),
    sa.Column(
        "name",
        sa.Text,
        comment="of an axis: the street on its left, and on its right unless that has another name",
    ),
    sa.Column("name_right", sa.Text),
    sa.Column("side", sa.Text),
    sa.Column("number_from", sa.Text),
    sa.Column("number_to", sa.Text),
    sa.Column("material", sa.Text),
    sa.Column("laid_on", sa.Date),
    sa.Column(
        "derived",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="drawn as a line, widened by us",
    ),
    geom(),
    one_of("layer", building_words.BASE_LAYERS),
    one_of("kind", building_words.BASE_KINDS),
    one_of("side", ("even", "odd")),
    # Makes a second import of the same shape an update.
    sa.UniqueConstraint("source", "layer", "source_id"),
    *sound_geometry(),
    # Finds the axes near a footpath, layer by layer (btree_gist).
    sa.Index("base_shapes_layer_geom_ix", "layer", "geom", postgresql_using="gist"),
    comment="What reference maps told us, as it came: pavement, kerbs, axes, parcels. Sections and streets are derived from it",
)

base_tiles = sa.Table(
    "base_tiles",
    metadata,
    sa.Column("x", sa.Integer, primary_key=True),
    sa.Column("y", sa.Integer, primary_key=True),
    comment="Squares of 500 m in which the reference map or a building changed and what depends on it was not derived yet",
)
