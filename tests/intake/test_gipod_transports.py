"""GIPOD by its WFS, by what changed, and by the WFS when the OGC API is down: the same works, however they come."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely
import shapely.affinity

from geo_service.domain import geometry
from geo_service.domain.crs import STORAGE, WGS84
from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.sources import gipod_transports
from tests.intake.conftest import Import, counts
from tests.intake.innames import inname
from tests.intake.test_pages import Answer, server

Rows = Callable[[str], list[Any]]

PLACES = "SELECT w.source_id, round(ST_X(ST_Centroid(p.geom)))::int, floor(ST_Y(ST_Centroid(p.geom)))::int FROM works w JOIN phases p ON p.works_id = w.id ORDER BY 1"


def in_lambert(feature: dict[str, Any]) -> dict[str, Any]:
    """A feature as the WFS writes it: coordinates in Lambert 72."""
    drawn = shapely.geometry.shape(feature["geometry"])
    moved = geometry.transform(drawn, WGS84, STORAGE)
    return {**feature, "geometry": shapely.geometry.mapping(moved)}


def query(path: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


def wfs(features: list[dict[str, Any]], most: int = 1000) -> Callable[[str, int], Answer]:
    """A GeoServer with these features, which shows at most so many at once."""

    def script(path: str, _: int) -> Answer:
        asked = query(path)
        assert (asked["request"], asked["typeNames"], asked["srsName"]) == (
            "GetFeature",
            "GIPOD:INNAME",
            "EPSG:31370",
        )
        assert asked["bbox"].endswith(",EPSG:31370")
        start = int(asked["startIndex"])
        shown = [in_lambert(one) for one in features[start : start + most]]
        page = {"type": "FeatureCollection", "features": shown, "numberMatched": len(features)}
        return 200, "application/json", json.dumps(page).encode()

    return script


def host(url: str) -> str:
    return url.removesuffix("/collections/INNAME/items")


def test_the_wfs_tells_the_same_as_the_ogc_api(take_in: Import, rows: Rows) -> None:
    told = [inname(n, x=50.0 * n) for n in range(1, 6)]
    with server(wfs(told, most=2)) as (url, asked):
        report = take_in("gipod", f"{host(url)}/GIPOD/wfs")

    assert counts(report) == {"read": 5, "created": 5}
    assert len(asked) == 3
    assert rows(PLACES) == [(str(n), 68_710 + 50 * n, 179_100) for n in range(1, 6)]
    with server(lambda path, _: page(told)) as (url, _):
        assert counts(take_in("gipod", url)) == {"read": 5, "unchanged": 5}
    assert rows(PLACES) == [(str(n), 68_710 + 50 * n, 179_100) for n in range(1, 6)]


def test_a_centimetre_between_two_ways_is_no_change_and_does_not_creep(take_in: Import, rows: Rows) -> None:
    """The WFS writes centimetres, the OGC API 1e-7 degrees; ground that moves by a decimetre has moved."""

    def shifted(metres: float) -> Callable[[str, int], Answer]:
        answer = wfs([inname(1)])

        def script(path: str, asked: int) -> Answer:
            told = json.loads(answer(path, asked)[2])
            for feature in told["features"]:
                drawn = shapely.affinity.translate(shapely.geometry.shape(feature["geometry"]), metres)
                feature["geometry"] = shapely.geometry.mapping(shapely.set_precision(drawn, 0.01))
            return 200, "application/json", json.dumps(told).encode()

        return script

    with server(lambda path, _: page([inname(1)])) as (url, _):
        take_in("gipod", url)
    stored = rows("SELECT geom FROM phases")
    for metres in (0.0, 0.01, 0.01):
        with server(shifted(metres)) as (url, _):
            assert counts(take_in("gipod", f"{host(url)}/wfs")) == {"read": 1, "unchanged": 1}
    assert rows("SELECT geom FROM phases") == stored
    assert rows("SELECT count(*) FROM source_changes") == [0]
    with server(shifted(0.1)) as (url, _):
        assert counts(take_in("gipod", f"{host(url)}/wfs")) == {"read": 1, "changed": 1}
    assert rows("SELECT field FROM source_changes") == ["geometry"]


def test_what_leaves_the_wfs_has_vanished(take_in: Import) -> None:
    with server(wfs([inname(1), inname(2, x=50), inname(3, x=100)])) as (url, _):
        take_in("gipod", f"{host(url)}/GIPOD/wfs")
    with server(wfs([inname(1), inname(2, x=50)])) as (url, _):
        report = take_in("gipod", f"{host(url)}/GIPOD/wfs")

    assert counts(report) == {"read": 2, "unchanged": 2, "vanished": 1}


def test_without_the_ogc_api_the_wfs_is_read(take_in: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    def script(path: str, asked: int) -> Answer:
        if "/wfs" in path:
            return wfs([inname(1)])(path, asked)
        return 200, "text/html", b"<html>Onderhoud</html>"

    with server(script) as (url, _):
        monkeypatch.setattr(gipod_transports, "ADDRESS", f"{host(url)}/ogc/features/v1")
        monkeypatch.setattr(gipod_transports, "WFS_ADDRESS", f"{host(url)}/wfs")
        report = take_in("gipod")
        with pytest.raises(SourceUnreachable, match="a page for people"):
            take_in("gipod", f"{host(url)}/ogc/features/v1")

    assert counts(report) == {"read": 1, "created": 1}


QUERYABLES = {"type": "object", "properties": {"LastModifiedOn": {"type": "string", "format": "date-time"}}}


def page(features: list[dict[str, Any]]) -> Answer:
    body = {"type": "FeatureCollection", "features": features, "numberMatched": len(features)}
    return 200, "application/geo+json", json.dumps(body).encode()


def api(features: list[dict[str, Any]], seen: list[dict[str, str]]) -> Callable[[str, int], Answer]:
    """An OGC API that can be asked for what changed."""

    def script(path: str, _: int) -> Answer:
        if path.endswith("/queryables"):
            return 200, "application/schema+json", json.dumps(QUERYABLES).encode()
        seen.append(query(path))
        since = seen[-1].get("filter", "").partition("TIMESTAMP('")[2].partition("'")[0]
        return page([one for one in features if one["properties"]["LastModifiedOn"] >= since])

    return script


def test_after_a_full_sweep_only_what_changed_is_asked_for(take_in: Import) -> None:
    old, new = "2026-08-01T08:00:00Z", "2099-01-01T00:00:00Z"
    told = [inname(1, LastModifiedOn=old), inname(2, x=50, LastModifiedOn=old)]
    seen: list[dict[str, str]] = []
    with server(api(told, seen)) as (url, _):
        assert counts(take_in("gipod", url)) == {"read": 2, "created": 2}
    told = [inname(2, x=50, Status="In uitvoering", LastModifiedOn=new)]
    with server(api([told[0]], seen)) as (url, _):
        report = take_in("gipod", url)

    assert counts(report) == {"read": 1, "changed": 1}  # and nothing has vanished
    assert "filter" not in seen[0] and seen[1]["filter-lang"] == "cql2-text"


def test_one_change_that_cannot_be_used_is_no_feed_that_failed(take_in: Import, rows: Any) -> None:
    seen: list[dict[str, str]] = []
    with server(api([inname(1)], seen)) as (url, _):
        take_in("gipod", url)
    with server(api([inname(2, Owner=None, LastModifiedOn="2099-01-01T00:00:00Z")], seen)) as (url, _):
        assert counts(take_in("gipod", url)) == {"read": 1, "rejected": 1}
    assert "filter" in seen[1]
    assert rows("SELECT status FROM imports") == ["done", "done"]


def test_a_sweep_of_yesterday_is_made_again(take_in: Import, city: Any) -> None:
    seen: list[dict[str, str]] = []
    with server(api([inname(1), inname(2, x=50), inname(3, x=100)], seen)) as (url, _):
        take_in("gipod", url)
    with city.begin() as conn:
        conn.exec_driver_sql("UPDATE source_records SET last_seen_at = now() - interval '25 hours'")
    with server(api([inname(1), inname(2, x=50)], seen)) as (url, _):
        report = take_in("gipod", url)

    assert "filter" not in seen[1]
    assert counts(report) == {"read": 2, "unchanged": 2, "vanished": 1}
