"""Works: a planned occupation of the public domain, in one or more phases (GIPOD: inname)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self, get_args
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from geo_service.domain.period import Period

WorksKind = Literal["groundworks", "works", "event", "building_project"]
Certainty = Literal["indicative", "planned", "confirmed", "in_progress", "done", "cancelled"]

WORKS_KINDS: tuple[str, ...] = get_args(WorksKind)
CERTAINTIES: tuple[str, ...] = get_args(Certainty)
OVER: tuple[Certainty, ...] = ("done", "cancelled")
"""Certainties of works that no longer take ground."""

# Kinds that break the surface unless the phase says otherwise: GIPOD *Grondwerk*. *Werk* and *Evenement* only take up room.
OPENING_KINDS = ("groundworks",)

CODES = ("source", "source_id", "reference", "kind", "category", "certainty", "source_status")
"""Fields with words and numbers of a register; what people write stands in all other texts."""

MOST_WORKING_DAYS = 5000
"""Twenty years: more is another unit, or a typing error."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One piece of ground for one period.

    `geometry` is in the storage CRS (EPSG:31370), as drawn by its owner; `source_key` names the phase within
    its works, so that the same phase is found again at the next import. `done`: its source says that it is over,
    whatever its works still plan.
    """

    source_key: str
    geometry: BaseGeometry
    period: Period
    opens_surface: bool
    surfaces: tuple[str, ...] = ()
    done: bool = False


@dataclass(frozen=True, slots=True)
class Works:
    """Works as their source states them. `owner` is the organisation's name as the source writes it.

    `building_id`: their building, for a project of the city itself.
    `working_days`: the expected length of each phase within its window, if the source states it.
    """

    source: str
    source_id: str
    owner: str
    title: str
    kind: WorksKind
    certainty: Certainty
    phases: tuple[Phase, ...]
    description: str | None = None
    reference: str | None = None
    category: str | None = None
    utilities: tuple[str, ...] = ()
    specification: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()
    """For those who pass, in the words of the source: 'Geen doorgang voor voetgangers'."""
    source_status: str | None = None
    working_days: int | None = None
    remark: str | None = None
    building_id: UUID | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Stored works with their `phases`, as `store.works.get` returns them."""
        lists = ("utilities", "specification", "consequences")
        plain = [one.name for one in fields(cls) if one.name not in ("phases", *lists)]
        phases = tuple(
            Phase(
                phase["source_key"],
                phase["geometry"],
                Period(phase["starts_on"], phase["ends_on"]),
                phase["opens_surface"],
                tuple(phase["surfaces"]),
                phase["done"],
            )
            for phase in row["phases"]
        )
        values = {name: row[name] for name in plain} | {name: tuple(row[name]) for name in lists}
        return cls(**values, phases=phases)
