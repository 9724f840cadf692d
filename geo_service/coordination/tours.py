"""The shortest way past the places of one crew on one day."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

Place = tuple[float, float]
"""x, y in the storage CRS (m)."""

MOST_PLACES = 24
"""More than this no crew does in a day: a longer list, of a programme of years, goes to the nearest place each time."""
NOWHERE = 0
"""The node between the last place and the first one."""


def order_of(
    places: Sequence[Place], start: Place | None = None, end: Place | None = None
) -> tuple[int, ...]:
    """Return the indexes of `places` in the order of the shortest way from `start` past all of them to `end`.

    Straight lines. Without `start` or `end` the way begins or ends at any place. The same places give the same order. Beyond
    `MOST_PLACES` it is the way to the nearest place each time.
    """
    nearest = _nearest_next(places, start)
    if not 1 < len(places) <= MOST_PLACES:
        return tuple(node - 1 for node in nearest)
    from geo_service.coordination import shortest_way

    pairs = itertools.permutations(range(len(places) + 1), 2)
    lengths_m = {(a, b): _leg(places, start, end, a, b) for a, b in pairs}
    return tuple(node - 1 for node in shortest_way.way(lengths_m, nearest))


def order_with_first(
    places: Sequence[Place], first: Sequence[bool], start: Place | None = None, end: Place | None = None
) -> tuple[int, ...]:
    """Return the indexes of `places` in the order in which a crew drives: the shortest way past those that come `first` (danger does not wait
    for what is on the way), and from there past the others.
    """
    urgent = [index for index, one in enumerate(first) if one]
    rest = [index for index, one in enumerate(first) if not one]
    way = [urgent[n] for n in order_of([places[i] for i in urgent], start, None if rest else end)]
    begin = places[way[-1]] if way else start
    return (*way, *(rest[n] for n in order_of([places[i] for i in rest], begin, end)))


def legs(places: Sequence[Place], start: Place | None = None) -> list[float]:
    """Return the straight line to each place from the one before it, or from `start` (m); 0 for the first one without."""
    return [
        0.0 if before is None else math.dist(before, here)
        for before, here in zip((start, *places), places, strict=False)
    ]


def length(places: Sequence[Place], start: Place | None = None, end: Place | None = None) -> float:
    """Return the length of the way from `start` past these places, in this order, to `end` (m, straight lines)."""
    back = math.dist(places[-1], end) if places and end else 0.0
    return sum(legs(places, start)) + back


def _leg(places: Sequence[Place], start: Place | None, end: Place | None, a: int, b: int) -> float:
    """The straight line between two nodes (m); node n is place n - 1."""
    begin = start if a == NOWHERE else places[a - 1]
    finish = end if b == NOWHERE else places[b - 1]
    return 0.0 if begin is None or finish is None else math.dist(begin, finish)


def _nearest_next(places: Sequence[Place], start: Place | None) -> list[int]:
    """The nodes in the order in which who goes to the nearest place each time passes them: where the solver begins."""
    left, order = set(range(1, len(places) + 1)), list[int]()
    here = start
    while left:
        origin = here or places[0]
        node = min(left, key=lambda one: (math.dist(origin, places[one - 1]), one))
        left.remove(node)
        order.append(node)
        here = places[node - 1]
    return order
