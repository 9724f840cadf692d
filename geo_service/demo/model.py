"""What the demo city is made of. Geometry is shapely in EPSG:31370 (metres); only `lon`, `lat` are WGS84."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shapely import LineString, MultiPolygon, Point, Polygon

StreetKind = Literal["main", "local", "residential", "lane"]
SectionKind = Literal["footpath", "cycle_path", "carriageway"]
Side = Literal["even", "odd"]
PavementKind = Literal["water", "green", "rail", "parking"]


@dataclass(frozen=True, slots=True)
class Street:
    """A named street; its centreline runs outward from the market, so that house numbers rise along it."""

    name: str
    centreline: LineString
    width_m: float
    kind: StreetKind
    carriageway_m: float
    cycle_path_m: float
    footpath_m: float
    municipality: str = "Izegem"


@dataclass(frozen=True, slots=True)
class PavementSection:
    """One workable piece of pavement. `axis` is the middle of a footpath along the street."""

    code: str
    kind: SectionKind
    street: str
    side: Side | None
    number_from: int | None
    number_to: int | None
    material: str
    laid_on: date
    geometry: Polygon
    axis: LineString | None = None
    width_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Building:
    source_id: str
    geometry: Polygon
    street: str
    house_number: str
    function: str
    name: str | None
    owner: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Areas under everything else on the map."""

    kind: PavementKind
    geometry: Polygon
    name: str


@dataclass(frozen=True, slots=True)
class DemoWork:
    """One GIPOD occupancy; `starts_at` and `ends_at` are instants in Europe/Brussels. Each of its hindrances has all its consequences."""

    gipod_id: int
    type: str
    description: str
    street: str
    occupancies: tuple[str, ...]
    status: str
    starts_at: datetime
    ends_at: datetime
    owner: str
    geometry: MultiPolygon
    created_at: datetime
    modified_at: datetime
    category: str | None = None
    specification: tuple[str, ...] = ()
    reference: str | None = None
    time_schedule: str | None = None
    hindrances: tuple[int, ...] = ()
    consequences: tuple[str, ...] = ()
    in_synergy: bool | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    finished_on: date
    scope: str
    area_m2: float
    cost_eur: float


@dataclass(frozen=True, slots=True)
class Reporter:
    """An invented person at example.org."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class DemoRepair:
    """A report of a defect; `planned` is half-open (starts_on, ends_on)."""

    ref: str
    category: str
    scope: str
    urgency: str
    geometry: Point
    street: str
    section_code: str
    description: str
    reported_at: datetime
    planned: tuple[date, date] | None
    completed: Completion | None
    reporter: Reporter


@dataclass(frozen=True, slots=True)
class GoldenPlace:
    """The place where one golden scenario can be seen; `lon`, `lat` (WGS84) is where to click."""

    scenario: int
    key: str
    title_nl: str
    story_nl: str
    lon: float
    lat: float
    street: str
    section_code: str
    works: tuple[str, ...]
    repairs: tuple[str, ...]
    expected: str


@dataclass(frozen=True, slots=True)
class City:
    name: str
    seed: int
    bounds: tuple[float, float, float, float]
    streets: tuple[Street, ...]
    pavements: tuple[PavementSection, ...]
    buildings: tuple[Building, ...]
    grounds: tuple[Ground, ...]
    works: tuple[DemoWork, ...]
    repairs: tuple[DemoRepair, ...]
    golden: tuple[GoldenPlace, ...]
