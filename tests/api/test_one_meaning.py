"""A filter means the same in lists, files, features and tiles."""

from __future__ import annotations

import csv
import io

import mapbox_vector_tile
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from geo_service.store import exports, listing
from geo_service.store.collections import COLLECTIONS
from tests.api.scenario import Street, day
from tests.serving import TO_WGS84, box, street_tile

AREA_21 = "Proximus Area 2.1"


def listed(street: Street, name: str, **query: str) -> set[str]:
    with street.service.as_("coordinator") as client:
        answer = client.get(f"/api/v1/{name}", params={"limit": "1000", **query})
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["items"]}


def filed(street: Street, name: str, **query: str) -> set[str]:
    with street.service.as_("coordinator") as client:
        answer = client.get(f"/api/v1/{name}.csv", params=query)
    assert answer.status_code == 200, answer.text
    return {row["id"] for row in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";")}


def featured(street: Street, name: str, **query: str) -> set[str]:
    with street.service.as_("coordinator") as client:
        answer = client.get(f"/ogc/collections/{name}/items", params={"limit": "1000", **query})
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["features"]}


def drawn(street: Street, name: str, **query: str) -> set[str]:
    z, x, y = street_tile(street.x, 17)
    with street.service.as_("coordinator") as client:
        answer = client.get(f"/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt", params=query)
    assert answer.status_code == 200, answer.text
    layer = mapbox_vector_tile.decode(answer.content).get(name, {"features": []})
    return {one["properties"]["id"] for one in layer["features"]}


def test_an_owner_is_its_group_or_its_organisation_by_id_or_name_whatever_the_capitals(
    street: Street,
) -> None:
    works = street.works((30, 40), owner=AREA_21)
    repair = street.repair()
    done = street.repair(along=(60, 90))
    street.complete(done, 0)
    [conflict] = [one["id"] for one in street.conflicts(rule="wasted_repair", repair=repair["id"])]
    case = listed(street, "cases", owner="proximus")
    assert case
    for owner in ("proximus", "Proximus", " PROXIMUS ", AREA_21, AREA_21.lower(), works["owner_id"]):
        assert works["id"] in listed(street, "works", owner=owner), owner
        assert works["id"] in filed(street, "works", owner=owner), owner
        assert conflict in listed(street, "conflicts", owner=owner), owner
        assert conflict in filed(street, "conflicts", owner=owner), owner
        assert listed(street, "cases", owner=owner) == case, owner
        assert drawn(street, "works", owner=owner), owner
    assert works["id"] not in listed(street, "works", owner="Fluvius")
    assert conflict not in filed(street, "conflicts", owner="fluvius")
    for owner in ("city", "STAD IZEGEM"):
        assert done["id"] in listed(street, "protections", owner=owner), owner
        assert done["id"] in filed(street, "protections", owner=owner), owner
        assert {repair["id"], done["id"]} <= listed(street, "repairs", owner=owner), owner
        with street.service.as_("workshop") as client:
            assert client.get("/api/v1/worklist", params={"team": owner}).json()["total"] > 0, owner


def test_works_are_found_where_and_when_one_phase_is(street: Street) -> None:
    first = {"geometry": box(street.x, 0.5, street.x + 10, 1.5), "starts_on": day(60), "ends_on": day(70)}
    second = {
        "geometry": box(street.x + 80, 0.5, street.x + 90, 1.5),
        "starts_on": day(200),
        "ends_on": day(210),
    }
    works = street.works((0, 1), phases=[first, second])
    corners = [(street.x - 1, 0), (street.x + 11, 2)]
    near = ",".join(f"{one:.7f}" for x, y in corners for one in TO_WGS84.transform(80_000 + x, 190_000 + y))
    assert works["id"] in featured(street, "works", bbox=near, datetime=day(65))
    assert works["id"] not in featured(street, "works", bbox=near, datetime=day(205))
    assert works["id"] in featured(street, "works", datetime=day(205))


def test_the_days_of_a_conflict_are_those_of_both_sides_or_what_lies_between(street: Street) -> None:
    street.works((30, 44), owner="Proximus")
    street.works((114, 120), owner="Fluvius")
    street.works((30, 60), owner="Aquafin", across=(0, 2))
    mine = {one["id"] for one in street.conflicts()} & drawn(street, "conflicts")
    assert len(mine) >= 2
    seen = set()
    for offset in (10, 31, 50, 80, 115, 300):
        on = day(offset)
        found = listed(street, "conflicts", active_on=on) & mine
        for others in (
            filed(street, "conflicts", active_on=on),
            featured(street, "conflicts", datetime=on),
            drawn(street, "conflicts", datetime=on),
        ):
            assert others & mine == found, offset
        seen.add(frozenset(found))
    assert len(seen) > 2


@pytest.mark.parametrize("name", ["repairs", "conflicts", "protections"])
def test_counting_looks_for_no_section_under_each_row(street: Street, name: str) -> None:
    """Half a second for each 10,000 rows, where the plan keeps it."""
    counted = exports.count(COLLECTIONS[name], exports.ExportQuery(listing.Window(1), {}))
    text = counted.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    with street.service.engine.connect() as conn:
        plan = "\n".join(conn.scalars(sa.text(f"EXPLAIN {text}".replace(":", "\\:"))))
    assert "pavement_sections" not in plan, plan
