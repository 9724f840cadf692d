"""Streets to draw situations on: two façades, two footpaths, a carriageway, and what the city knows of them.

A street is laid out flat, in metres: x runs along it, the even façade lies at y = 0, the odd façade at y = `width_m`. Everything is drawn
flat; `Street.lay` bends it, turns it and puts it in its own corner of the country, so that no two situations meet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

Form = Literal["straight", "curved", "corner", "cul_de_sac", "square"]
Known = Literal["named sections", "sections", "buildings", "sections and buildings", "nothing"]
KNOWN: tuple[Known, ...] = (
    "named sections",
    "sections",
    "buildings",
    "sections and buildings",
    "nothing",
)

CORNER = (80_000.0, 190_000.0)
CELL_M = 400.0
CELLS_IN_A_ROW = 25
LENGTH_M = 110.0
SIDE_STREET_M = 60.0
DEEP_M = 9.0


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of pavement that the city knows; `street` and `side` only where its register says so."""

    kind: str
    street: str | None
    side: str | None
    ground: BaseGeometry


@dataclass(frozen=True, slots=True)
class Building:
    """A house, or what `function` says, with its address."""

    street: str
    number: int
    function: str
    ground: BaseGeometry


@dataclass(frozen=True, slots=True)
class Street:
    """One street: flat measures, and how it lies in the country."""

    cell: int
    form: Form
    known: Known
    width_m: float
    even_m: float
    odd_m: float
    bend_m: float | None
    turned: float
    cuts: tuple[float, ...]

    @property
    def name(self) -> str:
        return f"Street {self.cell}"

    @property
    def end(self) -> float:
        """How far the street runs: to its last corner."""
        return self.cuts[-1]

    def lay(self, flat: BaseGeometry) -> BaseGeometry:
        """A flat shape where this street lies, in the storage CRS."""
        east, north = self.cell % CELLS_IN_A_ROW * CELL_M, self.cell // CELLS_IN_A_ROW * CELL_M
        return shapely.transform(
            shapely.segmentize(flat, 1.0) if self.bend_m else flat,
            lambda xy: _placed(xy, self.bend_m, self.turned, CORNER[0] + east, CORNER[1] + north),
        )

    def middle(self) -> LineString:
        """The centre line that carries the street's name, flat."""
        return LineString([(0, self.width_m / 2), (self.end, self.width_m / 2)])

    def footpath(self, side: str, start: float, end: float) -> Polygon:
        """The footpath of one side between two places along the street, flat."""
        if side == "even":
            return box(start, 0, end, self.even_m)
        return box(start, self.width_m - self.odd_m, end, self.width_m)

    def section_at(self, x: float) -> tuple[float, float]:
        """From where to where the section at `x` runs."""
        return next(
            (a, b) for a, b in zip(self.cuts, self.cuts[1:], strict=False) if a <= x < b or b == self.end
        )

    def sections(self) -> list[Section]:
        """The pavement as the city knows it, flat; empty where it knows none."""
        if "sections" not in self.known:
            return []
        named = self.known == "named sections"
        cut = list(zip(self.cuts, self.cuts[1:], strict=False))
        pieces = [
            Section(
                "footpath",
                self.name if named else None,
                side if named else None,
                self.footpath(side, start, end),
            )
            for side in ("even", "odd")
            for start, end in cut
        ]
        middle = box(0, self.even_m, self.end, self.width_m - self.odd_m)
        pieces.append(Section("carriageway", self.name if named else None, None, middle))
        if self.form == "corner":
            name = f"Side {self.name}" if named else None
            pieces.append(
                Section("footpath", name, "even" if named else None, self.side_footpath(0, SIDE_STREET_M))
            )
        return pieces

    def side_footpath(self, start: float, end: float) -> Polygon:
        """The footpath round the corner at the street's end, from `start` to `end` metres down the side street, flat."""
        return box(self.end, -end, self.end + self.even_m, -start)

    def buildings(self, special: tuple[str, str, float] | None = None) -> list[Building]:
        """Houses on both sides, flat; `special` (function, side, x) is one of them and always known. Empty where the city knows none."""
        houses = []
        for side, first in (("even", 2), ("odd", 1)):
            start, number = 0.0, first
            while start < self.end:
                end = min(start + 6.0 + number % 4, self.end)
                ground = box(start, -DEEP_M, end, 0)
                if side == "odd":
                    ground = box(start, self.width_m, end, self.width_m + DEEP_M)
                meant = special is not None and special[1] == side and start <= special[2] < end
                if meant or "buildings" in self.known:
                    function = special[0] if special and meant else "residential"
                    houses.append(Building(self.name, number, function, ground))
                start, number = end, number + 2
        if "buildings" in self.known and self.form in ("corner", "cul_de_sac"):
            houses += self._at_the_end()
        return houses

    def _at_the_end(self) -> list[Building]:
        """What closes a cul-de-sac, or stands along the side street behind the corner house."""
        if self.form == "cul_de_sac":
            return [
                Building(self.name, 200, "residential", box(self.end, 0, self.end + DEEP_M, self.width_m))
            ]
        starts = range(int(DEEP_M), int(SIDE_STREET_M), 8)
        return [
            Building(
                f"Side {self.name}",
                2 + 2 * place,
                "residential",
                box(self.end - DEEP_M, -start - 8, self.end, -start),
            )
            for place, start in enumerate(starts)
        ]


def draw_street(
    chance: Random, cell: int, form: Form, narrow: bool = False, known: Known | None = None
) -> Street:
    """A street of `form`: 5–24 m from façade to façade, footpaths of 0.8–3 m; a square is wider, a `narrow` one at most 8 m.

    `known` instead of what chance says that the city knows; all else stays the same street.
    """
    narrowest, widest = (5, 8) if narrow else (28, 42) if form == "square" else (7, 24)
    width = chance.uniform(narrowest, widest)
    as_drawn = chance.choice(KNOWN)
    most = min(3.0, width * 0.24)
    cuts, x = [0.0], 0.0
    while x < LENGTH_M:
        x += chance.uniform(9, 22)
        cuts.append(round(x, 2))
    return Street(
        cell=cell,
        form=form,
        known=known or as_drawn,
        width_m=width,
        even_m=chance.uniform(0.8, most),
        odd_m=chance.uniform(0.8, most),
        bend_m=chance.choice((-1, 1)) * chance.uniform(90, 160) if form == "curved" else None,
        turned=chance.uniform(0, 2 * math.pi),
        cuts=tuple(cuts),
    )


def _placed(xy: NDArray[Any], bend_m: float | None, turned: float, east: float, north: float) -> NDArray[Any]:
    x, y = xy[:, 0], xy[:, 1]
    if bend_m:
        along = (x - LENGTH_M / 2) / bend_m
        x, y = (bend_m - y) * np.sin(along), bend_m - (bend_m - y) * np.cos(along)
    return np.column_stack(
        (
            east + x * math.cos(turned) - y * math.sin(turned),
            north + x * math.sin(turned) + y * math.cos(turned),
        )
    )
