"""What a checked import costs, beside COPY of the same rows and what others do with the same file."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from shapely.geometry import shape

from geo_service import city, db, settings, sql
from geo_service.bench.measure import Clock, Comparison, MeasurementFailed, Run
from geo_service.bench.region import PACKAGE, TODAY
from geo_service.detection import run
from geo_service.domain.crs import STORAGE
from geo_service.domain.geometry import hex_ewkb
from geo_service.domain.parameters import Parameters
from geo_service.intake.importer import run_import

ROWS = 20_000
OGR = "ogr2ogr"
WORKS_PER_STREET = 10
MAPPING = Path(__file__).parent / "works.toml"
OWNERS = ("Proximus Gent", "Fluvius Kortrijk", "Aquafin NV", "Wyre")
COLUMNS = (
    "source_id text PRIMARY KEY, owner text, title text, status text, type text, starts_on date, ends_on date, "
    f"geom geometry(Polygon, {STORAGE})"
)


# What the claims of works cannot do without: how much of which pavement they take.
PAVEMENT = """
    SELECT sum(ST_Area(ST_Intersection(v.geom, w.geom))) FROM bench_copy w JOIN pavement_sections v ON ST_Intersects(v.geom, w.geom)"""

# Everything that an import writes, in an order that foreign keys allow, and which of its rows are the import's.
_CONFLICTS = "SELECT id FROM conflicts WHERE works_ids && (SELECT array_agg(id) FROM works WHERE source = 'bench-import')"
_OF_WORKS = "works_id IN (SELECT id FROM works WHERE source = 'bench-import')"
WRITTEN = {
    "works": "source = 'bench-import'",
    "phases": _OF_WORKS,
    "source_records": "source = 'bench-import'",
    "phase_digs": _OF_WORKS,
    "claims": _OF_WORKS,
    "conflicts": f"id IN ({_CONFLICTS})",
    "conflict_events": f"conflict_id IN ({_CONFLICTS})",
    "alerts": f"conflict_id IN ({_CONFLICTS})",
}


@dataclass(frozen=True)
class ImportComparisons:
    """The import against: COPY of ready rows into one bare table; COPY of everything that it stores into the tables where it stores it; that
    and the bare statements of digs, claims and pairs for the same works; a script that reads the same file and copies; GDAL's ogr2ogr
    with the same file into an empty table. `again`: the same file once more. `pavement`: one SELECT of what these works take of the
    pavement, the least that claims need, against ogr2ogr."""

    copy: Comparison
    tables: Comparison
    bare: Comparison
    script: Comparison
    again: Comparison
    ogr2ogr: Comparison | None
    pavement: Comparison | None


def checked_import(
    url: str, server: int | None, folder: Path, rows: int = ROWS, times: int = 5
) -> ImportComparisons:
    """Works in GeoJSON among the stored claims, new each time: read, checked, stored, claimed, detected and told.

    `server` is the process of PostgreSQL itself.
    """
    path = write_file(folder, rows)
    engine = db.create_engine_for(url, pool_size=1)
    with psycopg.connect(url.replace("+psycopg", ""), options=db.SESSION_OPTIONS) as conn:
        conn.execute(f"CREATE TABLE IF NOT EXISTS bench_copy ({COLUMNS})")
        conn.execute("CREATE INDEX IF NOT EXISTS bench_copy_geom_ix ON bench_copy USING gist (geom)")
        conn.commit()
        try:
            return _comparisons(conn, engine, server, path, rows, times)
        finally:
            _forget(conn)
            conn.execute("DROP TABLE IF EXISTS bench_copy, bench_ogr")
            conn.commit()
            engine.dispose()


def _comparisons(
    conn: psycopg.Connection[Any], engine: sa.Engine, server: int | None, path: Path, rows: int, times: int
) -> ImportComparisons:
    """The import of `path` and its peers, by turns."""
    ready = list(_rows(path))

    def ours(_: int) -> None:
        _import(engine, path, created=rows)

    def again(_: int) -> None:
        _import(engine, path, created=0)

    def pavement(_: int) -> None:
        conn.execute(PAVEMENT)
        conn.commit()

    _forget(conn)
    ours(0)
    stored = _table_contents(conn)
    peers: list[Run] = [
        lambda _: _copy(conn, ready),
        lambda _: _copy_back(conn, stored),
        lambda _: _bare(conn, stored),
        lambda _: _copy(conn, _rows(path)),
        again,
        pavement,
    ]
    if shutil.which(OGR):
        peers.append(lambda _: _ogr2ogr(conn, path))
    clock = _Forgetting(conn, engine, server, before={again: ours, pavement: lambda _: _copy(conn, ready)})
    first, *others = clock.compare_all((ours, *peers), times)
    copy, tables, bare, script, more, under, *ogr = (Comparison(first, other) for other in others)
    ogr2ogr = ogr[0] if ogr else None
    least = Comparison(under.peer, ogr2ogr.peer) if ogr2ogr else None
    return ImportComparisons(copy, tables, bare, script, Comparison(more.peer, first), ogr2ogr, least)


def _import(engine: sa.Engine, path: Path, *, created: int) -> None:
    config = settings.load(database_url=engine.url.render_as_string(hide_password=False))
    report = run_import(engine, config, "works", str(path), mapping=str(MAPPING), today=TODAY)
    if report.created != created:
        raise MeasurementFailed(f"not every row was stored: {report}")


def write_file(folder: Path, rows: int) -> Path:
    """So many generated works as GeoJSON in Lambert 72, as `MAPPING` reads it."""
    path = folder / "works.geojson"
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [\n')
        for n, feature in enumerate(_features(rows)):
            file.write(",\n" * (n > 0) + json.dumps(feature))
        file.write("\n]}\n")
    return path


class _Forgetting(Clock):
    """Forgets what the run before stored, and does what has to come `before` a run, outside the measured time."""

    def __init__(
        self, conn: psycopg.Connection[Any], engine: sa.Engine, server: int | None, before: Mapping[Run, Run]
    ) -> None:
        with engine.connect() as ours:
            backend = ours.scalar(sa.text("SELECT pg_backend_pid()"))
        super().__init__(conn.info.backend_pid, backend, reaper=server)
        self.conn = conn
        self.before = before

    def now(self) -> tuple[float, float]:
        """With the CPU of ogr2ogr, a process of its own."""
        wall, cpu = super().now()
        children = os.times()
        return wall, cpu + children.children_user + children.children_system

    def _once(self, run: Run, turn: int) -> tuple[float, float]:
        _forget(self.conn)
        if run in self.before:
            self.before[run](turn)
        return super()._once(run, turn)


def _features(rows: int) -> Iterator[dict[str, Any]]:
    """Strips along the footpaths of the generated streets, as close together as the works that are there, however many."""
    streets = max(1, rows // WORKS_PER_STREET)
    side = math.isqrt(streets - 1) + 1
    for n in range(rows):
        street = n % streets
        x, y = 30_000 + 100 * (street % side) + 7 * (n % 11), 150_000 + 100 * (street // side) + n % 2
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
        properties = feature["properties"]
        geometry = hex_ewkb(shape(feature["geometry"]))
        yield (
            *(
                properties[name]
                for name in ("id", "owner", "title", "status", "type", "starts_on", "ends_on")
            ),
            geometry,
        )


def _copy(conn: psycopg.Connection[Any], rows: Any) -> None:
    with conn.transaction(), conn.cursor().copy("COPY bench_copy FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _table_contents(conn: psycopg.Connection[Any]) -> dict[str, bytes]:
    """What the import wrote, table by table, as PostgreSQL's own COPY takes it fastest."""
    copies = {}
    for table, which in WRITTEN.items():
        query = f"COPY (SELECT * FROM {table} WHERE {which}) TO STDOUT (FORMAT BINARY)"  # noqa: S608  # nosec B608 # fixed texts
        with conn.transaction(), conn.cursor().copy(query) as copy:
            copies[table] = b"".join(bytes(part) for part in copy)
    return copies


