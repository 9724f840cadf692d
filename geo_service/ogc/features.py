"""Features as GeoJSON texts, made by PostgreSQL: a page takes one statement, whatever is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service.domain import crs as codes
from geo_service.domain.errors import InvalidInput
from geo_service.ogc import crs, sorting
from geo_service.ogc.cql2 import terms
from geo_service.ogc.cql2.translation import Names
from geo_service.ogc.period import Days
from geo_service.ogc.sorting import SortKey
from geo_service.store import listing
from geo_service.store.features import FeatureType

Sql = sa.ColumnElement[Any]
GEOMETRY_NAMES = ("geometry", "geom")
START = '{"type":"Feature","id":"'


@dataclass(frozen=True, slots=True)
class FeatureQuery:
    """Which features of a collection, in which order, and what of each: `fields` None means all."""

    conditions: Sequence[Sql] = ()
    sort: Sequence[SortKey] = ()
    limit: int = 100
    after: str | None = None
    offset: int = 0
    crs: crs.Crs = crs.CRS84
    fields: Sequence[str] | None = None
    geometry: bool = True


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """Features as JSON texts, and the cursor of the next page; None at the end."""

    features: list[str]
    next: str | None


def columns(type_: FeatureType) -> Mapping[str, Sql]:
    """What can be asked for and sorted by: the id and the fields."""
    return {"id": type_.key, **type_.fields}


def names(type_: FeatureType, filter_crs: crs.Crs) -> Names:
    """What a filter may name."""

    def place(drawn: BaseGeometry) -> Sql:
        return listing.geometry_param(filter_crs.to_storage(drawn))

    return Names(columns(type_), dict.fromkeys(GEOMETRY_NAMES, type_.geometry), place)


def visible(type_: FeatureType, party: str | None) -> list[Sql]:
    """The conditions that everybody gets: what a reader may see, and what is live."""
    return [type_.visible(party), *([] if type_.live is None else [type_.live])]


def at(type_: FeatureType, ground: BaseGeometry | None, days: Days | None) -> list[Sql]:
    """The conditions that a feature meets this ground (storage CRS) and shares a day with these; days only where features have any."""

    def shares_a_day(column: Sql) -> list[Sql]:
        if days is None:
            return []
        return [column.op("&&", is_comparison=True)(sa.func.daterange(days.first, days.last, "[]"))]

    return type_.at(lambda column: listing.in_bbox(column, ground), shares_a_day)


def equal(name: str, column: Sql, text: str) -> Sql:
    """The condition that a property has this value, or that a list holds it. Raises InvalidInput about the property."""
    try:
        kind = terms.kind_of(column)
        if kind == "array":
            return sa.literal(text, sa.Text) == sa.any_(sa.cast(column, sa.ARRAY(sa.Text)))
        a, b = terms.alike(terms.Term(kind, column), terms.literal(_value(kind, text)))
    except (InvalidInput, ValueError) as error:
        raise InvalidInput.one(name, "cql_value", given=text[:40]) from error
    return a.sql == b.sql


def _value(kind: str, text: str) -> Any:
    if kind == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
    if kind == "number":
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    return text


def page(conn: sa.Connection, type_: FeatureType, query: FeatureQuery) -> FeaturePage:
    """One page of features, in the order of `query.sort` and then of their ids."""
    keys = [*query.sort, SortKey(type_.key)]
    conditions = list(query.conditions)
    if query.after is not None:
        conditions.append(sorting.after(keys, sorting.values_of(query.after, len(keys))))
    values = [sa.cast(key.column, sa.Text).label(f"sort_{place}") for place, key in enumerate(keys)]
    select = _rows(type_, values).where(*conditions)
    select = select.order_by(*(key.order() for key in keys)).limit(query.limit + 1).offset(query.offset)
    rows = conn.execute(_texts(type_, query, select, values)).all()
    more, rows = len(rows) > query.limit, rows[: query.limit]
    next_ = sorting.bookmark(rows[-1][1:]) if more and rows else None
    return FeaturePage([row[0] for row in rows], next_)


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature as a JSON text, and the version that a change must name; None where it cannot be changed."""

    text: str
    version: int | None = None


def one(conn: sa.Connection, type_: FeatureType, id_: UUID, query: FeatureQuery) -> Feature | None:
    """The feature with this id; None when there is none."""
    values = [] if type_.version is None else [type_.version.label("version")]
    select = _rows(type_, values).where(type_.key == id_, *query.conditions)
    row = conn.execute(_texts(type_, query, select, values)).one_or_none()
    return None if row is None else Feature(*row)


def count(conn: sa.Connection, type_: FeatureType, conditions: Sequence[Sql]) -> int:
    """How many features meet the conditions."""
    rows = type_.select.where(*conditions).subquery("row")
    return conn.scalar(sa.select(sa.func.count()).select_from(rows)) or 0


def _rows(type_: FeatureType, values: Sequence[Sql]) -> sa.Select[Any]:
    """The rows of a collection with key, ground and what they are sorted by. PostgreSQL leaves out the columns that nobody reads."""
    return type_.select.add_columns(type_.key.label("key"), type_.geometry.label("outline"), *values)


def _texts(
    type_: FeatureType, query: FeatureQuery, select: sa.Select[Any], values: Sequence[Sql]
) -> sa.Select[Any]:
    """Each row as the text of a feature, with the values that it is sorted by."""
    row = select.subquery("row")
    own = [row.c[name] for name in type_.fields if query.fields is None or name in query.fields]
    properties: Sql = sa.literal("{}", sa.Text)
    source: Any = row
    if own:
        object_ = sa.select(*own).correlate(row).lateral("properties")
        source, properties = row.join(object_, sa.true()), sa.func.to_json(object_.table_valued())
    text = sa.func.concat(
        START, row.c.key, '","geometry":', _geojson(row, query), ',"properties":', properties, "}"
    )
    sorted_by = [row.c[value.name] for value in values]
    return sa.select(text, *sorted_by).select_from(source)


def _geojson(row: sa.Subquery, query: FeatureQuery) -> Sql:
    if not query.geometry:
        return sa.literal("null", sa.Text)
    outline: Sql = sa.func.ST_ForcePolygonCCW(row.c.outline)
    if query.crs.code != codes.STORAGE:
        outline = sa.func.ST_Transform(outline, query.crs.code)
    if query.crs.flipped:
        outline = sa.func.ST_FlipCoordinates(outline)
    text = sa.func.ST_AsGeoJSON(outline, query.crs.digits, 0, type_=sa.Text)
    return sa.func.coalesce(text, "null", type_=sa.Text)
