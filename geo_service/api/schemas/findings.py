"""Conflicts and advice as answers, for the documentation: see `answers.py`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.answers import Problem, Repair
from geo_service.api.schemas.common import GeoJson
from geo_service.api.schemas.sequence import Sequence
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


class Explanation(BaseModel):
    """Everything needed to check a conflict by hand."""

    sentence: str
    rule: dict[str, Any] = Field(description="the version that spoke, with its parameters")
    lead_days: int | None = Field(description="days until both have begun; below 0: since")
    frontage: list[Frontage]
    sources: list[Provenance]
    disappears_if: list[DisappearsIf]


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


class Reason(BaseModel):
    """Why; the conflict's figures beside the sentence."""

    code: str
    text: str
    params: dict[str, Any]
    owner: str | None
    source: str | None
    source_id: str | None
    starts_on: date | None
    ends_on: date | None
    certainty: Certainty | None
    probability: float | None
    rule: str | None
    rule_version: int | None
    facts: dict[str, Any] | None = Field(
        description="distance, shared ground, gap, cost at risk: the figures of its conflict"
    )


class Alternative(BaseModel):
    """What else could be done, and what comes of it."""

    code: str
    text: str
    consequence: str
    cost_eur: float | None
    expected_eur: float | None = Field(
        description="expected cost in all, waiting and losses included; null: nobody knows"
    )
    recommended: bool
    needs_role: str | None


class Contact(BaseModel):
    """Whom to call."""

    organisation: str
    works_source_id: str
    source: str


class Advice(BaseModel):
    """What to do with one repair."""

    verdict: Literal["repair", "make_safe", "wait", "combine", "recover", "coordinate"]
    until: date | None
    blocked: bool
    title: str
    sentence: str
    reasons: list[Reason]
    alternatives: list[Alternative]
    cost_at_risk_eur: float
    contacts: list[Contact]
    citizen_text: str
    order: Sequence = Field(
        description="the order of works behind the verdict: the same works, days and euros"
    )


class FullAdvice(Advice):
    """With the conflicts behind it, and how old the truth is."""

    conflicts: list[Conflict]
    nearby: list[Nearby]
    frontage: list[Frontage]
    request_text: str | None = Field(
        description="what to ask the owner of the works; null when there is nobody to ask"
    )
    computed_at: datetime
    data_age_seconds: int | None


class AskedAdvice(FullAdvice):
    """With the pavement section at that place; `warning` says that none is known there, so that a free verdict says less than it seems."""

    section: dict[str, Any] | None
    warning: str | None


class DispatchItem(BaseModel):
    """A repair on the day list, judged as of now."""

    repair: Repair
    execute: bool
    label: str = Field(description="Uitvoeren, Niet uitvoeren")
    advice: Advice


class Dispatch(BaseModel):
    """The day list: first what can be done, then what cannot."""

    on: date
    items: list[DispatchItem]
    total: int


class AvoidedYear(BaseModel):
    """What a year's coordination spared: `repairs` that waited for works (`held_eur`), and `combinations` that were carried out:
    repairs that a utility took along and trenches that two owners shared (`combined_eur`)."""

    year: int
    repairs: int
    held_eur: float
    combinations: int
    combined_eur: float
    avoided_cost_eur: float


class Avoided(BaseModel):
    """What holds and combinations that were carried out have spared."""

    avoided_cost_eur: float
    years: list[AvoidedYear]


class BlockedProblem(Problem):
    """`blocked_by_works`: the repair cannot be planned; the other 409, `invalid_transition`, has neither conflicts nor advice."""

    conflicts: list[Conflict] | None = None
    advice: Advice | None = None
