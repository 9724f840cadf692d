"""Repair requests: a defect, from report to finished repair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from shapely.geometry.base import BaseGeometry

from geo_service.domain.period import Period

RepairCategory = Literal["pothole", "subsidence", "loose_slab", "root_damage", "kerb", "other"]
Scope = Literal["spot", "section", "area"]
Urgency = Literal["low", "normal", "high", "danger"]
RepairStatus = Literal["requested", "scheduled", "in_progress", "done", "cancelled"]

REPAIR_CATEGORIES: tuple[str, ...] = get_args(RepairCategory)
SCOPES: tuple[str, ...] = get_args(Scope)
URGENCIES: tuple[str, ...] = get_args(Urgency)
REPAIR_STATUSES: tuple[str, ...] = get_args(RepairStatus)
OVER: tuple[RepairStatus, ...] = ("done", "cancelled")
"""States in which nothing more is done on a repair."""
UNFINISHED: tuple[RepairStatus, ...] = tuple(
    status for status in get_args(RepairStatus) if status not in OVER
)


CODES = ("source", "source_id", "category", "scope", "urgency")
"""Fields of a draft with words and numbers of a register; what people write stands in all other texts."""


@dataclass(frozen=True, slots=True)
class RepairCase:
    """What advice needs to know of a repair: nothing personal, no geometry. `latest_on`: the last day on which it may be done, where somebody says so;
    `reported_on`: when its defect was reported (None: only now)."""

    scope: Scope
    urgency: Urgency
    planned_from: date | None = None
    planned_until: date | None = None
    latest_on: date | None = None
    done: bool = False
    reported_on: date | None = None

    @property
    def urgent(self) -> bool:
        """Whether the place must be made safe now, whatever comes later."""
        return self.urgency in ("danger", "high")


@dataclass(frozen=True, slots=True)
class RepairDraft:
    """A repair request as it comes in. `geometry` is in the storage CRS (EPSG:31370).

    `reporter` is personal data: it is stored apart and never leaves in lists, tiles, feeds or exports.
    """

    category: RepairCategory
    scope: Scope
    urgency: Urgency
    geometry: BaseGeometry
    owner: str
    description: str | None = None
    reported_at: datetime | None = None
    planned: Period | None = None
    latest_on: date | None = None
    """The last day, included, on which the repair may end; None: nobody says so."""
    says_latest: bool = False
    """The source says of every repair until when, or that it may wait: of any other source, what a person said stays."""
    remark: str | None = None
    finished_on: date | None = None
    reporter: Mapping[str, Any] | None = None
    report: bool = False
    """The source only reports the defect and plans nothing: its days and its state here are the workshop's."""
    closed: bool = False
    """The source closed it; whether the surface was repaired it does not say, so that nothing is protected."""
    source: str = "api"
    source_id: str | None = None
