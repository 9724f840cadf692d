"""A programme that got new ids, over HTTP: listed, shown with each record, and confirmed in one step by who may."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from geo_service import settings
from geo_service.intake.importer import Report, run_import
from tests.api.scenario import Street, day
from tests.serving import TODAY, Service, box

MAPPING = """
about = "test"
source = "{source}"
target = "{target}"
status_default = "planned"
type_default = {{ kind = "groundworks", opens_surface = true }}
[fields]
id = {{ from = ["id"] }}
owner = {{ from = ["owner"] }}
starts_on = {{ from = ["from"] }}
ends_on = {{ from = ["to"] }}
"""
ABSENT = "00000000-0000-0000-0000-000000000000"
Shows = Callable[..., Report]


@pytest.fixture
def shows(street: Street, tmp_path: Path, request: pytest.FixtureRequest) -> Shows:
    """Take in the whole list of a publisher of this test: `ids`, each on its own piece of this street, on the same days."""

    def run(*ids: str, target: str = "repairs", days: tuple[int, int] = (30, 60)) -> Report:
        source = named(street, target)
        mapping = tmp_path / f"{source}.toml"
        mapping.write_text(MAPPING.format(source=source, target=target), encoding="utf-8")
        features = [
            {
                "type": "Feature",
                "geometry": box(street.x + 30 * n, 0, street.x + 30 * n + 20, 2),
                "properties": {
                    "id": id_, "owner": "Stad Izegem", "from": day(days[0]), "to": day(days[1])
                },
            }
            for n, id_ in enumerate(ids)
        ]  # fmt: skip
        file = tmp_path / "list.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return run_import(
            street.service.engine, settings.load(), target, str(file), mapping=str(mapping), today=TODAY
        )

    return run


def named(street: Street, target: str = "repairs") -> str:
    return f"list-{target}-{street.x:g}"


def listed(service: Service, **filters: Any) -> list[dict[str, Any]]:
    with service.as_("viewer") as viewer:
        items: list[dict[str, Any]] = viewer.get("/api/v1/renumberings", params=filters).json()["items"]
    return sorted(items, key=lambda one: str(one["old_source_id"]))


def post(service: Service, path: str, role: str = "utilities_desk", **body: Any) -> httpx.Response:
    with service.as_(role) as client:
        return client.post(f"/api/v1/renumberings/{path}", json=body or None)


def read(service: Service, path: str, role: str = "viewer") -> httpx.Response:
    with service.as_(role) as client:
        return client.get(f"/api/v1/{path}")


def test_a_whole_list_is_confirmed_in_one_step(street: Street, shows: Shows) -> None:
    shows("a", "b")
    assert shows("x", "y").renumbered == 2
    found = listed(street.service, status="suggested", source=named(street))
    assert [(one["old_source_id"], one["new_source_id"], one["owner"], one["starts_moved"]) for one in found] == [
        ("a", "x", "Stad Izegem", 0), ("b", "y", "Stad Izegem", 0)
    ]  # fmt: skip
    old = read(street.service, f"repairs/{found[0]['old_id']}").json()
    new = read(street.service, f"repairs/{found[0]['new_id']}").json()
    assert old["renumbering"] == new["renumbering"]
    assert (old["renumbering"]["new_source_id"], old["former_ids"]) == ("x", [])

    answer = post(street.service, "confirm", source=named(street))

    assert answer.status_code == 200, answer.text
    assert {one["status"] for one in answer.json()["items"]} == {"confirmed"}
    assert {one["decided_by"] for one in answer.json()["items"]} == {"test utilities_desk"}
    kept = read(street.service, f"repairs/{found[0]['old_id']}").json()
    assert (kept["number"], kept["source_id"], kept["former_ids"]) == (old["number"], "x", ["a"])
    assert kept["renumbering"] is None
    dissolved = read(street.service, f"repairs/{found[0]['new_id']}")
    assert (dissolved.status_code, dissolved.json()["deletion"]["successor_id"]) == (404, found[0]["old_id"])
    assert dissolved.json()["detail"].endswith("die heet nu x")
    [hit] = read(street.service, f"search?q={new['number']}").json()["items"]
    assert (hit["id"], hit["name"]) == (old["id"], f"{new['number']} → {old['number']}")
    assert listed(street.service, status="suggested", source=named(street)) == []
    assert post(street.service, "confirm", source=named(street)).json()["total"] == 0


def test_one_is_refused_and_cannot_be_confirmed_afterwards(street: Street, shows: Shows) -> None:
    shows("a", "b")
    shows("x", "y")
    first, second = listed(street.service, source=named(street))
    assert post(street.service, f"{first['id']}/refuse").json()["items"][0]["status"] == "refused"
    again = post(street.service, f"{first['id']}/confirm")
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    assert again.json()["detail"] == f"over hernummering {first['id']} is al beslist"
    both = post(street.service, "confirm", ids=[second["id"], first["id"]])
    assert both.status_code == 409
    assert listed(street.service, source=named(street), status="suggested") == [second]


def test_what_waits_for_a_decision_has_no_advice_of_its_own(street: Street, shows: Shows) -> None:
    street.works((40, 50), along=(0, 20))
    shows("a")
    shows("x")
    [pair] = listed(street.service, source=named(street))
    told = read(street.service, f"repairs/{pair['new_id']}/advice")
    assert (told.status_code, told.json()["code"]) == (409, "invalid_transition")
    assert "wellicht a van" in told.json()["detail"]
    assert read(street.service, f"repairs/{pair['old_id']}/advice").status_code == 200
    dispatched = read(street.service, f"dispatch?on={day(35)}", "workshop").json()["items"]
    ids = {item["repair"]["id"] for item in dispatched}
    assert pair["old_id"] in ids and pair["new_id"] not in ids


def test_whoever_works_on_one_of_two_lets_both_speak(street: Street, shows: Shows) -> None:
    street.works((40, 50), along=(0, 20))
    shows("a")
    shows("x")
    [pair] = listed(street.service, source=named(street))
    assert street.conflicts(repair=pair["new_id"]) == []
    moved = street.schedule({"id": pair["old_id"]}, (300, 301), "coordinator", override_reason="x" * 20)
    assert moved.status_code == 200, moved.text
    assert street.conflicts(repair=pair["new_id"]) != []
    [now] = listed(street.service, source=named(street))
    assert (now["status"], now["silent_id"]) == ("suggested", None)


def test_works_that_are_taken_back_are_no_other_works(street: Street, shows: Shows) -> None:
    street.repair(along=(0, 20), planned={"starts_on": day(10), "ends_on": day(12)})
    shows("a", target="works")
    shows("x", target="works")
    [pair] = listed(street.service, source=named(street, "works"))
    assert pair["silent_id"] == pair["new_id"]
    assert street.conflicts(works=pair["new_id"]) == []
    with street.service.as_("utilities_desk") as desk:
        path = f"/api/v1/works/{pair['old_id']}"
        etag = desk.get(path).headers["ETag"]
        assert desk.delete(path, headers={"If-Match": etag}).status_code == 204
    assert street.conflicts(works=pair["new_id"]) != []
    assert [one["status"] for one in listed(street.service, source=named(street, "works"))] == ["withdrawn"]


def test_the_workshop_decides_on_repairs_alone(street: Street, shows: Shows) -> None:
    for ids in (("a",), ("x",)):
        shows(*ids)
        shows(*ids, target="works")
    answer = post(street.service, "confirm", "workshop", source=named(street, "works"))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert post(street.service, "confirm", "workshop", source=named(street)).status_code == 200


def test_works_are_found_under_either_id(street: Street, shows: Shows) -> None:
    shows("a", target="works")
    shows("x", target="works")
    source = named(street, "works")
    post(street.service, "confirm", source=source)
    for id_ in ("a", "x"):
        again = {"source": source, "source_id": id_, "owner": "x", "kind": "works"}
        phase = {"geometry": box(street.x, 0, street.x + 5, 2), "starts_on": day(1), "ends_on": day(2)}
        with street.service.as_("utilities_desk") as desk:
            answer = desk.post("/api/v1/works", json={**again, "phases": [phase]})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "duplicate")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"source": "x", "ids": [ABSENT]}, "body"),
        ({"ids": []}, "ids"),
        ({"ids": ["x"]}, "ids[0]"),
        ({"source": ""}, "source"),
        ({"source": None, "ids": None}, "body"),
        ({"all": True}, "all"),
    ],
)
def test_what_is_not_said_clearly_is_refused_by_name(service: Service, body: Any, field: str) -> None:
    with service.as_("admin") as admin:
        answer = admin.post("/api/v1/renumberings/confirm", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_what_is_not_there_is_not_found(service: Service) -> None:
    for answer in (post(service, f"{UUID(ABSENT)}/confirm"), post(service, "refuse", ids=[ABSENT])):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    first, second = (str(UUID(int=number)) for number in (1, 2))
    assert first in post(service, "refuse", ids=[second, first]).json()["detail"]


def test_the_list_is_paged(street: Street, shows: Shows) -> None:
    shows("a", "b", "c")
    shows("x", "y", "z")
    with street.service.as_("viewer") as viewer:
        query: dict[str, Any] = {"source": named(street), "limit": 2}
        first = viewer.get("/api/v1/renumberings", params=query).json()
        rest = viewer.get("/api/v1/renumberings", params={**query, "cursor": first["next"]}).json()
        bad = viewer.get("/api/v1/renumberings", params={"status": "maybe"})
    assert (len(first["items"]), len(rest["items"]), rest["next"], first["total"]) == (2, 1, None, 3)
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "status")
