"""What a tile holds of a department, and of days that are over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import mapbox_vector_tile
import pytest

from tests.api.scenario import Street
from tests.api.test_weights import tile_of
from tests.serving import TO_WGS84, TODAY


def layers(street: Street, along: float = 5, **query: str) -> dict[str, set[str]]:
    """The ids in the tile of the street, by layer."""
    lon, lat = TO_WGS84.transform(80_000 + street.x + along, 190_001)
    x, y = tile_of(lon, lat, 17)
    with street.service.as_("viewer") as viewer:
        answer = viewer.get(f"/ogc/tiles/WebMercatorQuad/17/{x}/{y}.mvt", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = mapbox_vector_tile.decode(answer.content)
    return {
        name: {str(one["properties"].get("id")) for one in layer["features"]} for name, layer in found.items()
    }


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
    day = TODAY - timedelta(days=ago)
    assert (works["id"] in layers(street, datetime=str(day)).get("works", set())) is there
    assert works["id"] not in layers(street).get("works", set())
    assert works["id"] not in layers(street, datetime=f"{TODAY}/..").get("works", set())
