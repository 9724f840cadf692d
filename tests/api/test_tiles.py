"""Which tiles there are, and that one that did not change is not sent again."""

from __future__ import annotations

import mapbox_vector_tile
import pytest

from tests.api.scenario import Street
from tests.api.test_roles import _tile
from tests.serving import Service

LAST = {z: 2**z - 1 for z in (10, 18)}
CORNERS = [(z, x, y) for z, last in LAST.items() for x in (0, last) for y in (0, last)]
BEYOND = [
    *((z, *xy) for z, last in LAST.items() for xy in ((-1, 0), (0, -1), (last + 1, last), (last, last + 1))),
    (9, 0, 0),
    (19, 0, 0),
]


@pytest.mark.parametrize(
    ("place", "status"), [*((one, 200) for one in CORNERS), *((one, 404) for one in BEYOND)]
)
def test_the_world_ends_at_its_last_tile(service: Service, place: tuple[int, int, int], status: int) -> None:
    z, x, y = place
    with service.as_("viewer") as viewer:
        assert viewer.get(f"/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt").status_code == status


def test_a_tile_is_sent_again_only_when_something_on_it_changed(street: Street) -> None:
    street.works((30, 44))
    z, x, y = _tile(street.x + 10, 17)
    with street.service.as_("viewer") as viewer:
        url = f"/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt"
        first = viewer.get(url)
        assert first.status_code == 200 and first.content
        same = viewer.get(url, headers={"If-None-Match": first.headers["ETag"]})
        assert (same.status_code, same.content) == (304, b"")
        street.repair()
        other = viewer.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200 and other.headers["ETag"] != first.headers["ETag"]


def test_works_are_found_by_their_organisation_and_by_its_group(street: Street) -> None:
    street.works((30, 44), owner="Fluvius Zuidwest")
    z, x, y = _tile(street.x + 10, 17)
    with street.service.as_("viewer") as viewer:

        def owners(owner: str) -> set[str]:
            path = f"/ogc/collections/works/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt"
            answer = viewer.get(path, params={"owner": owner})
            assert answer.status_code == 200, answer.text
            found = mapbox_vector_tile.decode(answer.content)
            return {one["properties"]["owner"] for one in found["works"]["features"]} if found else set()

        for owner in ("Fluvius Zuidwest", "fluvius zuidwest", "fluvius", "Fluvius"):
            assert owners(owner) == {"Fluvius Zuidwest"}, owner
        assert owners("proximus") == set()
