"""What a list hides, all else hides: files, tiles, cases, single reads, the feed and its stream, for the city and for a partner.

One street with everything on it: works of the partner, of another owner, deleted and done; repairs that are open, deleted and done; conflicts that
are open, settled, of others, in the shadow, withdrawn and expired.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import mapbox_vector_tile
import pytest
import sqlalchemy as sa
from pyarrow import parquet

from tests.api.scenario import Street
from tests.serving import Service, street_tile

Ids = dict[str, str]


@dataclass(frozen=True)
class Everything:
    """The street, and the id of each thing on it by what it is."""

    street: Street
    works: Ids
    repairs: Ids
    conflicts: Ids


@pytest.fixture(scope="module")
def everything(service: Service) -> Iterator[Everything]:
    street = Street(service, 40_000)
    works = {
        "own": street.works((30, 44)),
        "other": street.works((30, 44), owner="Fluvius", along=(100, 140)),
        "deleted": street.works((30, 44), along=(200, 240)),
        "done": street.works((-30, -10), along=(300, 340), certainty="done"),
    }
    repairs = {
        "open": street.repair(),
        "of other works": street.repair(along=(105, 135)),
        "shadow": street.repair(along=(10, 30)),
        "withdrawn": street.repair(along=(12, 32)),
        "expired": street.repair(along=(14, 34)),
        "settled": street.repair(along=(16, 36)),
        "deleted": street.repair(along=(250, 260)),
        "done": street.repair(along=(400, 410)),
    }
    street.complete(repairs["done"], on=0)
    conflicts = {
        name: street.conflicts(repair=repairs[name]["id"], rule="wasted_repair")[0]
        for name in ("open", "of other works", "shadow", "withdrawn", "expired", "settled")
    }
    with service.as_("admin") as client:
        etag = client.get(f"/api/v1/works/{works['deleted']['id']}").headers["ETag"]
        assert (
            client.delete(f"/api/v1/works/{works['deleted']['id']}", headers={"If-Match": etag}).status_code
            == 204
        )
    changes = {
        "UPDATE repairs SET deleted_at = now() WHERE id = :id": repairs["deleted"],
        "UPDATE conflicts SET shadow = true WHERE id = :id": conflicts["shadow"],
        "UPDATE conflicts SET status = 'withdrawn' WHERE id = :id": conflicts["withdrawn"],
        "UPDATE conflicts SET status = 'expired' WHERE id = :id": conflicts["expired"],
        "UPDATE conflicts SET status = 'settled' WHERE id = :id": conflicts["settled"],
    }
    with service.engine.begin() as conn:
        for statement, one in changes.items():
            conn.execute(sa.text(statement), {"id": one["id"]})
    ids: Callable[[dict[str, Any]], Ids] = lambda found: {name: one["id"] for name, one in found.items()}  # noqa: E731
    yield Everything(street, ids(works), ids(repairs), ids(conflicts))


def listed(client: httpx.Client, _: Everything, kind: str) -> set[str]:
    found: set[str] = set()
    cursor = ""
    while True:
        page = client.get(f"/api/v1/{kind}?limit=1000{cursor}").json()
        found |= {one["id"] for one in page["items"]}
        if not page["next"]:
            return found
        cursor = f"&cursor={page['next']}"


def in_geojson(client: httpx.Client, _: Everything, kind: str) -> set[str]:
    return {one["id"] for one in client.get(f"/api/v1/{kind}.geojson").json()["features"]} | {
        one["properties"].get("works_id") for one in client.get(f"/api/v1/{kind}.geojson").json()["features"]
    }


def in_parquet(client: httpx.Client, _: Everything, kind: str) -> set[str]:
    table = parquet.read_table(io.BytesIO(client.get(f"/api/v1/{kind}.parquet").content))
    return {
        one for name in ("id", "works_id") if name in table.column_names for one in table[name].to_pylist()
    }


def on_tiles(client: httpx.Client, everything: Everything, kind: str) -> set[str]:
    found: set[str] = set()
    for along in range(0, 460, 20):
        z, x, y = street_tile(everything.street.x + along - 10, 17)
        content = client.get(f"/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt").content
        layer = (
            mapbox_vector_tile.decode(content).get(kind, {"features": []}) if content else {"features": []}
        )
        found |= {one["properties"]["id"] for one in layer["features"]}
    return found


def in_cases(client: httpx.Client, _: Everything, kind: str) -> set[str]:
    return {
        id_ for case in client.get("/api/v1/cases?limit=1000").json()["items"] for id_ in case["conflict_ids"]
    }


def read_alone(client: httpx.Client, everything: Everything, kind: str) -> set[str]:
    ids: Ids = getattr(everything, kind)
    return {id_ for id_ in ids.values() if client.get(f"/api/v1/{kind}/{id_}").status_code == 200}


SURFACES = {
    "list": listed, "GeoJSON": in_geojson, "Parquet": in_parquet, "tiles": on_tiles, "cases": in_cases, "single read": read_alone
}  # fmt: skip
MANY = ("list", "GeoJSON", "Parquet", "tiles", "cases")
"""Where nobody asks for one by its id. Who has the id of a conflict in the shadow follows a rule that is tried."""
ALL_WORKS, OPEN_WORKS = {"own", "other", "done"}, {"own", "other"}
REPAIRS = {"open", "of other works", "shadow", "withdrawn", "expired", "settled"}
LIVE, GONE = {"open", "settled"}, {"withdrawn", "expired"}
"""Of the conflicts that touch the partner's works. A settled one is live: its facts still conflict, and it may be opened again."""
SEEN: dict[tuple[str, str], dict[str, set[str]]] = {
    ("works", "viewer"): {"list": ALL_WORKS, "GeoJSON": ALL_WORKS, "Parquet": ALL_WORKS, "tiles": OPEN_WORKS, "single read": ALL_WORKS},
    ("works", "partner"): {"list": {"own", "done"}, "GeoJSON": {"own", "done"}, "Parquet": {"own", "done"}, "tiles": {"own"}, "single read": {"own", "done"}},
    ("repairs", "viewer"): {"list": {*REPAIRS, "done"}, "GeoJSON": {*REPAIRS, "done"}, "Parquet": {*REPAIRS, "done"}, "tiles": REPAIRS, "single read": {*REPAIRS, "done"}},
    ("repairs", "partner"): {"tiles": set(), "single read": set()},
    ("conflicts", "viewer"): {surface: {*LIVE, "of other works"} for surface in MANY} | {"single read": {*LIVE, *GONE, "of other works", "shadow"}},
    ("conflicts", "partner"): dict.fromkeys(MANY, LIVE) | {"single read": LIVE | GONE},
}  # fmt: skip
SEEN |= {(kind, "coordinator"): SEEN[kind, "viewer"] for kind in ("works", "repairs", "conflicts")}
CASES = [(kind, role, surface) for (kind, role), surfaces in SEEN.items() for surface in surfaces]


