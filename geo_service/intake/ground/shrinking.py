"""What a full look at a map no longer shows: taken away, but not when it is too much at once to be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.intake import feeds
from geo_service.intake.ground.source import GroundFile
from geo_service.intake.report import Report

PACKAGE = "geo_service.intake.ground"


@dataclass(frozen=True, slots=True)
class Shrink:
    """From which share and number on a person has to confirm that shapes have gone, and whether one did (`accepted`)."""

    share: float
    least: int
    accepted: bool = False

    def doubts(self, gone: int, there: int) -> bool:
        """Whether so many of those that were there are too many to have gone."""
        return gone >= self.least and gone > self.share * there


@dataclass(frozen=True, slots=True)
class Gone:
    """How many shapes of a map a full look no longer shows, of how many that were there."""

    gone: int
    there: int
    doubted: bool


def take_away(
    conn: sa.Connection, source: GroundFile, params: Mapping[str, Any], shrink: Shrink, report: Report
) -> Gone | None:
    """Delete what the map no longer shows, or withhold it. A map that says itself that it is cut off, and one of which nothing could be read,
    says nothing of what it does not show: None.
    """
    what = "shapes" if "layer" in params else "buildings"
    # an empty file is a download that failed, not a town without houses
    if not source.mapping.full or source.remarks.cut_off or report.read == report.rejected:
        return None
    [row] = db.fetch(conn, PACKAGE, f"gone_{what}", **params)
    seen = Gone(row["gone"], row["there"], shrink.doubts(row["gone"], row["there"]))
    if seen.doubted and not shrink.accepted:
        report.withheld = seen.gone
    else:
        report.vanished = db.fetch(conn, PACKAGE, f"vanish_{what}", **params)[0]["gone"]
    return seen


def tell(conn: sa.Connection, source: GroundFile, seen: Gone, shrink: Shrink, import_id: UUID | None) -> None:
    """In a transaction of its own: what is told of a map that shrank, of a person who confirmed it, of one that shows its shapes again."""
    if seen.doubted and not shrink.accepted:
        feeds.shrank(conn, source, seen.gone, seen.there)
    elif seen.doubted:
        feeds.confirmed(conn, source, seen.gone, seen.there, import_id)
    else:
        feeds.grown_back(conn, source)
