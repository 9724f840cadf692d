"""The pipeline of works and repairs: read the records, reject the unusable ones with a reason, store what changed, detect.

Reading comes first and changes no stored data, so a source that fails halfway changes nothing. Then each transaction stores one batch
of groups under the writers' lock, with its conflicts and alerts. A killed import leaves complete batches; the next run finds them
unchanged and stores the rest.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice

import sqlalchemy as sa
import structlog

from geo_service import db
from geo_service.domain.errors import InvalidInput
from geo_service.intake import wait_policy
from geo_service.intake.pipeline import stage, store, vanishing
from geo_service.intake.pipeline.import_log import ImportRequest, open_import_log
from geo_service.intake.pipeline.import_run import ImportRun, Progress
from geo_service.intake.pipeline.report import Report
from geo_service.intake.records import Coverage, Rejection, Source
from geo_service.intake.wait_policy import Interrupted
from geo_service.settings import Settings
from geo_service.store.tables import source_records

READ_AT_ONCE = 1000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of a source, and the names of all sources that share it: one import of them runs at a time."""

    name: str
    sources: tuple[str, ...]


def load(
    engine: sa.Engine,
    settings: Settings,
    source: Source,
    turn: Turn,
    request: ImportRequest,
    clock: Callable[[], date],
    progress: Progress | None,
) -> Report:
    """Import the records of `source`, and report each outcome. Raises as `run_import` does."""
    started = time.monotonic()
    report = Report(source.name)
    with (
        _memory_left_alone(),
        db.reachable(),
        engine.connect() as conn,
        wait_policy.in_turn(conn, turn.name, turn.sources),
        stage.open_stage(conn),
        open_import_log(conn, report, request) as import_log,
    ):
        run = ImportRun(
            conn,
            source,
            clock,
            progress or (lambda _done, _total: None),
            wait_policy.current_policy().stopping,
            report,
            import_log,
            request.accept_shrink,
        )
        with conn.begin():
            _check_name(conn, source)
            source.prepare(conn)
        _read(run)
        report.remarks = source.remarks
        _compare(run)
        before = vanishing.count_open(run)
        vanishing.list_absent(run)
        store.store(run)
        vanishing.vanish(run, settings, before)
        report.seconds = time.monotonic() - started
        import_log.finish(report, changes=run.coverage.changes)
    log.info("import", **report.counts(), dry_run=request.dry, remarks=source.remarks.counts)
    return report


@contextmanager
def _memory_left_alone() -> Iterator[None]:
    """Exclude all existing objects from garbage collection: scanning them takes a quarter of the time of an
    import.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _check_name(conn: sa.Connection, source: Source) -> None:
    """Refuse a source name that has both works and repairs: each file would mark the records of the other as
    vanished.
    """
    other, brought = ("repairs", "repair_id") if source.target == "works" else ("works", "works_id")
    other_records = sa.and_(source_records.c.source == source.name, source_records.c[brought].is_not(None))
    if conn.scalar(sa.select(sa.exists().where(other_records))):
        raise InvalidInput.one(
            "mapping", "source_target", source=source.name, known=other, wanted=source.target
        )


def _read(run: ImportRun) -> None:
    """Write every record to the stage, a thousand at a time, so memory does not grow with the source."""
    records = run.source.records()
    read = 0
    while some := list(islice(records, READ_AT_ONCE)):
        lines, refused_ids = [], []
        for one in some:
            if isinstance(one, Rejection):
                run.report.reject(one)
                refused_ids += [one.id] if one.id else []
                continue
            try:
                lines.append(stage.line(one, run.source.meaning))
            except stage.NotJson as error:
                refused_ids.append(one.key)
                run.report.reject(
                    Rejection(
                        one.row, one.key, "geometry_not_finite.record", None, {"error": str(error)}, one.line
                    )
                )
        read += len(some)
        run.report.read = read
        if run.stopping():
            raise Interrupted
        with run.conn.begin():
            stage.put(run.conn, lines)
            stage.put_refused(run.conn, refused_ids)
            run.note()
        run.progress(0, run.source.total or read)
    if read:  # an empty answer is a source that has stopped, not a city without works
        run.coverage = run.source.coverage()
        with run.conn.begin():
            stage.put_refused(run.conn, run.coverage.present)
    else:
        run.source.remarks.add("empty")
        run.coverage = Coverage(full=False, changes=run.source.coverage().changes)


def _compare(run: ImportRun) -> None:
    """Count repeated records, and records that are equal to those of the last import."""
    merge = run.source.merges_repeats
    with run.staged():
        for row, key, line in stage.repeats(run.conn, merge=merge):
            if merge:
                run.report.read -= 1
            else:
                run.report.reject(Rejection.twice(row, key, line))
        same = stage.compare(run.conn, run.source.name, full=run.coverage.full)
        run.report.count("unchanged", same)
        run.note(same + run.report.rejected)
    run.report_progress()
