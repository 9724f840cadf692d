"""The reliability of an owner's dates as an answer."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from geo_service.domain.works import Certainty


class Reliability(BaseModel):
    """How far stated dates of this certainty may be off, and how likely the ground is opened at all."""

    owner_group: str | None = Field(
        description="null: of all owners, and of each that has no figures of its own"
    )
    owner_group_name: str | None
    certainty: Certainty
    slack_before_days: int
    slack_after_days: int
    probability: float
    origin: Literal["default", "learnt", "fixed"]
    observations: int = Field(description="works that it was learnt from")
    learnt_on: date | None = Field(description="day on which the figures or their basis last changed")
    source: str | None = Field(description="fixed: by whom, on what ground")
    basis: dict[str, Any] | None = Field(
        description="per figure the works seen, what they showed (`own`) and what that leans `towards`; the formula, its weight, the period"
    )
