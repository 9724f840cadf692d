"""Repair requests and questions about them, as clients send them."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from geo_service import i18n
from geo_service.api.schemas.common import (
    Body,
    Day,
    Days,
    GeoJson,
    Instant,
    Note,
    Words,
    after_start,
    not_null,
    plain_json,
)
from geo_service.domain.repairs import RepairCategory, Scope, Urgency

MAX_REPORTER_CHARACTERS = 4_000


def _small(reporter: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(reporter, ensure_ascii=False)) > MAX_REPORTER_CHARACTERS:
        raise i18n.finding("too_long.reporter", most=MAX_REPORTER_CHARACTERS)
    return reporter


Reporter = Annotated[dict[str, Any], AfterValidator(plain_json), AfterValidator(_small)]

Latest = Annotated[
    Day, Field(description="the last day, included, on which it may end; null: it is not said")
]


class Described(Body):
    """What can be said of a repair when it is new and later; each may be absent."""

    description: Words | None = None
    latest_on: Latest | None = None
    remark: Words | None = None


class RepairIn(Described):
    """A new repair request."""

    category: RepairCategory
    scope: Scope = "spot"
    urgency: Urgency = "normal"
    geometry: GeoJson
    reported_at: Instant | None = None
    planned: Days | None = None
    reporter: Reporter | None = None
    duplicate_of: UUID | None = Field(
        None,
        description="the open repair of the same defect: this report joins it, and has no days of its own",
    )

    @field_validator("duplicate_of")
    @classmethod
    def _no_days(cls, duplicate_of: UUID | None, info: ValidationInfo) -> UUID | None:
        if duplicate_of is not None and info.data.get("planned") is not None:
            raise i18n.finding("double_with_days")
        return duplicate_of


class RepairPatch(Described):
    """Changes to a repair: only what is sent changes. Its days change through `/schedule`; `planned: null` takes them away."""

    category: RepairCategory | None = None
    scope: Scope | None = None
    urgency: Urgency | None = None
    geometry: GeoJson | None = None
    planned: None = None
    status: Literal["in_progress", "cancelled"] | None = None

    _not_null = field_validator("category", "scope", "urgency", "geometry", "status", mode="before")(not_null)


class ScheduleIn(Days):
    """The days a repair is to be done, and why in spite of works."""

    override_reason: Note | None = Field(None, max_length=2_000)


class CompleteIn(Body):
    """What was done in the end: it creates the protection of the new surface."""

    finished_on: Day
    scope: Scope
    area_m2: float | None = Field(None, gt=0, le=1_000_000, strict=True)
    cost_eur: float | None = Field(None, ge=0, le=100_000_000, strict=True)


class DuplicateIn(Body):
    """Of which repair this one is the double, or is not; without it: of the one that is suggested or confirmed."""

    of: UUID | None = None


class AdviceIn(Body):
    """May this be repaired? Without days: today."""

    geometry: GeoJson
    scope: Scope = "section"
    category: RepairCategory = "other"
    urgency: Urgency = "normal"
    starts_on: Day | None = None
    ends_on: Day | None = None

    _forward = field_validator("ends_on")(after_start)

    @field_validator("ends_on")
    @classmethod
    def _begun(cls, ends_on: date | None, info: ValidationInfo) -> date | None:
        if ends_on is not None and info.data.get("starts_on", ends_on) is None:
            raise i18n.finding("starts_on_missing")
        return ends_on


MOST_ROWS = 10_000


class AdviceRowsIn(Body):
    """Many questions at once. A row that cannot be read is refused by itself: its fields are those of one question."""

    rows: Annotated[
        list[Any],
        Field(
            min_length=1,
            max_length=MOST_ROWS,
            json_schema_extra={"items": {"$ref": "#/components/schemas/AdviceIn"}},
        ),
    ]
