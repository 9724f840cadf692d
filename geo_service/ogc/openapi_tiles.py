"""The paths of OGC API – Tiles in the OpenAPI document, with the operation ids of the standard (OGC 20-057, clause 16)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from geo_service.domain.rules import DEPARTMENTS
from geo_service.ogc.links import JSON
from geo_service.ogc.tiles import LAYERS, MAX_ZOOM, MEDIA_TYPE, MIN_ZOOM


def _in_path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


_NUMBER = {"type": "integer", "minimum": 0}
PARAMETERS: dict[str, dict[str, Any]] = {
    "tileMatrixSetId": _in_path("tileMatrixSetId", {"type": "string", "enum": ["WebMercatorQuad"]}),
    "tileMatrix": _in_path("tileMatrix", {"type": "integer", "minimum": MIN_ZOOM, "maximum": MAX_ZOOM}),
    "tileCol": _in_path("tileCol", _NUMBER),
    "tileRow": _in_path("tileRow", _NUMBER),
    "owner": _in_query("owner", {"type": "string"}, "An organisation or an owner group, by name or id"),
    "department": _in_query(
        "department",
        {"type": "string", "enum": list(DEPARTMENTS)},
        "What the conflicts concern that this department follows up or is told of",
    ),
    "collections": {
        **_in_query(
            "collections",
            {"type": "array", "items": {"type": "string", "enum": list(LAYERS)}},
            "Only these layers",
        ),
        "style": "form",
        "explode": False,
    },
    "tilesetForm": {
        **_in_query("f", {"type": "string", "enum": ["json", "html", "tilejson"]}, "The format"),
    },
}
_SELECTION = ("datetime", "owner", "department")
_PLACE = ("tileMatrixSetId", "tileMatrix", "tileCol", "tileRow")


def paths(collections: Iterable[str]) -> dict[str, Any]:
    """The paths of the tile matrix set, of the tiles of everything, and of those of each collection."""
    entries: dict[str, Any] = {
        "/tileMatrixSets": _get("getTileMatrixSetsList", JSON, ["f"]),
        "/tileMatrixSets/{tileMatrixSetId}": _get("getTileMatrixSet", JSON, ["tileMatrixSetId", "f"]),
        **_tileset("", "dataset", ("collections", *_SELECTION)),
    }
    for name in collections:
        entries |= _tileset(f"/collections/{name}", f"{name}.collection", _SELECTION)
    return entries


def _tileset(place: str, name: str, selection: tuple[str, ...]) -> dict[str, Any]:
    here = f"{place}/tiles"
    one = f"{here}/{{tileMatrixSetId}}"
    return {
        here: _get(f"{name}.vector.getTileSetsList", JSON, ["f"]),
        one: _get(f"{name}.vector.getTileSet", JSON, ["tileMatrixSetId", "tilesetForm", *selection]),
        f"{one}/{{tileMatrix}}/{{tileCol}}/{{tileRow}}.mvt": _get(
            f"{name}.vector.getTile", MEDIA_TYPE, [*_PLACE, *selection]
        ),
    }


def _get(name: str, media_type: str, parameters: Iterable[str]) -> dict[str, Any]:
    schema = {"type": "string", "format": "binary"} if media_type == MEDIA_TYPE else {"type": "object"}
    answers = {
        "200": {"description": "OK", "content": {media_type: {"schema": schema}}},
        "400": {"description": "Bad request"},
        "404": {"description": "Not entries"},
    }
    refs = [{"$ref": f"#/components/parameters/{one}"} for one in parameters]
    return {"get": {"operationId": name, "parameters": refs, "responses": answers}}
