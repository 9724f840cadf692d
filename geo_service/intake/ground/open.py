"""Which maps an import of the ground reads."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.errors import InvalidInput
from geo_service.intake.ground import BUNDLES, NAMES
from geo_service.intake.ground.bundle import parts
from geo_service.intake.ground.load import Progress, read_only, run_ground
from geo_service.intake.ground.source import GroundFile
from geo_service.intake.report import Report
from geo_service.intake.sources import mapped
from geo_service.settings import Settings

__all__ = ["NAMES", "import_ground", "open_ground", "read_ground"]

COUNTS = ("read", "created", "changed", "unchanged", "rejected", "vanished", "conflicts_opened", "seconds")


def open_ground(name: str, origin: str | None, mapping: str | None, settings: Settings) -> list[GroundFile]:
    """The maps of `name` (grb, osm, or one of buildings, pavements, streets, parcels, addresses) at `origin`. Nothing is read yet.

    Raises InvalidInput about `origin` or `mapping`.
    """
    if name in BUNDLES:
        return parts(name, origin, settings)
    if not origin:
        raise InvalidInput.one("origin", "required", f"{name} need a file or an address")
    if not mapping:
        known = ", ".join(one for one in mapped.names() if mapped.load_mapping(one).target == name)
        raise InvalidInput.one("mapping", "required", f"{name} need a mapping; there are {known}")
    read = mapped.load_mapping(mapping)
    if read.target != name:
        message = f"the mapping {mapping} makes {read.target}, not {name}"
        raise InvalidInput.one("mapping", "mapping_target", message)
    return [GroundFile(read, origin, settings.region_bbox)]


def import_ground(
    engine: sa.Engine,
    name: str,
    maps: list[GroundFile],
    origin: str | None,
    *,
    dry_run: bool,
    today: date,
    progress: Progress | None = None,
    import_id: UUID | None = None,
) -> Report:
    """Take in each map; a delivery of several answers with one report, each map has its own import on record."""
    reports = []
    for place, one in enumerate(maps):
        own_id = import_id if place == len(maps) - 1 else None
        reports.append(
            run_ground(engine, one, origin, dry_run=dry_run, today=today, progress=progress, import_id=own_id)
        )
    return reports[0] if len(reports) == 1 else together(name, reports)


def read_ground(name: str, maps: list[GroundFile]) -> Report:
    """What of the maps can be read; nothing is stored."""
    return together(name, [read_only(one) for one in maps])


def together(name: str, reports: list[Report]) -> Report:
    """One report of several."""
    assert {field.name for field in fields(Report)} >= set(COUNTS)
    sums: dict[str, Any] = {count: sum(getattr(one, count) for one in reports) for count in COUNTS}
    return Report(name, **sums, rejections=[one for report in reports for one in report.rejections])
