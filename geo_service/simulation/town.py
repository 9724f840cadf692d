"""What the simulated year is about: works as they are announced and as they are dug, defects, and the ground of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shapely import Point
from shapely.geometry.base import BaseGeometry

from geo_service.demo.model import PavementSection
from geo_service.domain.repairs import Scope, Urgency
from geo_service.domain.works import Certainty, WorksKind

LEAST_OPENED_M2 = 0.1
"""Less shared ground is a drawing that touches."""
MARGIN_M = 0.5
"""Slabs around a cut that are laid again with it."""
FULL_LOSS_SHARE = 0.67
"""Who lays so much of a surface again lays all of it."""
SPOT_RADIUS_M = 0.5
SPOT_EUR, RELAY_EUR_PER_M2 = 150.0, 120.0
SPOT_LIFE_DAYS, RELAY_LIFE_DAYS = 730, 7305
"""Two years for a patch, twenty for a footpath of slabs. Prices are those of the placeholders in docs/rules.md."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the source shows of works from the night before `day`; without a certainty it shows them no more."""

    day: date
    certainty: Certainty | None
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Dig:
    """Works on a footpath. `drawn` is what the source shows, `ground` what is really opened from `opens_on` until `closes_on`; None: never."""

    key: str
    owner: str
    utility: str
    kind: WorksKind
    category: str | None
    title: str
    drawn: BaseGeometry
    ground: BaseGeometry
    statements: tuple[Statement, ...]
    opens_on: date | None = None
    closes_on: date | None = None

    @property
    def notice_on(self) -> date | None:
        """The day on which the source first shows them."""
        return self.statements[0].day if self.statements else None

    def is_open(self, day: date) -> bool:
        """Whether the ground lies open on `day`."""
        return (
            self.opens_on is not None and self.closes_on is not None and self.opens_on <= day < self.closes_on
        )


@dataclass(frozen=True, slots=True)
class Defect:
    """A hole that somebody reports on `reported_on`; the service hears of it on `entered_on`."""

    key: str
    section: PavementSection
    place: Point
    category: str
    scope: Scope
    urgency: Urgency
    reported_on: date
    entered_on: date

    @property
    def ground(self) -> BaseGeometry:
        """The surface that repairing it lays anew."""
        return self.section.geometry if self.scope == "section" else self.place.buffer(SPOT_RADIUS_M)

    @property
    def value_eur(self) -> float:
        """The price of the repair."""
        return self.ground.area * RELAY_EUR_PER_M2 if self.scope == "section" else SPOT_EUR

    @property
    def life_days(self) -> int:
        """How long its surface should last."""
        return RELAY_LIFE_DAYS if self.scope == "section" else SPOT_LIFE_DAYS


@dataclass(frozen=True, slots=True)
class Year:
    """All that happens in one simulated year, before anybody decides anything."""

    seed: int
    first_day: date
    days: int
    digs: tuple[Dig, ...]
    defects: tuple[Defect, ...]
    failed_nights: frozenset[date]

    @property
    def last_day(self) -> date:
        """The day after the last one."""
        return self.first_day + timedelta(days=self.days)


def digs_in(defect: Defect, digs: Sequence[Dig]) -> list[Dig]:
    """Return the works that open ground of the repair, in the order in which they do."""
    ground = defect.ground
    meeting = [
        one
        for one in digs
        if one.opens_on is not None
        and one.ground.intersects(ground)
        and one.ground.intersection(ground).area >= LEAST_OPENED_M2
    ]
    return sorted(meeting, key=lambda one: (one.opens_on, one.key))


def loss_eur(defect: Defect, dig: Dig, finished_on: date) -> float:
    """Return what is lost of a repair finished on that day when `dig` opens its ground: of its price the share that is cut, and the life left."""
    assert dig.opens_on is not None
    ground = defect.ground
    cut = dig.ground.buffer(MARGIN_M).intersection(ground).area / ground.area
    left = max(0.0, 1 - (dig.opens_on - finished_on).days / defect.life_days)
    return defect.value_eur * (1.0 if cut >= FULL_LOSS_SHARE else cut) * left
