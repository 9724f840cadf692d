"""What citizens and road wardens report in a year: holes, loose slabs, roots, kerbs."""

from __future__ import annotations

import random
from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from .diary import Diary
from .model import Completion, PavementSection
from .sites import Sites, spot

COUNT = 106
TEXTS: dict[str, tuple[str, ...]] = {
    "loose_slab": (
        "Losse tegel voor de deur",
        "Tegels wiebelen, water spat op",
        "Drie losse tegels naast de boordsteen",
    ),
    "subsidence": (
        "Voetpad verzakt over twee meter",
        "Verzakking naast het huis",
        "Plas blijft staan na regen",
    ),
    "pothole": ("Put in het voetpad", "Gat naast een deksel", "Diepe put, gevaarlijk voor fietsers"),
    "root_damage": ("Boomwortels duwen de tegels omhoog", "Wortelopdruk bij de linde"),
    "kerb": ("Boordsteen afgebroken", "Boordsteen ligt los aan de hoek"),
    "other": ("Ontbrekende klinkers", "Onkruid en losse voegen"),
}
KINDS = (
    "loose_slab",
    "loose_slab",
    "loose_slab",
    "subsidence",
    "subsidence",
    "pothole",
    "root_damage",
    "kerb",
    "other",
)
URGENCIES = ("low", "normal", "normal", "normal", "high", "danger")


def ordinary_repairs(
    sites: Sites, diary: Diary, streets: set[str], ground: Sequence[BaseGeometry], near_works: Sequence[PavementSection],
    share: float, rng: random.Random,
) -> None:  # fmt: skip
    """Write about 106 reports × share into the diary, a third of them where somebody also works."""
    kept = shapely.union_all(list(ground)) if ground else shapely.Polygon()
    shapely.prepare(kept)
    free = [s for s in sites.all() if s.street not in streets and not kept.intersects(s.geometry)]
    for _ in range(round(COUNT * share)):
        section = rng.choice(near_works if near_works and rng.random() < 0.33 else free)
        length = section.axis.length if section.axis else 0.0
        category = rng.choice(KINDS)
        scope = "spot" if rng.random() < 0.6 else "section"
        fate = rng.random()
        days_ago, planned, done = rng.randint(1, 90), None, None
        if fate < 0.3:
            days_ago, finished = rng.randint(60, 340), -rng.randint(3, 50)
            area = round(section.geometry.area, 1) if scope == "section" else round(rng.uniform(0.5, 3), 1)
            cost = round(area * 120, 2) if scope == "section" else 150.0
            planned, done = (finished - 1, finished + 1), Completion(diary.day(finished), scope, area, cost)
        elif fate < 0.6:
            start = rng.randint(0, 28)
            planned = (start, start + rng.randint(1, 3))
        place = spot(section, rng.uniform(2, length - 2))
        urgency = rng.choice(URGENCIES)
        diary.report(
            section, place, rng.choice(TEXTS[category]), category, scope, urgency, days_ago, planned, done
        )
