"""Import one base map: read all shapes, store them as sets, then derive what depends on them, one square at a time.

Reading changes no stored data. The transaction that stores the shapes also notes the squares that changed. A second transaction per
square derives its sections and the claims of works and repairs on them. After an import is killed, its squares are still noted, and
the next import derives them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from geo_service import db
from geo_service.domain.geometry import hex_ewkb
from geo_service.intake.base_maps import derivation, shrinkage
from geo_service.intake.base_maps.map_file import BaseMapFile, MapFeature
from geo_service.intake.base_maps.shrinkage import Shrinkage, ShrinkLimit
from geo_service.intake.pipeline.import_log import ImportLog, ImportRequest, open_import_log
from geo_service.intake.pipeline.import_run import Progress
from geo_service.intake.pipeline.report import Report
from geo_service.intake.records import Rejection
from geo_service.intake.wait_policy import Interrupted, in_turn, with_map
from geo_service.store import locks

PACKAGE = "geo_service.intake.base_maps"
LAYERS = {"pavements": "pavement", "streets": "street", "parcels": "parcel"}

log = structlog.get_logger(__name__)


def import_base_map(
    engine: sa.Engine,
    source: BaseMapFile,
    origin: str | None,
    *,
    mapping: str | None = None,
    dry_run: bool,
    today: date,
    progress: Progress | None = None,
    import_id: UUID | None = None,
    stopping: Callable[[], bool] | None = None,
    shrink: ShrinkLimit,
) -> Report:
    """Take in the shapes of `source` and derive what depends on them. `origin` and `mapping` are what may be told of where they come from.

    `progress` hears (shapes or squares done, their total or None). `stopping` is asked between batches and squares; when it says so,
    Interrupted is raised. Under an `import_id` that was interrupted or killed, it goes on. `shrink` says when what is no longer shown is not believed.
    Raises SourceUnreachable, DatabaseUnreachable, and InvalidInput about the file's layer, CRS or encoding.
    """
    started = time.monotonic()
    report = Report(source.name)
    with (
        db.reachable(),
        engine.connect() as conn,
        in_turn(conn, source.name),
        open_import_log(
            conn, report, ImportRequest(origin, import_id, mapping, shrink.accepted, dry_run)
        ) as import_log,
    ):
        run = _Run(conn, source, report, import_log, progress or (lambda _done, _total: None), stopping)
        run.read()
        report.remarks = source.remarks
        with with_map(conn), _all_or_nothing(conn, dry_run):
            run.go_on()
            with conn.begin_nested() if dry_run else conn.begin():
                shrinkage_ = _store(conn, source, report, shrink)
                import_log.store_progress(report, 0, report.read)
                if not dry_run:
                    locks.tick(conn)
            derivation.derive(conn, today, dry=dry_run, note=run.note_square, go_on=run.go_on)
        if shrinkage_ and not dry_run:
            with conn.begin():
                shrinkage.send_alerts(conn, source, shrinkage_, shrink, import_log.import_id)
        report.seconds = time.monotonic() - started
        import_log.finish(report)
    log.info("import", **report.counts(), dry_run=dry_run, remarks=source.remarks.counts)
    return report


@dataclass(slots=True)
class _Run:
    """The state of one import."""

    conn: sa.Connection
    source: BaseMapFile
    report: Report
    import_log: ImportLog
    progress: Progress
    stopping: Callable[[], bool] | None

    def go_on(self) -> None:
        """Raises Interrupted when the import must stop."""
        if self.stopping is not None and self.stopping():
            raise Interrupted

    def read(self) -> None:
        """Write every shape to the stage, a thousand at a time, so memory does not grow with the file."""
        with self.conn.begin():
            db.execute(self.conn, PACKAGE, "stage")
        for batch in self.source.batches():
            for one in batch:
                if isinstance(one, Rejection):
                    self.report.reject(one)
            self.go_on()
            self.report.read = self.source.read
            with self.conn.begin():
                _put(self.conn, [one for one in batch if isinstance(one, MapFeature)])
                _put_refused(self.conn, [one for one in batch if isinstance(one, Rejection)])
                self.import_log.store_progress(self.report, 0, None)
            self.progress(self.source.read, None)
        with self.conn.begin():
            db.execute(self.conn, PACKAGE, "stage_index")
            for row in db.fetch(self.conn, PACKAGE, "stage_repeats"):
                self.report.reject(Rejection.twice(row["row"], row["key"], row["line"]))

    def note_square(self, done: int, squares: int, opened: int) -> None:
        """Store, in the transaction of a square, the number of opened conflicts. Progress is counted in
        shapes, as while reading.
        """
        self.report.conflicts_opened += opened
        self.import_log.store_progress(self.report, self.report.read * done // squares, self.report.read)
        self.progress(done, squares)


def check_map(source: BaseMapFile) -> Report:
    """Check a file without a database; a readable shape counts as `created`."""
    started = time.monotonic()
    report = Report(source.name)
    keys: set[str] = set()
    for batch in source.batches():
        for one in batch:
            if isinstance(one, Rejection):
                report.reject(one)
            elif one.key in keys:
                report.reject(Rejection.twice(one.row, one.key, one.line))
            else:
                keys.add(one.key)
                report.count("created")
    report.read = source.read
    report.remarks = source.remarks
    report.seconds = time.monotonic() - started
    return report


@contextmanager
def _all_or_nothing(conn: sa.Connection, dry_run: bool) -> Iterator[None]:
    """Run a dry run as one transaction that is rolled back. It locks the rows of the map, which only imports
    of maps write; it releases the writers' lock after each square.
    """
    with conn.begin() if dry_run else nullcontext() as everything:
        yield
        if everything is not None:
            everything.rollback()


def _put(conn: sa.Connection, shapes: list[MapFeature]) -> None:
    rows = (
        (
            one.row,
            one.line,
            one.key,
            json.dumps(one.data, ensure_ascii=False).replace("\\u0000", ""),
            hex_ewkb(one.geom),
        )
        for one in shapes
    )
    db.copy(conn, "base_stage", ("row", "line", "key", "data", "geom"), rows)


def _put_refused(conn: sa.Connection, rejections: list[Rejection]) -> None:
    """Store the keys of unreadable shapes, which have not vanished; shapes that the mapping skips have."""
    keys = [(one.id.replace("\0", ""),) for one in rejections if one.id and not one.on_purpose]
    db.copy(conn, "base_refused", ("key",), keys)


def _store(conn: sa.Connection, source: BaseMapFile, report: Report, shrink: ShrinkLimit) -> Shrinkage | None:
    target = source.mapping.target
    layer = LAYERS.get(target)
    statement = f"store_{'shapes' if layer else target}"
    params: dict[str, Any] = {"source": source.name, "layer": layer} if layer else {"source": source.name}
    [stored] = db.fetch(conn, PACKAGE, statement, **params)
    report.created, report.changed = stored["created"], stored["changed"]
    report.unchanged = report.read - report.rejected - report.created - report.changed
    shrinkage_ = None if target == "addresses" else shrinkage.take_away(conn, source, params, shrink, report)
    if target == "streets":
        derivation.streets(conn)
    return shrinkage_
