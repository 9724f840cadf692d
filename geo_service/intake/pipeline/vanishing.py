"""Mark and count the works and repairs that a complete read of a source no longer holds; too many at once need a confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shapely import box

from geo_service import db
from geo_service.domain import crs, geometry
from geo_service.intake.pipeline import source_alerts, stage, store
from geo_service.intake.pipeline.import_run import ImportRun
from geo_service.settings import Settings
from geo_service.store import renumberings, works

AT_ONCE = 500


def count_open(run: ImportRun) -> int:
    """The number of open works and repairs of this source in the area of the read, before anything is stored."""
    with run.staged():
        [row] = _fetch(run, "open_before", today=run.today, box=_box(run))
    return int(row["open"])


def list_absent(run: ImportRun) -> None:
    """List the works and repairs that are absent from a complete read, before new records are compared with
    them.
    """
    if not run.coverage.full:
        return
    with run.staged():
        _do(run, "records_gone", box=_box(run))
        run.gone_ids = [row["id"] for row in _fetch(run, "gone_before")]


def vanish(run: ImportRun, settings: Settings, before: int) -> None:
    """Store which records were present, and mark the absent ones after a complete read, unless they are too
    many of `before`.
    """
    with run.step():
        _do(run, "records_seen")
    _withdraw_suggestions(run)
    if not run.coverage.full:
        return
    with run.staged():
        db.execute(run.conn, stage.PACKAGE, "gone_clear")
        _do(run, "records_gone", box=_box(run))
        vanished_rows = _fetch(run, "gone_works", today=run.today)
        elsewhere = run.renumbered_ids | renumberings.olds(run.conn, run.source.name)
    # what is there under another id has not gone
    all_ids = [one["works_id"] or one["repair_id"] for one in vanished_rows]
    is_open = [
        id_
        for one, id_ in zip(vanished_rows, all_ids, strict=True)
        if one["is_open"] and id_ not in elsewhere
    ]
    withheld = set(is_open) if _too_many(run, settings, len(is_open), before) else set()
    run.report.withheld = len(withheld)
    ids = [id_ for id_ in all_ids if id_ not in withheld]
    for first in range(0, len(ids), AT_ONCE):
        with run.step():
            _mark(run, ids[first : first + AT_ONCE])
            run.note()
    with run.step():  # of works that show other records still
        _do(run, "records_vanish", ids=None, left_alone=list(withheld))


def _withdraw_suggestions(run: ImportRun) -> None:
    """Withdraw suggestions for records that are present under their old id again."""
    with run.step():
        if renumberings.olds(run.conn, run.source.name):
            run.take_lock()
            both = _fetch(run, "renumberings_shown")
            store.detect(run, sorted({id_ for pair in both for id_ in pair.values()}))


def _mark(run: ImportRun, ids: Sequence[UUID]) -> None:
    run.take_lock()
    _do(run, "records_vanish", ids=list(ids), left_alone=[])
    if run.source.target != "works":
        run.report.vanished += len(ids)
        return
    vanished = works.mark_vanished(run.conn, ids, observed_on=run.today)
    run.report.vanished += len(vanished)
    store.detect(run, vanished)


def _too_many(run: ImportRun, settings: Settings, gone: int, before: int) -> bool:
    """Whether a person must confirm that so many open works or repairs have vanished; an alert says so once."""
    with run.step():
        doubted = gone >= settings.shrink_least and gone > settings.shrink_share * before
        if doubted and not run.accept_shrink:
            if not run.dry:
                source_alerts.report_shrinkage(run.conn, run.source, gone, before)
            return True
        if run.dry:
            return False
        if doubted:
            source_alerts.report_confirmation(run.conn, run.source, gone, before, run.import_log.import_id)
        else:
            source_alerts.report_recovery(run.conn, run.source)
    return False


def _do(run: ImportRun, statement: str, **parameters: Any) -> None:
    db.execute(run.conn, stage.PACKAGE, statement, source=run.source.name, **parameters)


def _fetch(run: ImportRun, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    return db.fetch(run.conn, stage.PACKAGE, statement, source=run.source.name, **parameters)


def _box(run: ImportRun) -> str | None:
    """The area of the read as hexadecimal EWKB in the storage CRS; None for all."""
    if run.coverage.bbox is None:
        return None
    area = geometry.transform(box(*run.coverage.bbox), crs.WGS84, crs.STORAGE)
    return geometry.hex_ewkb(area)
