"""How a reference map comes in: read whole, stored in sets, and then square by square what depends on it is derived.

Reading touches nothing. Storing notes the squares that changed, in the same transaction; each square is then derived in a transaction of its
own, with the claims of works and repairs in it. An import that is killed leaves its squares noted: the next one goes on with them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from uuid import UUID

import sqlalchemy as sa
import structlog
from shapely import set_srid, to_wkb

from geo_service import db, sql
from geo_service.domain.crs import STORAGE
from geo_service.domain.errors import GeoServiceError
from geo_service.intake.ground import derive
from geo_service.intake.ground.source import GroundFile, Shape
from geo_service.intake.records import Rejection
from geo_service.intake.report import Report
from geo_service.store import imports

PACKAGE = "geo_service.intake.ground"
LAYERS = {"pavements": "pavement", "streets": "street", "parcels": "parcel"}

Progress = Callable[[int, int | None], None]
log = structlog.get_logger(__name__)


def run_ground(
    engine: sa.Engine,
    source: GroundFile,
    origin: str | None,
    *,
    dry_run: bool,
    today: date,
    progress: Progress | None = None,
    import_id: UUID | None = None,
) -> Report:
    """Take in the shapes of `source` and derive what depends on them. `origin` is what may be told of where they come from.

    Raises SourceUnreachable, DatabaseUnreachable, and InvalidInput about the file's layer, CRS or encoding.
    """
    started = time.monotonic()
    report = Report(source.name)
    tell = progress or (lambda _done, _total: None)
    with (
        db.reachable(),
        engine.connect() as conn,
        imports.turn(conn, source.name),
        _noted(conn, report, origin, import_id, dry=dry_run) as finish,
    ):
        _read(conn, source, report, tell)
        with imports.turn(conn, "the reference map"), _all_or_nothing(conn, dry_run):
            with conn.begin_nested() if dry_run else conn.begin():
                _store(conn, source, report)
            report.conflicts_opened = derive.derive(conn, today, within=dry_run, progress=tell)
        report.rejections.sort(key=lambda rejection: rejection.row)
        report.seconds = time.monotonic() - started
        finish()
    log.info(
        "import", **{**report.as_json(), "rejections": None}, dry_run=dry_run, remarks=source.remarks.counts
    )
    return report


def read_only(source: GroundFile) -> Report:
    """What of the file can be read, without a database: it counts as `created`, though nothing is."""
    started = time.monotonic()
    report = Report(source.name)
    seen: set[str] = set()
    for batch in source.batches():
        for one in batch:
            if isinstance(one, Rejection):
                report.reject(one)
            elif one.key in seen:
                report.reject(_twice(one.row, one.key))
            else:
                seen.add(one.key)
                report.count("created")
    report.read = source.read
    report.rejections.sort(key=lambda rejection: rejection.row)
    report.seconds = time.monotonic() - started
    return report


@contextmanager
def _noted(
    conn: sa.Connection, report: Report, origin: str | None, import_id: UUID | None, *, dry: bool
) -> Iterator[Callable[[], None]]:
    """Keep a row for this import, whichever way it ends."""
    if dry:
        yield lambda: None
        return
    with conn.begin():
        noted, _ = imports.start(conn, report.source, origin, import_id)

    def finish() -> None:
        told = report.as_json()
        rows = [{"record_id": one.pop("id"), **one} for one in told.pop("rejections")]
        with conn.begin():
            imports.finish(conn, noted, "done", told, rows)

    try:
        yield finish
    except Exception as error:
        if not conn.invalidated:
            conn.rollback()
            code = error.code if isinstance(error, GeoServiceError) else "internal_error"
            said = {"message": str(error)} if isinstance(error, GeoServiceError) else {}
            with conn.begin():
                imports.finish(conn, noted, "failed", {"source": report.source, "error": code, **said})
        raise


@contextmanager
def _all_or_nothing(conn: sa.Connection, dry_run: bool) -> Iterator[None]:
    """A dry run is one transaction that is rolled back."""
    with conn.begin() if dry_run else nullcontext() as everything:
        yield
        if everything is not None:
            everything.rollback()


def _read(conn: sa.Connection, source: GroundFile, report: Report, tell: Progress) -> None:
    """Lay every shape on the stage, a thousand at a time: memory does not grow with the file."""
    with conn.begin():
        conn.exec_driver_sql("DROP TABLE IF EXISTS base_stage")
        conn.exec_driver_sql(sql.raw(PACKAGE, "stage"))
    for batch in source.batches():
        shapes = [one for one in batch if isinstance(one, Shape)]
        for one in batch:
            if isinstance(one, Rejection):
                report.reject(one)
        with conn.begin():
            _put(conn, shapes)
        tell(source.read, None)
    report.read = source.read
    with conn.begin():
        conn.exec_driver_sql("CREATE INDEX ON base_stage (key)")
        for row, key in conn.execute(sql.load(PACKAGE, "stage_repeats")):
            report.reject(_twice(row, key))
        conn.exec_driver_sql("ANALYZE base_stage")


def _put(conn: sa.Connection, shapes: list[Shape]) -> None:
    driver = conn.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy("COPY base_stage (row, key, data, geom) FROM STDIN") as copy:
        for one in shapes:
            wkb = to_wkb(set_srid(one.geom, STORAGE), hex=True, include_srid=True)
            copy.write_row(
                (one.row, one.key, json.dumps(one.data, ensure_ascii=False).replace("\\u0000", ""), wkb)
            )


def _store(conn: sa.Connection, source: GroundFile, report: Report) -> None:
    target = source.mapping.target
    layer = LAYERS.get(target)
    statement = f"store_{'shapes' if layer else target}"
    params = {"source": source.name, "layer": layer} if layer else {"source": source.name}
    stored = conn.execute(sql.load(PACKAGE, statement), {} if target == "addresses" else params).one()
    report.created, report.changed = stored.created, stored.changed
    report.unchanged = report.read - report.rejected - report.created - report.changed
    # an empty file is a download that failed, not a town without houses
    if source.mapping.full and target != "addresses" and report.read > report.rejected:
        vanish = f"vanish_{'shapes' if layer else target}"
        report.vanished = conn.execute(sql.load(PACKAGE, vanish), params).scalar_one()
    if target == "streets":
        derive.streets(conn)


def _twice(row: int, key: str) -> Rejection:
    return Rejection(row, key, "duplicate_id", "id", f"{key} is there twice; the first one counts")
