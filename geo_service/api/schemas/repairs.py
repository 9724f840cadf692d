"""Repair requests and questions about them, as clients send them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from geo_service.api.schemas.common import Body, Day, Days, GeoJson, Text, Words
from geo_service.domain.repairs import RepairCategory, Scope, Urgency

MAX_REPORTER_CHARACTERS = 4_000


class RepairIn(Body):
    """A new repair request."""

    category: RepairCategory
    scope: Scope = "spot"
    urgency: Urgency = "normal"
    geometry: GeoJson
    description: Words | None = None
    reported_at: datetime | None = None
    planned: Days | None = None
    reporter: dict[str, Any] | None = None

    @field_validator("reported_at")
    @classmethod
    def _zoned(cls, at: datetime | None) -> datetime | None:
        if at is not None and at.tzinfo is None:
            raise ValueError("an instant needs a zone (RFC 3339): 2026-11-23T08:00:00Z")
        return at

    @field_validator("reporter")
    @classmethod
    def _small(cls, reporter: dict[str, Any] | None) -> dict[str, Any] | None:
        text = repr(reporter)
        if len(text) > MAX_REPORTER_CHARACTERS:
            raise ValueError(f"at most {MAX_REPORTER_CHARACTERS} characters in all")
        if "\\x00" in text or "\\ud" in text:
            raise ValueError("contains a character that cannot be stored (NUL or half a surrogate pair)")
        return reporter


class RepairPatch(Body):
    """Changes to a repair: only what is sent changes. Its days change through `/schedule`; `planned: null` takes them away."""

    category: RepairCategory | None = None
    scope: Scope | None = None
    urgency: Urgency | None = None
    geometry: GeoJson | None = None
    description: Words | None = None
    planned: None = None
    status: Annotated[str | None, Field(pattern="^(in_progress|cancelled)$")] = None


class ScheduleIn(Days):
    """The days a repair is to be done, and why in spite of works."""

    override_reason: Text | None = Field(None, max_length=2_000)


class CompleteIn(Body):
    """What was done in the end: it creates the protection of the new surface."""

    finished_on: Day
    scope: Scope
    area_m2: float | None = Field(None, gt=0, le=1_000_000)
    cost_eur: float | None = Field(None, ge=0, le=100_000_000)


class AdviceIn(Body):
    """May this be repaired? Without days: today."""

    geometry: GeoJson
    scope: Scope = "section"
    category: RepairCategory = "other"
    urgency: Urgency = "normal"
    starts_on: Day | None = None
    ends_on: Day | None = None

    @model_validator(mode="after")
    def _forward(self) -> AdviceIn:
        if self.ends_on is not None and self.starts_on is None:
            raise ValueError("ends_on needs starts_on")
        if self.starts_on is not None and self.ends_on is not None and self.ends_on <= self.starts_on:
            raise ValueError("ends_on must be after starts_on (it is the first day that is free again)")
        return self
