"""What OGC API – Features says of itself and of its collections: landing page, conformance, collections, queryables, schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from geo_service.i18n import Translator
from geo_service.ogc import crs
from geo_service.ogc.cql2 import terms
from geo_service.ogc.editing import EDITINGS
from geo_service.ogc.links import GEOJSON, HTML, JSON, OPENAPI, QGIS, REL, SCHEMA, link, pair
from geo_service.ogc.tiles import LAYERS
from geo_service.presentation import fields
from geo_service.store.features import FeatureType

SPEC = "http://www.opengis.net/spec"
CONFORMANCE = (
    *(f"{SPEC}/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{SPEC}/ogcapi-features-2/1.0/conf/crs",
    *(
        f"{SPEC}/ogcapi-features-3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{SPEC}/ogcapi-features-4/1.0/conf/{name}"
        for name in ("create-replace-delete", "update", "optimistic-locking-etags", "features")
    ),
    f"{SPEC}/ogcapi-features-5/1.0/conf/schemas",
    *(
        f"{SPEC}/ogcapi-tiles-1/1.0/conf/{name}"
        for name in (
            "core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "collections-selection", "datetime", "mvt", "oas30",
        )
    ),
    *(f"{SPEC}/tms/2.0/conf/{name}" for name in ("tilematrixset", "json-tilematrixset", "tilesetmetadata", "json-tilesetmetadata")),
    *(
        f"{SPEC}/cql2/1.0/conf/{name}"
        for name in (
            "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison",
            "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions",
            "temporal-functions", "array-functions", "property-property", "arithmetic",
        )
    ),
)  # fmt: skip
SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
GEOMETRY_FORMATS = {
    "any": "geometry-any",
    "polygon": "geometry-polygon-any",
    "line": "geometry-linestring-any",
}
OF_KIND: Mapping[terms.Kind, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
    "uuid": {"type": "string", "format": "uuid"},
    "array": {"type": "array", "items": {"type": "string"}},
}
Bounds = tuple[float, float, float, float]


def landing(root: str, translator: Translator, city: str, project: str) -> dict[str, Any]:
    """The landing page: where everything is; `project` is the file name of the project of QGIS."""
    title = translator.text("ogc.title", city=city)
    return {
        "title": title,
        "description": translator.text("ogc.lead"),
        "links": [
            *pair(root, "", JSON, "self", title),
            link(f"{root}/api", "service-desc", OPENAPI, "OpenAPI"),
            link(f"{root}/api?f=html", "service-doc", HTML, "OpenAPI"),
            link(f"{root}/conformance", "conformance", JSON, "Conformance"),
            link(f"{root}/conformance", f"{REL}/conformance", JSON, "Conformance"),
            link(f"{root}/collections", "data", JSON, translator.text("ogc.collections")),
            link(f"{root}/collections", f"{REL}/data", JSON, translator.text("ogc.collections")),
            link(f"{root}/tiles", f"{REL}/tilesets-vector", JSON, translator.text("ogc.tiles")),
            link(f"{root}/{project}", "related", QGIS, "QGIS"),
            link(f"{root}/tileMatrixSets", f"{REL}/tiling-schemes", JSON, "Tile matrix sets"),
        ],
    }


def conformance() -> dict[str, Any]:
    """The conformance classes that are met."""
    return {"conformsTo": list(CONFORMANCE)}


def title(type_: FeatureType, translator: Translator) -> str:
    """The name of a collection for people."""
    return translator.text(f"ogc.collection.{type_.id}")


def collection(
    root: str, type_: FeatureType, translator: Translator, bounds: Bounds | None
) -> dict[str, Any]:
    """One collection: its extent, reference systems and links."""
    place, name = f"/collections/{type_.id}", title(type_, translator)
    tiles = [link(f"{root}{place}/tiles", f"{REL}/tilesets-vector", JSON, name)] if type_.id in LAYERS else []
    extent = {} if bounds is None else {"extent": {"spatial": {"bbox": [list(bounds)], "crs": crs.CRS84.uri}}}
    return {
        "id": type_.id,
        "title": name,
        "itemType": "feature",
        **extent,
        "crs": list(crs.CRSS),
        "storageCrs": crs.STORAGE.uri,
        "links": [
            *pair(root, place, JSON, "self", name),
            link(f"{root}{place}/items", "items", GEOJSON, name),
            link(f"{root}{place}/items?f=html", "items", HTML, name),
            link(f"{root}{place}/queryables", f"{REL}/queryables", SCHEMA, "Queryables"),
            link(f"{root}{place}/schema", "describedby", SCHEMA, "Schema"),
            link(f"{root}{place}/schema", f"{REL}/schema", SCHEMA, "Schema"),
            *tiles,
        ],
    }


def collections(
    root: str, types: Iterable[FeatureType], translator: Translator, bounds: Bounds | None
) -> dict[str, Any]:
    """All collections that a reader may see."""
    return {
        "links": pair(root, "/collections", JSON, "self", translator.text("ogc.collections")),
        "crs": list(crs.CRSS),
        "collections": [collection(root, one, translator, bounds) for one in types],
    }


def schema(root: str, type_: FeatureType, translator: Translator, *, queryables: bool) -> dict[str, Any]:
    """The properties of a collection as JSON Schema: those of a feature, or what a filter may name."""
    place = f"/collections/{type_.id}/{'queryables' if queryables else 'schema'}"
    role = {} if queryables else {"x-ogc-role": "id"}
    properties: dict[str, Any] = {"id": {"type": "string", "format": "uuid", **role}}
    for name, column in type_.fields.items():
        read_only = {} if queryables or _writable(type_, name) else {"readOnly": True}
        words = {
            "title": fields.title(type_.id, name, translator),
            "description": fields.meaning(type_.id, name, translator),
        }
        properties[name] = {**words, **of_column(column), **read_only}
    geometry = {"format": GEOMETRY_FORMATS[type_.shape], "x-ogc-role": "primary-geometry"}
    return {
        "$schema": SCHEMA_DIALECT,
        "$id": f"{root}{place}",
        "type": "object",
        "title": title(type_, translator),
        "properties": {**properties, "geometry": geometry},
        "additionalProperties": not queryables,
    }


def _writable(type_: FeatureType, name: str) -> bool:
    editing = EDITINGS.get(type_.id)
    return editing is None or name in editing.writable


def of_column(column: sa.ColumnElement[Any]) -> Mapping[str, Any]:
    """JSON Schema of the values of a column."""
    if isinstance(column.type, sa.Integer):
        return {"type": "integer"}
    return OF_KIND[terms.kind_of(column)]
