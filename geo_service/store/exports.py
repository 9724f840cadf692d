"""What leaves as a file: the rows of a published collection, narrowed as lists are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from geo_service.store import listing
from geo_service.store.collections import Collection


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """Which rows: ground and days as lists have them, values of the filters by name, and what a partner is confined to."""

    window: listing.Window
    equal: Mapping[str, Any]
    party: str | None = None


def rows(collection: Collection, query: ExportQuery, *, by_place: bool = False) -> sa.Select[Any]:
    """The rows of a collection that `query` asks for and its reader may see, in the order of the collection.

    `by_place`: neighbours stand together instead (PostGIS orders geometries along a Hilbert curve).
    """
    place = (collection.geometry,) if by_place else ()
    return collection.select.where(*_conditions(collection, query)).order_by(*place, *collection.order)


def count(collection: Collection, query: ExportQuery) -> sa.Select[Any]:
    """How many rows there are."""
    keys = collection.select.with_only_columns(*collection.order)
    return sa.select(sa.func.count()).select_from(keys.where(*_conditions(collection, query)).subquery())


def _conditions(collection: Collection, query: ExportQuery) -> list[sa.ColumnElement[bool]]:
    return [
        collection.visible(query.party),
        *listing.in_bbox(collection.geometry, query.window.bbox),
        *([] if collection.days is None else listing.in_days(collection.days, query.window)),
        *(filter_(query.equal.get(name)) for name, filter_ in collection.filters.items()),
    ]
