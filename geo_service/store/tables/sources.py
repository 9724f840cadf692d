"""Where facts come from: raw records with first and last sight, each observed change, imports and what they refused."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.store.tables.base import metadata, one_of, uuid7_pk

IMPORT_STATUSES = ("queued", "running", "done", "failed")

source_records = sa.Table(
    "source_records",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("record_key", sa.Text, primary_key=True),
    sa.Column("works_id", sa.ForeignKey("works.id", ondelete="CASCADE")),
    sa.Column("repair_id", sa.ForeignKey("repairs.id", ondelete="CASCADE")),
    sa.Column("raw", pg.JSONB, nullable=False),
    sa.Column(
        "content_hash",
        sa.LargeBinary,
        nullable=False,
        comment="SHA-256 of the record: equal means nothing to do",
    ),
    sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("vanished_at", sa.DateTime(timezone=True)),
    sa.Index("source_records_works_id_ix", "works_id"),
    comment="One row per record of a source, without the personal data it came with",
)

source_changes = sa.Table(
    "source_changes",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("works_id", sa.ForeignKey("works.id", ondelete="CASCADE"), nullable=False),
    sa.Column("phase_key", sa.Text, comment="null when the whole works changed"),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("old_value", sa.Text),
    sa.Column("new_value", sa.Text),
    sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column(
        "observed_on",
        sa.Date,
        nullable=False,
        comment="calendar day of the import, so that old snapshots can be replayed",
    ),
    one_of(
        "field",
        ("starts_on", "ends_on", "certainty", "source_status", "geometry", "phase", "vanished", "remark"),
    ),
    sa.Index("source_changes_works_id_ix", "works_id"),
    comment="Every observed change of dates, status and geometry: from it comes each owner's real reliability",
)

imports = sa.Table(
    "imports",
    metadata,
    uuid7_pk(),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, comment="file name or address, without secrets"),
    sa.Column("status", sa.Text, nullable=False, server_default="running"),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("finished_at", sa.DateTime(timezone=True)),
    sa.Column("report", pg.JSONB),
    sa.Column("queued_at", sa.DateTime(timezone=True), comment="null: began at once"),
    sa.Column("asked_by", sa.Text, comment="name of the key; null: the command line"),
    sa.Column("mapping", sa.Text),
    sa.Column(
        "accept_shrink",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="a person confirmed that so much has really gone",
    ),
    sa.Column(
        "progress",
        pg.JSONB,
        comment="counts of what is committed, written with each batch: a killed import goes on from them",
    ),
    one_of("status", IMPORT_STATUSES),
    sa.Index("imports_source_started_at_ix", "source", "started_at"),
)

import_rejections = sa.Table(
    "import_rejections",
    metadata,
    sa.Column("import_id", sa.ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("record_id", sa.Text),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("field", sa.Text),
    sa.Column("message", sa.Text, nullable=False, comment="in English"),
    sa.Column(
        "params",
        pg.JSONB,
        nullable=False,
        server_default="{}",
        comment="its figures, for the sentence of `code` in other languages",
    ),
    sa.Column("line", sa.Integer, comment="where a person finds it: line of a text, row of a sheet"),
)

feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("stopped_told_at", sa.DateTime(timezone=True)),
    sa.Column(
        "shrunk",
        pg.JSONB,
        comment="what a sweep no longer showed and nobody confirmed: vanished, open, at",
    ),
    comment="What was told of a feed, so that it is told once",
)
