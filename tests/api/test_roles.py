"""Who sees what: keys that are no longer good, partners, personal data. Who may do what is in `test_every_route`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import mapbox_vector_tile
import pytest

from geo_service import db
from geo_service.domain.permissions import PERMISSIONS
from geo_service.store import department_views, keys
from tests.api.scenario import Street
from tests.serving import Service, box, point, street_tile

REPORTER = {"name": "Jan Peeters-Zonderling", "phone": "0470 55 44 33"}


@pytest.fixture
def street(service: Service, x: float) -> Street:
    """An empty piece of street."""
    return Street(service, x)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer gs_unknown", "Basic dXNlcjpwYXNz", "gs_x", "Bearer é", "Bearer " + "x" * 9_000]
)  # fmt: skip
@pytest.mark.parametrize("path", ["/works", "/repairs", "/conflicts", "/alerts", "/works.geojson", "/rules"])
def test_without_a_good_key_nothing_is_told(service: Service, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    with service.as_(None) as client:
        answer = client.get(f"/api/v1{path}", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_ends_when_it_expires_or_is_revoked(service: Service) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    with db.write(service.engine) as conn:
        expired = keys.create(conn, "expired", "admin", expires_at=past)
        revoked = keys.create(conn, "revoked", "admin")
        good = keys.create(conn, "good", "admin", expires_at=past + timedelta(days=1))
        (id_,) = (row["id"] for row in keys.find(conn) if row["name"] == "revoked")
        keys.revoke(conn, id_)

    def status(key: str) -> int:
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.get(f"{service.url}/api/v1/works", headers=headers).status_code

    assert [status(key) for key in (expired, revoked, good)] == [401, 401, 200]


def test_a_partner_sees_its_own_works_and_what_touches_them_and_no_others(street: Street) -> None:
    mine, other = street.works((30, 44)), street.works((30, 44), owner="Fluvius", along=(80, 120))
    street.repair()
    street.repair(along=(85, 115))
    touching = {c["id"]: c["b"]["works"]["id"] for c in street.conflicts(rule="wasted_repair")}
    my_conflicts = {id_ for id_, works in touching.items() if works == mine["id"]}
    other_conflicts = {id_ for id_, works in touching.items() if works == other["id"]}
    assert my_conflicts and other_conflicts

    with street.service.as_("partner") as partner:
        get = partner.get
        works = {item["id"] for item in get("/api/v1/works?limit=1000").json()["items"]}
        conflicts = {item["id"] for item in get("/api/v1/conflicts?limit=1000").json()["items"]}
        told = get("/api/v1/alerts?limit=1000").text
        files = [get(f"/api/v1/{name}.geojson").text for name in ("works", "conflicts")]
        singles = {
            path: get(f"/api/v1/{path}").status_code
            for path in (
                f"works/{mine['id']}",
                f"works/{other['id']}",
                *(f"conflicts/{id_}" for id_ in my_conflicts | other_conflicts),
            )
        }

    assert mine["id"] in works and other["id"] not in works
    assert my_conflicts <= conflicts and not other_conflicts & conflicts
    for text in (told, *files):
        assert mine["id"] in text or mine["source_id"] in text
        assert other["id"] not in text and other["source_id"] not in text
    assert singles == {
        f"works/{mine['id']}": 200,
        f"works/{other['id']}": 404,
        **{f"conflicts/{id_}": 200 for id_ in my_conflicts},
        **{f"conflicts/{id_}": 404 for id_ in other_conflicts},
    }


def test_a_partner_sees_nothing_on_repairs(street: Street) -> None:
    street.works((30, 44))
    repair = street.repair()
    with street.service.as_("partner") as partner:
        answers = [
            partner.get("/api/v1/repairs"),
            partner.get(f"/api/v1/repairs/{repair['id']}"),
            partner.get(f"/api/v1/repairs/{repair['id']}/advice"),
            partner.get("/api/v1/repairs.geojson"),
            partner.get("/api/v1/repairs.parquet"),
            partner.post("/api/v1/advice", json={"geometry": point(street.x + 20, 1)}),
        ]

    assert [answer.status_code for answer in answers] == [403] * 6


def test_a_partner_without_an_organisation_sees_nothing(street: Street) -> None:
    street.works((30, 44))
    street.repair()
    with db.write(street.service.engine) as conn:
        key = keys.create(conn, "stray partner", "partner")
    headers = {"Authorization": f"Bearer {key}"}
    z, tile_x, tile_y = street_tile(street.x)
    with httpx.Client(base_url=street.service.url, headers=headers) as stray:
        answers = [
            stray.get(path)
            for path in (
                "/api/v1/works",
                "/api/v1/conflicts",
                "/api/v1/alerts",
                "/api/v1/works.geojson",
                "/api/v1/subscriptions",
                f"/ogc/tiles/WebMercatorQuad/{z}/{tile_x}/{tile_y}.mvt",
            )
        ]

    assert [answer.status_code for answer in answers] == [403] * 6


def test_the_map_of_a_partner_shows_its_own_works_only(street: Street) -> None:
    mine, other = street.works((30, 44)), street.works((30, 44), owner="Fluvius", across=(0.6, 1.6))
    done = street.repair(along=(2, 4))  # near the corner that chooses the tile
    street.complete(done, on=-1)
    street.repair()

    city, partner = _layers(street, "viewer"), _layers(street, "partner")

    assert {mine["id"], other["id"]} <= {found["id"] for found in city["works"]}
    assert city["repairs"] and city["new_surfaces"]
    assert {found["owner"] for found in partner["works"]} == {"Proximus"}
    assert "repairs" not in partner and "new_surfaces" not in partner
    assert len(partner["conflicts"]) < len(city["conflicts"])


def test_who_reported_is_told_to_those_who_call_back_and_nowhere_else(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    works = street.works((30, 44))
    repair = street.repair(reporter=REPORTER, description="put voor de deur")
    refused = street.schedule(repair, (3, 4))
    with street.service.as_("workshop") as workshop:
        wrong = workshop.post("/api/v1/repairs", json={"category": "x", "geometry": {}, "reporter": {**REPORTER, "note": "y" * 5_000}})  # fmt: skip
        mangled = workshop.post("/api/v1/repairs", json={"category": "kerb", "geometry": box(0, 0, 1, 1), "reporter": {**REPORTER, "a": "\x00"}})  # fmt: skip
    seen = {}
    for role in PERMISSIONS["read repairs"]:
        with street.service.as_(role) as client:
            assert "reporter" not in client.get(f"/api/v1/repairs/{repair['id']}").json()
            seen[role] = client.get(f"/api/v1/repairs/{repair['id']}/reporter").json().get("reporter")
            assert client.get("/api/v1/repairs?q=Peeters").json()["total"] == 0
    (conflict,) = street.conflicts(repair=repair["id"])
    paths = (
        "repairs?limit=1000", "repairs.geojson", "conflicts?limit=1000", f"conflicts/{conflict['id']}", "conflicts.geojson",
        f"repairs/{repair['id']}/advice", "alerts?limit=1000", f"works/{works['id']}", "works.geojson",
    )  # fmt: skip
    with street.service.as_("admin") as admin:
        texts = {path: admin.get(f"/api/v1/{path}").text for path in paths}
        parquet = admin.get("/api/v1/repairs.parquet").content
        z, tile_x, tile_y = street_tile(street.x)
        tile = admin.get(f"/ogc/tiles/WebMercatorQuad/{z}/{tile_x}/{tile_y}.mvt").content

    assert seen == {
        role: REPORTER if role in PERMISSIONS["see reporter"] else None
        for role in PERMISSIONS["read repairs"]
    }
    assert (refused.status_code, wrong.status_code, mangled.status_code) == (409, 422, 422)
    everything: dict[str, Any] = {
        **texts, "created": str(repair), "blocked": refused.text, "wrong": wrong.text, "mangled": mangled.text, "log": caplog.text,
    }  # fmt: skip
    for place, text in everything.items():
        for personal in ("Zonderling", "55 44 33"):
            assert personal not in text, place
    for personal_bytes in (b"Zonderling", b"55 44 33"):
        assert personal_bytes not in parquet and personal_bytes not in tile


def _layers(street: Street, role: str) -> dict[str, list[dict[str, Any]]]:
    z, tile_x, tile_y = street_tile(street.x)
    with street.service.as_(role) as client:
        content = client.get(f"/ogc/tiles/WebMercatorQuad/{z}/{tile_x}/{tile_y}.mvt").content
    layers = mapbox_vector_tile.decode(content)
    return {
        name: [found["properties"] for found in layer["features"]]
        for name, layer in layers.items()
        if layer["features"]
    }


def test_a_view_is_for_its_department_and_the_last_of_a_name_counts(service: Service) -> None:
    view = {"department": "nutsen", "screen": "cases", "name": "Duur", "search": "sorteer=geld"}
    with service.as_("coordinator") as coordinator:
        first = coordinator.post("/api/v1/views", json=view)
        again = coordinator.post("/api/v1/views", json={**view, "search": "sorteer=datum&kolommen=owners"})
        other = coordinator.post("/api/v1/views", json={**view, "department": "patrimonium"})
        assert [one.status_code for one in (first, again, other)] == [201, 201, 201]
        assert first.json()["id"] == again.json()["id"]
        wrong = coordinator.post("/api/v1/views", json={**view, "search": "x#y"})
        assert wrong.json()["errors"][0]["field"] == "search"
        listed = coordinator.get("/api/v1/views").json()["items"]
        assert [(one["department"], one["search"]) for one in listed] == [
            ("nutsen", "sorteer=datum&kolommen=owners"), ("patrimonium", "sorteer=geld"),
        ]  # fmt: skip
        with service.engine.connect() as conn:
            assert {one["department"] for one in department_views.find(conn, "nutsen")} == {"nutsen"}
        for one in listed:
            assert coordinator.delete(f"/api/v1/views/{one['id']}").status_code == 204
        assert coordinator.delete(f"/api/v1/views/{listed[0]['id']}").status_code == 404
    with service.as_("partner") as partner:
        assert partner.get("/api/v1/views").json()["items"] == []
