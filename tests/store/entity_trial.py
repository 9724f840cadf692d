"""Use the field and the entity of docs/how-to/add-an-entity.md in a copy of the code: `test_add_an_entity.py` starts this there."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from shapely import Point
from shapely import box as rectangle

from geo_service import db, settings
from geo_service.api.app import create_app
from geo_service.domain.period import Period
from geo_service.domain.works import Phase, Works
from geo_service.intake.mapping.definition import parse_mapping
from geo_service.intake.records import Record
from geo_service.intake.sources.mapped import Mapped
from geo_service.store import keys, locks, migrate, trees, works_batch  # type: ignore[attr-defined]

ZONE = json.loads(sys.argv[1])
DAY = date(2026, 11, 23)
MAPPING = """
about = "trial"
source = "elsewhere"
target = "works"
status_default = "planned"
type_default = { kind = "groundworks", opens_surface = true }
[fields]
id = { from = ["nr"] }
owner = { from = ["wie"] }
permit = { from = ["vergunning"] }
starts_on = { from = ["van"] }
ends_on = { from = ["tot"] }
"""
ROW = {"nr": "1", "wie": "Vivaqua", "vergunning": "P-7", "van": "2026-12-01", "tot": "2026-12-10"}


def by_api(client: TestClient) -> dict[str, Any]:
    phase = {"geometry": ZONE, "starts_on": "2027-01-01", "ends_on": "2027-02-01"}
    body = {"owner": "Proximus", "kind": "groundworks", "permit": "OMV-2026-0470123456", "phases": [phase]}
    created = client.post("/api/v1/works", json=body)
    assert created.status_code == 201, created.text
    path, etag = f"/api/v1/works/{created.json()['id']}", created.headers["ETag"]
    changed = client.patch(path, json={"permit": "OMV-2"}, headers={"If-Match": etag})
    assert changed.status_code == 200, changed.text
    kept = client.patch(path, json={"title": "Voetpad"}, headers={"If-Match": changed.headers["ETag"]})
    return {
        name: one.json()["permit"]
        for name, one in (("created", created), ("changed", changed), ("kept", kept))
    }


def by_import(conn: Any) -> list[str]:
    """What a second and a third import say of the same works."""
    phase = Phase("1", rectangle(80_100, 190_000, 80_120, 190_002), Period(DAY, date(2027, 1, 1)), True)
    works = Works("trial", "1", "Fluvius", "Gas", "groundworks", "planned", (phase,), permit="P-1")  # type: ignore[call-arg]
    batches = (works, works, replace(works, permit="P-2"))  # type: ignore[call-arg]
    return [works_batch.save(conn, [one], observed_on=DAY)[0].outcome for one in batches]


def by_mapping(config: settings.Settings) -> str | None:
    """The permit of the works that a mapping file reads."""
    feature = {"type": "Feature", "geometry": ZONE, "properties": ROW}
    file = Path("works.geojson")
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    source = Mapped(parse_mapping(MAPPING, "trial"), str(file), config.region_bbox)
    [group] = source.build([[one for one in source.records() if isinstance(one, Record)]])
    return getattr(group.item, "permit", None)


def main() -> None:
    config = settings.load(today=DAY)
    migrate.upgrade(os.environ["GEO_DATABASE_URL"])
    engine = db.create_engine_from(config)
    with db.write(engine) as conn:
        key = keys.create(conn, "trial", "utilities_desk")
    with TestClient(create_app(config), headers={"Authorization": f"Bearer {key}"}) as client:
        answers = by_api(client)
    with db.write(engine) as conn:
        locks.claims_writer(conn)
        outcomes = by_import(conn)
        tree = trees.create(conn, "trial", "1", Point(80_000, 190_000), "Tilia")
        species = trees.get(conn, tree)["species"]
    print(json.dumps({**answers, "outcomes": outcomes, "mapped": by_mapping(config), "species": species}))


if __name__ == "__main__":
    main()
