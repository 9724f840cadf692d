"""What we were told: organisations, works, repairs, buildings, pavement, and the ground of the map."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain import buildings as building_words
from geo_service.domain import repairs as repair_words
from geo_service.domain import works as works_words
from geo_service.store.tables.base import (
    created_at,
    geom,
    geom_index,
    metadata,
    never_plain,
    one_of,
    sealed,
    sound_geometry,
    text_array,
    updated_at,
    uuid7_pk,
    words_index,
)

OWNER_KINDS = ("utility", "contractor", "city", "road_authority", "other")

owner_groups = sa.Table(
    "owner_groups",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    one_of("kind", OWNER_KINDS),
    comment="One company, however many names it writes: works of one group do not clash with themselves",
)

owner_prefixes = sa.Table(
    "owner_prefixes",
    metadata,
    sa.Column("prefix", sa.Text, primary_key=True),
    sa.Column("owner_group_id", sa.ForeignKey("owner_groups.id"), nullable=False),
    comment="How the names of a group begin, in lower case; the longest match wins",
)

organisations = sa.Table(
    "organisations",
    metadata,
    uuid7_pk(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("owner_group_id", sa.ForeignKey("owner_groups.id"), nullable=False),
    created_at(),
    sa.CheckConstraint("name <> ''", name="named"),
    # Prevents two rows for one organisation that differ in capitals only.
    sa.Index("organisations_lower_name_uq", sa.text("lower(name)"), unique=True),
    words_index("organisations", "name"),
)

works = sa.Table(
    "works",
    metadata,
    uuid7_pk(),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("owner_id", sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("reference", sa.Text),
    sa.Column("remark", sa.Text, comment="of the source's own remark column, as it wrote it"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("category", sa.Text),
    text_array("utilities"),
    text_array("specification"),
    text_array("consequences"),
    sa.Column("certainty", sa.Text, nullable=False),
    sa.Column("source_status", sa.Text),
    sa.Column(
        "working_days",
        sa.Integer,
        comment="that each phase expects to take within its window, where the source says so",
    ),
    sa.Column(
        "layer", sa.Text, comment="of the street that they open, read from their texts (domain/layers.py)"
    ),
    sa.Column("finished_on", sa.Date),
    sa.Column(
        "building_id",
        sa.ForeignKey("buildings.id", ondelete="SET NULL"),
        comment="the building that they are about: a city's own project",
    ),
    sa.Column(
        "exclude_from_dig",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="a person says: no part of another dig",
    ),
    sa.Column(
        "umbrella",
        sa.Boolean,
        comment="a person says whether these are umbrella works; null: from length and size",
    ),
    sa.Column("vanished_at", sa.DateTime(timezone=True)),
    sa.Column("deleted_at", sa.DateTime(timezone=True)),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    created_at(),
    updated_at(),
    one_of("kind", works_words.WORKS_KINDS),
    one_of("certainty", works_words.CERTAINTIES),
    sa.CheckConstraint("working_days > 0", name="working_days_positive"),
    # Makes a second import of the same record an update.
    sa.UniqueConstraint("source", "source_id"),
    sa.Index("works_owner_id_ix", "owner_id"),
    # Finds works by the beginning of their number.
    sa.Index("works_source_id_ix", "source_id", postgresql_ops={"source_id": "text_pattern_ops"}),
    words_index("works", "title"),
    words_index("works", "reference"),
)

phases = sa.Table(
    "phases",
    metadata,
    uuid7_pk(),
    sa.Column("works_id", sa.ForeignKey("works.id", ondelete="CASCADE"), nullable=False),
    sa.Column("source_key", sa.Text, nullable=False),
    geom(),
    sa.Column("during", pg.DATERANGE, nullable=False),
    sa.Column("opens_surface", sa.Boolean, nullable=False),
    text_array("surfaces"),
    sa.Column("done", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("done_on", sa.Date, comment="the day on which the service first saw that it is done"),
    # Keeps the id of a phase, and so its conflicts, over imports.
    sa.UniqueConstraint("works_id", "source_key"),
    sa.CheckConstraint(
        "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", name="during_bounded"
    ),
    *sound_geometry(),
    geom_index("phases"),
)

repairs = sa.Table(
    "repairs",
    metadata,
    uuid7_pk(),
    sa.Column("source", sa.Text, nullable=False, server_default="api"),
    sa.Column("source_id", sa.Text),
    sa.Column(
        "number",
        sa.BigInteger,
        sa.Identity(start=1000),
        nullable=False,
        unique=True,
        comment="H-1000, for people",
    ),
    sa.Column("owner_id", sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("urgency", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False, server_default="requested"),
    geom(),
    sa.Column("description", sa.Text),
    sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("planned", pg.DATERANGE),
    sa.Column(
        "team",
        sa.Text,
        comment="crew that does it on those days, by its id in the city's file; null: not said",
    ),
    sa.Column(
        "latest_on", sa.Date, comment="the last day, included, on which it may end; null: nobody says so"
    ),
    sa.Column("remark", sa.Text, comment="of the source's own remark column, as it wrote it"),
    sa.Column("finished_on", sa.Date),
    sa.Column("finished_scope", sa.Text),
    sa.Column("area_m2", sa.Double),
    sa.Column("cost_eur", sa.Double),
    sa.Column("verdict", sa.Text, comment="of the last advice, kept so that a change can be told"),
    sa.Column("verdict_until", sa.Date),
    sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("deleted_at", sa.DateTime(timezone=True)),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    created_at(),
    updated_at(),
    one_of("category", repair_words.REPAIR_CATEGORIES),
    one_of("scope", repair_words.SCOPES),
    one_of("finished_scope", repair_words.SCOPES),
    one_of("urgency", repair_words.URGENCIES),
    one_of("status", repair_words.REPAIR_STATUSES),
    sa.CheckConstraint(
        "NOT isempty(planned) AND NOT lower_inf(planned) AND NOT upper_inf(planned)", name="planned_bounded"
    ),
    sa.CheckConstraint("(status = 'done') = (finished_on IS NOT NULL)", name="done_has_a_day"),
    sa.CheckConstraint("status <> 'scheduled' OR planned IS NOT NULL", name="scheduled_has_days"),
    sa.CheckConstraint("area_m2 > 0 AND cost_eur >= 0", name="figures_positive"),
    *sound_geometry(),
    geom_index("repairs"),
    # Makes a second import of the same report an update.
    sa.Index(
        "repairs_source_source_id_uq",
        "source",
        "source_id",
        unique=True,
        postgresql_where=sa.text("source_id IS NOT NULL"),
    ),
)

reporters = sa.Table(
    "reporters",
    metadata,
    sa.Column("repair_id", sa.ForeignKey("repairs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("details", pg.JSONB, comment="null: sealed"),
    sealed(),
    never_plain(),
    comment="Personal data of citizens: apart, so that no list, tile, feed or export can pick it up by accident",
)

buildings = sa.Table(
    "buildings",
    metadata,
    uuid7_pk(),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("street", sa.Text),
    sa.Column("house_number", sa.Text),
    sa.Column("function", sa.Text, nullable=False, server_default="residential"),
    sa.Column("name", sa.Text),
    sa.Column("owner", sa.Text),
    geom(),
    sa.UniqueConstraint("source", "source_id"),
    *sound_geometry(),
    geom_index("buildings"),
    # Finds the houses of a street.
    sa.Index("buildings_street_ix", "street"),
    words_index("buildings", "street"),
    words_index("buildings", "name"),
)

pavement_sections = sa.Table(
    "pavement_sections",
    metadata,
    uuid7_pk(),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("street", sa.Text),
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
        comment="no survey shows it: drawn by us inside a road, or between a carriageway and façades",
    ),
    sa.Column("base_id", sa.ForeignKey("base_shapes.id", ondelete="CASCADE")),
    geom(),
    sa.Index("pavement_sections_base_id_ix", "base_id"),
    sa.UniqueConstraint("source", "code"),
    one_of("kind", building_words.PAVEMENT_KINDS),
    one_of("side", ("even", "odd")),
    *sound_geometry(),
    geom_index("pavement_sections"),
    words_index("pavement_sections", "street"),
)

streets = sa.Table(
    "streets",
    metadata,
    uuid7_pk(),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    geom(),
    geom_index("streets"),
    comment="Centre lines that carry the names on the map",
)

ground = sa.Table(
    "ground",
    metadata,
    uuid7_pk(),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text),
    geom(),
    one_of("kind", ("water", "green", "rail", "parking")),
    geom_index("ground"),
    comment="Water, green, rail and squares: what the map shows below the streets",
)
