"""A stage for golden scenarios: it lays works and reports on a section and remembers what ground is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shapely import Point
from shapely.geometry.base import BaseGeometry

from .diary import Diary
from .gipod import feature_id, to_lon_lat
from .model import DemoRepair, DemoWork, GoldenPlace, PavementSection
from .sites import Sites, spot, strip

PROXIMUS = "Proximus Area 2.1"
FLUVIUS = "Fluvius Site Roeselare"
WORKS_DAYS = (30, 44)


@dataclass
class Stage:
    """Everything a scenario needs; `ground` collects what later works must keep away from."""

    sites: Sites
    diary: Diary
    places: list[GoldenPlace]
    streets: set[str]
    ground: list[BaseGeometry]

    def text(self, section: PavementSection, what: str, metres: float) -> str:
        return f"8870 - Izegem - {section.street} - {what} - {metres:.0f}m"

    def trench(
        self, section: PavementSection, days: tuple[int, int], owner: str = PROXIMUS, **more: Any
    ) -> DemoWork:
        text = self.text(section, "Plaatsen leidingen", section.axis.length if section.axis else 0)
        return self.diary.dig(owner, section.street, strip([section]), days, text, **more)

    def place(
        self, scenario: int, key: str, title: str, story: str, section: PavementSection, expected: str,
        works: Sequence[DemoWork] = (), repairs: Sequence[DemoRepair] = (), click: Point | None = None,
    ) -> None:  # fmt: skip
        point = click or spot(section, middle(section))
        lon_lat = to_lon_lat(point)
        assert isinstance(lon_lat, Point)
        self.streets.add(section.street)
        self.ground.append(point.buffer(45))
        self.places.append(
            GoldenPlace(
                scenario, key, title, story, lon_lat.x, lon_lat.y, section.street, section.code,
                tuple(feature_id(work) for work in works), tuple(repair.ref for repair in repairs), expected,
            )
        )  # fmt: skip


def middle(section: PavementSection) -> float:
    return section.axis.length / 2 if section.axis else 0.0
