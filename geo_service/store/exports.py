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


def rows(collection: Collection, query: ExportQuery) -> sa.Select[Any]:
    """The rows of a collection that `query` asks for and its reader may see, in the order of the collection."""
    conditions = [
        collection.visible(query.party),
        *listing.in_bbox(collection.geometry, query.window.bbox),
        *(condition for days in collection.days for condition in listing.in_days(days, query.window)),
        *(filter_(query.equal.get(name)) for name, filter_ in collection.filters.items()),
    ]
    return collection.select.where(*conditions).order_by(*collection.order)
