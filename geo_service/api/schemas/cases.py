"""What comes back of cases."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.findings import Conflict, ConflictWithTrail
from geo_service.domain.conflicts import Severity, Status


class Score(BaseModel):
    """How pressing a case is, at most 100, and the parts that add up to it."""

    total: float
    money: float
    time: float
    certainty: float
    severity: float


class Place(BaseModel):
    """The houses along a place: the street, its side (`even`, `odd`), the lowest and the highest number."""

    street: str
    side: str
    number_from: str
    number_to: str


class Case(BaseModel):
    """Conflicts that are one matter, to be decided at once."""

    id: UUID
    conflict_ids: list[UUID]
    rules: list[str]
    conflicts: int
    undecided: int = Field(description="of those conflicts: open or acknowledged")
    repairs: int
    statuses: list[Status]
    opportunity: bool
    blocking: bool
    severity: Severity
    owners: list[str]
    eur: float = Field(description="at risk, or to be saved, together")
    decide_by: date = Field(description="the day on which the first of the sides begins")
    due_on: date | None
    escalated: bool = Field(description="the coordinator is asked to decide")
    open_since: date = Field(description="the day on which the first of its conflicts was opened")
    waits: bool = Field(description="a utility was asked to take repairs along, and has not answered")
    streets: list[str] = Field(description="along which its ground lies")
    departments: list[str]
    persons: list[str]
    score: Score
    place: Place | None = Field(description="null where no house is near")
    lon: float
    lat: float


class CaseExport(Case):
    """With each of its conflicts and the trail of each: who did what, when, on which facts."""

    items: list[ConflictWithTrail]
    exported_at: datetime


class CaseWithConflicts(Case):
    """With each of its conflicts, by number."""

    items: list[Conflict]


class CaseTotals(BaseModel):
    """What the cases of a list add up to; a repair that lies in several of them counts once."""

    cases: int
    at_risk_eur: float
    saving_eur: float = Field(description="of opportunities")
    oldest_on: date | None = Field(description="since when the oldest is open")


class CasePage(BaseModel):
    """A page of cases, and the totals of all of them."""

    items: list[Case]
    next: UUID | None
    total: int
    totals: CaseTotals