@pytest.mark.parametrize(("kind", "role", "surface"), CASES)
def test_what_a_list_hides_is_hidden_everywhere(
    service: Service, everything: Everything, kind: str, role: str, surface: str
) -> None:
    ids: Ids = getattr(everything, kind)
    with service.as_(role) as client:
        found = SURFACES[surface](client, everything, kind)

    assert {name for name, id_ in ids.items() if id_ in found} == SEEN[kind, role][surface]


def in_feed(client: httpx.Client) -> set[str]:
    return {one["conflict_id"] for one in client.get("/api/v1/alerts?limit=1000").json()["items"]}


def in_stream(client: httpx.Client) -> set[str]:
    """What the stream tells from its beginning on, up to the last alert of the feed."""
    last = client.get("/api/v1/alerts?limit=1000").json()["last"]
    found = set()
    with client.stream("GET", "/api/v1/alerts/stream?after=0") as answer:
        for line in answer.iter_lines():
            if line.startswith("data: "):
                alert = json.loads(line.removeprefix("data: "))
                found.add(alert["conflict_id"])
                if alert["cursor"] == last:
                    return found
    raise AssertionError("the stream ended before the feed did")


@pytest.mark.parametrize("heard", [in_feed, in_stream], ids=lambda heard: heard.__name__)
@pytest.mark.parametrize("role", ["viewer", "coordinator", "partner"])
def test_a_partner_hears_of_its_own_and_the_city_of_all(
    service: Service, everything: Everything, heard: Callable[[httpx.Client], set[str]], role: str
) -> None:
    """Those that were hidden since had been told before: the feed is what was told when."""
    others = {"of other works"} if role != "partner" else set()
    with service.as_(role) as client:
        found = heard(client)
    assert {name for name, id_ in everything.conflicts.items() if id_ in found} == {
        *LIVE, *GONE, "shadow", *others,
    }  # fmt: skip
