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
