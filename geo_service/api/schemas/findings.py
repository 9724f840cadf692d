"""Conflicts as answers, for the documentation: see `answers.py`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.common import GeoJson
from geo_service.domain.agreements import AgreementKind
from geo_service.domain.conflicts import Severity, Status
from geo_service.domain.works import Certainty, WorksKind


class Reference(BaseModel):
    """An item of another list."""

    id: UUID


class NamedReference(Reference):
    """The same with what people call it."""

    name: str | None


class WorksBrief(BaseModel):
    """What a person needs to recognise works."""

    id: UUID
    source: str
    source_id: str
    title: str
    kind: WorksKind
    certainty: Certainty
    owner: str
    owner_group: str
    owner_group_name: str
    vanished_at: datetime | None


class Side(BaseModel):
    """One of the two claims, and what it comes from."""

    kind: str
    claim: dict[str, Any]
    works: WorksBrief | None
    dig: list[WorksBrief] = Field(
        description="where several records are one dig, or are counted together: all of them"
    )
    repair: Reference | None
    building: NamedReference | None
    street: NamedReference | None
    owner: str | None
    starts_on: date | None = Field(description="as stated, where the source states it")
    ends_on: date | None = Field(description="as stated; the slack on it is in `free_from`")
    free_from: date | None = Field(description="the first day that is free, slack included; null: never")


class Facts(BaseModel):
    """Every figure, with the inputs it was computed from."""

    distance_m: float
    overlap_m2: float
    overlap_share: float | None
    gap_days: int
    overlap_days: int
    probability: float
    cost_at_risk_eur: float | None
    lost_m2: float | None = Field(None, description="of the repair, to be laid again after the works")
    lost_share: float | None = None
    after: bool = Field(
        False, description="the works come after a footpath by their layer: no reason to wait"
    )
    crossing: bool = Field(False, description="the works are of another street, and share only the junction")
    joint: bool = Field(
        False, description="likely one project of two owners: the same days on the same ground"
    )
    saving_eur: float | None = Field(None, description="of an opportunity")
    digs: int | None = Field(None, description="of a rule that counts")
    inputs: dict[str, Any]


class Agreement(BaseModel):
    """What both sides agreed on; `until` is the first day on which it no longer holds."""

    kind: AgreementKind
    until: date | None
    note: str | None


class Conflict(BaseModel):
    """Two claims that a rule says should not meet, or for an opportunity should; `id` is null for one that is only asked about."""

    id: UUID | None
    number: str | None
    rule: str
    rule_version: int
    severity: Severity
    status: Status
    opportunity: bool
    blocking: bool
    agreement: Agreement | None = Field(
        description="the last one; of an open conflict: one that no longer holds"
    )
    department: str | None = Field(description="who follows this up")
    person: str | None
    due_on: date | None = Field(description="the last day to answer")
    escalated_on: date | None = Field(description="the coordinator was asked to decide")
    moratorium: bool
    a: Side
    b: Side
    facts: Facts
    geometry: GeoJson | None
    created_at: datetime | None
    updated_at: datetime | None


class Frontage(BaseModel):
    """Houses in front of which something happens."""

    street: str
    side: Literal["even", "odd"]
    number_from: str
    number_to: str
    text: str = Field(description="voor huisnummer 12 tot 16")


class Provenance(BaseModel):
    """The record behind works, and how fresh it is."""

    works_id: UUID
    source: str
    source_id: str
    owner: str
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    vanished_at: datetime | None
    registered_at: datetime
    last_change: dict[str, Any] | None = Field(description="`field`, `from`, `to`, `observed_on`")
    data_age_seconds: int | None = Field(description="since its source last showed it; null: not from a feed")


class DisappearsIf(BaseModel):
    """A change of the facts after which the conflict is gone."""

    code: str
    params: dict[str, Any]
    text: str


class Cause(BaseModel):
    """A change that ended a conflict."""

    code: str
    text: str
    works_id: UUID | None = Field(description="the works that changed; null: the repair, or the rule")


class Successor(BaseModel):
    """A conflict that is there in the place of another one."""

    id: UUID
    number: str


class Closure(BaseModel):
    """The end of a conflict."""

    at: datetime | None
    causes: list[Cause] = Field(description="what changed then; empty when only its days are over")
    successors: list[Successor] = Field(
        description="of the same rule, for the same repair or works; at most 5"
    )


class Explanation(BaseModel):
    """Everything needed to check a conflict by hand."""

    sentence: str
    rule: dict[str, Any] = Field(description="the version that spoke, with its parameters")
    lead_days: int | None = Field(description="days until both have begun; below 0: since")
    frontage: list[Frontage]
    sources: list[Provenance]
    disappears_if: list[DisappearsIf] = Field(description="empty when it is gone")
    closure: Closure | None = Field(description="null while the facts conflict")


class ConflictWithTrail(Conflict):
    """With its audit trail, oldest first."""

    events: list[dict[str, Any]]


class ExplainedConflict(ConflictWithTrail):
    """With its explanation too."""

    explanation: Explanation


class Nearby(BaseModel):
    """Works in the ring around a place that no rule tells: they inform, and hold nothing."""

    works_id: UUID
    source: str
    source_id: str
    owner: str
    title: str
    kind: str
    certainty: Certainty
    starts_on: date
    ends_on: date
    distance_m: float
    text: str
