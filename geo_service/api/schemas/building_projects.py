"""The city's own building projects, and what happens around its buildings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.common import Body, Day, Label, Note
from geo_service.domain.attachments import AttachmentKind
from geo_service.domain.conflicts import Severity
from geo_service.domain.works import Certainty

Euros = Annotated[float, Field(strict=True, ge=0, le=1e11)]
MOST_LINES = 50


class ProjectPhase(Body):
    """One phase of a project: design, tender, building; `ends_on` is its last day."""

    name: Label
    starts_on: Day | None = None
    ends_on: Day | None = None
    is_done: bool = False


class Subsidy(Body):
    """Money of another government, and the last day to do what it asks."""

    name: Label
    amount_eur: Euros | None = None
    due_on: Day | None = None
    state: Literal["asked", "granted", "paid", "refused"] = "asked"


class Warranty(Body):
    """What a contractor answers for, until and including a day."""

    what: Label
    until: Day
    by: Label | None = Field(None, description="the organisation that answers for it")


class ProjectIn(Body):
    """A building project of the city. Nobody's name belongs in it: whom to call stands beside it, sealed (`/contacts`)."""

    name: Label
    building_id: UUID | None = None
    works_id: UUID | None = Field(None, description="the works that it is in the street")
    phases: list[ProjectPhase] = Field(default=[], max_length=MOST_LINES)
    budget_eur: Euros | None = None
    spent_eur: Euros | None = None
    subsidies: list[Subsidy] = Field(default=[], max_length=MOST_LINES)
    next_decision: Label | None = Field(None, description="that the college has to take")
    next_decision_on: Day | None = None
    handover_on: Day | None = Field(None, description="to who maintains the building")
    warranties: list[Warranty] = Field(default=[], max_length=MOST_LINES)
    note: Note | None = Field(None, max_length=2_000, description="what goes along at the handover")


class Project(ProjectIn):
    """A project of the register."""

    id: UUID
    building: str | None = Field(
        description="its name, its address, or its number in the base map; null: none"
    )
    works: str | None = Field(description="their title, or their number at their source; null: none")
    files: int = Field(description="how many files go along at the handover")
    version: int
    updated_at: datetime


class ProjectFile(BaseModel):
    """A file that goes along at the handover of a project."""

    id: UUID
    title: str = Field(description="the name under which it was sent, without its ending")
    kind: AttachmentKind
    bytes: int
    created_at: datetime


class NearBuilding(BaseModel):
    """Works or a conflict near a building of the city."""

    building_id: UUID
    building: str = Field(description="its name, its address, or its number in the base map")
    kind: Literal["works", "conflict"]
    id: UUID
    number: str
    title: str = Field(description="of works; of a conflict its rule")
    owner: str | None = Field(description="the owner group of the works; of a conflict those of its works")
    certainty: Certainty | None
    severity: Severity | None
    starts_on: date | None = Field(description="of a conflict: of the days that both sides state")
    ends_on: date | None = Field(description="the first day after it")
    distance_m: float
    eur: float | None = Field(description="at risk; null: none")


class NearBuildings(BaseModel):
    """What happens around the city's buildings."""

    within_m: float
    items: list[NearBuilding]
    total: int = Field(description="how many there are, also those behind the last of `items`")
