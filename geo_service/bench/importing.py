"""What a checked import costs, beside COPY of the same rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from shapely import set_srid, to_wkb
from shapely.geometry import shape

from geo_service import db, settings, sql
from geo_service.bench.measure import Clock, Compared, MeasurementFailed
from geo_service.bench.region import PACKAGE, TODAY
from geo_service.intake.load import run_import

ROWS = 20_000
MAPPING = Path(__file__).parent / "works.toml"
OWNERS = ("Proximus Gent", "Fluvius Kortrijk", "Aquafin NV", "Wyre")
COLUMNS = "source_id text PRIMARY KEY, owner text, title text, status text, type text, starts_on date, ends_on date, geom geometry(Polygon, 31370)"


@dataclass(frozen=True)
class Checked:
    """Seconds of the import against a bare COPY of ready rows, and against a script that reads the same file and copies."""

    copy: Compared
    script: Compared


def checked_import(url: str, folder: Path, rows: int = ROWS, times: int = 5) -> Checked:
    """Works in GeoJSON among the stored claims, new each time: read, checked, stored, claimed, detected and told."""
    path = write_file(folder, rows)
    ready = list(_rows(path))
    engine = db.create_engine_for(url)
    with psycopg.connect(url.replace("+psycopg", ""), options=db.SESSION_OPTIONS) as conn:
        conn.execute(f"CREATE TABLE IF NOT EXISTS bench_copy ({COLUMNS})")
        conn.execute("CREATE INDEX IF NOT EXISTS bench_copy_geom_ix ON bench_copy USING gist (geom)")
        conn.commit()

        def ours(_: int) -> None:
            report = run_import(
                engine,
                settings.load(database_url=url),
                "works",
                str(path),
                mapping=str(MAPPING),
                today=TODAY,
            )
            if report.created != rows:
                raise MeasurementFailed(f"not every row was stored: {report}")

        def compare(peer: Any) -> Compared:
            forgetting = _Forgetting(conn)
            return forgetting.compare(ours, lambda _: _copy(conn, peer()), times)

        try:
            return Checked(compare(lambda: ready), compare(lambda: _rows(path)))
        finally:
            _forget(conn)
            conn.execute("DROP TABLE bench_copy")
            conn.commit()
            engine.dispose()


def write_file(folder: Path, rows: int) -> Path:
    """So many generated works as GeoJSON in Lambert 72, as `MAPPING` reads it."""
    path = folder / "works.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": list(_features(rows))}), encoding="utf-8"
    )
    return path


class _Forgetting(Clock):
    """Forgets what the run before stored, outside the measured time."""

    def __init__(self, conn: psycopg.Connection[Any]) -> None:
        super().__init__(conn.info.backend_pid)
        self.conn = conn

    def _once(self, run: Any, turn: int) -> tuple[float, float]:
        _forget(self.conn)
        return super()._once(run, turn)


def _features(rows: int) -> Iterator[dict[str, Any]]:
    """Strips along the footpaths of the generated streets."""
    for n in range(rows):
        x, y = 30_000 + 100 * (n % 25) + 7 * (n % 11), 150_000 + 100 * (n // 25 % 25) + n % 2
        starts = TODAY + timedelta(days=n * 7 % 360)
        ring = [[x, y], [x + 8, y], [x + 8, y + 0.5], [x, y + 0.5], [x, y]]
        properties = {
            "id": f"I-{n}", "owner": OWNERS[n % 4], "title": f"Generated works {n}", "status": ("planned", "confirmed")[n % 2],
            "type": "platform" if n % 5 == 0 else "trench", "starts_on": str(starts), "ends_on": str(starts + timedelta(days=10)),
        }  # fmt: skip
        yield {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }


def _rows(path: Path) -> Iterator[tuple[Any, ...]]:
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        told = feature["properties"]
        geometry = to_wkb(set_srid(shape(feature["geometry"]), 31370), hex=True, include_srid=True)
        yield (
            *(told[name] for name in ("id", "owner", "title", "status", "type", "starts_on", "ends_on")),
            geometry,
        )


def _copy(conn: psycopg.Connection[Any], rows: Any) -> None:
    with conn.transaction(), conn.cursor().copy("COPY bench_copy FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _forget(conn: psycopg.Connection[Any]) -> None:
    conn.rollback()
    conn.execute(sql.raw(PACKAGE, "forget_import"))
    conn.commit()
