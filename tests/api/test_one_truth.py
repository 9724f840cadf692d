"""Advice, sequence, list, detail, conflicts, tile, alert, export, client and what-if are views of one result: random scenes, and no two that disagree."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import mapbox_vector_tile
import pytest
from pyproj import Transformer

from geo_service.client import Client
from geo_service.ogc.tile_documents import tile_at
from tests.api.scenario import Street
from tests.scenes import ORIGIN
from tests.serving import box

WAITS = ("wait", "join")
OWNERS = ("Proximus", "Fluvius", "Aquafin", "Stad Izegem")
UTILITIES = ([], ["Riolering"], ["Asfalt"], ["Openbare verlichting"], ["Elektriciteit"])
LAMBERT = Transformer.from_crs(31370, 4326, always_xy=True)


def draw(street: Street, chance: Random) -> list[dict[str, Any]]:
    """Works and repairs on one street of 60 × 12 m, in any mixture; the repairs, as they were stored."""
    for _ in range(chance.randint(1, 5)):
        start = chance.choice((-60, -5, 2, 20, 60, 150, 250, 700, 1500))
        along, depth = chance.uniform(-10, 45), chance.choice((0.5, 1.5, 2, 12))
        certainty = (
            "in_progress"
            if start < 0 and chance.random() < 0.7
            else chance.choice(("planned", "confirmed", "indicative"))
        )
        street.works(
            (start, start + chance.choice((1, 14, 60, 400))),
            along=(along, along + chance.choice((1, 10, 40))),
            across=(0, depth),
            owner=chance.choice(OWNERS),
            utilities=chance.choice(UTILITIES),
            certainty=certainty,
        )
    return [draw_repair(street, chance, x) for x in (5.0, chance.uniform(0, 40))]


def draw_repair(street: Street, chance: Random, x: float) -> dict[str, Any]:
    """A repair as it was stored, with its `drawn` geometry: what comes back is rounded to a centimetre."""
    along, across = (x, x + chance.choice((1, 10, 25))), (0.2, chance.choice((1.0, 2.0)))
    latest = {"latest_on": "2027-02-01"} if chance.random() < 0.2 else {}
    scope, urgency = (
        chance.choice(("spot", "section", "area")),
        chance.choice(("low", "normal", "high", "danger")),
    )
    made = street.repair(scope=scope, along=along, across=across, urgency=urgency, **latest)
    return {**made, "drawn": box(street.x + along[0], across[0], street.x + along[1], across[1])}


@pytest.mark.parametrize("seed", range(14))
def test_all_surfaces_say_the_same(street: Street, seed: int) -> None:
    chance = Random(seed)
    for made in draw(street, chance):
        if chance.random() < 0.4:
            street.schedule(made, (3, 6))
        advice, repair = street.advice(made), street._read(f"/api/v1/repairs/{made['id']}")
        check_inside(advice)
        assert street._read(f"/api/v1/repairs/{made['id']}/sequence") == advice["order"]
        check_conflicts(street, made, advice)
        said = (advice["verdict"], advice["until"], advice["blocked"])
        assert (repair["verdict"], repair["until"], repair["held"]) == said
        assert listed(street, made) == said
        assert exported(street, made) == said
        assert framed(street, made) == said
        assert drawn(street, made) == said
        check_alert(street, made, advice)
        check_what_if(street, {**repair, "geometry": made["drawn"]}, advice)


def check_inside(advice: dict[str, Any]) -> None:
    """The verdict, its day and its money are those of the order."""
    order = advice["order"]
    waited = [step for step in order["first"] if step["role"] in WAITS]
    assert order["cost_at_risk_eur"] == advice["cost_at_risk_eur"]
    assert advice["until"] is None or advice["until"] == order["repair_from"]
    if advice["verdict"] == "repair":
        assert (waited, advice["blocked"], advice["until"]) == ([], False, None)
    if waited:
        assert advice["verdict"] in ("wait", "combine", "coordinate", "make_safe", "recover")
        assert all(
            order["repair_from"] is None or step["free_from"] <= order["repair_from"] for step in waited
        )
    if advice["verdict"] in ("wait", "combine"):
        assert waited and advice["until"]


def check_conflicts(street: Street, made: dict[str, Any], advice: dict[str, Any]) -> None:
    """Each conflict is in the advice with the same days and euros, and each step of the order has its conflict."""
    found = [one for one in street.conflicts(repair=made["id"]) if one["status"] != "accepted_risk"]
    assert {one["id"] for one in found} <= {one["id"] for one in advice["conflicts"]}
    assert advice["cost_at_risk_eur"] == max((one["facts"]["cost_at_risk_eur"] for one in found), default=0)
    assert advice["blocked"] == any(one["blocking"] for one in found)
    surface = [one for one in found if one["rule"] in ("wasted_repair", "repair_during_works")]
    steps = [
        step for step in (*advice["order"]["first"], *advice["order"]["later"]) if step["role"] != "before"
    ]
    assert {step["works_id"] for step in steps} == {one["b"]["works"]["id"] for one in surface}
    for step in steps:
        mine = [one for one in surface if one["b"]["works"]["id"] == step["works_id"]]
        assert step["cost_at_risk_eur"] == max(one["facts"]["cost_at_risk_eur"] for one in mine)
        assert {(one["b"]["starts_on"], one["b"]["ends_on"]) for one in mine} == {
            (step["starts_on"], step["ends_on"])
        }
        works = street._read(f"/api/v1/works/{step['works_id']}")
        assert step["layer"] == works["layer"]
        assert {(each["starts_on"], each["ends_on"]) for each in works["phases"]} == {
            (step["starts_on"], step["ends_on"])
        }


def listed(street: Street, made: dict[str, Any]) -> tuple[Any, ...]:
    items = street._read("/api/v1/repairs", limit=1000)["items"]
    [mine] = [one for one in items if one["id"] == made["id"]]
    return mine["verdict"], mine["until"], mine["held"]


def exported(street: Street, made: dict[str, Any]) -> tuple[Any, ...]:
    features = street._read("/api/v1/repairs.geojson")["features"]
    [mine] = [one["properties"] for one in features if one["properties"]["id"] == made["id"]]
    return mine["verdict"], mine["until"], mine["held"]


def framed(street: Street, made: dict[str, Any]) -> tuple[Any, ...]:
    with Client(street.service.url, street.service.keys["viewer"]) as client:
        frame = client.repairs()
    mine = frame[frame["id"].astype(str) == made["id"]].iloc[0]
    until = mine["until"]
    return (
        mine["verdict"],
        None if str(until) in ("NaT", "None", "nan") else str(until)[:10],
        bool(mine["held"]),
    )


def drawn(street: Street, made: dict[str, Any]) -> tuple[Any, ...]:
    """As the map has it, in a tile at zoom 18 that holds the repair."""
    x, y = LAMBERT.transform(ORIGIN[0] + street.x, ORIGIN[1])
    tiles = {tile_at(*place, 18) for place in (*_outline(made["geometry"]), (x, y))}
    for column, row in sorted(tiles):
        with street.service.as_("viewer") as viewer:
            body = viewer.get(f"/ogc/tiles/WebMercatorQuad/18/{column}/{row}.mvt").content
        layer = mapbox_vector_tile.decode(body).get("repairs", {"features": []})
        for feature in layer["features"]:
            told = feature["properties"]
            if told["id"] == made["id"]:
                return told.get("verdict"), told.get("until"), told["held"]
    raise AssertionError("no tile draws it")


def _outline(geometry: dict[str, Any]) -> list[tuple[float, float]]:
    rings = geometry["coordinates"]
    return [tuple(point[:2]) for point in rings[0]] if geometry["type"] == "Polygon" else [tuple(rings[:2])]


def check_alert(street: Street, made: dict[str, Any], advice: dict[str, Any]) -> None:
    """The newest alert that speaks of its advice says what is advised now."""
    told = [
        one
        for one in street.alerts(made)
        if one["type"].startswith(("repair.he", "repair.ho", "repair.re", "advice."))
    ]
    told = [one for one in told if "verdict" in one["data"]]
    if told:
        data = told[-1]["data"]
        assert (data["verdict"], data["until"]) == (advice["verdict"], advice["until"])


def check_what_if(street: Street, repair: dict[str, Any], advice: dict[str, Any]) -> None:
    """The same question about a repair that is stored nowhere gets the same answer."""
    if repair["latest_on"] or any(one["status"] == "accepted_risk" for one in advice["conflicts"]):
        return  # said of the stored one alone
    planned = repair["planned"] or {}
    if planned and date.fromisoformat(planned["starts_on"]) < date(2026, 11, 23):
        return
    asked = {name: repair[name] for name in ("geometry", "scope", "category", "urgency")} | planned
    with street.service.as_("viewer") as viewer:
        answer = viewer.post("/api/v1/advice", json=asked).json()
    for name in (
        "verdict",
        "until",
        "blocked",
        "sentence",
        "order",
        "alternatives",
        "reasons",
        "cost_at_risk_eur",
    ):
        assert answer[name] == advice[name], name
