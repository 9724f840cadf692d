"""Draw a year: which works are announced and dug where and when, and which defects are reported."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import shapely
from shapely.affinity import translate

from geo_service.demo.model import City, PavementSection
from geo_service.demo.repairs import KINDS as DEFECTS
from geo_service.demo.repairs import URGENCIES
from geo_service.demo.sites import Sites, box_at, connection, spot, strip
from geo_service.demo.works import OWNERS
from geo_service.domain.repairs import Urgency
from geo_service.simulation import schedule
from geo_service.simulation.assumptions import Assumptions
from geo_service.simulation.chance import throw
from geo_service.simulation.town import LEAST_OPENED_M2, Defect, Dig, Year

CONNECTIONS, CABLES = 52, 40
BEFORE_DAYS = 240
"""Works are announced from so long before the first day, so that the year begins as it goes on."""
CUSTOMER_M, LARGE_M2 = 1.0, 50
DAYS_PER_SIMULATED_YEAR = 365


def year(city: City, assumptions: Assumptions, seed: int, first_day: date, days: int) -> Year:
    """Draw a year of `days` days in this city."""
    sites = Sites(city.streets, city.pavements)
    sections = sorted(sites.all(), key=lambda one: one.code)
    kilometres = sum(one.axis.length for one in sections if one.axis) / 1000
    span = (BEFORE_DAYS + days) / DAYS_PER_SIMULATED_YEAR
    digs = [
        _dig(f"{number}", sites, sections, assumptions, seed, first_day, days)
        for number in range(round(assumptions.works_per_km * kilometres * span))
    ]
    digs += [
        _occupancy(f"o{number}", sections, seed, first_day, days)
        for number in range(round(assumptions.occupancies_per_km * kilometres * span))
    ]
    rng = throw(seed, "nights")
    nights = (first_day + timedelta(days=number) for number in range(days))
    return Year(
        seed,
        first_day,
        days,
        tuple(digs),
        tuple(_defects(sections, digs, assumptions, seed, first_day, days, kilometres)),
        frozenset(night for night in nights if rng.random() < assumptions.feed_failure_share),
    )


def _dig(
    key: str,
    sites: Sites,
    sections: Sequence[PavementSection],
    assumptions: Assumptions,
    seed: int,
    first_day: date,
    days: int,
) -> Dig:
    rng = throw(seed, "dig", key)
    section = rng.choice(sections)
    owner, utility, _ = rng.choices(OWNERS, [share for *_, share in OWNERS])[0]
    kind = rng.choices(("connection", "cable"), (CONNECTIONS, CABLES))[0]
    kind = "urgent" if rng.random() < assumptions.urgent_share else kind
    length = section.axis.length if section.axis else 0.0
    if kind == "cable":
        drawn = strip(
            sites.stretch(section, rng.choice((1, 1, 2, 2, 3, 4))), rng.choice((0.5, 0.6, 1.0, 1.5))
        )
    else:
        drawn = connection(section, rng.uniform(3, length - 3), CUSTOMER_M)
    category = "Categorie 1" if drawn.area > LARGE_M2 else "Categorie 2" if kind == "cable" else "Categorie 3"
    off_m = assumptions.drawn_off_m
    dig = Dig(
        key=key,
        owner=owner,
        utility=utility,
        kind="groundworks",
        category="Dringend" if kind == "urgent" else category,
        title=f"{section.street} - {kind}",
        drawn=drawn,
        ground=translate(drawn, rng.gauss(0, off_m), rng.gauss(0, off_m)),
        statements=(),
    )
    announced_on = first_day + timedelta(days=rng.randrange(-BEFORE_DAYS, days))
    if kind == "urgent":
        return schedule.urgent(dig, announced_on, rng)
    lead = schedule.lead_days(dig.category, rng)
    window = rng.randint(7, 28) if kind == "connection" else schedule.window_days(rng)
    return schedule.announced(dig, announced_on, lead, window, assumptions, rng)


def _occupancy(key: str, sections: Sequence[PavementSection], seed: int, first_day: date, days: int) -> Dig:
    """A container or a scaffold of the city's permits: it stands as it was said, and opens nothing."""
    rng = throw(seed, "occupancy", key)
    section = rng.choice(sections)
    along = rng.uniform(3, (section.axis.length if section.axis else 6.0) - 3)
    shape = box_at(section, along, rng.choice((6.0, 9.0)), 1.4, 0.0)
    dig = Dig(
        key, "Stad Izegem", "Container", "works", None, f"{section.street} - container", shape, shape, ()
    )
    announced_on = first_day + timedelta(days=rng.randrange(-BEFORE_DAYS, days))
    starts_on = announced_on + timedelta(days=rng.randint(2, 30))
    ends_on = starts_on + timedelta(days=rng.randint(2, 40))
    return replace(dig, statements=schedule.plain(announced_on, starts_on, ends_on))


def _defects(
    sections: Sequence[PavementSection],
    digs: Sequence[Dig],
    assumptions: Assumptions,
    seed: int,
    first_day: date,
    days: int,
    kilometres: float,
) -> Iterator[Defect]:
    dug = _dug(sections, digs, first_day, days)
    for number in range(round(assumptions.reports_per_km * kilometres * days / DAYS_PER_SIMULATED_YEAR)):
        rng = throw(seed, "defect", number)
        near = dug and rng.random() < assumptions.near_works_share
        section = rng.choice(dug if near else sections)
        reported_on = first_day + timedelta(days=rng.randrange(days))
        urgency = _urgency(assumptions.danger_share, rng)
        late = urgency != "danger" and rng.random() < assumptions.late_report_share
        length = section.axis.length if section.axis else 0.0
        yield Defect(
            key=f"D-{number}",
            section=section,
            place=spot(section, rng.uniform(2, length - 2)),
            category=rng.choice(DEFECTS),
            scope="section" if rng.random() < assumptions.section_share else "spot",
            urgency=urgency,
            reported_on=reported_on,
            entered_on=reported_on + timedelta(days=rng.randint(1, 5) if late else 0),
        )


def _urgency(danger_share: float, rng: random.Random) -> Urgency:
    if rng.random() < danger_share:
        return "danger"
    calm: list[Urgency] = [one for one in URGENCIES if one != "danger"]  # type: ignore[misc]
    return rng.choice(calm)


def _dug(
    sections: Sequence[PavementSection], digs: Sequence[Dig], first_day: date, days: int
) -> list[PavementSection]:
    """The sections that works open within the year, or say that they will, in the order of `sections`."""
    last_day = first_day + timedelta(days=days)
    there = [
        one.drawn
        for one in digs
        if one.kind == "groundworks"
        and any(first_day <= statement.starts_on < last_day for statement in one.statements[-1:])
    ]
    tree = shapely.STRtree([one.geometry for one in sections])
    met = {
        int(number)
        for shape in there
        for number in tree.query(shape, predicate="intersects")
        if sections[number].geometry.intersection(shape).area >= LEAST_OPENED_M2
    }
    return [sections[number] for number in sorted(met)]
