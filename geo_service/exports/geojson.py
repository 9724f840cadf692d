"""GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import numpy as np
import shapely

from geo_service.domain import crs as crs_codes
from geo_service.domain import geometry
from geo_service.domain.json_values import json_value
from geo_service.domain.rounding import rounded
from geo_service.exports.layout import Layout, Rows


def write(rows: Rows, layout: Layout) -> Generator[bytes]:
    """RFC 7946; longitude first. Another CRS is outside that standard: x first, and a `crs` member as
    programs read it (GeoJSON 2008 §3).
    """
    digits = geometry.DIGITS.get(layout.crs, geometry.METRE_DIGITS)
    crs_member = {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{layout.crs}"}}}
    kind = {"type": "FeatureCollection"} | ({} if layout.crs == crs_codes.WGS84 else crs_member)
    text = json.dumps(kind, separators=(",", ":"))
    start, between = b'%b,"features":[' % text.encode()[:-1], b""
    for batch in rows:
        outlines = rounded(np.array([row.pop("geometry") for row in batch], dtype=object), digits)
        features = [_feature(row, outline) for row, outline in zip(batch, outlines, strict=True)]
        yield start + between + b",\n".join(features)
        start, between = b"", b",\n"
    yield start + b"]}\n"


def _feature(row: dict[str, Any], outline: Any) -> bytes:
    text = json.dumps(row, default=json_value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    properties = text.encode("utf-8", "backslashreplace")
    id_text = json.dumps(str(row["id"])).encode()
    return b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}' % (
        id_text,
        shapely.to_geojson(outline).encode(),
        properties,
    )
