"""Read OpenStreetMap extracts (.osm.pbf, .osm): libosmium assembles buildings, streets or sidewalks in bounded memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import osmium
import shapely
from osmium import filter as osm_filter

from geo_service.domain.crs import WGS84
from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats.damage import incomplete
from geo_service.intake.formats.raw_record import InvalidRow, RawRecord, ReadOptions, Remarks, Row

LAYERS = ("buildings", "streets", "sidewalks", "addresses")
LARGE = 100 << 20
"""From this file size on (bytes), node locations are kept on disk and not in memory."""


def read(path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[Row]:
    """The objects of one of LAYERS, with their tags as properties. Raises SourceUnreachable, and
    InvalidInput about `layer`.
    """
    if how.layer not in LAYERS:
        raise InvalidInput.one("layer", "layer_unknown.osm", known=LAYERS)
    try:
        if how.layer == "buildings":
            yield from _areas(path, "building")
        else:
            yield from _lines_and_areas(path, how.layer)
    except (RuntimeError, OSError) as error:
        raise incomplete(path, "OpenStreetMap", error, noun="extract") from error


def _areas(path: Path, key: str) -> Iterator[Row]:
    """Closed ways and multipolygons. Those that the edge of the extract cuts have no geometry, and are
    yielded too.
    """
    wkb = osmium.geom.WKBFactory()
    waiting: dict[tuple[str, int], None] = {}
    objects = _processor(path).with_areas(osm_filter.KeyFilter(key)).with_filter(osm_filter.KeyFilter(key))
    for one in objects:
        if isinstance(one, osmium.osm.Area):
            kind = "way" if one.from_way() else "relation"
            waiting.pop((kind, one.orig_id()), None)
            yield _row(kind, one.orig_id(), one, wkb.create_multipolygon(one))
        elif isinstance(one, osmium.osm.Way):
            waiting[("way", one.id)] = None
        elif isinstance(one, osmium.osm.Relation):
            waiting[("relation", one.id)] = None
    for kind, number in waiting:
        yield InvalidRow(
            "geometry_incomplete", "geometry", {"kind": kind, "id": number}, record=_record(kind, number)
        )


def _lines_and_areas(path: Path, layer: str) -> Iterator[Row]:
    wkb = osmium.geom.WKBFactory()
    key = "addr:housenumber" if layer == "addresses" else "highway"
    objects = _processor(path).with_locations().with_filter(osm_filter.KeyFilter(key))
    for one in objects:
        if layer == "addresses" and isinstance(one, osmium.osm.Node):
            yield _row("node", one.id, one, wkb.create_point(one))
        if layer != "addresses" and isinstance(one, osmium.osm.Way) and _is_selected(layer, one.tags):
            try:
                wkb_line = wkb.create_linestring(one)
            except (RuntimeError, osmium.InvalidLocationError):
                yield InvalidRow(
                    "geometry_incomplete.points", "geometry", {"id": one.id}, record=_record("way", one.id)
                )
            else:
                yield _row("way", one.id, one, wkb_line)


def _is_selected(layer: str, tags: Any) -> bool:
    return "name" in tags if layer == "streets" else tags.get("footway") == "sidewalk"


def _row(kind: str, number: int, tagged: Any, wkb: str) -> Row:
    tags = {tag.k: tag.v for tag in tagged.tags}
    geometry = json.loads(shapely.to_geojson(shapely.from_wkb(wkb)))
    return RawRecord(_record(kind, number, tags, geometry), WGS84)


def _record(
    kind: str, number: int, tags: dict[str, str] | None = None, geometry: Any = None
) -> dict[str, Any]:
    return {"properties": {**(tags or {}), "@id": f"{kind}/{number}"}, "geometry": geometry}


def _processor(path: Path) -> Any:
    objects = osmium.FileProcessor(str(path))
    return objects.with_locations("sparse_file_array") if path.stat().st_size > LARGE else objects
