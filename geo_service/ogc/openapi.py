"""The OpenAPI 3.0 document of `/ogc`, with a literal path for each collection.

GDAL and QGIS let the server filter only when each property stands among the parameters of `/collections/works/items` itself, and
when `filter-lang` knows `cql-text`, the name of CQL2 text before it was one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from geo_service.ogc import crs, documents, editing, openapi_tiles
from geo_service.ogc.cql2 import limits
from geo_service.ogc.editing import EDITINGS
from geo_service.ogc.links import GEOJSON, HTML, JSON
from geo_service.ogc.tiles import LAYERS
from geo_service.store.features import FeatureType

LANGUAGES = ("cql2-text", "cql2-json", "cql-text")
DEFAULT_LIMIT = 100
MAX_LIMIT = 5_000
MAX_OFFSET = 100_000
"""An offset reads all that it leaves out; a cursor does not."""
BBOX = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}


def _query(name: str, schema: dict[str, Any], description: str = "", **more: Any) -> dict[str, Any]:
    explanation = {"description": description} if description else {}
    return {"name": name, "in": "query", "required": False, "schema": schema, **explanation, **more}


_TEXT = {"type": "string"}
_FORM = {"style": "form", "explode": False}
_URI = {"type": "string", "format": "uri", "enum": list(crs.CRSS), "default": crs.CRS84.uri}
PARAMETERS: dict[str, dict[str, Any]] = {
    "f": _query(
        "f", {"type": "string", "enum": ["json", "html"]}, "The format; without it, the one of Accept"
    ),
    "limit": _query(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        "Features on a page",
        **_FORM,
    ),
    "offset": _query(
        "offset",
        {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
        "Features to leave out first; a link to the next page needs none",
        **_FORM,
    ),
    "bbox": _query("bbox", BBOX, "West, south, east, north in the order of the axes of bbox-crs", **_FORM),
    "bbox-crs": _query("bbox-crs", _URI),
    "crs": _query("crs", _URI),
    "datetime": _query("datetime", _TEXT, "A day, an instant, or an interval a/b, a/.., ../b", **_FORM),
    "properties": _query("properties", {"type": "array", "items": _TEXT}, "Only these properties", **_FORM),
    "sortby": _query("sortby", {"type": "array", "items": _TEXT}, "Properties, falling after a -", **_FORM),
    "skipGeometry": _query("skipGeometry", {"type": "boolean", "default": False}),
    "resultType": _query("resultType", {"type": "string", "enum": ["results", "hits"]}, "hits only counts"),
    "cursor": _query("cursor", _TEXT, "Of a link to the next page"),
    "filter": _query("filter", {"type": "string", "maxLength": limits.MAX_CHARACTERS}, "CQL2"),
    "filter-lang": _query(
        "filter-lang", {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]}
    ),
    "filter-crs": _query("filter-crs", _URI),
}
HEADERS: dict[str, dict[str, Any]] = {
    "if-match": {"name": "If-Match", "in": "header", "required": True, "schema": _TEXT, "description": "The ETag that was read"},
    "content-crs": {"name": "Content-Crs", "in": "header", "required": False, "schema": _TEXT, "description": "Of the geometry, as <URI>; CRS84 without it"},
}  # fmt: skip
ITEM_PARAMETERS = ("f", "crs")
ITEMS_PARAMETERS = tuple(PARAMETERS)


def document(root: str, types: Collection[FeatureType], title: str, version: str) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, Any] = {
        "/": _get("landing", JSON, ["f"]),
        "/conformance": _get("conformance", JSON, ["f"]),
        "/api": _get("api", JSON, ["f"]),
        "/collections": _get("collections", JSON, ["f"]),
    }
    for type_ in types:
        paths |= _paths_of(type_)
    paths |= openapi_tiles.paths([type_.id for type_ in types if type_.id in LAYERS])
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": version},
        "servers": [{"url": root}],
        "security": [{"key": []}, {}],
        "paths": paths,
        "components": {
            "parameters": {**PARAMETERS, **HEADERS, **openapi_tiles.PARAMETERS},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths_of(type_: FeatureType) -> dict[str, Any]:
    place, name = f"/collections/{type_.id}", type_.id
    own = [
        _query(field, dict(documents.of_column(column)))
        for field, column in type_.fields.items()
        if field not in PARAMETERS
    ]
    items = _get(f"{name}_items", GEOJSON, ITEMS_PARAMETERS)
    items["get"]["parameters"] += [_query("id", {"type": "string", "format": "uuid"}), *own]
    item = _get(f"{name}_item", GEOJSON, ITEM_PARAMETERS)
    id_ = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    item["get"]["parameters"].append(id_)
    created, changed = _edits(type_.id)
    return {
        place: _get(name, JSON, ["f"]),
        f"{place}/queryables": _get(f"{name}_queryables", "application/schema+json", ["f"]),
        f"{place}/schema": _get(f"{name}_schema", "application/schema+json", ["f"]),
        f"{place}/items": {**items, **created},
        f"{place}/items/{{featureId}}": {**item, **changed},
    }


def _edits(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What can be done with the collection and with one feature of it, beside reading (Part 4)."""
    methods = EDITINGS[name].methods if name in EDITINGS else ()
    places: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for method in methods:
        place = places[method != editing.CREATE]
        place[method.lower()] = _edit(f"{name}_{method.lower()}", method)
    return places


def _edit(name: str, method: str) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [{"$ref": "#/components/parameters/content-crs"}]
    if method != editing.CREATE:
        id_ = {"name": "featureId", "in": "path", "required": True, "schema": _TEXT}
        parameters = [id_, {"$ref": "#/components/parameters/if-match"}, *parameters]
    media_type = "application/merge-patch+json" if method == editing.UPDATE else GEOJSON
    body = {"required": True, "content": {media_type: {"schema": {"type": "object"}}}}
    good = {editing.CREATE: "201", editing.DELETE: "204"}.get(method, "200")
    problems = {"400": "Bad request", "403": "Forbidden", "409": "Blocked by works", "412": "Changed since", "428": "If-Match is missing"}  # fmt: skip
    return {
        "operationId": name,
        "parameters": parameters,
        **({} if method == editing.DELETE else {"requestBody": body}),
        "responses": {code: {"description": words} for code, words in {good: "Done", **problems}.items()},
    }


def _get(name: str, media_type: str, parameters: Iterable[str]) -> dict[str, Any]:
    refs: list[dict[str, Any]] = [{"$ref": f"#/components/parameters/{one}"} for one in parameters]
    content = {media_type: {"schema": {"type": "object"}}, HTML: {"schema": {"type": "string"}}}
    answers = {"200": {"description": "OK", "content": content}, "400": {"description": "Bad request"}}
    return {"get": {"operationId": name, "parameters": refs, "responses": answers}}
