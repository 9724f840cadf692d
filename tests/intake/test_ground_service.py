"""GRB by its OGC API – Features: page by page, within the region, the same ground as from a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from shapely import LineString, box
from shapely.geometry.base import BaseGeometry

from geo_service.domain import geometry
from geo_service.domain.errors import SourceUnreachable
from tests.intake.conftest import Import, counts
from tests.intake.ground_scenes import HOUSES, SECTIONS, at
from tests.intake.test_pages import Answer, page, server

Rows = Callable[[str], list[Any]]


def feature(collection: str, oidn: int, shape: BaseGeometry, **more: Any) -> dict[str, Any]:
    """As Digitaal Vlaanderen publishes it: the id is the collection and the OIDN, the properties are in capitals, WGS84."""
    return {
        "type": "Feature",
        "id": f"{collection}.{oidn}",
        "geometry": geometry.to_geojson(shape),
        "properties": {"UIDN": oidn + 900, "OIDN": oidn, "VERSIE": 1, **more},
    }


COLLECTIONS = {
    "GBG": [feature("GBG", n, house, LBLTYPE="hoofdgebouw") for n, (_, _, _, house) in enumerate(HOUSES)],
    "WBN": [feature("WBN", 1, at(box(0, -6, 80, 6)), LBLTYPE="wegsegment")],
    "WGO": [
        feature("WGO", 1, at(LineString([(0, 4), (80, 4)])), LBLTYPE="grens circulatiezone zwakke weggebruiker"),
        feature("WGO", 2, at(LineString([(0, -4), (80, -4)])), LBLTYPE="rand van de rijbaan"),
    ],
    "ADP": [feature("ADP", 1, at(box(0, 6, 80, 40)), CAPAKEY="36008A0001/00_000")],
}  # fmt: skip


def grb(path: str, _: int) -> Answer:
    name = path.partition("/collections/")[2].partition("/")[0]
    some = COLLECTIONS[name]
    if name == "GBG" and "startindex" not in path:
        return page(*some[:6], next_=f"{path}&startindex=6", numberMatched=len(some))
    return page(*(some[6:] if "startindex" in path else some), numberMatched=len(some))


def service(url: str) -> str:
    return url.replace("/collections/INNAME/items", "/GRB/ogc/features/v1")


def test_the_service_is_read_collection_by_collection_and_again_without_change(
    take_in: Import, rows: Rows
) -> None:
    with server(grb) as (url, asked):
        report = take_in("grb", service(url))
        again = take_in("grb", service(url))
    assert counts(report) == {"read": 14, "created": 13, "rejected": 1}
    assert [(one.code, one.message.split(":")[0]) for one in report.rejections] == [
        ("kind_unknown", "grb-wgo, row 2")
    ]
    assert counts(again) == {"read": 14, "unchanged": 13, "rejected": 1}
    assert all("bbox=2.5,50.6,6.0,51.6" in unquote(path) for path in asked if "startindex" not in path)
    assert rows("SELECT count(*), round(min(ST_Area(geom)))::int, round(max(ST_Area(geom)))::int FROM buildings") == [(10, 80, 80)]  # fmt: skip


def test_one_collection_may_be_read_by_itself_and_becomes_the_same_ground(
    take_in: Import, rows: Rows
) -> None:
    with server(grb) as (url, _):
        for source, mapping, name in (("pavements", "grb-kerbs", "WGO"), ("pavements", "grb-roads", "WBN")):
            take_in(source, f"{service(url)}/collections/{name}/items?bbox=3.1,50.8,3.3,51", mapping=mapping)
        apart = [row[0] for row in rows(SECTIONS)]
        take_in("grb", service(url))
    assert len(rows("SELECT id FROM base_shapes")) == 3
    assert apart == [row[0] for row in rows(SECTIONS)]


def test_a_collection_that_is_not_there_is_named_and_what_came_before_it_stays(
    take_in: Import, rows: Rows
) -> None:
    def script(path: str, asked: int) -> Answer:
        return (404, "text/plain", b"") if "/WGO/" in path else grb(path, asked)

    with server(script) as (url, _), pytest.raises(SourceUnreachable, match="/collections/WGO/items answers 404"):  # fmt: skip
        take_in("grb", service(url))
    assert rows("SELECT count(*) FROM buildings") == [10]
    assert rows("SELECT source, status FROM imports ORDER BY id") == [
        ("grb", "failed"), ("grb-gbg", "done"), ("grb-wgo", "failed"),
    ]  # fmt: skip
