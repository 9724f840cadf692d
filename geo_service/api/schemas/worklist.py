"""What `/worklist` answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from geo_service.api.schemas.answers import Repair
from geo_service.api.schemas.cases import Place


class ShortAdvice(BaseModel):
    """The verdict on one repair, in a word and a sentence."""

    verdict: Literal["repair", "make_safe", "wait", "combine", "recover", "coordinate"]
    until: date | None
    blocked: bool
    title: str
    sentence: str
    cost_at_risk_eur: float
    citizen_text: str


class AdviceChange(BaseModel):
    """How the advice on a repair changed: `data` as in the feed."""

    type: Literal["repair.held", "repair.hold_moved", "repair.released", "advice.changed"]
    at: datetime
    data: dict[str, Any]


class WorklistItem(BaseModel):
    """A repair that is not finished, judged as of now."""

    repair: Repair
    place: Place | None = Field(description="the houses that it lies in front of; null: there are none")
    stop: int | None = Field(
        description="its number in the way of its crew today; null: the crew does not go"
    )
    advice: ShortAdvice
    changed: AdviceChange | None = Field(description="the last change since yesterday")


class Crew(BaseModel):
    """A crew of the city."""

    id: str
    name: str


class Worklist(BaseModel):
    """What is still to be done."""

    on: date
    items: list[WorklistItem]
    teams: list[Crew]
    next: str | None = Field(description="`cursor` of the page after this one; null at the end")
    total: int = Field(description="how many there are in all pages")
