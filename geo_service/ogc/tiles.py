"""Vector tiles (OGC API – Tiles, Mapbox Vector Tile 2.1, WebMercatorQuad): PostGIS builds the bytes, Python passes them on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.permissions import Action
from geo_service.ogc.period import Days
from geo_service.ogc.tile_etags import DataVersion
from geo_service.sql import Constant
from geo_service.store.tables import fact_clock, feed_epoch

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
MIN_ZOOM, MAX_ZOOM = 10, 18
FieldType = Literal["string", "number", "boolean"]


@dataclass(frozen=True, slots=True)
class TileLayer:
    """What a tile has of one layer: from which zoom to which, which fields, who may see it, and how many dimensions its
    geometries have; None: that depends on the zoom. `by_name`: only in its own tiles and where `collections` names it."""

    min_zoom: int
    fields: Mapping[str, FieldType]
    action: Action = "read"
    dimension: int | None = 2
    max_zoom: int = MAX_ZOOM
    by_name: bool = False


def _fields(words: str, numbers: str = "", booleans: str = "") -> dict[str, FieldType]:
    return {
        **dict.fromkeys(words.split(), "string"),
        **dict.fromkeys(numbers.split(), "number"),
        **dict.fromkeys(booleans.split(), "boolean"),
    }


LAYERS: Mapping[str, TileLayer] = {
    "ground": TileLayer(12, _fields("kind name")),
    "pavements": TileLayer(14, _fields("id code kind street side number_from number_to material laid_on")),
    "buildings": TileLayer(14, _fields("id number street function name")),
    "streets": TileLayer(12, _fields("name"), dimension=1),
    "works": TileLayer(
        MIN_ZOOM,
        _fields(
            "id owner source source_id certainty kind category starts_on ends_on title last_day",
            booleans="opens_surface umbrella",
        ),
        dimension=None,
    ),
    "repairs": TileLayer(
        MIN_ZOOM,
        _fields("id status category urgency verdict until starts_on ends_on", "number", "held"),
        action="read repairs",
        dimension=None,
    ),
    "conflicts": TileLayer(
        MIN_ZOOM,
        _fields(
            "id rule severity status starts_on ends_on",
            "number overlap_m2 cost_at_risk_eur",
            "opportunity blocking",
        ),
        dimension=None,
    ),
    "conflict_streets": TileLayer(
        MIN_ZOOM, _fields("id", "conflicts eur", "opportunity"), dimension=0, max_zoom=13
    ),
    "guarantees": TileLayer(14, _fields("id owner ends_on")),
    "new_surfaces": TileLayer(14, _fields("id ends_on"), action="read repairs"),
    "protections": TileLayer(14, _fields("id kind owner record_id laid_on until"), by_name=True),
    "holds": TileLayer(
        MIN_ZOOM,
        _fields("id category urgency verdict since until", "number"),
        action="read repairs",
        dimension=None,
        by_name=True,
    ),
    "requests": TileLayer(
        MIN_ZOOM,
        _fields("id state owner works_id due_on starts_on ends_on", "number"),
        dimension=None,
        by_name=True,
    ),
}
"""In the order of `tile.sql`: what lies below comes first. Far away a feature has fewer fields, or none."""

ON_THE_MAP = tuple(name for name, layer in LAYERS.items() if not layer.by_name)
ALWAYS = Days(None, None)


@dataclass(frozen=True, slots=True)
class TileQuery:
    """What of the map: these layers, what shares a day with `days`, what is of `owner` (a name or an id) and concerns `department`,
    as `party` sees it.

    `party` is the owner group that a partner is confined to.
    """

    layers: Collection[str] = ON_THE_MAP
    days: Days = ALWAYS
    owner: str | None = None
    department: str | None = None
    party: str | None = None

    def key(self) -> str:
        """The same for equal queries, another one for others."""
        return repr(sorted({**self.params(), **self.constants()}.items()))

    def constants(self) -> dict[str, Constant]:
        """Whether `tile.sql` draws a layer, by the name of the layer."""
        return {name: "true" if name in self.layers else "false" for name in LAYERS}

    def params(self) -> dict[str, Any]:
        """The parameters of `tile.sql` that are the same for every tile."""
        return {
            "first": self.days.first,
            "last": self.days.last,
            "owner": self.owner,
            "department": self.department,
            "party": self.party,
        }


EVERYTHING = TileQuery()


def data_version(conn: sa.Connection) -> DataVersion:
    """The version of what tiles are drawn from, in one cheap statement."""
    row = conn.execute(sa.select(feed_epoch.c.id, fact_clock.c.ticks).join(fact_clock, sa.true())).one()
    return DataVersion(str(row.id), row.ticks)


def tile(conn: sa.Connection, z: int, x: int, y: int, today: date, query: TileQuery = EVERYTHING) -> bytes:
    """The bytes of one tile; empty where there is nothing to draw."""
    params = {"z": z, "x": x, "y": y, "today": today, **query.params()}
    [row] = db.fetch(conn, "geo_service.ogc", "tile", constants=query.constants(), **params)
    return bytes(row["tile"] or b"")
