"""The entry to every import: it opens the source, and hands it to the pipeline or to the loader of base maps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service.intake import base_maps, registry, wait_policy
from geo_service.intake.base_maps import delivery
from geo_service.intake.base_maps.shrinkage import ShrinkLimit
from geo_service.intake.formats import geometries
from geo_service.intake.pipeline import load
from geo_service.intake.pipeline.import_log import ImportRequest
from geo_service.intake.pipeline.import_run import Progress
from geo_service.intake.pipeline.report import Report
from geo_service.intake.wait_policy import Interrupted
from geo_service.settings import Settings

__all__ = ["Interrupted", "Report", "run_import"]


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
    waits: Callable[[wait_policy.Wait | None], None] | None = None,
) -> Report:
    """Import all that `source` (gipod, works, repairs, grb, osm, buildings, pavements …) holds at `origin`, a file or an address.

    `mapping` names a mapping file. `today` is a day, or a function that gives it before each batch. `progress` gets (records done, total
    or None). `import_id` is the id of an import in the queue; one that was killed continues. `stopping` is called between batches and
    during a wait; when it returns true, Interrupted is raised. `waits` gets what the import waits for, and None when the wait is over.
    `shown_origin` is stored instead of `origin`, when that is a copy. `accept_shrink` confirms that what the source no longer shows has gone.
    A dry run gives the same report and stores nothing: each batch is rolled back at once, so that others wait no longer than for an
    import. It does not count conflicts between works of two batches.
    Raises SourceUnreachable, DatabaseUnreachable, and InvalidInput about an unknown source or mapping.
    """
    geometries.check_storable(settings.region_bbox)
    shown = shown_origin or registry.without_secrets(origin)
    mapping_name = registry.without_secrets(mapping)
    with wait_policy.policy_scope(wait_policy.WaitPolicy.of(settings, stopping, waits)):
        if source in base_maps.NAMES:
            maps = delivery.open_base_maps(source, origin, mapping, settings)
            return delivery.import_base_maps(
                engine,
                source,
                maps,
                shown,
                mapping=mapping_name,
                dry_run=dry_run,
                today=_clock(today)(),
                progress=progress,
                import_id=import_id,
                stopping=stopping,
                shrink=ShrinkLimit(settings.shrink_share, settings.shrink_least, accept_shrink),
            )
        # only a full read shows which records have vanished
        source_ = registry.open_source(source, origin, mapping, settings, full=accept_shrink)
        request = ImportRequest(shown, import_id, mapping_name, accept_shrink, dry_run)
        turn = load.Turn(registry.turn_of(source_.name), registry.sharing_turn(source_.name))
        return load.load(engine, settings, source_, turn, request, _clock(today), progress)


def _clock(today: date | Callable[[], date]) -> Callable[[], date]:
    return (lambda: today) if isinstance(today, date) else today
