"""Where facts come from: raw records with first and last sight, each observed change, imports and what they refused."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.renumbering import RENUMBERING_STATUSES, TARGETS
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
    sa.Column("asked_by_id", sa.Text, comment="user:id or key:id; null: the command line"),
    sa.Column("cancelled_by", sa.Text, comment="name of the key; null: it is wanted"),
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

renumberings = sa.Table(
    "renumberings",
    metadata,
    uuid7_pk(),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    # No foreign keys: works or repairs, of which no row is ever deleted.
    sa.Column(
        "old_id",
        pg.UUID(as_uuid=True),
        nullable=False,
        comment="the works or repair that vanished; confirmed, it lives on under the new id",
    ),
    sa.Column("new_id", pg.UUID(as_uuid=True), nullable=False, comment="what came in under the new id"),
    sa.Column("old_source_id", sa.Text, nullable=False),
    sa.Column("new_source_id", sa.Text, nullable=False),
    sa.Column("likeness", sa.Double, nullable=False, comment="shared ground over the ground of both, 0 to 1"),
    sa.Column("starts_moved", sa.Integer, comment="days later; null: neither has days"),
    sa.Column("ends_moved", sa.Integer),
    sa.Column(
        "silent_id",
        pg.UUID(as_uuid=True),
        comment="which of the two claims no ground while it is suggested; null: both do",
    ),
    sa.Column("status", sa.Text, nullable=False, server_default="suggested"),
    sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Column("decided_by", sa.Text, comment="the name of a key; null: nobody has looked yet"),
    one_of("target", TARGETS),
    one_of("status", RENUMBERING_STATUSES),
    sa.CheckConstraint("old_id <> new_id", name="two_records"),
    sa.CheckConstraint("likeness BETWEEN 0 AND 1", name="likeness_share"),
    # A pair that somebody refused is not suggested again.
    sa.UniqueConstraint("old_id", "new_id"),
    # A record is suggested as one other at most, on either side.
    sa.Index(
        "renumberings_old_suggested_uq",
        "old_id",
        unique=True,
        postgresql_where=sa.text("status = 'suggested'"),
    ),
    sa.Index(
        "renumberings_new_suggested_uq",
        "new_id",
        unique=True,
        postgresql_where=sa.text("status = 'suggested'"),
    ),
    sa.Index("renumberings_old_id_ix", "old_id"),
    sa.Index("renumberings_source_old_source_id_ix", "source", "old_source_id"),
    comment="One record under two ids of its publisher: suggested by an import, decided by a person; both ids stay known",
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
