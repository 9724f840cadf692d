"""Where the ground is really opened, seen from a repair. Every function draws a trench that does what its name says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from shapely import Polygon, box

from tests.precision.drawn import Trench
from tests.precision.situations import Repair
from tests.precision.streets import Street

Place = Callable[[Random, Street, Repair], Trench]

HALF_M = 0.2
"""Half the width of a cable's trench."""


def along_it(chance: Random, street: Street, repair: Repair) -> Trench:
    """Lengthwise through the ground that is relaid."""
    west, _, east, _ = repair.relaid.bounds
    start = chance.uniform(west - 20, east - 0.5 * (east - west))
    end = max(start + 4, east + chance.uniform(-0.4 * (east - west), 25))
    middle = chance.uniform(*_lane(repair, street))
    return Trench(box(start, middle - HALF_M, end, middle + HALF_M))


def pit_in_it(chance: Random, street: Street, repair: Repair) -> Trench:
    """A connection of a square metre within it."""
    west, _, east, _ = repair.relaid.bounds
    low, high = _lane(repair, street)
    return Trench(_pit(chance.uniform(west + 0.4, east - 0.4), chance.uniform(low, high)), "pit")


def through_it(chance: Random, street: Street, repair: Repair) -> Trench:
    """From façade to façade, through it."""
    west, _, east, _ = repair.relaid.bounds
    return _across(street, chance.uniform(west + 0.3, east - 0.3))


def all_of_it(chance: Random, street: Street, repair: Repair) -> Trench:
    """The whole street is opened, over the repair and beyond."""
    west, _, east, _ = repair.relaid.bounds
    ground = box(west - chance.uniform(2, 25), 0, east + chance.uniform(2, 25), street.width_m)
    return Trench(ground, "street")


def at_its_edge(chance: Random, street: Street, repair: Repair) -> Trench:
    """In the same footpath, ending so near that it takes the outer stones along."""
    return _further(chance, street, repair, chance.uniform(0.1, 0.5))


def opposite(chance: Random, street: Street, repair: Repair) -> Trench:
    """The same stretch, in the footpath on the other side."""
    west, _, east, _ = repair.relaid.bounds
    middle = street.width_m - chance.uniform(0.3, street.odd_m - 0.3)
    return Trench(
        box(west - chance.uniform(2, 20), middle - HALF_M, east + chance.uniform(2, 20), middle + HALF_M)
    )


def pit_opposite(chance: Random, street: Street, repair: Repair) -> Trench:
    """A connection on the other side."""
    west, _, east, _ = repair.relaid.bounds
    return Trench(
        _pit(chance.uniform(west, east), street.width_m - chance.uniform(0.4, street.odd_m - 0.3)), "pit"
    )


def in_the_carriageway(chance: Random, street: Street, repair: Repair) -> Trench:
    """Along the street, between a metre and a half off the kerb and the middle."""
    west, _, east, _ = repair.relaid.bounds
    middle = street.even_m + chance.uniform(1.5, max(1.6, street.width_m / 2 - street.even_m))
    return Trench(
        box(west - chance.uniform(2, 20), middle - HALF_M, east + chance.uniform(2, 20), middle + HALF_M)
    )


def further_on(chance: Random, street: Street, repair: Repair) -> Trench:
    """In the same footpath, a house or two further."""
    return _further(chance, street, repair, chance.uniform(5.5, 14))


def next_to_it(chance: Random, street: Street, repair: Repair) -> Trench:
    """In the same footpath, three and a half to five metres further: the stones between are not touched."""
    return _further(chance, street, repair, chance.uniform(3.5, 5))


def crossing_further_on(chance: Random, street: Street, repair: Repair) -> Trench:
    """From façade to façade, a house or two further."""
    return _across(street, repair.relaid.bounds[0] - chance.uniform(5, 12))


def round_the_corner(chance: Random, street: Street, repair: Repair) -> Trench:
    """In the footpath of the side street, from some metres behind the corner house's front."""
    start = chance.uniform(6, 10)
    ground = street.side_footpath(start, start + chance.uniform(6, 25))
    middle = street.end + chance.uniform(0.3, street.even_m - 0.3)
    return Trench(box(middle - HALF_M, ground.bounds[1], middle + HALF_M, ground.bounds[3]))


def far_away(chance: Random, street: Street, repair: Repair) -> Trench:
    """In the same footpath, more than thirty metres away."""
    return _further(chance, street, repair, chance.uniform(30, 60))


def behind_the_houses(chance: Random, street: Street, repair: Repair) -> Trench:
    """In the street behind, parallel to this one."""
    west, _, east, _ = repair.relaid.bounds
    middle = -chance.uniform(24, 30)
    return Trench(box(west - 10, middle - HALF_M, east + 10, middle + HALF_M))


def over_the_quarter(chance: Random, street: Street, repair: Repair) -> Trench:
    """A contract for a whole quarter."""
    return Trench(box(-30, -60, street.end + 30, street.width_m + 60), "quarter")


def within(street: Street, trench: Trench) -> Trench:
    """The trench without what would lie in the houses at the end of a cul-de-sac."""
    if street.form != "cul_de_sac" or trench.way in ("quarter", "across"):
        return trench
    west, south, _, north = trench.ground.bounds
    return replace(trench, ground=trench.ground.intersection(box(west, south, street.end - HALF_M, north)))


def _lane(repair: Repair, street: Street) -> tuple[float, float]:
    """Where a trench must run to meet the repair: through the hole itself, or anywhere in the footpath."""
    if repair.scope == "spot":
        middle = repair.relaid.centroid.y
        return max(HALF_M, middle - 0.4), min(street.even_m - HALF_M, middle + 0.4)
    return 0.3, street.even_m - 0.3


def _further(chance: Random, street: Street, repair: Repair, gap: float) -> Trench:
    end = repair.relaid.bounds[0] - gap
    middle = chance.uniform(0.3, street.even_m - 0.3)
    return Trench(box(end - chance.uniform(4, 30), middle - HALF_M, end, middle + HALF_M))


def _pit(x: float, y: float) -> Polygon:
    return box(x - 0.5, y - 0.5, x + 0.5, y + 0.5)


def _across(street: Street, x: float) -> Trench:
    return Trench(box(x - 0.3, 0, x + 0.3, street.width_m), "across")
