"""Real programmes that got new ids."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo_service.coordination import day_change
from geo_service.store import locks
from tests.intake.conftest import TODAY, Import, write_json
from tests.intake.publisher import (
    OPEN,
    Decide,
    Publisher,
    Rows,
    record,
)
from tests.scenes import unguarded

OUTCOME = "SELECT source_id, planned::text, scope, status, ST_AsText(ST_SnapToGrid(geom, 0.01)) FROM repairs WHERE deleted_at IS NULL ORDER BY 1"


def test_a_programme_that_was_renumbered_ends_as_if_only_the_new_edition_had_come(
    take_in: Import, jobs: Publisher, city: sa.Engine, rows: Rows, decide: Decide, shared: Path
) -> None:
    """Six renewals of Schaerbeek that all got new ids between January and April; two of them moved."""
    folder = shared / "findings/2026-11/files/real-programme-renumbered"
    edition = {name: folder / f"{name}.geojson" for name in ("january", "april")}

    def read(name: str, on: date) -> Any:
        return take_in("repairs", edition[name], mapping="osiris-programme-repairs", today=on)

    streets = json.loads(edition["january"].read_text(encoding="utf-8"))["features"]
    sewer = record("sewer", (150, 200), owner="Aquafin")
    jobs.shows(
        *(
            {**sewer, "geometry": one["geometry"], "properties": {**sewer["properties"], "id": n}}
            for n, one in enumerate(streets)
        )
    )
    read("january", date(2026, 1, 5))
    report = read("april", date(2026, 4, 6))
    assert (report.created, report.vanished, report.renumbered, report.withheld) == (6, 6, 6, 0)
    moved = {one["old"]: (one["new"], one["starts_moved"]) for one in report.renumberings}
    assert moved == {
        "CH_00082": ("CH_0081", 0),
        "CH_00402": ("CH_0407", 0),
        "CH_00470": ("CH_0475", 365),
        "CH_00025": ("CH_0025", 0),
        "CH_00290": ("CH_0295", 273),
        "CH_00305": ("CH_0313", 0),
    }
    undecided = rows(OPEN)
    decide()
    found = rows(OUTCOME), rows(OPEN)
    assert found[1] == undecided != []
    with city.begin() as conn:
        locks.claims_writer(conn)
        again = day_change.recompute(conn, TODAY)
    assert (again.opened, again.closed) == (0, 0)
    with city.begin() as conn:
        unguarded(conn, "TRUNCATE repairs, renumberings CASCADE")
        conn.execute(sa.text("DELETE FROM claims WHERE repair_id IS NOT NULL"))
    read("april", date(2026, 4, 6))
    assert (rows(OUTCOME), rows(OPEN)) == found


def test_a_real_programme_under_new_ids_changes_nothing_and_tells_nothing(
    take_in: Import, city: sa.Engine, rows: Rows, decide: Decide, shared: Path, tmp_path: Path
) -> None:
    """Every second row of the programme of Schaerbeek, many of them on one street in one year: each is found again."""
    packed = shared / "data/real/osiris-schaerbeek-2025-2026/programme_2026-01.geojson.gz"
    programme = json.loads(gzip.decompress(packed.read_bytes()))
    programme["features"] = programme["features"][::2]

    def read() -> list[Any]:
        file = write_json(tmp_path / "programme.geojson", programme)
        mappings = {"works": "osiris-programme", "repairs": "osiris-programme-repairs"}
        return [take_in(target, file, mapping=name, today=on) for target, name in mappings.items()]

    def live() -> list[Any]:
        return rows(
            "SELECT w.id, array_agg(p.during::text ORDER BY p.during) FROM works w JOIN phases p ON p.works_id = w.id "
            "WHERE w.deleted_at IS NULL GROUP BY w.id UNION ALL "
            "SELECT id, ARRAY[planned::text] FROM repairs WHERE deleted_at IS NULL ORDER BY 1"
        )

    conflicts = "SELECT id, severity, works_ids, repair_id FROM conflicts WHERE status = 'open' ORDER BY id"
    on = date(2026, 1, 5)
    first = read()
    before, told, there = rows(conflicts), rows("SELECT count(*) FROM alerts"), live()
    for number, feature in enumerate(programme["features"]):
        feature["properties"]["id_chantier"] = f"NEW_{number}"
    reports = read()
    found = [(one.created, one.vanished, one.renumbered, one.withheld) for one in reports]
    assert found == [(one.created, one.created, one.created, 0) for one in first]
    assert first[0].created > 150 and first[1].created > 20
    assert set(rows("SELECT starts_moved FROM renumberings")) == {0}
    assert (rows(conflicts), rows("SELECT count(*) FROM alerts")) == (before, told)
    decide(today=on)
    assert (rows(conflicts), live()) == (before, there)
    assert set(rows("SELECT source_id ~ '^NEW_' FROM works WHERE deleted_at IS NULL")) == {True}
    with city.begin() as conn:
        locks.claims_writer(conn)
        again = day_change.recompute(conn, on)
    assert (again.opened, again.closed) == (0, 0)
