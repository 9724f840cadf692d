"""What all lists share: pages by key, and filters on ground and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.types.range import DateRange
from shapely import from_wkb, set_srid, to_wkb
from shapely.geometry.base import BaseGeometry
from sqlalchemy.sql.selectable import LateralFromClause

from geo_service.domain.crs import STORAGE

Row = sa.RowMapping | Mapping[str, Any]
"""A row by column name, from the database or made up for a question."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: rows, the id to go on after (None at the end), and how many there are in all."""

    rows: Sequence[Row]
    next: UUID | None
    total: int


@dataclass(frozen=True, slots=True)
class Window:
    """What part of a list: at most `limit` rows after the id `after`, inside `bbox` (storage CRS) and in the days `from_on` … `until_on`."""

    limit: int = 100
    after: UUID | None = None
    bbox: BaseGeometry | None = None
    from_on: date | None = None
    until_on: date | None = None


def geometry_param(geometry: BaseGeometry) -> sa.ColumnElement[Any]:
    """A geometry in the storage CRS as a bound parameter."""
    return sa.func.ST_GeomFromEWKB(to_wkb(set_srid(geometry, STORAGE), include_srid=True))


def number_column(letter: str, column: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    """The number that people use, as `number`: its letter, a dash and the figure (H-1121, C-83)."""
    return (f"{letter}-" + sa.cast(column, sa.Text)).label("number")


def geometry_column(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bytes]:
    """A geometry column as WKB, to be read with `read_geometry`."""
    return sa.func.ST_AsBinary(column, type_=sa.LargeBinary).label("geom")


def read_geometry(wkb: bytes | str) -> BaseGeometry:
    """The geometry (storage CRS) of a `geometry_column`, or of a plain one, which the driver gives as hex."""
    return from_wkb(wkb if isinstance(wkb, str) else bytes(wkb))


def in_bbox(column: sa.ColumnElement[Any], bbox: BaseGeometry | None) -> list[sa.ColumnElement[bool]]:
    """Condition that `column` meets the box, so that its index is used; none without a box."""
    return [] if bbox is None else [sa.func.ST_Intersects(column, geometry_param(bbox))]


def same_name(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Condition that a name is the given one, whatever the capitals and the spaces around it."""
    return sa.func.lower(column) == sa.func.lower(name.strip())


def sole(best: sa.Select[Any], table: sa.FromClause, name: str) -> LateralFromClause:
    """Join the best row to each row of `table`; its columns are null where there is none.

    PERF: an aggregate, not LIMIT 1: PostgreSQL then knows that the join adds no rows, and drops it where no column is used, as in a count.
    """
    row = best.correlate(table).lateral(f"best_{name}")
    values = (
        sa.type_coerce(sa.func.array_agg(column)[1], column.type).label(column.name) for column in row.c
    )
    return sa.select(*values).correlate(table).lateral(name)


def in_days(column: sa.ColumnElement[Any], window: Window) -> list[sa.ColumnElement[bool]]:
    """Condition that a daterange column shares a day with the window's; none when it names no days."""
    if window.from_on is None and window.until_on is None:
        return []
    return [column.op("&&")(sa.func.daterange(window.from_on, window.until_on))]


def period_param(starts_on: date, ends_on: date) -> DateRange:
    """A half-open period as PostgreSQL's daterange."""
    return DateRange(starts_on, ends_on)


def page(conn: sa.Connection, select: sa.Select[Any], key: sa.ColumnElement[UUID], window: Window) -> Page:
    """Run `select` as one page in the order of `key`, and count it all."""
    total = conn.scalar(sa.select(sa.func.count()).select_from(select.with_only_columns(key).subquery())) or 0
    after = select if window.after is None else select.where(key > window.after)
    rows = conn.execute(after.order_by(key).limit(window.limit + 1)).mappings().all()
    more = len(rows) > window.limit
    rows = rows[: window.limit]
    return Page(rows, rows[-1]["id"] if more else None, total)
