"""Find the even and the odd side of a street and their lowest and highest house numbers, from the houses along it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import shapely

from geo_service.intake.base_maps.addresses import normal_street
from geo_service.intake.base_maps.shapes import House
from geo_service.intake.base_maps.stretches import Hand, Zone

Parity: TypeAlias = Literal["even", "odd"]
OTHER: Mapping[Parity, Parity] = {"even": "odd", "odd": "even"}
ACROSS: Mapping[Hand, Hand] = {"left": "right", "right": "left"}
CLEAR = 0.75
"""The share of the houses that must agree; a street with both parities on one side has no sides."""


class Sides:
    """The parity and the house numbers of each zone."""

    def __init__(self, zones: Sequence[Zone], houses: Sequence[House]) -> None:
        self._numbers: dict[tuple[int, int, Hand], list[int]] = defaultdict(list)
        numbered = [house for house in houses if house.number is not None and house.street]
        if zones and numbered:
            places = [house.geom.representative_point() for house in numbered]
            for place, inside in zip(
                *shapely.STRtree([zone.geom for zone in zones]).query(places, "intersects"), strict=True
            ):
                house, zone = numbered[place], zones[inside]
                assert house.number is not None and house.street
                if zone.street and normal_street(zone.street) == normal_street(house.street):
                    self._numbers[zone.axis.id, zone.number, zone.hand].append(house.number)
        by_axis: dict[tuple[int, Hand], list[int]] = defaultdict(list)
        for (axis_id, _, hand), some in self._numbers.items():
            by_axis[axis_id, hand] += some
        self._along = {of: _parity(some) for of, some in by_axis.items()}

    def of(self, zone: Zone) -> tuple[Parity | None, int | None, int | None]:
        """Side, lowest and highest number along this stretch. Without a house, the rest of the axis and the
        opposite side decide the side, and there are no numbers.
        """
        own = self._numbers.get((zone.axis.id, zone.number, zone.hand), [])
        side = _parity(own) or self._along.get((zone.axis.id, zone.hand))
        if side is None and (across := self._along.get((zone.axis.id, ACROSS[zone.hand]))):
            side = OTHER[across]
        numbers = [number for number in own if side is None or number % 2 == (side == "odd")]
        return side, min(numbers, default=None), max(numbers, default=None)


def _parity(numbers: Sequence[int]) -> Parity | None:
    if not numbers:
        return None
    counted = Counter[Parity]("odd" if number % 2 else "even" for number in numbers)
    side, votes = counted.most_common(1)[0]
    return side if votes >= CLEAR * len(numbers) else None
