"""The ordinary year of works in a town: connections, cables, sewers, containers, the market, scaffolds."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

import shapely
from shapely.geometry.base import BaseGeometry

from .diary import Diary, at
from .model import PavementSection
from .sites import Sites, box_at, connection, multi, strip

OWNERS: tuple[tuple[str, str, float], ...] = (
    ("Proximus Area 2.1", "Telecom", 0.24),
    ("Fluvius Site Roeselare", "Elektriciteit", 0.22),
    ("Fluvius Site Roeselare", "Olie, gas, chemicaliën", 0.1),
    ("De Watergroep", "Water", 0.16),
    ("Wyre", "Telecom", 0.14),
    ("Proximus", "Telecom", 0.06),
    ("Fluvius", "Elektriciteit", 0.05),
    ("Telenet BV", "Telecom", 0.03),
)
KINDS: tuple[tuple[str, int], ...] = (
    ("connection", 52), ("cable", 40), ("sewer", 7), ("platform", 9), ("container", 16), ("scaffold", 8),
    ("renewal", 6), ("urgent", 5),
)  # fmt: skip
FOOTPATH_CLOSED, FOOTPATH_NARROWED = "Geen doorgang voor voetgangers", "Beperkte doorgang voor voetgangers"
SEWER_REACH_M = 150.0
MARKET_DAYS = range(-21, 64, 7)


def ordinary_works(
    sites: Sites,
    diary: Diary,
    streets: set[str],
    ground: Sequence[BaseGeometry],
    share: float,
    rng: random.Random,
) -> list[PavementSection]:
    """Write about 160 works × share into the diary, away from the golden streets and ground; returns where."""
    kept = shapely.union_all(list(ground)) if ground else shapely.Polygon()
    shapely.prepare(kept)
    free = [s for s in sites.all() if s.street not in streets and not kept.intersects(s.geometry)]
    writers: dict[str, Callable[[_Job], None]] = {
        "connection": _connection, "cable": _cable, "sewer": _sewer, "platform": _platform,
        "container": _container, "scaffold": _scaffold, "renewal": _renewal, "urgent": _urgent,
    }  # fmt: skip
    used: list[PavementSection] = []
    for kind, count in KINDS:
        for _ in range(max(1, round(count * share))):
            section = rng.choice(free)
            writers[kind](_Job(sites, diary, section, rng, kept))
            used.append(section)
    _weekly_market(sites, diary)
    return used


class _Job:
    """One place and a throw of the dice."""

    def __init__(
        self, sites: Sites, diary: Diary, section: PavementSection, rng: random.Random, kept: BaseGeometry
    ) -> None:
        self.sites, self.diary, self.section, self.rng, self.kept = sites, diary, section, rng, kept
        self.length = section.axis.length if section.axis else 0.0
        self.along = rng.uniform(3, self.length - 3)

    def days(self, shortest: int, longest: int, first: int = -350, last: int = 172) -> tuple[int, int]:
        start = round(self.rng.triangular(first, last, 14))
        return start, start + self.rng.randint(shortest, longest)

    def text(self, what: str, metres: float) -> str:
        return f"8870 - Izegem - {self.section.street} - {what} - {metres:.0f}m"

    def owner(self) -> tuple[str, str]:
        name, kind, _ = self.rng.choices(OWNERS, [share for *_, share in OWNERS])[0]
        return name, kind

    def number(self) -> str:
        return str(self.section.number_from or 1)


def _connection(job: _Job) -> None:
    owner, kind = job.owner()
    shape = connection(job.section, job.along)
    days = job.days(7, 28)
    if kind == "Telecom":
        text = job.text("Plaatsen leidingen", shape.area)
    else:
        what = {"Elektriciteit": "elektriciteit", "Water": "water"}.get(kind, "gas")
        text = f"8870 IZEGEM, {job.section.street.upper()} {job.number()} ({what})"
    job.diary.dig(
        owner, job.section.street, shape, days, text, (kind,), category="Categorie 3",
        specification=("klantaansluiting",), reference=f"{job.rng.randint(10**8, 10**9 - 1)}",
    )  # fmt: skip


def _cable(job: _Job) -> None:
    owner, kind = job.owner()
    sections = [
        s
        for s in job.sites.stretch(job.section, job.rng.choice((1, 1, 2, 2, 3, 4)))
        if not job.kept.intersects(s.geometry)
    ]
    shape = strip(sections, job.rng.choice((0.5, 0.6, 1.0, 1.0, 1.5)))
    length = sum(s.axis.length for s in sections if s.axis)
    kinds = (kind, "Openbare verlichting") if kind == "Elektriciteit" and job.rng.random() < 0.3 else (kind,)
    text = job.text("Plaatsen leidingen", length)
    if kind == "Elektriciteit":
        text = f"8870 IZEGEM {job.section.street.upper()} E LV uitbreiding net (lengte: {length:.0f}m)"
    days = job.days(8, 26)
    start = at(job.diary.day(days[0]), 7) if job.rng.random() < 0.3 else at(job.diary.day(days[0]), 0, 1)
    job.diary.dig(owner, job.section.street, shape, days, text, kinds, starts_at=start)


def _sewer(job: _Job) -> None:
    here = job.section.geometry
    parts = [s.geometry for s in job.sites.carriageways[job.section.street]]
    parts = [part for part in parts if part.distance(here) < SEWER_REACH_M and not job.kept.intersects(part)]
    if not parts:
        return
    job.diary.dig(
        "Aquafin - RioLink", job.section.street, multi(*parts), job.days(60, 190, -330, 150),
        f"8870 - Izegem - {job.section.street} - rioleringswerken", ("Riolering", "Wegeniswerken"),
        specification=("(her)aanleg", "fundering", "toplaag"), hindrances=(job.rng.randint(10**7, 2 * 10**7),),
        consequences=(FOOTPATH_NARROWED, "Geen doorgang voor gemotoriseerd verkeer uitgezonderd plaatselijk verkeer"),
    )  # fmt: skip


def _platform(job: _Job) -> None:
    start = job.rng.randint(-200, 150)
    shape = box_at(job.section, job.along, 8, 2.4, 0.4)
    job.diary.occupy(
        "Proximus CUO PROV Area 2.1", job.section.street, shape, (start, start + 1),
        f"8870 | Izegem | {job.section.street} | {job.number()}", ("Hoogtewerker", "Nutswerken"),
        starts_at=at(job.diary.day(start), 7), ends_at=at(job.diary.day(start), 17),
    )  # fmt: skip


def _container(job: _Job) -> None:
    start, end = job.days(2, 8, -160, 60)
    shape = box_at(job.section, job.along, 6, 2.6, job.section.width_m / 2 + 1.4)
    kind, text = job.rng.choice((("Container", "Container"), ("(Verhuis)lift/levering", "Verhuiswagen")))
    job.diary.occupy(
        "Stad Izegem", job.section.street, shape, (start, end), f"{text}\n{job.section.street} {job.number()}", (kind,),
        starts_at=at(job.diary.day(start), 7), ends_at=at(job.diary.day(end - 1), 18),
    )  # fmt: skip


def _scaffold(job: _Job) -> None:
    job.diary.occupy(
        "Stad Izegem", job.section.street, box_at(job.section, job.along, 9, 1.2, -0.3), job.days(14, 60, -200, 140),
        f"Stelling {job.section.street} {job.number()}", ("Stelling",), consequences=(FOOTPATH_NARROWED,),
    )  # fmt: skip


def _renewal(job: _Job) -> None:
    sections = [s for s in job.sites.stretch(job.section, 4) if not job.kept.intersects(s.geometry)]
    job.diary.dig(
        "Stad Izegem", job.section.street, multi(*(s.geometry for s in sections)), job.days(15, 50),
        f"8870 Izegem: {job.section.street} - vernieuwen voetpaden", ("Wegeniswerken",), specification=("voetpadvernieuwing",),
        consequences=(FOOTPATH_CLOSED,),
    )  # fmt: skip


def _urgent(job: _Job) -> None:
    owner, kind = job.owner()
    start = job.rng.randint(-40, 0)
    moment = at(job.diary.day(start), 9, 30)
    job.diary.dig(
        owner, job.section.street, connection(job.section, job.along, 1.5), (start, start + 3),
        job.text("Dringende herstelling", 2), (kind,), category="Dringend", specification=("herstel/onderhoud",),
        starts_at=moment, created_at=moment + timedelta(hours=-1), modified_at=moment + timedelta(hours=-1),
    )  # fmt: skip


def _weekly_market(sites: Sites, diary: Diary) -> None:
    """One dossier, one feature per market day: 05:00 to 13:00 on the square."""
    square = sites.streets["Grote Markt"].centreline
    shape = multi(shapely.Polygon(square.coords).buffer(-8))
    to_market_day = (1 - diary.today.weekday()) % 7
    number = diary.gipod_id + 71
    for offset in MARKET_DAYS:
        start = to_market_day + offset
        diary.occupy(
            "Stad Izegem", "Grote Markt", shape, (start, start + 1), "Wekelijkse markt\nGrote Markt", ("Markt",), gipod_id=number,
            type="Evenement", status=diary.status(start, start + 1, event=True), reference="MA1", time_schedule="Elke dinsdag 05:00-13:00",
            starts_at=at(diary.day(start), 5), ends_at=at(diary.day(start), 13), created_at=at(diary.day(-90), 11),
        )  # fmt: skip
