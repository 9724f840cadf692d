"""The event streams for other systems: what was published, and what stands published of each thing."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.store.tables.base import metadata, one_of

LDES_STREAMS = ("conflicts", "works", "repairs")

ldes_members = sa.Table(
    "ldes_members",
    metadata,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column(
        "place",
        sa.BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="1, 2, 3 … without gaps: the page of a member follows from it",
    ),
    sa.Column("thing_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="of publication; never goes back"),
    sa.Column("body", pg.JSONB, nullable=False, comment="JSON-LD as it was published"),
    one_of("stream", LDES_STREAMS),
    comment="Append-only: pages of other systems hold what stands here",
)

ldes_heads = sa.Table(
    "ldes_heads",
    metadata,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("thing_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column(
        "stamp", sa.Text, nullable=False, comment="the version that was published; gone: it is no more"
    ),
    sa.Column("digest", sa.Text, nullable=False, comment="of the member that tells it"),
    one_of("stream", LDES_STREAMS),
    comment="The newest member of each thing, so that a state is published once",
)
