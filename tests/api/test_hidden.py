"""What a list hides, files and tiles hide as well: shadow rules, what is over, what was taken back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import mapbox_vector_tile
import pytest
import sqlalchemy as sa

from geo_service.domain.conflicts import Status
from geo_service.ogc.tile_documents import tile_at
from tests.api.scenario import Street
from tests.serving import STREET, TO_WGS84

ZOOMS = (12, 16)


def listed(street: Street, name: str) -> set[str]:
    with street.service.as_("coordinator") as client:
        return {one["id"] for one in client.get(f"/api/v1/{name}", params={"limit": 1000}).json()["items"]}


def exported(street: Street, name: str) -> set[str]:
    with street.service.as_("coordinator") as client:
        parquet = client.get(f"/api/v1/{name}.parquet").content
        features = client.get(f"/api/v1/{name}.geojson").json()["features"]
    ids = set(gpd.read_parquet(io.BytesIO(parquet)).id)
    assert ids == {one["id"] for one in features}
    return ids


def in_tiles(street: Street, name: str) -> set[str]:
    lon, lat = TO_WGS84.transform(STREET[0] + street.x + 20, STREET[1] + 1)
    seen = []
    with street.service.as_("coordinator") as client:
        for z in ZOOMS:
            x, y = tile_at(lon, lat, z)
            layers = mapbox_vector_tile.decode(
                client.get(f"/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt").content
            )
            features = layers.get(name, {"features": []})["features"]
            seen.append({one["properties"]["id"] for one in features})
    return set.union(*seen)


def change(street: Street, statement: str, id_: str) -> None:
    with street.service.engine.begin() as conn:
        changed = conn.execute(sa.text(statement), {"id": id_})
    assert changed.rowcount == 1


HIDING = {
    "a conflict of a shadow rule": ("conflicts", "UPDATE conflicts SET shadow = true WHERE id = :id"),
    "a conflict that expired": ("conflicts", "UPDATE conflicts SET status = 'expired' WHERE id = :id"),
    "a conflict that was withdrawn": ("conflicts", "UPDATE conflicts SET status = 'withdrawn' WHERE id = :id"),
    "works that were taken back": ("works", "UPDATE works SET deleted_at = now() WHERE id = :id"),
    "a repair that was removed": ("repairs", "UPDATE repairs SET deleted_at = now() WHERE id = :id"),
}  # fmt: skip


@pytest.mark.parametrize("what", HIDING)
@pytest.mark.parametrize("shown", [listed, exported, in_tiles], ids=lambda shown: shown.__name__)
def test_what_is_hidden_is_hidden_everywhere(
    street: Street, what: str, shown: Callable[[Street, str], set[str]]
) -> None:
    name, statement = HIDING[what]
    works, repair = street.works((30, 44)), street.repair()
    [conflict] = street.conflicts(repair=repair["id"])
    found: dict[str, dict[str, Any]] = {"works": works, "repairs": repair, "conflicts": conflict}
    id_ = found[name]["id"]
    assert id_ in shown(street, name)
    change(street, statement, id_)
    assert id_ not in shown(street, name)


SHOWN = ["open", "acknowledged", "agreed", "settled", "accepted_risk"]


@pytest.mark.parametrize("status", SHOWN)
def test_a_conflict_is_shown_everywhere_as_long_as_its_facts_meet(street: Street, status: str) -> None:
    """Whatever people made of it: only `expired` and `withdrawn` are gone."""
    works, repair = street.works((30, 44)), street.repair()
    [conflict] = street.conflicts(repair=repair["id"])
    with street.service.engine.begin() as conn:
        conn.execute(
            sa.text("UPDATE conflicts SET status = :status WHERE id = :id"),
            {"id": conflict["id"], "status": status},
        )
    for shown in (listed, exported, in_tiles):
        assert conflict["id"] in shown(street, "conflicts"), shown.__name__
    street.slip(works, (37, 51))
    news = [one["type"] for one in street.alerts(repair) if one["conflict_id"] == conflict["id"]]
    assert news[-1] == ("conflict.changed" if status in ("open", "acknowledged") else "conflict.reopened")


def test_every_status_is_shown_or_hidden() -> None:
    gone = {status for status in Status.__args__ if any(f"'{status}'" in sql for _, sql in HIDING.values())}
    assert gone | set(SHOWN) == set(Status.__args__)
