"""Which tiles there are, and that one that did not change is not sent again."""

from __future__ import annotations

import mapbox_vector_tile
import pytest

from tests.api.scenario import Street
from tests.api.test_roles import _tile
from tests.serving import Service
from tests.viewer.conftest import build_houses

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
    made = street.works((30, 44), owner="Fluvius Zuidwest")
    z, x, y = _tile(street.x + 10, 17)
    with street.service.as_("viewer") as viewer:

        def owners(owner: str) -> set[str]:
            path = f"/ogc/collections/works/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt"
            answer = viewer.get(path, params={"owner": owner})
            assert answer.status_code == 200, answer.text
            found = mapbox_vector_tile.decode(answer.content)
            features = [one["properties"] for one in found["works"]["features"]] if found else []
            return {one["owner"] for one in features if one["id"] == made["id"]}

        for owner in ("Fluvius Zuidwest", "fluvius zuidwest", "fluvius", "Fluvius"):
            assert owners(owner) == {"Fluvius Zuidwest"}, owner
        assert owners("proximus") == set()


def test_from_afar_each_street_says_how_many_conflicts_it_has_and_what_the_list_adds_up_to(
    street: Street,
) -> None:
    """A street is counted whole, in one tile; near by, each conflict stands by itself."""
    build_houses(street)
    street.works((30, 44))
    street.works((20, 24), owner="Fluvius")
    street.repair()
    with street.service.as_("viewer") as viewer:
        cases = viewer.get("/api/v1/cases", params={"undecided": True, "limit": 1000}).json()["items"]
        names = {name for case in cases for name in case["streets"]}
        assert names
        for z in (10, 11, 12, 13):
            layers = mapbox_vector_tile.decode(
                viewer.get("/ogc/tiles/WebMercatorQuad/{}/{}/{}.mvt".format(*_tile(street.x + 10, z))).content
            )
            found = {(one["properties"]["id"], one["properties"]["opportunity"]): one["properties"] for one in layers["conflict_streets"]["features"]}  # fmt: skip
            assert {name for name, _ in found} >= names
            for (name, opportunity), one in found.items():
                if name not in names:  # along no street
                    continue
                query = {"street": name, "opportunity": opportunity, "undecided": True}
                totals = viewer.get("/api/v1/cases", params=query).json()["totals"]
                assert one["eur"] == pytest.approx(totals["saving_eur" if opportunity else "at_risk_eur"])
        near = viewer.get("/ogc/tiles/WebMercatorQuad/{}/{}/{}.mvt".format(*_tile(street.x + 10, 14)))
    assert "conflict_streets" not in mapbox_vector_tile.decode(near.content)
    assert mapbox_vector_tile.decode(near.content)["conflicts"]["features"]
