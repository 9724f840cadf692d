"""What the city's file says, as it is in force."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.store.tables.base import metadata, updated_at

city = sa.Table(
    "city",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, server_default="1", autoincrement=False),
    sa.Column("content", pg.JSONB, nullable=False, comment="as in data/cities/*.toml"),
    sa.Column("digest", sa.Text, nullable=False, comment="of the content"),
    updated_at(),
    sa.CheckConstraint("id = 1", name="one_row"),
    comment="Owners, layers, materials, departments, school terms and time zone of the city",
)
