"""Works as they will really be, and as their owner draws them in GIPOD.

The truth is a trench: where the ground is opened. The record is a strip of 0.5–1.5 m, a line or point buffered by 0.25 m, one square metre, a
strip from façade to façade, or a whole street; and it lies up to a metre beside the truth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from shapely import LineString, Point, Polygon, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from geo_service.domain.works import Certainty, WorksKind
from tests.precision.streets import Street

ReadOptions = Literal["strip", "line", "point", "square metre", "crossing", "whole street", "quarter"]
WHOLE = ("whole street", "quarter")
Days = tuple[int, int]

UTILITIES = {
    "Proximus Area 2.1": "Telecom",
    "Wyre": "Telecom",
    "Fluvius Kortrijk": "Elektriciteit",
    "De Watergroep": "Water",
    "Aquafin": "Riolering",
}
OWNERS = tuple(UTILITIES)
CITY = "Stad Izegem"
ERROR_M = 1.0


@dataclass(frozen=True, slots=True)
class Trench:
    """Ground that is really opened, flat: along the street, in one place, across it, all of it, or a whole quarter."""

    ground: Polygon
    way: Literal["along", "pit", "across", "street", "quarter"] = "along"


@dataclass(frozen=True, slots=True)
class Record:
    """Works as registered; `ground` is flat. Days count from today. `before` is what an earlier import said of the same works."""

    owner: str
    ground: BaseGeometry
    how: ReadOptions
    days: Days
    certainty: Certainty = "planned"
    opens: bool = True
    kind: WorksKind = "groundworks"
    error_m: float = 0.0
    before: Days | None = None
    vanished: bool = False

    @property
    def category(self) -> str:
        """GIPOD's: by the size of the ground."""
        return next(name for most, name in ((3, "3"), (50, "2"), (math.inf, "1")) if self.ground.area < most)


def register(chance: Random, street: Street, trench: Trench, days: Days, exact: bool = False) -> Record:
    """The record of `trench` by some utility; `exact` leaves the location error out and draws what will be opened."""
    how: ReadOptions = {
        "pit": chance.choice(("point", "square metre")),
        "across": "crossing",
        "street": "whole street",
        "quarter": "quarter",
    }.get(trench.way) or chance.choice(("strip", "strip", "line"))
    far, towards = chance.uniform(0, ERROR_M), chance.uniform(0, 2 * math.pi)
    owner = chance.choice(OWNERS)
    width = chance.uniform(0.5, 1.5)
    if exact:
        return Record(owner, trench.ground, how, days)
    drawn = _as_drawn(street, trench.ground, how, width)
    if how not in WHOLE:
        drawn = translate(drawn, far * math.cos(towards), far * math.sin(towards))
    return Record(owner, drawn, how, days, error_m=0.0 if how in WHOLE else far)


def occupancy(record: Record) -> Record:
    """The same ground taken by a platform or scaffold: nothing is opened."""
    return replace(record, opens=False, kind="works")


def _as_drawn(street: Street, ground: Polygon, how: ReadOptions, width: float) -> BaseGeometry:
    west, south, east, north = ground.bounds
    middle = ground.centroid
    if how == "quarter":
        return ground
    if how == "whole street":
        return box(west, 0, east, street.width_m)
    if how == "crossing":
        return LineString([(middle.x, 0), (middle.x, street.width_m)]).buffer(width / 2, cap_style="flat")
    if how == "point":
        return Point(middle.x, middle.y).buffer(0.25)
    if how == "square metre":
        return box(middle.x - 0.5, middle.y - 0.5, middle.x + 0.5, middle.y + 0.5)
    line = _axis(west, south, east, north)
    return line.buffer(0.25) if how == "line" else line.buffer(width / 2, cap_style="flat")


def _axis(west: float, south: float, east: float, north: float) -> LineString:
    """The middle line of a trench that lies along x, or along y as in a side street."""
    if east - west >= north - south:
        return LineString([(west, (south + north) / 2), (east, (south + north) / 2)])
    return LineString([((west + east) / 2, south), ((west + east) / 2, north)])
