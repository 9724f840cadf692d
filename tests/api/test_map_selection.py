"""What a tile holds of a department, and of days that are over."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import mapbox_vector_tile
import pytest

from geo_service.ogc.tile_documents import tile_at
from tests.api.scenario import Street, day
from tests.serving import TO_WGS84, TODAY, box


def features(street: Street, along: float = 5, **query: str) -> dict[str, list[dict[str, Any]]]:
    """The features in the tile of the street, by layer."""
    lon, lat = TO_WGS84.transform(80_000 + street.x + along, 190_001)
    x, y = tile_at(lon, lat, 17)
    with street.service.as_("viewer") as viewer:
        answer = viewer.get(f"/ogc/tiles/WebMercatorQuad/17/{x}/{y}.mvt", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = mapbox_vector_tile.decode(answer.content)
    return {name: layer["features"] for name, layer in found.items()}


def layers(street: Street, along: float = 5, **query: str) -> dict[str, set[str]]:
    """The ids in the tile of the street, by layer."""
    found = features(street, along, **query)
    return {name: {str(one["properties"].get("id")) for one in layer} for name, layer in found.items()}


def listed(street: Street, department: str) -> tuple[set[str], list[str]]:
    """The conflicts of a department around the street: the ids of the list, and the numbers of the file."""
    lon, lat = TO_WGS84.transform(80_000 + street.x, 190_000)
    narrow = {"department": department, "bbox": f"{lon - 0.001},{lat - 0.001},{lon + 0.002},{lat + 0.001}"}
    with street.service.as_("viewer") as viewer:
        page = viewer.get("/api/v1/conflicts", params=narrow).json()
        file = viewer.get("/api/v1/conflicts.csv", params=narrow).text
    rows = csv.DictReader(io.StringIO(file.removeprefix("\ufeff")), delimiter=";")
    return {one["id"] for one in page["items"]}, [row["number"] for row in rows]


def test_a_department_has_its_conflicts_and_what_they_concern(street: Street) -> None:
    works, other = street.works((30, 44)), street.works((400, 410), owner="Fluvius", along=(60, 80))
    repair = street.repair(scope="spot", along=(5, 6), across=(0.5, 1.5))
    [conflict] = street.conflicts(works=works["id"], rule="wasted_repair")
    told = layers(street, department="werkplaatsen")
    assert (
        conflict["id"] in told["conflicts"],
        works["id"] in told["works"],
        repair["id"] in told["repairs"],
    ) == (True, True, True)
    assert other["id"] not in told["works"] and other["id"] in layers(street)["works"]
    assert listed(street, "werkplaatsen") == ({conflict["id"]}, [conflict["number"]])
    assert listed(street, "stedenbouw") == (set(), [])
    deaf = layers(street, department="stedenbouw")
    assert works["id"] not in deaf.get("works", set()) and repair["id"] not in deaf.get("repairs", set())
    assert conflict["id"] not in deaf.get("conflicts", set())
    with street.service.as_("viewer") as viewer:
        refused = viewer.get("/ogc/tiles/WebMercatorQuad/17/1/1.mvt?department=nobody")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "department")


@pytest.mark.parametrize(("ago", "there"), [(20, True), (40, False)])
def test_what_is_done_is_there_in_days_that_are_over_and_no_others(
    street: Street, ago: int, there: bool
) -> None:
    works = street.works((-25, -15), certainty="done")
    then = TODAY - timedelta(days=ago)
    assert (works["id"] in layers(street, datetime=str(then)).get("works", set())) is there
    assert works["id"] not in layers(street).get("works", set())
    assert works["id"] not in layers(street, datetime=f"{TODAY}/..").get("works", set())


def test_only_the_zone_of_a_contract_is_an_umbrella_and_not_the_trench_beside_it(street: Street) -> None:
    """The same works: a zone of more than half a square kilometre, and a trench for two weeks."""
    zone, trench = box(street.x, 0, street.x + 800, 700), box(street.x, 0, street.x + 40, 1.5)
    phases = [
        {"geometry": zone, "starts_on": day(0), "ends_on": day(300)},
        {"geometry": trench, "starts_on": day(30), "ends_on": day(44)},
    ]
    works = street.works((0, 1), phases=phases)
    found = features(street, collections="works")["works"]
    own = [one["properties"] for one in found if one["properties"]["id"] == works["id"]]
    assert {one["ends_on"]: one.get("umbrella", False) for one in own} == {day(300): True, day(44): False}
