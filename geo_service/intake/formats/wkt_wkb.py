"""Parse WKT and WKB of any dialect: heights, measures, an SRID, and arcs, which become lines.

Shapely parses what GEOS knows. This module parses the rest: curves, triangulated surfaces, joined type names such as `POINTZ`.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geo_service.domain.crs import WGS84
from geo_service.intake.formats import ewkb, ewkt
from geo_service.intake.formats.arcs import Tree, linear
from geo_service.intake.formats.nesting import loads

MOST_NESTED = 64
"""The most nested collections; GEOS has no limit of its own."""
_HEX = re.compile(r"0[01](?:[0-9A-Fa-f]{2}){4,}")
_URI = re.compile(r"\s*<(?:[^>]*(?:EPSG[/:][\d.]*[/:])(\d+)|[^>]*CRS84)>", re.IGNORECASE)
_SRID = re.compile(r"\s*SRID\s*=\s*(\d+)\s*;", re.IGNORECASE)


class InvalidGeometry(ValueError):
    """The text or bytes are no geometry."""


_BEYOND_GEOS = (shapely.errors.ShapelyError, NotImplementedError, ValueError)


class ParsedGeometry(NamedTuple):
    """A two-dimensional geometry as GeoJSON, and its own SRID."""

    geojson: dict[str, Any]
    srid: int | None = None


def from_wkb(wkb: bytes) -> ParsedGeometry:
    """Parse WKB. Raises InvalidGeometry."""
    try:
        ground = shapely.from_wkb(wkb)
        return ParsedGeometry(_geojson(ground), int(shapely.get_srid(ground)) or None)
    except _BEYOND_GEOS:
        tree, srid = _parse(lambda: ewkb.parse(wkb))
        return ParsedGeometry(_geojson(_linear(tree)), srid)


def geojson_of(wkb: bytes) -> dict[str, Any]:
    """As `from_wkb`, for files that name their CRS elsewhere. Raises InvalidGeometry."""
    try:
        return _geojson(shapely.from_wkb(wkb))
    except _BEYOND_GEOS:
        return from_wkb(wkb).geojson


def from_text(text: str) -> ParsedGeometry:
    """Parse WKT, EWKT, hexadecimal WKB as PostGIS exports it, or GeoJSON. Raises InvalidGeometry."""
    if _HEX.fullmatch(text):
        return from_wkb(bytes.fromhex(text))
    if text.startswith("{"):
        return ParsedGeometry(_document(text))
    if text.upper().count("COLLECTION") > MOST_NESTED:
        raise InvalidGeometry("nested without end")
    prefix = _SRID.match(text) or _URI.match(text)
    plain = text[prefix.end() :] if prefix else text
    srid = int(prefix[1] or WGS84) or None if prefix else None
    if prefix and prefix.re is _URI and prefix[1] and _north_first(int(prefix[1])):
        parsed = from_text(plain)
        turned = shapely.transform(shapely.geometry.shape(parsed.geojson), lambda places: places[:, ::-1])
        return ParsedGeometry(_geojson(turned), srid)
    try:
        return ParsedGeometry(_geojson(shapely.from_wkt(plain)), srid)
    except _BEYOND_GEOS:
        return ParsedGeometry(_geojson(_linear(_parse(lambda: ewkt.parse(plain)))), srid)


def _north_first(srid: int) -> bool:
    """Whether EPSG's own axis order puts latitude or northing first; a text with the address of a CRS keeps
    to it (GeoSPARQL).
    """
    try:
        return CRS.from_epsg(srid).axis_info[0].direction == "north"
    except (CRSError, IndexError):
        return False


def _document(text: str) -> dict[str, Any]:
    try:
        document = loads(text)
    except ValueError as error:
        raise InvalidGeometry(str(error)) from error
    if not isinstance(document, dict):
        raise InvalidGeometry("no object")
    if document.keys() >= {"lon", "lat"}:  # as open data portals write `geo_point_2d`
        return {"type": "Point", "coordinates": [document["lon"], document["lat"]]}
    return document.get("geometry") or {} if document.get("type") == "Feature" else document


def _parse(parse: Any) -> Any:
    try:
        return parse()
    except (ValueError, IndexError, RecursionError) as error:
        raise InvalidGeometry(str(error)) from error


def _linear(tree: Tree) -> BaseGeometry:
    try:
        return linear(tree)
    except (ValueError, RecursionError, shapely.errors.ShapelyError) as error:
        raise InvalidGeometry(str(error)) from error


def _geojson(ground: BaseGeometry | None) -> dict[str, Any]:
    text = None if ground is None else shapely.to_geojson(shapely.force_2d(ground))
    if text is None:  # an arc inside a collection
        raise InvalidGeometry("GeoJSON has no such geometry")
    geometry: dict[str, Any] = json.loads(text)
    return geometry
