"""What `/dispatch` answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from geo_service.api.schemas.answers import Repair
from geo_service.api.schemas.cases import Place
from geo_service.api.schemas.verdicts import Advice
from geo_service.api.schemas.worklist import AdviceChange
from geo_service.domain.dispatch import Instruction


class DispatchItem(BaseModel):
    """A repair on the day list, judged as of now."""

    repair: Repair
    execute: bool
    instruction: Instruction
    label: str = Field(description="the instruction in words: Uitvoeren, Niet uitvoeren")
    stop: int | None = Field(
        description="its place in the way of the crew; null: the crew does not go, or it is danger without a day"
    )
    drive_m: int | None = Field(description="from the stop before, or from the yard")
    place: Place | None = Field(description="the houses that it lies in front of; null: there are none")
    changed: AdviceChange | None = Field(description="the last change since yesterday")
    advice: Advice


class DispatchTour(BaseModel):
    """The way of one crew (null: of repairs to which no crew was given)."""

    team: str | None
    name: str | None
    stops: int
    drive_m: int = Field(description="with the way back to the yard, where the city says where that is")


class DriveDistance(BaseModel):
    """How the way was measured: the streets are not known as a network."""

    kind: Literal["straight_line"]
    factor: float = Field(description="times the straight line")


class Dispatch(BaseModel):
    """The day list: danger without a day, which is in no tour; then crew by crew in driving order, danger first; then what is not done."""

    on: date
    items: list[DispatchItem]
    tours: list[DispatchTour]
    distance: DriveDistance
    computed_at: datetime
    data_age_seconds: int | None = Field(description="of the oldest feed; null: none came in yet")
    total: int
