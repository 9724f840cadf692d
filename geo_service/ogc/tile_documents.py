"""What OGC API – Tiles says of its tiles: tile matrix set (OGC 17-083r4), tilesets (OGC 20-057) and TileJSON 3."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from geo_service.domain import crs as codes
from geo_service.i18n import Translator
from geo_service.ogc import crs
from geo_service.ogc.links import HTML, JSON, REL, link, pair
from geo_service.ogc.tiles import MAX_ZOOM, MEDIA_TYPE, MIN_ZOOM, TileLayer

Bounds = tuple[float, float, float, float]

QUAD = "WebMercatorQuad"
QUAD_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{QUAD}"
MERCATOR_URI = f"{crs.EPSG}/{codes.WEB_MERCATOR}"
HALF_M = 20037508.342789244
"""Half of the equator in Web Mercator."""
PIXELS = 256
LARGEST_SCALE = 559082264.0287178
"""The denominator of the scale of zoom 0, with pixels of 0.28 mm."""
LAST_MATRIX = 24
TILESETS_REL, SCHEME_REL = f"{REL}/tilesets-vector", f"{REL}/tiling-scheme"
TILEJSON = "application/vnd.mapbox.tile+json"


def matrix_sets(root: str) -> dict[str, Any]:
    """The tile matrix sets: one."""
    links = [link(f"{root}/tileMatrixSets/{QUAD}", "self", JSON, QUAD)]
    return {
        "tileMatrixSets": [{"id": QUAD, "title": QUAD, "uri": QUAD_URI, "crs": MERCATOR_URI, "links": links}]
    }


def matrix_set() -> dict[str, Any]:
    """WebMercatorQuad as the register of OGC has it."""
    return {
        "id": QUAD,
        "title": "Google Maps Compatible for the World",
        "uri": QUAD_URI,
        "crs": MERCATOR_URI,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(LAST_MATRIX + 1)],
    }


def _matrix(zoom: int) -> dict[str, Any]:
    wide = 2**zoom
    return {
        "id": str(zoom),
        "scaleDenominator": LARGEST_SCALE / wide,
        "cellSize": 2 * HALF_M / PIXELS / wide,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF_M, HALF_M],
        "tileWidth": PIXELS,
        "tileHeight": PIXELS,
        "matrixWidth": wide,
        "matrixHeight": wide,
    }


def tilesets(root: str, place: str, title: str) -> dict[str, Any]:
    """The tilesets of everything (`place` is empty) or of one collection."""
    here = f"{place}/tiles"
    return {
        "links": pair(root, here, JSON, "self", title),
        "tilesets": [{**_kind(title), "links": _links_to(root, here, title)}],
    }


def tileset(
    root: str,
    place: str,
    title: str,
    layers: Mapping[str, TileLayer],
    translator: Translator,
    bounds: Bounds | None,
    query: str,
) -> dict[str, Any]:
    """One tileset: its layers with their fields, its ground and the address of its tiles; `query` goes on to its links."""
    here = f"{root}{place}/tiles/{QUAD}"
    limits = {} if bounds is None else {"boundingBox": _box(bounds), "tileMatrixSetLimits": _limits(bounds)}
    tiles = _address(f"{here}/{{tileMatrix}}/{{tileCol}}/{{tileRow}}.mvt", query)
    return {
        **_kind(title),
        **limits,
        "layers": [_layer(name, layer, translator) for name, layer in layers.items()],
        "links": [
            link(_address(here, query), "self", JSON, title),
            link(_address(here, query, "f=html"), "alternate", HTML, title),
            link(_address(here, query, "f=tilejson"), "alternate", TILEJSON, "TileJSON"),
            link(f"{root}/tileMatrixSets/{QUAD}", SCHEME_REL, JSON, QUAD),
            {**link(tiles, "item", MEDIA_TYPE, title), "templated": True},
        ],
    }


def tilejson(
    root: str, place: str, title: str, layers: Mapping[str, TileLayer], bounds: Bounds | None, query: str
) -> dict[str, Any]:
    """The same for MapLibre and its like (TileJSON 3.0); `query` goes on to the tiles."""
    address = _address(f"{root}{place}/tiles/{QUAD}/{{z}}/{{x}}/{{y}}.mvt", query)
    centre = {} if bounds is None else {"center": [*_middle(bounds), 14], "bounds": list(bounds)}
    return {
        "tilejson": "3.0.0",
        "name": title,
        "tiles": [address],
        "minzoom": MIN_ZOOM,
        "maxzoom": MAX_ZOOM,
        **centre,
        "vector_layers": [
            {
                "id": name,
                "minzoom": layer.min_zoom,
                "maxzoom": layer.max_zoom,
                "fields": {field: kind.capitalize() for field, kind in layer.fields.items()},
            }
            for name, layer in layers.items()
        ],
    }


def _address(path: str, *queries: str) -> str:
    """The address with these queries, of which some may be empty."""
    query = "&".join(filter(None, queries))
    return f"{path}?{query}" if query else path


def layer_title(name: str, translator: Translator) -> str:
    """The name of a layer for people."""
    return translator.text(f"ogc.collection.{name}")


def _kind(title: str) -> dict[str, Any]:
    return {"title": title, "dataType": "vector", "crs": MERCATOR_URI, "tileMatrixSetURI": QUAD_URI}


def _links_to(root: str, here: str, title: str) -> list[dict[str, str]]:
    return [
        link(f"{root}{here}/{QUAD}", "self", JSON, title),
        link(f"{root}/tileMatrixSets/{QUAD}", SCHEME_REL, JSON, QUAD),
    ]


def _layer(name: str, layer: TileLayer, translator: Translator) -> dict[str, Any]:
    fields = {field: {"type": kind} for field, kind in layer.fields.items()}
    dimension = {} if layer.dimension is None else {"geometryDimension": layer.dimension}
    return {
        "id": name,
        "title": layer_title(name, translator),
        "dataType": "vector",
        "crs": MERCATOR_URI,
        **dimension,
        "minTileMatrix": str(layer.min_zoom),
        "maxTileMatrix": str(layer.max_zoom),
        "propertiesSchema": {"type": "object", "properties": fields},
    }


def _box(bounds: Bounds) -> dict[str, Any]:
    west, south, east, north = bounds
    return {"lowerLeft": [west, south], "upperRight": [east, north], "crs": crs.CRS84.uri}


def _limits(bounds: Bounds) -> list[dict[str, Any]]:
    """Of each zoom the tiles that have ground of the city."""
    west, south, east, north = bounds
    limits = []
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        (left, top), (right, bottom) = tile_at(west, north, zoom), tile_at(east, south, zoom)
        limits.append(
            {
                "tileMatrix": str(zoom),
                "minTileRow": top,
                "maxTileRow": bottom,
                "minTileCol": left,
                "maxTileCol": right,
            }
        )
    return limits


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row of the tile that holds this place."""
    wide = 2**zoom
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * wide), int(down * wide)


def _middle(bounds: Bounds) -> tuple[float, float]:
    west, south, east, north = bounds
    return (west + east) / 2, (south + north) / 2
