"""The order of works around one repair, for the documentation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.domain.layers import Layer
from geo_service.domain.order import Role
from geo_service.domain.works import Certainty


class Step(BaseModel):
    """Works in their place, deepest first."""

    works_id: UUID | None
    works_ids: list[UUID] = Field(description="all records of the dig")
    owner: str
    source: str
    source_id: str
    title: str
    layer: Layer = Field(description="what they open; `energy`: gas or electricity, the record does not say")
    role: Role
    text: str
    starts_on: date
    ends_on: date
    free_from: date = Field(
        description="first day that is free: with their slack where the dates can be built on; a wish frees the ground when it says so"
    )
    slack_days: int = Field(description="how far the stated end may be off")
    certainty: Certainty
    probability: float
    overdue: bool
    sure: bool = Field(description="whether their days can be built on")
    shared_m2: float
    shared_share: float = Field(description="of the repair's ground that must be laid again after these")
    cost_at_risk_eur: float = Field(description="what repairing before these works would lose")
    weight: int | None = Field(description="rank among those that come first: 1 is the dearest")
    too_soon_for: list[UUID] = Field(description="deeper works on the same ground that come only after these")
    remark: str | None = Field(description="of the programme that these stand in, as its source writes it")


class Sequence(BaseModel):
    """`first` in this order, then the repair, then `later`."""

    sentence: str
    first: list[Step]
    repair_from: date | None = Field(description="null: any day, or nobody knows")
    moves: bool = Field(description="the repair's own days are over by then")
    later: list[Step]
    cost_at_risk_eur: float = Field(description="what repairing before all of them would lose, once")
    now_eur: float = Field(description="expected cost of the first day on which it could be done")
    best_eur: float = Field(description="expected cost of the best day, that of waiting included")
    margin_eur: float | None = Field(
        description="by how much the best day beats the next best; null: there is no other"
    )
