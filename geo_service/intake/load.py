"""The one way in: read records, leave out with a reason what cannot be used, store what changed, detect.

Reading comes first and touches no fact: a source that stops halfway changes nothing. Then batches of groups, each in one
transaction under the writers' lock, so that a conflict and its alert are there as soon as the works are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from uuid import UUID

import sqlalchemy as sa
import structlog
from shapely import box, set_srid, to_wkb

from geo_service import db, sql
from geo_service.coordination import changes
from geo_service.detection.run import Subject
from geo_service.domain import crs, geometry
from geo_service.domain.errors import GeoServiceError
from geo_service.domain.repairs import RepairDraft
from geo_service.domain.works import Works
from geo_service.intake import sources, stage
from geo_service.intake.records import Built, Rejection, Source, Sweep
from geo_service.intake.report import Report
from geo_service.settings import Settings
from geo_service.store import imports, locks, repairs, works
from geo_service.store.repairs import SavedRepair

__all__ = ["Report", "run_import"]

READ_AT_ONCE = 1000
GROUPS_AT_ONCE = 1000

Progress = Callable[[int, int | None], None]

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Run:
    """One import: its connection, its source and its report so far."""

    conn: sa.Connection
    source: Source
    today: date
    progress: Progress
    report: Report
    dry: bool
    sweep: Sweep = field(default_factory=lambda: Sweep(full=False))
    done: int = 0

    def step(self) -> AbstractContextManager[object]:
        """One transaction; in a dry run a part of the one that is rolled back."""
        return self.conn.begin_nested() if self.dry else self.conn.begin()

    def tell(self, records: int) -> None:
        self.done += records
        self.progress(self.done, self.report.read)


def run_import(
    engine: sa.Engine,
    settings: Settings,
    source: str,
    origin: str | None = None,
    *,
    mapping: str | None = None,
    dry_run: bool = False,
    today: date,
    progress: Progress | None = None,
    import_id: UUID | None = None,
) -> Report:
    """Take in everything that `source` (gipod, works, repairs) tells at `origin` (a file or an address).

    `mapping` names the mapping file of works and repairs. `progress` hears (records done, total or None). `import_id` is the id
    under which the import was announced. A dry run reports the same and stores nothing; while it runs, other writers wait.
    Raises SourceUnreachable, DatabaseUnreachable, and InvalidInput about a source or mapping that is not there.
    """
    started = time.monotonic()
    feed = sources.open_source(source, origin, mapping, settings)
    with db.reachable(), engine.connect() as conn, imports.turn(conn, feed.name), stage.opened(conn):
        run = _Run(conn, feed, today, progress or (lambda _done, _total: None), Report(feed.name), dry_run)
        with _noted(run, sources.without_secrets(origin), import_id) as finish:
            with conn.begin():
                feed.prepare(conn)
            _read(run)
            with _rolled_back(run) if dry_run else nullcontext():
                _compare(run)
                _store(run)
                _vanish(run)
                run.report.rejections.sort(key=lambda rejection: rejection.row)
                run.report.seconds = time.monotonic() - started
                finish()
    log.info(
        "import", **{**run.report.as_json(), "rejections": None}, dry_run=dry_run, remarks=feed.remarks.counts
    )
    return run.report


@contextmanager
def _noted(run: _Run, origin: str | None, import_id: UUID | None) -> Iterator[Callable[[], None]]:
    """Keep a row for this import, whichever way it ends."""
    if run.dry:
        yield lambda: None
        return
    with run.conn.begin():
        noted = imports.start(run.conn, run.source.name, origin, import_id)

    def finish() -> None:
        report = run.report.as_json()
        rows = [{**one, "record_id": one["id"]} for one in report.pop("rejections")]
        with run.conn.begin():
            imports.finish(
                run.conn, noted, "done", report, [{k: v for k, v in row.items() if k != "id"} for row in rows]
            )

    try:
        yield finish
    except Exception as error:
        if not run.conn.invalidated:
            code = error.code if isinstance(error, GeoServiceError) else "internal_error"
            run.conn.rollback()
            with run.conn.begin():
                imports.finish(run.conn, noted, "failed", {"source": run.source.name, "error": code})
        raise


@contextmanager
def _rolled_back(run: _Run) -> Iterator[None]:
    with run.conn.begin() as everything:
        yield
        everything.rollback()


def _read(run: _Run) -> None:
    """Lay every record on the stage, a thousand at a time: memory does not grow with the source."""
    came = run.source.records()
    read = 0
    while some := list(islice(came, READ_AT_ONCE)):
        lines = []
        for one in some:
            if isinstance(one, Rejection):
                run.report.reject(one)
                continue
            try:
                lines.append(stage.line(one, run.source.meaning))
            except stage.NotJson as error:
                run.report.reject(Rejection(one.row, one.key, "geometry_not_finite", None, str(error)))
        with run.conn.begin():
            stage.put(run.conn, lines)
        read += len(some)
        run.progress(0, run.source.total or read)
    run.report.read = read
    if read:  # an empty answer is a feed that has stopped, not a city without works
        run.sweep = run.source.sweep()
    else:
        run.source.remarks.add("empty")


def _compare(run: _Run) -> None:
    """Count what came twice and what says the same as at the last import."""
    merge = run.source.merges_repeats
    with run.step():
        for row, key in stage.repeats(run.conn, merge=merge):
            if merge:
                run.report.read -= 1
            else:
                message = f"{key} is there twice; the first one counts"
                run.report.reject(Rejection(row, key, "duplicate_id", "id", message))
        same = stage.compare(run.conn, run.source.name, full=run.sweep.full)
    run.report.count("unchanged", same)
    run.tell(same + run.report.rejected)


def _store(run: _Run) -> None:
    """Read and store the groups in which something is new."""
    after = ""
    while True:
        with run.step():
            groups = stage.groups(run.conn, after, GROUPS_AT_ONCE)
        if not groups:
            return
        after = groups[-1][0].record.group
        built = run.source.build([[one.record for one in group] for group in groups])
        with run.step():
            locks.claims_writer(run.conn)
            _store_batch(run, groups, built)
        run.tell(sum(map(len, groups)))


def _store_batch(run: _Run, groups: Sequence[list[stage.Staged]], built: Sequence[Built]) -> None:
    useful: list[tuple[list[stage.Staged], works.Saved | SavedRepair]] = []
    for one in built:
        for rejection in one.rejections:
            run.report.reject(rejection)
    good = [(group, one) for group, one in zip(groups, built, strict=True) if one.item is not None]
    if run.source.target == "works":
        batch = [one.item for _, one in good if isinstance(one.item, Works)]
        saved: Sequence[works.Saved | SavedRepair] = works.save(
            run.conn,
            batch,
            observed_on=run.today,
            keeps_past=run.source.keeps_past,
            unread=_unread(run, good),
        )
    else:
        saved = repairs.save_imported(
            run.conn, [one.item for _, one in good if isinstance(one.item, RepairDraft)]
        )
    for (group, one), stored in zip(good, saved, strict=True):
        refused = {rejection.row for rejection in one.rejections}
        useful.append(([staged for staged in group if staged.record.row not in refused], stored))
    _keep_records(run, useful)
    for group, stored in useful:
        for staged in group:
            run.report.count("unchanged" if stored.outcome == "changed" and staged.same else stored.outcome)
    _detect(run, [stored.id for _, stored in useful if stored.outcome != "unchanged"])


def _unread(run: _Run, good: Sequence[tuple[list[stage.Staged], Built]]) -> list[tuple[str, str]]:
    """Phases about which this import says nothing: their record cannot be read, or the source was not seen in full."""
    unread = [
        (group[0].record.group, staged.record.key)
        for group, one in good
        for staged in group
        if staged.record.row in {rejection.row for rejection in one.rejections}
    ]
    if not run.sweep.full:
        known = {
            staged.works_id: staged.record.group for group, _ in good for staged in group if staged.works_id
        }
        absent = stage.absent(run.conn, run.source.name, list(known))
        unread += [(known[works_id], key) for works_id, keys in absent.items() for key in keys]
    return unread


def _keep_records(run: _Run, useful: Sequence[tuple[list[stage.Staged], works.Saved | SavedRepair]]) -> None:
    pairs = [(staged.record.row, stored.id) for group, stored in useful for staged in group]
    ids, nothing = [id_ for _, id_ in pairs], [None] * len(pairs)
    is_works = run.source.target == "works"
    became = {"works_ids": ids if is_works else nothing, "repair_ids": nothing if is_works else ids}
    rows = {"source": run.source.name, "rows": [row for row, _ in pairs]}
    run.conn.execute(sql.load(stage.PACKAGE, "records_store"), {**rows, **became})


def _detect(run: _Run, ids: Sequence[UUID]) -> None:
    if ids:
        subject = Subject(works_ids=ids) if run.source.target == "works" else Subject(repair_ids=ids)
        run.report.conflicts_opened += changes.record(run.conn, subject, run.today).opened


def _vanish(run: _Run) -> None:
    """Note what was seen, and after a full look what no longer was: marked and counted, never cancelled."""
    name = {"source": run.source.name}
    with run.step():
        locks.claims_writer(run.conn)
        run.conn.execute(sql.load(stage.PACKAGE, "records_seen"), name)
        if not run.sweep.full:
            return
        area = run.sweep.bbox and geometry.transform(box(*run.sweep.bbox), crs.WGS84, crs.STORAGE)
        where = area and to_wkb(set_srid(area, crs.STORAGE), hex=True, include_srid=True)
        gone = run.conn.execute(sql.load(stage.PACKAGE, "records_vanish"), {**name, "box": where}).all()
        vanished = works.mark_vanished(
            run.conn, [one.works_id for one in gone if one.works_id], observed_on=run.today
        )
        run.report.vanished = len(vanished) + sum(one.repair_id is not None for one in gone)
        if run.source.target == "works":
            _detect(run, vanished)
