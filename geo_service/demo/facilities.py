"""The buildings everybody knows: church, town hall, schools, fire station, care homes, parks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely

from .fronts import Front, Run
from .lines import Floats, largest, millimetres
from .model import Ground
from .plots import Plot, placed
from .skeleton import SQUARES, Road

CITY = "Stad Izegem"
Corners = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Facility:
    """What stands where: near `target` (metres from the market), on a frontage of `wide` by `deep` metres."""

    function: str
    name: str
    owner: str
    target: tuple[float, float]
    wide: float
    deep: float
    shape: str
    street: str | None = None


FACILITIES = (
    Facility("town_hall", "Stadhuis", CITY, (52, 10), 24, 20, "hall", "Grote Markt"),
    Facility("fire_station", "Brandweerpost", "Hulpverleningszone Midwest", (560, -330), 52, 42, "apron"),
    Facility("city_patrimony", "Bouwwerf zwembad De Mandelgolf", CITY, (620, -300), 74, 50, "block"),
    Facility("city_patrimony", "Stedelijke academie", CITY, (150, 230), 40, 34, "u"),
    Facility("city_patrimony", "Stadsmagazijn werkplaatsen", CITY, (700, -560), 60, 46, "u"),
    Facility("city_patrimony", "Stedelijke bibliotheek De Leeszaal", CITY, (-150, 120), 30, 22, "block"),
    Facility("school", "Basisschool De Wijngaard", "Vrij onderwijs", (-260, -330), 62, 52, "u"),
    Facility("school", "Basisschool Ter Linde", "Gemeenschapsonderwijs", (330, 420), 60, 50, "u"),
    Facility("school", "College Sint-Tillo", "Vrij onderwijs", (-400, 260), 80, 60, "u"),
    Facility("school", "Basisschool De Kouter", "Stedelijk onderwijs", (980, 260), 60, 50, "u"),
    Facility("school", "Basisschool Noordrand", "Stedelijk onderwijs", (-240, 1050), 60, 50, "u"),
    Facility("school", "Basisschool Emelgem", "Vrij onderwijs", (200, 2200), 56, 46, "u"),
    Facility("care_home", "Woonzorgcentrum De Linde", "OCMW Izegem", (400, -420), 70, 50, "h"),
    Facility("care_home", "Woonzorgcentrum Avondrust", "vzw Avondrust", (-900, 300), 70, 52, "h"),
    Facility("care_home", "Woonzorgcentrum Ter Meers", "vzw Ter Meers", (760, 700), 66, 50, "h"),
    Facility("hospital", "Ziekenhuis Sint-Elooi", "vzw Sint-Elooi", (-560, -430), 110, 80, "h"),
    Facility("church", "Heilig-Hartkerk", "Kerkfabriek", (-60, 560), 26, 50, "church"),
    Facility("church", "Sint-Pieterskerk", "Kerkfabriek", (100, 2080), 26, 48, "church"),
    Facility("church", "Sint-Janskerk", "Kerkfabriek", (-1960, 1290), 26, 48, "church"),
)
PARKS = (
    ("Stadspark Blauwhuis", (-320, -700)),
    ("Noorderpark", (260, 1000)),
    ("Wallemotepark", (-1000, -250)),
    ("Rhodesgoedpark", (1000, -300)),
    ("Speelplein De Bilk", (-820, 700)),
    ("Sint-Jorispark", (420, 180)),
    ("Kerkhof", (1150, 520)),
    ("Sportpark De Krekel", (-1150, 150)),
)


@dataclass
class FacilityGrounds:
    plots: list[tuple[int, Plot]] = field(default_factory=list)
    grounds: list[Ground] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)


def place_facilities(fronts: list[Front], roads: list[Road]) -> FacilityGrounds:
    """Reserve their ground in the blocks; `closed` are blocks without any other building."""
    done = FacilityGrounds()
    middles = np.array([front.inner.centroid.coords[0] for front in fronts])
    for number, front in enumerate(fronts):
        market, churchyard = (front.inner.contains(square.centroid) for square in SQUARES)
        if churchyard:
            _church_square(front, number, done)
        elif market:
            done.closed.add(number)
    for name, target in PARKS:
        order = np.hypot(*(middles - target).T).argsort()
        number = next(int(i) for i in order if i not in done.closed and fronts[i].inner.area > 6000)
        done.closed.add(number)
        done.grounds.append(Ground("green", fronts[number].inner, name))
    station: tuple[int | None, Run | None] = (None, None)
    for facility in FACILITIES:
        spot = _spot(facility, fronts, roads, middles, done, station)
        run, number = spot
        _build(facility, fronts[number], run, number, done)
        if facility.function == "fire_station":
            station = (number, run)
    return done


def _spot(
    facility: Facility,
    fronts: list[Front],
    roads: list[Road],
    middles: Floats,
    done: FacilityGrounds,
    station: tuple[int | None, Run | None],
) -> tuple[Run, int]:
    """The nearest free frontage that is long enough; the pool stands opposite the fire station."""
    opposite = station[1] if "zwembad" in facility.name else None
    order = np.hypot(*(middles - facility.target).T).argsort()
    for strict in (True, False):
        for i in order[:60]:
            front = fronts[i]
            if i in done.closed or front.reserved or front.zone.name == "ribbon":
                continue
            for run in sorted(front.runs, key=lambda r: -r.length):
                if run.road is None or run.length < facility.wide + (1 if facility.street else 12):
                    continue
                if facility.street and roads[run.road].name != facility.street:
                    continue
                if strict and opposite and (run.road != opposite.road or run.side == opposite.side):
                    continue
                ground = placed(
                    front,
                    (run.s0 + run.s1) / 2,
                    _box(-facility.wide / 2, facility.wide / 2, 0, facility.deep),
                )
                if ground.intersection(front.inner).area > (0.8 if facility.street else 0.93) * ground.area:
                    return run, int(i)
    raise LookupError(f"no room for {facility.name}")


def _build(facility: Facility, front: Front, run: Run, number: int, done: FacilityGrounds) -> None:
    s = (run.s0 + run.s1) / 2
    wide, deep = facility.wide, facility.deep
    ground = placed(front, s, _box(-wide / 2, wide / 2, -2, deep)).intersection(front.inner)
    front.reserved.append(largest(ground))
    room = front.inner
    body = largest(placed(front, s, _shape(facility.shape, wide, deep)).intersection(room))
    plot = Plot(
        run, s - wide / 2, s + wide / 2, millimetres(body), facility.function, facility.name, facility.owner
    )
    done.plots.append((number, plot))
    if facility.shape in ("h", "church"):
        done.grounds.append(Ground("green", largest(ground), f"Tuin {facility.name}"))
    elif facility.shape == "u" and facility.function == "school":
        done.grounds.append(Ground("parking", largest(ground), f"Speelplaats {facility.name}"))


def _church_square(front: Front, number: int, done: FacilityGrounds) -> None:
    run = max(front.runs, key=lambda r: r.length)
    s = (run.s0 + run.s1) / 2
    inward = shapely.maximum_inscribed_circle(front.inner, 1.0).length
    shape = [(x, y + inward) for x, y in _shape("church", 26, 50)]
    shape = [(x * 0.92, (y - 26) * 0.92) for x, y in shape]
    church = millimetres(largest(placed(front, s, shape).intersection(front.inner)))
    front.reserved.append(front.inner)
    done.closed.add(number)
    done.plots.append(
        (number, Plot(run, s - 8, s + 8, church, "church", "Sint-Tillokerk", "Kerkfabriek Sint-Tillo"))
    )
    done.grounds.append(Ground("green", front.inner, "Kerkplein"))


def _box(x0: float, x1: float, y0: float, y1: float) -> Corners:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def _shape(kind: str, wide: float, deep: float) -> Corners:
    """Ground plans in metres: x along the street, y away from it."""
    w, d = wide / 2, deep
    if kind == "u":
        a = wide * 0.24
        return [(-w, 2), (-w + a, 2), (-w + a, d - a), (w - a, d - a), (w - a, 2), (w, 2), (w, d), (-w, d)]
    if kind == "h":
        a, m = wide * 0.22, d * 0.5
        return [
            (-w, 5),
            (-w + a, 5),
            (-w + a, m - 6),
            (w - a, m - 6),
            (w - a, 5),
            (w, 5),
            (w, d - 2),
            (w - a, d - 2),
            (w - a, m + 6),
            (-w + a, m + 6),
            (-w + a, d - 2),
            (-w, d - 2),
        ]
    if kind == "apron":
        return [(-w + 3, 14), (w - 3, 14), (w - 3, d), (w - 18, d), (w - 18, d - 9), (-w + 3, d - 9)]
    if kind == "church":
        return [
            (-3.5, 3),
            (3.5, 3),
            (3.5, 8),
            (8, 8),
            (8, 24),
            (13, 24),
            (13, 33),
            (8, 33),
            (8, 40),
            (4, 46),
            (-4, 46),
            (-8, 40),
            (-8, 33),
            (-13, 33),
            (-13, 24),
            (-8, 24),
            (-8, 8),
            (-3.5, 8),
        ]
    if kind == "hall":
        return [(-w, 0), (w, 0), (w, d), (4, d), (4, d - 4), (-4, d - 4), (-4, d), (-w, d)]
    return _box(-w + 2, w - 2, 4, d - 2)
