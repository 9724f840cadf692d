"""Buildings, pavements, organisations and the status of the service as answers, for the documentation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.common import GeoJson
from geo_service.domain.buildings import PavementKind
from geo_service.domain.works import Certainty


class Building(BaseModel):
    """A building footprint."""

    id: UUID
    source: str
    source_id: str
    street: str | None
    house_number: str | None
    function: str
    name: str | None
    owner: str | None
    area_m2: float
    geometry: GeoJson


class Pavement(BaseModel):
    """A piece of footpath, cycle path or carriageway."""

    id: UUID
    source: str
    code: str
    kind: PavementKind
    street: str | None
    side: str | None
    number_from: str | None
    number_to: str | None
    material: str | None
    laid_on: date | None
    derived: bool = Field(description="no survey shows it: drawn by the service")
    base_id: UUID | None
    area_m2: float
    distance_m: float | None = Field(None, description="from `at`; only where that is asked")
    geometry: GeoJson


class Stretch(BaseModel):
    """The footpath along the houses of a street between two numbers, on one side."""

    street: str
    side: Literal["even", "odd"]
    kind: PavementKind
    number_from: str = Field(description="the lowest house that stands there")
    number_to: str = Field(description="the highest")
    first: str = Field(description="the lower number of the question")
    last: str = Field(description="the higher number of the question")
    code: str = Field(description="the sections in which it lies, with commas between them")
    material: str | None = Field(description="of most of it")
    laid_on: date | None = Field(description="of the oldest section")
    area_m2: float
    geometry: GeoJson = Field(description="a polygon: what `/advice` judges with scope `area`")


class Stretches(BaseModel):
    """One per side: two where one number is even and the other odd."""

    items: list[Stretch]


class Organisation(BaseModel):
    """Whoever owns works or does repairs, with the group that is one owner to the rules."""

    id: UUID
    name: str
    owner_group: str
    owner_group_name: str
    kind: str


class LastFailure(BaseModel):
    """The last attempt at a source, where it failed."""

    at: datetime
    code: str | None
    reason: str
    detail: str | None = Field(description="all of it, for roles that may import")


class Source(BaseModel):
    """How old the truth of one source is."""

    source: str
    label: str
    first_tried_at: datetime | None
    last_success_at: datetime | None
    age_seconds: int | None
    counts: dict[str, int] | None
    last_failure: LastFailure | None
    shrunk: dict[str, Any] | None = Field(
        description="what is no longer shown, and not believed until confirmed"
    )
    expected_seconds: int | None
    state: Literal["fresh", "late", "silent", "never"]


class SilentWorks(BaseModel):
    """Works that should have begun, and of which nobody says that they did."""

    id: UUID
    source: str
    source_id: str
    owner: str
    owner_group: str
    title: str
    certainty: Certainty
    starts_on: date
    ends_on: date = Field(description="first day after the last phase")
    days: int = Field(description="since the first day")
    heard_at: datetime | None = Field(description="when their source last showed them")


class StatusOfAll(BaseModel):
    """What every page shows."""

    city: str
    today: date
    computed_at: datetime
    data_age_seconds: int | None
    stands_at: date | None
    recomputed_at: datetime | None
    differences: int | None
    sources: list[Source]
    bounds: tuple[float, float, float, float]
    center: tuple[float, float]
    demo: bool
    golden: list[dict[str, Any]]
    keys_expiring: int | None


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class ReplicaStatus(BaseModel):
    """How old the data of the replica are; only while it is `current` it answers."""

    state: Literal["current", "behind", "silent", "promoted"]
    lag_s: float | None = Field(description="Seconds behind the database; null when that is not known")


class Ready(Alive):
    """So does the database, which has the schema of this version or a newer one."""

    schema_: str = Field(alias="schema")
    replica: ReplicaStatus | None = Field(None, description="The replica for reads; null without one")
