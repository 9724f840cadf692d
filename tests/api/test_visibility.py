"""What a list hides, all else hides: files, tiles, single reads and the feed, for the city and for a partner.

One street with everything on it: works of the partner, of another owner, deleted and done; repairs that are open, deleted and done; conflicts that
are open, of others, in the shadow, withdrawn and expired.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import mapbox_vector_tile
import pytest
import sqlalchemy as sa
from pyarrow import parquet

from tests.api.scenario import Street
from tests.api.test_roles import _tile
from tests.serving import Service

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
        "deleted": street.repair(along=(250, 260)),
        "done": street.repair(along=(400, 410)),
    }
    street.complete(repairs["done"], on=0)
    conflicts = {
        name: street.conflicts(repair=repairs[name]["id"], rule="wasted_repair")[0]
        for name in ("open", "of other works", "shadow", "withdrawn", "expired")
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
        z, x, y = _tile(everything.street.x + along - 10, 17)
        content = client.get(f"/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt").content
        layer = (
            mapbox_vector_tile.decode(content).get(kind, {"features": []}) if content else {"features": []}
        )
        found |= {one["properties"]["id"] for one in layer["features"]}
    return found


def read_alone(client: httpx.Client, everything: Everything, kind: str) -> set[str]:
    ids: Ids = getattr(everything, kind)
    return {id_ for id_ in ids.values() if client.get(f"/api/v1/{kind}/{id_}").status_code == 200}


SURFACES = {
    "list": listed, "GeoJSON": in_geojson, "Parquet": in_parquet, "tiles": on_tiles, "single read": read_alone
}  # fmt: skip
MANY = ("list", "GeoJSON", "Parquet", "tiles")
"""Where nobody asks for one by its id. Who has the id of a conflict in the shadow follows a rule that is tried."""
ALL_WORKS, OPEN_WORKS = {"own", "other", "done"}, {"own", "other"}
REPAIRS = {"open", "of other works", "shadow", "withdrawn", "expired"}
SEEN: dict[tuple[str, str], dict[str, set[str]]] = {
    ("works", "viewer"): {"list": ALL_WORKS, "GeoJSON": ALL_WORKS, "Parquet": ALL_WORKS, "tiles": OPEN_WORKS, "single read": ALL_WORKS},
    ("works", "partner"): {"list": {"own", "done"}, "GeoJSON": {"own", "done"}, "Parquet": {"own", "done"}, "tiles": {"own"}, "single read": {"own", "done"}},
    ("repairs", "viewer"): {"list": {*REPAIRS, "done"}, "GeoJSON": {*REPAIRS, "done"}, "Parquet": {*REPAIRS, "done"}, "tiles": REPAIRS, "single read": {*REPAIRS, "done"}},
    ("repairs", "partner"): {"tiles": set(), "single read": set()},
    ("conflicts", "viewer"): {surface: {"open", "of other works"} for surface in MANY} | {"single read": {"open", "of other works", "withdrawn", "expired", "shadow"}},
    ("conflicts", "partner"): {surface: {"open"} for surface in MANY} | {"single read": {"open", "withdrawn", "expired"}},
}  # fmt: skip
CASES = [(kind, role, surface) for (kind, role), surfaces in SEEN.items() for surface in surfaces]


@pytest.mark.parametrize(("kind", "role", "surface"), CASES)
def test_what_a_list_hides_is_hidden_everywhere(
    service: Service, everything: Everything, kind: str, role: str, surface: str
) -> None:
    ids: Ids = getattr(everything, kind)
    with service.as_(role) as client:
        found = SURFACES[surface](client, everything, kind)

    assert {name for name, id_ in ids.items() if id_ in found} == SEEN[kind, role][surface]


def test_a_shadow_is_not_told_and_a_partner_hears_of_its_own(
    service: Service, everything: Everything
) -> None:
    heard = {}
    for role in ("viewer", "partner"):
        with service.as_(role) as client:
            items = client.get("/api/v1/alerts?limit=1000").json()["items"]
            heard[role] = {one["conflict_id"] for one in items}
    assert everything.conflicts["of other works"] in heard["viewer"]
    assert everything.conflicts["of other works"] not in heard["partner"]
    assert everything.conflicts["open"] in heard["partner"]
