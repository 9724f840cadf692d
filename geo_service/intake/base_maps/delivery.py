"""Open and import the maps of one delivery, and report on them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import InvalidInput
from geo_service.intake.base_maps import BUNDLES, NAMES
from geo_service.intake.base_maps.bundles import parts
from geo_service.intake.base_maps.load import check_map, import_base_map
from geo_service.intake.base_maps.map_file import BaseMapFile
from geo_service.intake.base_maps.shrinkage import ShrinkLimit
from geo_service.intake.mapping import library
from geo_service.intake.pipeline.import_log import ImportRequest, open_import_log
from geo_service.intake.pipeline.import_run import Progress
from geo_service.intake.pipeline.rejections import Rejections
from geo_service.intake.pipeline.report import Report
from geo_service.intake.records import Rejection
from geo_service.intake.remarks import Remarks
from geo_service.intake.wait_policy import in_turn
from geo_service.settings import Settings

__all__ = ["NAMES", "check_base_maps", "import_base_maps", "open_base_maps"]

COUNTS = (
    "read",
    "created",
    "changed",
    "unchanged",
    "rejected",
    "vanished",
    "withheld",
    "conflicts_opened",
    "seconds",
)


def open_base_maps(
    name: str, origin: str | None, mapping: str | None, settings: Settings
) -> list[BaseMapFile]:
    """The maps of `name` (grb, osm, or one of buildings, pavements, streets, parcels, addresses) at `origin`.
    It reads nothing yet.

    Raises InvalidInput about `origin` or `mapping`.
    """
    if name in BUNDLES:
        return parts(name, origin, settings)
    if not origin:
        raise InvalidInput.one("origin", "required.origin", source=name)
    chosen = library.load_for(name, mapping)
    return [BaseMapFile(chosen, origin, settings.region_bbox, settings.timezone)]


def import_base_maps(
    engine: sa.Engine,
    name: str,
    maps: list[BaseMapFile],
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
    """Import each map; `mapping` is the name to store. A delivery of several maps (grb, osm) gives one
    report, and has an import of its own in the store beside that of each map.

    Raises as `import_base_map` does. After an interruption, the maps that are stored are found unchanged.
    """
    how: dict[str, Any] = {
        "dry_run": dry_run,
        "today": today,
        "progress": progress,
        "stopping": stopping,
        "shrink": shrink,
    }
    if name not in BUNDLES:
        return import_base_map(engine, maps[0], origin, mapping=mapping, import_id=import_id, **how)
    reports: list[Report] = []
    with (
        db.reachable(),
        engine.connect() as conn,
        in_turn(conn, name),
        open_import_log(
            conn, Report(name), ImportRequest(origin, import_id, None, shrink.accepted, dry_run)
        ) as import_log,
    ):
        for one in maps:
            reports.append(import_base_map(engine, one, origin, **how))
            with conn.begin():
                so_far = combine(name, reports)
                import_log.store_progress(so_far, so_far.read, None)
        report = combine(name, reports)
        import_log.finish(report)
    return report


def check_base_maps(name: str, maps: list[BaseMapFile]) -> Report:
    """Check the maps without storing anything."""
    return combine(name, [check_map(one) for one in maps])


def combine(name: str, reports: list[Report]) -> Report:
    """One report of several. Row numbers continue from one map to the next, and each reason names its map."""
    assert {field.name for field in fields(Report)} >= set(COUNTS)
    sums: dict[str, Any] = {count: sum(getattr(one, count) for one in reports) for count in COUNTS}
    remarks = Remarks.combine(one.remarks for one in reports)
    return Report(name, **sums, rejections=Rejections(_counted_on(reports)), remarks=remarks)


def _counted_on(reports: list[Report]) -> Iterator[Rejection]:
    before = 0
    for report in reports:
        for one in report.rejections:
            yield replace(one, row=before + one.row, origin=f"{report.source}, row {one.row}")
        before += report.read
