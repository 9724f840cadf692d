"""A situation: a street, works, perhaps a repair, and what somebody who knows the truth would have to be told.

The label follows from how a situation was made: which ground will really be opened, which ground will really be relaid, when, and how sure
the owner is. Nothing here computes a distance to find a label.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from shapely import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo_service.domain.repairs import Scope
from tests.precision.drawn import Days, Record
from tests.precision.streets import Street

Label = Literal["block", "inform", "silent"]
LABELS: tuple[Label, ...] = ("block", "inform", "silent")

SPOT_M = 0.5
OFF_M = 0.7
HOUSE_M = 3.0


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair as reported; `relaid` is the ground that is really laid anew. Both flat. `finished`: long done, on its first day."""

    scope: Scope
    reported: BaseGeometry
    relaid: Polygon
    days: Days
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """`label`: may the repair be scheduled (block), must it be told of something (inform), of nothing (silent).

    `opportunity`: whether combining must be offered; None where either is right. `across`: all works lie on the other side
    of the street, so that a block is the error that must never happen. `nearby`: whether the works lie in the ring of 20 m that
    is named with an advice, or well beyond it; None where neither is sure. `special`: a building with a function, on a side, at x.
    """

    number: int
    group: str
    label: Label
    street: Street
    works: tuple[Record, ...]
    repair: Repair | None = None
    opportunity: bool | None = None
    across: bool = False
    nearby: bool | None = None
    special: tuple[str, str, float] | None = None


def draw_repair(chance: Random, street: Street, scope: Scope, x: float, days: Days) -> Repair:
    """A defect in the even footpath at `x`, reported a little beside where it is."""
    y = chance.uniform(0.2, street.even_m - 0.2)
    reported = Point(x + chance.uniform(-OFF_M, OFF_M), max(0.05, y + chance.uniform(-OFF_M, OFF_M)))
    if scope == "spot":
        return Repair(scope, reported, Point(x, y).buffer(SPOT_M), days)
    if scope == "area":
        ground = box(x - chance.uniform(2, 5), 0, x + chance.uniform(2, 5), street.even_m)
        return Repair(scope, ground, ground, days)
    start, end = street.section_at(x) if "sections" in street.known else (x - HOUSE_M, x + HOUSE_M)
    if "sections" in street.known:  # a point in the next section would be another repair
        reported = Point(min(max(reported.x, start + 0.5), end - 0.5), min(reported.y, street.even_m - 0.05))
    return Repair(scope, reported, street.footpath("even", start, end), days)
