"""Ground that is none is refused with its reason, whatever else is sent."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tests.api.bad_input_scenes import (
    CIRCLE,
    PHASE,
    REPAIR,
    WORKS,
    ZONE,
    nested,
    polygon,
    post,
    refused,
    unchanged,
)
from tests.serving import Service

__all__ = ["unchanged"]  # fixtures

BAD_GEOMETRIES: dict[str, tuple[Any, str]] = {
    "null": (None, "geometry_missing"),
    "an empty object": ({}, "geometry_missing"),
    "text": ("POINT(3.2 50.9)", "geometry_malformed"),
    "a list": ([3.2, 50.9], "geometry_malformed"),
    "a Feature": ({"type": "Feature", "geometry": ZONE, "properties": {}}, "geometry_type_unknown"),
    "a FeatureCollection": ({"type": "FeatureCollection", "features": []}, "geometry_type_unknown"),
    "an unknown type": ({"type": "Circle", "coordinates": [3.2, 50.9]}, "geometry_type_unknown"),
    "a type that is a list": ({"type": ["Point"], "coordinates": [3.2, 50.9]}, "geometry_type_unknown"),
    "latitude first": ({"type": "Point", "coordinates": [50.9, 3.2]}, "geometry_axes_swapped"),
    "no coordinates": ({"type": "Polygon"}, "geometry_malformed"),
    "empty coordinates": ({"type": "Polygon", "coordinates": []}, "geometry_empty"),
    "an empty ring": (polygon(), "geometry_empty"),
    "an empty point": ({"type": "Point", "coordinates": []}, "geometry_empty"),
    "an empty collection": ({"type": "GeometryCollection", "geometries": []}, "geometry_empty"),
    "a collection of null": ({"type": "GeometryCollection", "geometries": [None]}, "geometry_malformed"),
    "two corners": (polygon([3.2, 50.9], [3.21, 50.9]), "geometry_malformed"),
    "a bow tie": (
        polygon([3.2, 50.9], [3.21, 50.91], [3.21, 50.9], [3.2, 50.91], [3.2, 50.9]),
        "geometry_self_crossing",
    ),
    "no area": (polygon([3.2, 50.9], [3.21, 50.9], [3.2, 50.9], [3.2, 50.9]), "geometry_empty"),
    "a line of no length": (
        {"type": "LineString", "coordinates": [[3.2, 50.9], [3.2, 50.9]]},
        "geometry_malformed",
    ),
    "one number": ({"type": "Point", "coordinates": [3.2]}, "geometry_malformed"),
    "four numbers": ({"type": "Point", "coordinates": [3.2, 50.9, 12, 4]}, "geometry_malformed"),
    "heights on some points": (
        {"type": "LineString", "coordinates": [[3.2, 50.9], [3.21, 50.9, 5]]},
        "geometry_malformed",
    ),
    "numbers as text": ({"type": "Point", "coordinates": ["3.2", "50.9"]}, "geometry_malformed"),
    "true for a number": ({"type": "Point", "coordinates": [True, 50.9]}, "geometry_malformed"),
    "null for a number": ({"type": "Point", "coordinates": [None, None]}, "geometry_malformed"),
    "NaN": (polygon([math.nan, 50.9], [3.21, 50.9], [3.21, 50.91]), "geometry_not_finite"),
    "infinity": ({"type": "Point", "coordinates": [math.inf, 50.9]}, "geometry_not_finite"),
    "a number of 400 digits": ({"type": "Point", "coordinates": [10**400, 50]}, "geometry_number_too_large"),
    "62 832 corners": (polygon(*CIRCLE, CIRCLE[0]), "geometry_too_large"),
    "over the antimeridian": (
        polygon([179, 50], [-179, 50], [-179, 51], [179, 51], [179, 50]),
        "geometry_outside_region",
    ),
    "the gulf of Guinea": ({"type": "Point", "coordinates": [0, 0]}, "geometry_outside_region"),
    "metres without saying so": (
        {"type": "Point", "coordinates": [80_000, 190_000]},
        "geometry_outside_region",
    ),
    "another CRS inside": (
        {**ZONE, "crs": {"type": "name", "properties": {"name": "EPSG:31370"}}},
        "crs_not_supported",
    ),
    "a CRS in text": ({**ZONE, "crs": "EPSG:4326"}, "crs_not_supported"),
    "half a surrogate pair": (
        {**ZONE, "crs": {"properties": {"name": "\ud800"}}},
        "not_storable",
    ),
    "300 collections deep": (nested(300), "geometry_nested_too_deeply"),
}


@pytest.mark.parametrize("name", BAD_GEOMETRIES)
@pytest.mark.usefixtures("unchanged")
def test_ground_that_is_none_is_refused_with_its_reason(service: Service, name: str) -> None:
    shape, code = BAD_GEOMETRIES[name]

    refused(post(service, "/repairs", {**REPAIR, "geometry": shape}), "geometry", code)
    refused(post(service, "/advice", {"geometry": shape}), "geometry", code)
    phases = [PHASE, {**PHASE, "geometry": shape}]
    refused(post(service, "/works", {**WORKS, "phases": phases}), "phases[1].geometry", code)


@pytest.mark.parametrize("kind", [["Polygon"], {"a": 1}, None, 5, "Point"])
def test_an_area_to_listen_to_is_a_polygon_whatever_else_is_sent(service: Service, kind: Any) -> None:
    area = {**ZONE, "type": kind}
    with service.as_("utilities_desk") as client:
        answers = [
            client.post("/api/v1/feeds", json={"name": "x", "format": "atom", "filter": {"area": area}}),
            client.post(
                "/api/v1/subscriptions", json={"target": "https://example.org/", "filter": {"area": area}}
            ),
            client.get("/api/v1/alerts", params={"area": json.dumps(area)}),
        ]
    assert [answer.status_code for answer in answers] == [422] * 3
