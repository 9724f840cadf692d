"""The golden scenarios of the domain, each at its own place in the town, with the facts that make it happen."""

from __future__ import annotations

import random
from collections.abc import Sequence

from shapely import Point, Polygon

from .diary import Diary
from .model import Building, PavementSection
from .scenes import SCENES
from .sites import Sites, apart, box_at, multi, quarter, spot, strip
from .stage import PROXIMUS, WORKS_DAYS, Stage, middle

MAIN_STREET = "Gentsestraat"


def stage_golden(
    sites: Sites, buildings: Sequence[Building], diary: Diary, radius_m: float, rng: random.Random
) -> Stage:
    """Set all eighteen scenarios within radius_m of the market."""
    stage = Stage(sites, diary, [], set(), [])
    market = _market(sites)
    first = _main_street(stage, market)
    project = _fire_station(stage, buildings)
    taken = [first.geometry.centroid, project.geometry.centroid]
    near = [s for s in sites.all() if s.geometry.distance(market) < radius_m and _suits(sites, s)]
    least = 0.1 * radius_m
    wide = apart(
        [s for s in near if s.geometry.distance(market) > 0.45 * radius_m], 1, 3.2 * least, taken, rng
    )[0]
    area = _umbrella(stage, wide, min(170.0, 2 * least))
    free = [
        s for s in near if s.geometry.distance(area) > 60 and s.street not in (first.street, project.street)
    ]
    spots = apart(free, len(SCENES), least, taken, rng)
    for scene, section in zip(SCENES, spots, strict=True):
        scene(stage, section)
    stage.places.sort(key=lambda place: place.scenario)
    return stage


def _market(sites: Sites) -> Point:
    return sites.streets["Grote Markt"].centreline.centroid


def _suits(sites: Sites, section: PavementSection) -> bool:
    """Even side of a street about 12 m wide, a straightforward section with houses along it."""
    street = sites.streets[section.street]
    long = section.axis.length if section.axis else 0.0
    roomy = section.geometry.area > 0.9 * long * section.width_m
    return (
        section.side == "even"
        and street.kind in ("local", "residential")
        and street.width_m >= 8.5
        and 26 <= long <= 45
        and roomy
        and section.number_from is not None
    )


def _main_street(stage: Stage, market: Point) -> PavementSection:
    """Scenarios 1 and 4: one trench in the even footpath of the main street, nothing on the odd side."""
    row = [s for s in stage.sites.rows[MAIN_STREET, "even"] if 130 < s.geometry.distance(market) < 520]
    first = max(row, key=lambda s: (s.axis.length if s.axis else 0) * (s.number_from is not None))
    sections = stage.sites.stretch(first, 2)
    length = sum(s.axis.length for s in sections if s.axis)
    text = stage.text(first, "Plaatsen leidingen", length)
    work = stage.diary.dig(
        PROXIMUS, first.street, strip(sections), WORKS_DAYS, text, status="Concreet gepland"
    )
    stage.place(
        1, "proximus_gentsestraat", "Proximus breekt dit voetpad open",
        "Over 30 dagen legt Proximus glasvezel in het even voetpad. Wie vandaag een put meldt en over 3 dagen het hele vak "
        "wil herstellen, krijgt: wacht tot na de werken.",
        first, "wasted_repair: POST /advice scope section, starts day 3 -> wait until the works' end", [work],
    )  # fmt: skip
    odd = stage.sites.rows[MAIN_STREET, "odd"]
    opposite = min(odd, key=lambda s: s.geometry.centroid.distance(first.geometry.centroid))
    stage.place(
        4, "odd_side_gentsestraat", "Overkant van de straat: vrij",
        "Dezelfde werken liggen aan de overkant. Op de oneven zijde is niets gepland.",
        opposite, "no conflict that blocks: verdict repair",
    )  # fmt: skip
    stage.ground += [work.geometry.buffer(45).convex_hull]
    return first


def _fire_station(stage: Stage, buildings: Sequence[Building]) -> PavementSection:
    """Scenario 11: the city's own building project and its crane in front of the fire station."""
    station = next(b for b in buildings if b.function == "fire_station")
    pool = next(b for b in buildings if b.name and "zwembad" in b.name)
    row = [s for s in stage.sites.all() if s.street == station.street]
    section = min(row, key=lambda s: s.geometry.distance(station.geometry.centroid))
    diary = stage.diary
    site = diary.occupy(
        "Stad Izegem", pool.street, multi(pool.geometry.buffer(1, join_style="mitre")), (-60, 240),
        f"8870 - Izegem - {pool.street} - Nieuwbouw zwembad De Mandelgolf: werfzone", ("Werfkeet", "(Werf)kraan"),
    )  # fmt: skip
    along = section.axis.project(station.geometry.centroid) if section.axis else 0.0
    crane = diary.occupy(
        "Stad Izegem", section.street, box_at(section, along, 18, 6, 1.2), (7, 12),
        f"8870 - Izegem - {section.street} - Opstelling torenkraan zwembad", ("(Werf)kraan",), status="Concreet gepland",
    )  # fmt: skip
    stage.place(
        11, "crane_fire_station", "Kraan voor de uitrit van de brandweer",
        "De stad bouwt een zwembad. De kraan staat vijf dagen voor de uitrit van de brandweerpost.",
        section, "access_blocked between the crane zone and the fire station", [site, crane],
        click=spot(section, along),
    )  # fmt: skip
    stage.ground += [pool.geometry.buffer(60), station.geometry.buffer(60)]
    return section


def _umbrella(stage: Stage, section: PavementSection, radius_m: float) -> Polygon:
    area = quarter(section.geometry.centroid, radius_m)
    work = stage.diary.dig(
        "Stad Izegem", section.street, multi(area), (-400, 1426),
        "Raamcontract 5 jaar - wegenis en riolering volledige wijk", ("Riolering", "Wegeniswerken", "Openbare verlichting"),
        specification=("(her)aanleg", "fundering", "toplaag"),
    )  # fmt: skip
    repair = stage.diary.report(
        section, spot(section, middle(section)), "Enkele tegels liggen los", days_ago=4
    )
    stage.place(
        12, "umbrella_contract", "Raamcontract over de hele wijk",
        "Vijf jaar lang valt de hele wijk onder één contract. Dat zegt weinig over één dag: herstellen mag.",
        section, "severity low, verdict repair with a note", [work], [repair],
    )  # fmt: skip
    stage.ground.append(area)
    return area
