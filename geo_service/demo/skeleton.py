"""The bones of the town, drawn by hand in metres from the market: roads, ring, water, railway, edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.ops import substring

from .lines import curve
from .model import StreetKind

CENTRE = (68600.0, 179600.0)
BOUNDS = (-2700.0, -3300.0, 2300.0, 3700.0)
BarrierKind = Literal["canal", "river", "rail", "edge"]


@dataclass(frozen=True, slots=True)
class Road:
    """A street before it is cut into sections: widths in metres, cross-section symmetric."""

    name: str
    kind: StreetKind
    line: LineString
    carriageway_m: float
    footpath_m: float
    cycle_m: float = 0.0
    dead_end: bool = False

    @property
    def half_m(self) -> float:
        return self.carriageway_m / 2 + self.cycle_m + self.footpath_m

    @property
    def kerb_m(self) -> float:
        return self.carriageway_m / 2


@dataclass(frozen=True, slots=True)
class Barrier:
    """Something that streets do not cross unless they are drawn across it."""

    kind: BarrierKind
    name: str
    line: LineString
    half_m: float


RADIALS: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = (
    (
        "Gentsestraat",
        ((52, -8), (150, -22), (330, -12), (560, -46), (900, -60), (1400, -130), (1900, -120), (2300, -190)),
    ),
    (
        "Roeselaarsestraat",
        ((-44, 6), (-170, 22), (-380, -2), (-640, 40), (-1000, 60), (-1600, 10), (-2200, 70), (-2700, 40)),
    ),
    (
        "Bruggestraat",
        (
            (6, 40),
            (-6, 150),
            (34, 330),
            (20, 600),
            (70, 950),
            (60, 1500),
            (150, 2100),
            (120, 2700),
            (190, 3700),
        ),
    ),
    (
        "Kortrijksestraat",
        (
            (0, -36),
            (14, -150),
            (-30, -330),
            (10, -620),
            (60, -930),
            (70, -1400),
            (10, -2000),
            (40, -2600),
            (-30, -3300),
        ),
    ),
    (
        "Meulebeeksesteenweg",
        ((330, -12), (440, 120), (640, 300), (840, 560), (1150, 800), (1600, 1180), (2300, 1560)),
    ),
    (
        "Ardooisestraat",
        ((34, 330), (-150, 480), (-330, 690), (-540, 900), (-800, 1300), (-1200, 1900), (-1500, 2500)),
    ),
    (
        "Ingelmunstersestraat",
        ((-30, -330), (180, -410), (420, -560), (760, -650), (1200, -740), (1700, -720), (2300, -780)),
    ),
    (
        "Rumbeeksestraat",
        ((-380, -2), (-520, -190), (-720, -330), (-1050, -520), (-1500, -640), (-2100, -690), (-2700, -800)),
    ),
    ("Lendeleedsestraat", ((60, -930), (300, -1180), (480, -1500), (800, -2000), (1000, -2700))),
    ("Kachtemsestraat", ((-640, 40), (-840, 260), (-1150, 560), (-1560, 900), (-2000, 1250), (-2700, 1700))),
)
RING = (
    (580, 25),
    (546, 273),
    (356, 489),
    (50, 571),
    (-273, 571),
    (-505, 389),
    (-596, 33),
    (-530, -248),
    (-298, -464),
    (0, -513),
    (348, -464),
    (530, -232),
)
CORE = ((240, -18), (200, 150), (20, 235), (-160, 190), (-250, 14), (-190, -170), (-10, -240), (170, -170))
RING_NAMES = ("Dirk Martenslaan", "Noordlaan", "Stationslaan", "Westlaan", "Prins Albertlaan", "Zuidlaan")
EDGE_NAMES = (
    "Ooststraat",
    "Kouterbaan",
    "Veldkantstraat",
    "Noordkouter",
    "Krekelmotestraat",
    "Westkouter",
    "Meersbaan",
    "Vaartstraat",
    "Zuidhoek",
    "Lodderhoek",
)
CORE_NAMES = ("Oostvest", "Noordvest", "Westvest", "Zuidvest")
MARKET = ((-44, -33), (50, -38), (54, 36), (-38, 42))
CHURCHYARD = ((-186, -66), (-116, -74), (-106, -4), (-178, 10))
LINKS: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = (
    ("Sint-Tillostraat", ((-112, -36), (-43, -14))),
    ("Torenstraat", ((-183, -40), (-226, -52))),
    ("Koestraat", ((52, 30), (110, 90), (168, 166))),
    ("Vismarktstraat", ((-42, -32), (-82, -112), (-112, -212))),
    ("Hoefsmidstraat", ((48, -36), (100, -110), (120, -204))),
    ("Wijngaardstraat", ((-36, 40), (-70, 120), (-110, 208))),
)
VILLAGES: tuple[tuple[str, tuple[float, float], float, tuple[tuple[float, float], ...]], ...] = (
    ("Emelgemplein", (140, 2120), 320, ((-240, 2080), (-40, 2140), (150, 2100), (340, 2170), (520, 2120))),
    (
        "Kachtemplein",
        (-2000, 1250),
        270,
        ((-2200, 980), (-2080, 1120), (-2000, 1250), (-1900, 1420), (-1780, 1560)),
    ),
    (
        "Lendeleedsedries",
        (790, -1980),
        220,
        ((560, -1900), (700, -1960), (800, -2000), (960, -1980), (1030, -1920)),
    ),
)
CANAL = (
    (-2700, -860),
    (-1900, -840),
    (-1100, -800),
    (-400, -830),
    (300, -850),
    (900, -880),
    (1500, -940),
    (2300, -960),
)
RIVER = (
    (-2700, -1500),
    (-2000, -1420),
    (-1500, -1480),
    (-1000, -1400),
    (-300, -1460),
    (300, -1400),
    (900, -1480),
    (1500, -1420),
    (2300, -1500),
)
RAIL = ((-2700, 560), (-1700, 700), (-800, 800), (0, 830), (800, 790), (1600, 640), (2300, 420))
TOWN = (
    (1336, 32),
    (1263, 518),
    (955, 858),
    (518, 1076),
    (49, 1231),
    (-421, 1117),
    (-874, 858),
    (-1166, 502),
    (-1295, 32),
    (-1360, -486),
    (-1101, -1004),
    (-518, -1117),
    (64, -1085),
    (615, -1133),
    (1166, -972),
    (1376, -502),
)


SQUARES = (Polygon(MARKET), Polygon(CHURCHYARD))


def barriers() -> list[Barrier]:
    """Water and rail across the whole territory."""
    return [
        Barrier("canal", "Kanaal Roeselare-Leie", curve(CANAL, 40), 16.0),
        Barrier("river", "Mandel", curve(RIVER, 25), 5.0),
        Barrier("rail", "Spoorlijn 66", curve(RAIL, 40), 8.0),
    ]


def built_up() -> list[Polygon]:
    """Outlines of the town and its villages: outside them only ribbons are built."""
    outlines = [Polygon(curve(TOWN, 60, closed=True).coords)]
    for _, (x, y), radius, _ in VILLAGES:
        turn = np.linspace(0, 2 * np.pi, 10, endpoint=False)
        wobble = radius * (1 + 0.14 * np.sin(3 * turn + x))
        ring = list(zip(x + wobble * np.cos(turn), y + wobble * np.sin(turn), strict=True))
        outlines.append(Polygon(curve(ring, 40, closed=True).coords))
    return outlines


def _arcs(
    ring: LineString, names: tuple[str, ...], kind: StreetKind, sizes: tuple[float, float, float]
) -> list[Road]:
    cuts = np.linspace(0, ring.length, len(names) + 1)
    return [
        Road(name, kind, LineString(shapely.get_coordinates(substring(ring, a, b))), *sizes)
        for name, a, b in zip(names, cuts, cuts[1:], strict=False)
    ]


def _inside(line: LineString) -> LineString:
    """What of a road lies in the territory, so far from its bounds that its footpaths do too."""
    clipped = shapely.clip_by_rect(line, *(b + 15 if b < 0 else b - 15 for b in BOUNDS))
    return max(
        (part for part in shapely.get_parts(clipped) if isinstance(part, LineString)), key=lambda p: p.length
    )


def _squares() -> list[Road]:
    market, yard = Polygon(MARKET).exterior, Polygon(CHURCHYARD).exterior
    roads = [Road("Grote Markt", "local", LineString(market.coords), 6.0, 2.4)]
    roads.append(Road("Kerkplein", "lane", LineString(yard.coords), 4.6, 1.5))
    return roads


def main_roads() -> list[Road]:
    """Every street drawn by hand. Gentsestraat is 12 m wide, as the golden scenarios ask."""
    roads = _squares()
    for name, points in RADIALS:
        if name == "Gentsestraat":
            roads.append(Road(name, "main", _inside(curve(points)), 7.0, 2.5))
        else:
            roads.append(Road(name, "main", _inside(curve(points)), 6.6, 2.1, 1.7))
    roads += _arcs(curve(RING, closed=True), RING_NAMES, "main", (7.0, 2.2, 1.8))
    roads += _arcs(curve(CORE, closed=True), CORE_NAMES, "local", (6.0, 2.0, 0.0))
    roads += _arcs(curve(TOWN, 60, closed=True), EDGE_NAMES, "residential", (5.6, 1.6, 0.0))
    roads += [Road(name, "lane", curve(points), 4.8, 1.6) for name, points in LINKS]
    roads += [Road(name, "local", curve(points), 6.0, 1.8) for name, _, _, points in VILLAGES]
    return roads
