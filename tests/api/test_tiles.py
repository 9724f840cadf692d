"""Which tiles there are, and that one that did not change is not sent again."""

from __future__ import annotations

from collections.abc import Callable

import mapbox_vector_tile
import pytest

from geo_service import db
from geo_service.ogc import tiles
from geo_service.ogc.tile_etags import DataVersion, TileEtags
from geo_service.store import locks
from tests.api.scenario import Street
from tests.serving import Service, sql_insert_building, street_tile
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
    z, x, y = street_tile(street.x + 10, 17)
    with street.service.as_("viewer") as viewer:
        url = f"/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt"
        first = viewer.get(url)
        assert first.status_code == 200 and first.content
        same = viewer.get(url, headers={"If-None-Match": first.headers["ETag"]})
        assert (same.status_code, same.content) == (304, b"")
        street.repair()
        other = viewer.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200 and other.headers["ETag"] != first.headers["ETag"]


def test_an_unchanged_tile_is_not_drawn_and_each_kind_of_write_is_on_it_at_once(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/ogc/tiles/WebMercatorQuad/{'/'.join(map(str, street_tile(street.x + 10, 17)))}.mvt"
    layers = {"collections": "works,repairs,conflicts,new_surfaces,protections,holds,requests,buildings"}
    drawn: list[int] = []
    draw = tiles.tile
    monkeypatch.setattr(tiles, "tile", lambda *args: [drawn.append(1), draw(*args)][1])
    works = street.works((30, 44))
    repair = street.repair()
    other = street.repair(along=(60, 62))
    [conflict] = street.conflicts(repair=repair["id"], rule="wasted_repair")

    def take(step: str, **body: object) -> None:
        with street.service.as_("coordinator") as client:
            etag = client.get(f"/api/v1/conflicts/{conflict['id']}").headers["ETag"]
            answer = client.post(
                f"/api/v1/conflicts/{conflict['id']}/{step}", json=body, headers={"If-Match": etag}
            )
        assert answer.status_code == 200, answer.text

    def ask() -> None:
        with street.service.as_("coordinator") as client:
            assert client.post("/api/v1/requests", json={"works": works["id"]}).status_code == 201

    def withdraw() -> None:
        with street.service.as_("coordinator") as client:
            etag = client.get(f"/api/v1/works/{works['id']}").headers["ETag"]
            assert client.delete(f"/api/v1/works/{works['id']}", headers={"If-Match": etag}).is_success

    def name_map() -> None:
        sql_insert_building(street.service, street.x, "Kapel")
        with db.write(street.service.engine) as conn:
            locks.tick(conn)

    writes: list[Callable[[], object]] = [
        lambda: take("acknowledge"), ask, lambda: take("agree", kind="patch_only"), lambda: street.slip(works, (60, 70)),
        lambda: street.schedule(other, (3, 5)), lambda: street.complete(other, -1), withdraw, name_map,
    ]  # fmt: skip
    with street.service.as_("viewer") as viewer:
        etag = viewer.get(path, params=layers).headers["ETag"]
        for write in writes:
            write()
            answer = viewer.get(path, params=layers, headers={"If-None-Match": etag})
            assert answer.status_code == 200, writes.index(write)
            etag, before = answer.headers["ETag"], len(drawn)
            again = viewer.get(path, params=layers, headers={"If-None-Match": etag})
            assert (again.status_code, again.headers["ETag"], len(drawn)) == (304, etag, before)
            plain = viewer.get(path, params={"collections": "works"}, headers={"If-None-Match": etag})
            assert plain.status_code == 200


def test_a_few_tiles_are_remembered_the_last_ones_longest() -> None:
    etags, version = TileEtags(most=2), DataVersion("a", 1)
    for tile in "xyx":
        etags.keep(tile, version, f"{tile}1")
    etags.keep("z", version, "z1")
    assert [etags.get(tile, version) for tile in "xyz"] == ["x1", None, "z1"]
    assert etags.get("x", DataVersion("a", 2)) is etags.get("x", DataVersion("b", 1)) is None


def test_works_are_found_by_their_organisation_and_by_its_group(street: Street) -> None:
    made = street.works((30, 44), owner="Fluvius Zuidwest")
    z, x, y = street_tile(street.x + 10, 17)
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
                viewer.get(
                    "/ogc/tiles/WebMercatorQuad/{}/{}/{}.mvt".format(*street_tile(street.x + 10, z))
                ).content
            )
            found = {(one["properties"]["id"], one["properties"]["opportunity"]): one["properties"] for one in layers["conflict_streets"]["features"]}  # fmt: skip
            assert {name for name, _ in found} >= names
            for (name, opportunity), one in found.items():
                if name not in names:  # along no street
                    continue
                query = {"street": name, "opportunity": opportunity, "undecided": True}
                totals = viewer.get("/api/v1/cases", params=query).json()["totals"]
                assert one["eur"] == pytest.approx(totals["saving_eur" if opportunity else "at_risk_eur"])
        near = viewer.get("/ogc/tiles/WebMercatorQuad/{}/{}/{}.mvt".format(*street_tile(street.x + 10, 14)))
    assert "conflict_streets" not in mapbox_vector_tile.decode(near.content)
    assert mapbox_vector_tile.decode(near.content)["conflicts"]["features"]
