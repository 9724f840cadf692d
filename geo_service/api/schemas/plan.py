"""What `/plan` takes and answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.answers import Repair
from geo_service.api.schemas.cases import Place
from geo_service.api.schemas.common import Body, Day
from geo_service.api.schemas.dispatch import DriveDistance
from geo_service.domain.planning import LeftReason

MOST_LINES = 50


class PlanTeam(BaseModel):
    """A crew of the plan."""

    id: str
    name: str
    hours_a_day: float


class PlanReason(BaseModel):
    """Why a repair has its day."""

    code: str
    text: str


class PlanLine(BaseModel):
    """A repair with the day and the crew that are proposed for it."""

    repair: Repair
    place: Place | None = Field(description="the houses that it lies in front of; null: there are none")
    on: date
    team: str
    stop: int = Field(description="its number in the way of the crew that day")
    hours: float
    due_on: date = Field(description="the last day of its term")
    cost_at_risk_eur: float
    reasons: list[PlanReason]


class PlanLeft(BaseModel):
    """A repair that gets no day."""

    repair: Repair
    place: Place | None
    reason: LeftReason
    text: str
    due_on: date


class PlanLoad(BaseModel):
    """The day of a crew: what it had given away already, what the plan adds, and the way past the added ones."""

    on: date
    team: str
    booked_hours: float
    added_hours: float
    drive_m: int


class WeekPlan(BaseModel):
    """A proposal; nothing of it is stored before somebody accepts it."""

    days: list[date] = Field(description="the working days of the period")
    teams: list[PlanTeam]
    lines: list[PlanLine]
    left: list[PlanLeft]
    loads: list[PlanLoad]
    distance: DriveDistance
    computed_at: datetime


class ChoiceIn(Body):
    """A line of the plan, with the version of the repair as it was read."""

    repair_id: UUID
    team: Annotated[str, Field(max_length=300)]
    on: Day
    version: Annotated[int, Field(ge=1, strict=True)]


class AcceptIn(Body):
    """Lines to accept, one or many."""

    lines: Annotated[list[ChoiceIn], Field(min_length=1, max_length=MOST_LINES)]


class AcceptedLine(BaseModel):
    """What became of a line: `code` and `message` say why it was refused (`blocked_by_works`, `version_mismatch`, `invalid_transition`,
    `not_found`); `repair` is as it is now, null when there is none.
    """

    repair_id: UUID
    accepted: bool
    code: str | None
    message: str | None
    repair: Repair | None


class Accepted(BaseModel):
    """What became of each line, in their order."""

    lines: list[AcceptedLine]
    accepted: int
