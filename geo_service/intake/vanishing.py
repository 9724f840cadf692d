"""What a full look at a source no longer shows: marked and counted, never cancelled; not believed when it is too much at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shapely import box, set_srid, to_wkb

from geo_service import db
from geo_service.domain import crs, geometry
from geo_service.intake import feeds, stage, storing
from geo_service.intake.underway import Underway
from geo_service.settings import Settings
from geo_service.store import renumberings, works

AT_ONCE = 500


def open_before(run: Underway) -> int:
    """How many works and repairs of this source were open before this look, where it looked."""
    with run.staged():
        [row] = _fetch(run, "open_before", today=run.today, box=_box(run))
    return int(row["open"])


def lay_out_gone(run: Underway) -> None:
    """Before anything is stored: which works and repairs a full look no longer shows, so that each new one can be compared with them."""
    if not run.sweep.full:
        return
    with run.staged():
        _do(run, "records_gone", box=_box(run))
        run.gone_ids = [row["id"] for row in _fetch(run, "gone_before")]


def vanish(run: Underway, settings: Settings, before: int) -> None:
    """Note what was seen, and after a full look what no longer was; too much of the `before` that were open is not believed."""
    with run.step():
        _do(run, "records_seen")
    _withdraw_shown(run)
    if not run.sweep.full:
        return
    with run.staged():
        db.execute(run.conn, stage.PACKAGE, "gone_clear")
        _do(run, "records_gone", box=_box(run))
        gone = _fetch(run, "gone_works", today=run.today)
        elsewhere = run.renumbered_ids | renumberings.olds(run.conn, run.source.name)
    # what is there under another id has not gone
    all_ids = [one["works_id"] or one["repair_id"] for one in gone]
    is_open = [id_ for one, id_ in zip(gone, all_ids, strict=True) if one["is_open"] and id_ not in elsewhere]
    withheld = set(is_open) if _too_many(run, settings, len(is_open), before) else set()
    run.report.withheld = len(withheld)
    ids = [id_ for id_ in all_ids if id_ not in withheld]
    for first in range(0, len(ids), AT_ONCE):
        with run.step():
            _mark(run, ids[first : first + AT_ONCE])
            run.note()
    with run.step():  # of works that show other records still
        _do(run, "records_vanish", ids=None, left_alone=list(withheld))


def _withdraw_shown(run: Underway) -> None:
    """What is shown under its old id again did not get another one."""
    with run.step():
        if renumberings.olds(run.conn, run.source.name):
            run.take_lock()
            rows = _fetch(run, "renumberings_shown")
            storing.detect(run, sorted({id_ for row in rows for id_ in row.values()}))


def _mark(run: Underway, ids: Sequence[UUID]) -> None:
    run.take_lock()
    _do(run, "records_vanish", ids=list(ids), left_alone=[])
    if run.source.target != "works":
        run.report.vanished += len(ids)
        return
    vanished = works.mark_vanished(run.conn, ids, observed_on=run.today)
    run.report.vanished += len(vanished)
    storing.detect(run, vanished)


def _too_many(run: Underway, settings: Settings, gone: int, before: int) -> bool:
    """Whether a person has to confirm that so many open works or repairs have gone; told once."""
    with run.step():
        doubted = gone >= settings.shrink_least and gone > settings.shrink_share * before
        if doubted and not run.accept_shrink:
            if not run.dry:
                feeds.shrank(run.conn, run.source, gone, before)
            return True
        if run.dry:
            return False
        if doubted:
            feeds.confirmed(run.conn, run.source, gone, before, run.ledger.import_id)
        else:
            feeds.grown_back(run.conn, run.source)
    return False


def _do(run: Underway, statement: str, **parameters: Any) -> None:
    db.execute(run.conn, stage.PACKAGE, statement, source=run.source.name, **parameters)


def _fetch(run: Underway, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    return db.fetch(run.conn, stage.PACKAGE, statement, source=run.source.name, **parameters)


def _box(run: Underway) -> str | None:
    """The area that was looked at, as the database takes it; None: all of it."""
    if run.sweep.bbox is None:
        return None
    area = geometry.transform(box(*run.sweep.bbox), crs.WGS84, crs.STORAGE)
    return str(to_wkb(set_srid(area, crs.STORAGE), hex=True, include_srid=True))
