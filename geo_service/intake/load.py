"""The one way in: read records, leave out with a reason what cannot be used, store what changed, detect.

Reading comes first and touches no fact: a source that stops halfway changes nothing. Then batches of groups, each in one
transaction under the writers' lock, so that a conflict and its alert are there as soon as the works are. An import that is
killed leaves whole batches behind; run again, it finds them unchanged and does the rest.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from uuid import UUID

import sqlalchemy as sa
import structlog

from geo_service import db
from geo_service.domain.errors import InvalidInput
from geo_service.intake import geometries, sources, stage, storing, vanishing, waiting
from geo_service.intake.ground import open as ground
from geo_service.intake.ground.shrinking import Shrink
from geo_service.intake.ledger import Asked, noted
from geo_service.intake.records import Rejection, Source, Sweep
from geo_service.intake.report import Report
from geo_service.intake.underway import Progress, Underway
from geo_service.intake.waiting import Interrupted
from geo_service.settings import Settings
from geo_service.store.tables import source_records

__all__ = ["Interrupted", "Report", "run_import"]

READ_AT_ONCE = 1000

log = structlog.get_logger(__name__)


def run_import(
    engine: sa.Engine,
    settings: Settings,
    source: str,
    origin: str | None = None,
    *,
    mapping: str | None = None,
    dry_run: bool = False,
    accept_shrink: bool = False,
    today: date | Callable[[], date],
    progress: Progress | None = None,
    import_id: UUID | None = None,
    stopping: Callable[[], bool] | None = None,
    shown_origin: str | None = None,
    waits: Callable[[waiting.Wait | None], None] | None = None,
) -> Report:
    """Take in everything that `source` (gipod, works, repairs, grb, osm, buildings, pavements …) tells at `origin` (a file or an address).

    `mapping` names the mapping file of works and repairs. `progress` hears (records done, total or None). `import_id` is the id
    under which the import was queued; if it was killed before, it goes on. `stopping` is asked between batches and while it waits for
    others; when it says so, Interrupted is raised. `waits` hears for what it waits, and None when that is over. `today` is a day, or says
    which day it is, and is then asked before each batch. `shown_origin` is kept instead of `origin` when that is only where a copy lies.
    `accept_shrink` confirms that whatever the source no longer shows has gone, however much it is.
    A dry run reports the same and stores nothing. Each of its batches is rolled back at once, so that nobody waits for it longer than for
    an import; conflicts between works of two batches are therefore not counted in it.
    Raises SourceUnreachable, DatabaseUnreachable, and InvalidInput about a source or mapping that is not there.
    """
    geometries.check_storable(settings.region_bbox)
    shown = shown_origin or sources.without_secrets(origin)
    named = sources.without_secrets(mapping)
    with waiting.attended(waiting.Manners.of(settings, stopping, waits)):
        if source in ground.NAMES:
            maps = ground.open_ground(source, origin, mapping, settings)
            return ground.import_ground(
                engine,
                source,
                maps,
                shown,
                mapping=named,
                dry_run=dry_run,
                today=_clock(today)(),
                progress=progress,
                import_id=import_id,
                stopping=stopping,
                shrink=Shrink(settings.shrink_share, settings.shrink_least, accept_shrink),
            )
        # what is no longer shown is only seen by who looks at everything
        feed = sources.open_source(source, origin, mapping, settings, whole=accept_shrink)
        asked = Asked(shown, import_id, named, accept_shrink, dry_run)
        return _take_in(engine, settings, feed, asked, _clock(today), progress)


def _take_in(
    engine: sa.Engine,
    settings: Settings,
    feed: Source,
    asked: Asked,
    clock: Callable[[], date],
    progress: Progress | None,
) -> Report:
    started = time.monotonic()
    report = Report(feed.name)
    with (
        _memory_left_alone(),
        db.reachable(),
        engine.connect() as conn,
        waiting.in_turn(conn, sources.turn_of(feed.name), sources.sharing_turn(feed.name)),
        stage.opened(conn),
        noted(conn, report, asked) as ledger,
    ):
        run = Underway(
            conn,
            feed,
            clock,
            progress or (lambda _done, _total: None),
            waiting.manners().stopping,
            report,
            ledger,
            asked.accept_shrink,
        )
        with conn.begin():
            _check_name(conn, feed)
            feed.prepare(conn)
        _read(run)
        report.remarks = feed.remarks
        _compare(run)
        before = vanishing.open_before(run)
        vanishing.lay_out_gone(run)
        storing.store(run)
        vanishing.vanish(run, settings, before)
        report.seconds = time.monotonic() - started
        ledger.finish(report, changes=run.sweep.changes)
    log.info("import", **report.counts(), dry_run=asked.dry, remarks=feed.remarks.counts)
    return report


@contextmanager
def _memory_left_alone() -> Iterator[None]:
    """Meanwhile Python looks for garbage only among what the import makes: going through all modules again and again is a quarter of its work."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _clock(today: date | Callable[[], date]) -> Callable[[], date]:
    return (lambda: today) if isinstance(today, date) else today


def _check_name(conn: sa.Connection, feed: Source) -> None:
    """A name brings works or repairs, not both: each file would say that whatever the other one brought has vanished."""
    other, brought = ("repairs", "repair_id") if feed.target == "works" else ("works", "works_id")
    mine = sa.and_(source_records.c.source == feed.name, source_records.c[brought].is_not(None))
    if conn.scalar(sa.select(sa.exists().where(mine))):
        message = f"{feed.name} brought {other} until now; {feed.target} of another file need another name of the source"
        raise InvalidInput.one(
            "mapping", "source_target", message, source=feed.name, known=other, wanted=feed.target
        )


def _read(run: Underway) -> None:
    """Lay every record on the stage, a thousand at a time: memory does not grow with the source."""
    came = run.source.records()
    read = 0
    while some := list(islice(came, READ_AT_ONCE)):
        lines, refused = [], []
        for one in some:
            if isinstance(one, Rejection):
                run.report.reject(one)
                refused += [one.id] if one.id else []
                continue
            try:
                lines.append(stage.line(one, run.source.meaning))
            except stage.NotJson as error:
                refused.append(one.key)
                run.report.reject(
                    Rejection(one.row, one.key, "geometry_not_finite", None, str(error), line=one.line)
                )
        read += len(some)
        run.report.read = read
        if run.stopping():
            raise Interrupted
        with run.conn.begin():
            stage.put(run.conn, lines)
            stage.put_refused(run.conn, refused)
            run.note()
        run.progress(0, run.source.total or read)
    if read:  # an empty answer is a feed that has stopped, not a city without works
        run.sweep = run.source.sweep()
    else:
        run.source.remarks.add("empty")
        run.sweep = Sweep(full=False, changes=run.source.sweep().changes)


def _compare(run: Underway) -> None:
    """Count what came twice and what says the same as at the last import."""
    merge = run.source.merges_repeats
    with run.staged():
        for row, key, line in stage.repeats(run.conn, merge=merge):
            if merge:
                run.report.read -= 1
            else:
                run.report.reject(Rejection.twice(row, key, line))
        same = stage.compare(run.conn, run.source.name, full=run.sweep.full)
        run.report.count("unchanged", same)
        run.note(same + run.report.rejected)
    run.tell()
