"""The order of works around one repair, for the documentation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.domain.layers import Layer
from geo_service.domain.sequence import Role
from geo_service.domain.works import Certainty


class Step(BaseModel):
    """Works in their place, deepest first."""

    works_id: UUID
    owner: str
    source: str
    source_id: str
    title: str
    layer: Layer = Field(description="what they open; `energy`: gas or electricity, the record does not say")
    role: Role
    text: str
    starts_on: date
    ends_on: date
    free_from: date = Field(description="first day that is free, with the slack of their certainty")
    certainty: Certainty
    probability: float
    overdue: bool
    sure: bool = Field(description="whether their days can be built on")
    shared_m2: float
    shared_share: float = Field(description="of the repair's ground")
    cost_at_risk_eur: float = Field(description="what repairing before these works would lose")
    weight: int | None = Field(description="rank among those that come first: 1 is the dearest")
    too_soon_for: list[UUID] = Field(description="deeper works on the same ground that come only after these")


class Sequence(BaseModel):
    """`first` in this order, then the repair, then `later`."""

    sentence: str
    first: list[Step]
    repair_from: date | None = Field(description="null: any day")
    moves: bool = Field(description="the repair's own days are over by then")
    later: list[Step]
    cost_at_risk_eur: float = Field(description="what repairing before all of them would lose, once")
