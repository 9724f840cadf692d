"""Works and repairs are written into a diary: it hands out numbers and turns days into instants in Brussels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shapely import MultiPolygon, Point

from .model import Completion, DemoRepair, DemoWork, PavementSection, Reporter

BRUSSELS = ZoneInfo("Europe/Brussels")
FIRST_NAMES = (
    "An",
    "Bart",
    "Carine",
    "Dries",
    "Els",
    "Filip",
    "Greet",
    "Hilde",
    "Ivan",
    "Joke",
    "Koen",
    "Lies",
)
EARTHWORKS = "Grondwerk"


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Local time in Brussels; midnight by default."""
    return datetime.combine(day, time(hour, minute), BRUSSELS)


@dataclass
class Diary:
    today: date
    gipod_id: int = 20100400
    works: list[DemoWork] = field(default_factory=list)
    repairs: list[DemoRepair] = field(default_factory=list)

    def day(self, number: int) -> date:
        return self.today + timedelta(days=number)

    def status(self, start: int, end: int, event: bool = False) -> str:
        """What GIPOD says of works from day `start` until (not on) day `end`."""
        if end <= 0:
            return "Afgelopen" if event else "Uitgevoerd"
        if start <= 0:
            return "Lopende" if event else "In uitvoering"
        return "Concreet gepland"

    def dig(
        self, owner: str, street: str, geometry: MultiPolygon, days: tuple[int, int], text: str,
        occupancies: tuple[str, ...] = ("Telecom",), **more: Any,
    ) -> DemoWork:  # fmt: skip
        """Earthworks from local midnight of the first day until local midnight of the second, half-open."""
        area = geometry.area
        category = "Categorie 1" if area > 50 else "Categorie 2" if area >= 3 else "Categorie 3"
        facts = {"type": EARTHWORKS, "category": category, "specification": ("distributienet",)} | more
        return self.occupy(owner, street, geometry, days, text, occupancies, **facts)

    def occupy(
        self, owner: str, street: str, geometry: MultiPolygon, days: tuple[int, int], text: str,
        occupancies: tuple[str, ...], **more: Any,
    ) -> DemoWork:  # fmt: skip
        """Any occupancy; `more` overrides what follows from the days: status, instants, registration."""
        self.gipod_id += 137
        lead = 70 if more.get("category") == "Categorie 1" else 32
        created = min(days[0] - lead, -2)
        facts: dict[str, Any] = {
            "type": "Werk",
            "status": self.status(*days),
            "starts_at": at(self.day(days[0])),
            "ends_at": at(self.day(days[1])),
            "created_at": at(self.day(created), 10, 12),
            "modified_at": at(self.day(max(created, -1)), 15, 40),
        } | more
        number = facts.pop("gipod_id", self.gipod_id)
        if facts.get("consequences"):
            facts.setdefault("hindrances", (number + 1,))  # registered right after their cause
        work = DemoWork(
            gipod_id=number,
            description=text,
            street=street,
            occupancies=occupancies,
            owner=owner,
            geometry=geometry,
            **facts,
        )
        self.works.append(work)
        return work

    def report(
        self, section: PavementSection, place: Point, text: str, category: str = "loose_slab", scope: str = "section",
        urgency: str = "normal", days_ago: int = 0, planned: tuple[int, int] | None = None,
        completed: Completion | None = None,
    ) -> DemoRepair:  # fmt: skip
        """A repair report with an invented reporter; `planned` in days from today, half-open."""
        number = 1001 + len(self.repairs)
        first = FIRST_NAMES[number % len(FIRST_NAMES)]
        repair = DemoRepair(
            ref=f"H-{number}",
            category=category,
            scope=scope,
            urgency=urgency,
            geometry=place,
            street=section.street,
            section_code=section.code,
            description=text,
            reported_at=at(self.day(-days_ago), 7 + number % 3, number % 60)
            if days_ago
            else at(self.today, 6, number % 60),
            planned=(self.day(planned[0]), self.day(planned[1])) if planned else None,
            completed=completed,
            reporter=Reporter(f"{first} Voorbeeld", f"{first.lower()}{number}@example.org", "000 00 00 00"),
        )
        self.repairs.append(repair)
        return repair