def _copy_back(conn: psycopg.Connection[Any], stored: Mapping[str, bytes]) -> None:
    with conn.transaction():
        for table, rows in stored.items():
            with conn.cursor().copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(rows)


def _bare(conn: psycopg.Connection[Any], stored: Mapping[str, bytes]) -> None:
    """All rows, and what has to be asked about them: the service's own statements, in one go, without anything around them."""
    with conn.transaction():
        _copy_back(conn, stored)
        rows = conn.execute("SELECT id FROM works WHERE source = 'bench-import'")
        subject = run.Subject(works_ids=[works_id for (works_id,) in rows])
        params = {**run.params_of(subject, TODAY, Parameters(), city.load()), "phase_ids": sql.uuids(())}
        for name in ("digs", "claims_works", "detect"):
            statement = sql.statement(run.PACKAGE, name, everything="false", what_if="NULL")
            psycopg.RawCursor(conn).execute(statement.text.encode(), statement.values(params)).fetchall()


def _ogr2ogr(conn: psycopg.Connection[Any], path: Path) -> None:
    """GDAL's own loader, into a table that it makes, with its index on the ground."""
    info = conn.info
    place = f"PG:host={info.host} port={info.port} dbname={info.dbname} user={info.user}"
    into = [
        "-f",
        "PostgreSQL",
        place,
        str(path),
        "-nln",
        "bench_ogr",
        "-overwrite",
        "-a_srs",
        f"EPSG:{STORAGE}",
    ]
    environment = {**os.environ, "PGPASSWORD": info.password, "PG_USE_COPY": "YES"}
    subprocess.run([OGR, *into], env=environment, check=True, capture_output=True)


def _forget(conn: psycopg.Connection[Any]) -> None:
    conn.rollback()
    conn.execute(sql.source(PACKAGE, "forget_import"))
    conn.commit()
