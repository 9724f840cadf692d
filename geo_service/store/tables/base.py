"""What all tables share: names of constraints, the storage CRS, ids in order of time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain import crs
from geo_service.domain.attachments import ATTACHMENT_KINDS

STORAGE_SRID = crs.STORAGE

metadata = sa.MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
        "ck": "%(table_name)s_%(constraint_name)s_ck",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "pk": "%(table_name)s_pk",
    }
)

# UUIDv7 (RFC 9562 §5.7) in plain SQL, as PostgreSQL has uuidv7() only from 18 on: 48 bits of Unix milliseconds before a random UUID,
# then the version bits. Ids made in one place in order of time keep index pages together.
UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing "
    "substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)

# Area of use of Lambert 72 with a margin: what lies outside was never meant for this CRS (swapped axes, degrees, another zone).
LAMBERT_72 = f"ST_MakeEnvelope(-100000, -100000, 400000, 400000, {crs.STORAGE})"


def uuid7_pk() -> sa.Column[Any]:
    """An id column filled by the database."""
    return sa.Column("id", pg.UUID(as_uuid=True), primary_key=True, server_default=UUID7)


def geom(kind: str = "GEOMETRY", *, nullable: bool = False, name: str = "geom") -> sa.Column[Any]:
    """A geometry column in the storage CRS; its index is declared with the table, so that its name is ours."""
    return sa.Column(name, Geometry(kind, srid=STORAGE_SRID, spatial_index=False), nullable=nullable)


def geom_index(table: str) -> sa.Index:
    """GiST index behind `bbox` filters and tiles."""
    return sa.Index(f"{table}_geom_ix", "geom", postgresql_using="gist")


def words_index(table: str, column: str) -> sa.Index:
    """Index behind a search by nearly the same words: their parts of three letters (pg_trgm)."""
    return sa.Index(
        f"{table}_{column}_trgm_ix", column, postgresql_using="gin", postgresql_ops={column: "gin_trgm_ops"}
    )


def sound_geometry() -> list[sa.CheckConstraint]:
    """Valid, not empty, inside the area of use of the storage CRS."""
    return [
        sa.CheckConstraint("ST_IsValid(geom)", name="geom_valid"),
        sa.CheckConstraint("NOT ST_IsEmpty(geom)", name="geom_not_empty"),
        sa.CheckConstraint(f"geom @ {LAMBERT_72}", name="geom_in_region"),
    ]


def created_at() -> sa.Column[Any]:
    """When the row was made."""
    return sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def updated_at() -> sa.Column[Any]:
    """When the row was last changed."""
    return sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def text_array(name: str) -> sa.Column[Any]:
    """A list of codes, empty when nothing is known."""
    return sa.Column(name, pg.ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'::text[]"))


def one_of(column: str, allowed: tuple[str, ...]) -> sa.CheckConstraint:
    """Closed vocabulary; the words live in `domain/`."""
    words = ", ".join(f"'{word}'" for word in allowed)
    return sa.CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def sealed() -> sa.Column[Any]:
    """Personal data, encrypted with a key that is not in the database."""
    return sa.Column(
        "sealed", sa.LargeBinary, comment="encrypted (vault.py); null: from before there was a key"
    )


def never_plain() -> sa.CheckConstraint:
    """No row is plain. Those of an older version are sealed before the constraint is validated (`personal_validate.sql`)."""
    return sa.CheckConstraint("sealed IS NOT NULL", name="sealed")


def people_to_call() -> list[sa.Column[Any]]:
    """The people to call about a thing, beside its id."""
    return [
        sa.Column("sealed", sa.LargeBinary, nullable=False, comment="encrypted (vault.py): a list of people"),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        updated_at(),
    ]


def sealed_file() -> list[sa.sql.schema.SchemaItem]:
    """A file that somebody sent along with a thing, beside the thing's id."""
    return [
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False, comment="size of the file that was sealed"),
        sa.Column("sealed", sa.LargeBinary, nullable=False, comment="encrypted (vault.py)"),
        sa.Column("sent_by", sa.Text, nullable=False),
        created_at(),
        one_of("kind", ATTACHMENT_KINDS),
    ]
