"""Advice, the day list and what was spared as answers, for the documentation: see `answers.py`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.answers import FieldProblem, Problem
from geo_service.api.schemas.findings import Conflict, Frontage, Nearby
from geo_service.api.schemas.sequence import Sequence
from geo_service.domain.repairs import RepairCategory, RepairStatus, Scope, Urgency
from geo_service.domain.works import Certainty


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


class PlainAdvice(Advice):
    """One of many: without conflicts and surroundings, which the question of a single place has."""

    warning: str | None
    computed_at: datetime
    data_age_seconds: int | None


class AdviceRow(BaseModel):
    """One line of the answer to many questions: advice, or the fields that were refused."""

    row: int = Field(description="its place among the rows, from 0")
    advice: PlainAdvice | None = None
    errors: list[FieldProblem] | None = None


class ReportedDefect(BaseModel):
    """A defect that is reported at a place and not repaired yet: perhaps the same one."""

    id: UUID
    number: str
    category: RepairCategory
    scope: Scope
    urgency: Urgency
    status: RepairStatus
    reported_at: datetime
    reports: int = Field(description="how many reports of it there are: itself and its confirmed duplicates")
    distance_m: float


class AskedAdvice(FullAdvice):
    """With the pavement section at that place; `warning` says that none is known there, so that a free verdict says less than it seems."""

    reported: list[ReportedDefect] = Field(description="on this section within 25 m, nearest first")
    section: dict[str, Any] | None
    warning: str | None


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
