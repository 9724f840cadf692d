"""Delete the shapes that a complete delivery no longer holds, unless there are so many that a person must confirm it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.intake.base_maps.map_file import BaseMapFile
from geo_service.intake.pipeline import source_alerts
from geo_service.intake.pipeline.report import Report

PACKAGE = "geo_service.intake.base_maps"


@dataclass(frozen=True, slots=True)
class ShrinkLimit:
    """The share and number from which a person must confirm that shapes have vanished, and whether one did
    (`accepted`).
    """

    share: float
    least: int
    accepted: bool = False

    def doubts(self, gone: int, there: int) -> bool:
        """Whether `gone` of `there` shapes are too many to have vanished."""
        return gone >= self.least and gone > self.share * there


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """The number of absent shapes of a map, and of stored ones."""

    gone: int
    there: int
    doubted: bool


def take_away(
    conn: sa.Connection, source: BaseMapFile, params: Mapping[str, Any], shrink: ShrinkLimit, report: Report
) -> Shrinkage | None:
    """Delete absent shapes, or withhold them. A truncated map, and one without a readable shape, deletes
    nothing and returns None.
    """
    what = "shapes" if "layer" in params else "buildings"
    # an empty file is a download that failed, not a town without houses
    if not source.mapping.full or source.remarks.is_partial or report.read == report.rejected:
        return None
    [row] = db.fetch(conn, PACKAGE, f"gone_{what}", **params)
    shrinkage = Shrinkage(row["gone"], row["there"], shrink.doubts(row["gone"], row["there"]))
    if shrinkage.doubted and not shrink.accepted:
        report.withheld = shrinkage.gone
    else:
        report.vanished = db.fetch(conn, PACKAGE, f"vanish_{what}", **params)[0]["gone"]
    return shrinkage


def send_alerts(
    conn: sa.Connection,
    source: BaseMapFile,
    shrinkage: Shrinkage,
    shrink: ShrinkLimit,
    import_id: UUID | None,
) -> None:
    """Send the alerts, in a transaction of their own: the map shrank, a person confirmed it, or it is
    complete again.
    """
    if shrinkage.doubted and not shrink.accepted:
        source_alerts.report_shrinkage(conn, source, shrinkage.gone, shrinkage.there)
    elif shrinkage.doubted:
        source_alerts.report_confirmation(conn, source, shrinkage.gone, shrinkage.there, import_id)
    else:
        source_alerts.report_recovery(conn, source)
