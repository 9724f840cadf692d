"""What comes back, for the documentation: bodies are built in `api/views.py` and sent as they are. A test holds the two together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.common import GeoJson
from geo_service.domain.conflicts import Severity, Status
from geo_service.domain.repairs import RepairCategory, RepairStatus, Scope, Urgency
from geo_service.domain.works import Certainty, WorksKind

Item = TypeVar("Item")


class FieldProblem(BaseModel):
    """One field that cannot be accepted."""

    field: str = Field(
        description="where it is: `phases[0].geometry`, `limit`, `If-Match`; `body` for the whole"
    )
    code: str = Field(description="stable")
    message: str = Field(description="why, and what would be right; in English")


class Problem(BaseModel):
    """RFC 9457. `code` never changes; `title` is Dutch or English by `Accept-Language`."""

    type: str
    title: str
    status: int
    code: str
    instance: str
    detail: str | None = None
    errors: list[FieldProblem] | None = None


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: UUID | None = Field(description="`cursor` of the page after this one; null at the end")
    total: int = Field(description="how many there are in all pages")


class Phase(BaseModel):
    """One piece of ground for one period."""

    id: UUID
    geometry: GeoJson
    starts_on: date
    ends_on: date = Field(description="first day that is free again")
    opens_surface: bool
    surfaces: list[str]


class Works(BaseModel):
    """A planned occupation of the public domain; `geometry` is that of all phases together."""

    id: UUID
    source: str
    source_id: str
    owner: str
    owner_id: UUID
    owner_group: str
    title: str
    description: str | None
    reference: str | None
    kind: WorksKind
    category: str | None
    utilities: list[str]
    specification: list[str]
    certainty: Certainty
    source_status: str | None
    working_days: int | None
    finished_on: date | None
    apart: bool = Field(description="a person says: no part of another dig")
    umbrella: bool | None = Field(description="as a person says; null: from length and size")
    dig_with: list[UUID] = Field(description="other works that are one dig with these")
    vanished_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    geometry: GeoJson
    phases: list[Phase]


class Planned(BaseModel):
    """The days a repair has."""

    starts_on: date
    ends_on: date


class Repair(BaseModel):
    """A repair request."""

    id: UUID
    number: str
    source: str
    source_id: str | None
    owner: str
    category: RepairCategory
    scope: Scope
    urgency: Urgency
    status: RepairStatus
    description: str | None
    reported_at: datetime
    finished_on: date | None
    finished_scope: Scope | None
    area_m2: float | None
    cost_eur: float | None
    verdict: str | None
    until: date | None
    held: bool
    planned: Planned | None
    version: int
    created_at: datetime
    updated_at: datetime
    geometry: GeoJson


class DuplicateOf(BaseModel):
    """The repair that this one is, or may be, the double of."""

    id: UUID
    number: str
    status: Literal["suggested", "confirmed"]
    distance_m: float
    days_apart: int
    decided_at: datetime | None
    decided_by: str | None


class Duplicate(DuplicateOf):
    """A report that is, or may be, a double of this one."""

    reported_at: datetime


class RepairInFull(Repair):
    """One repair with its doubles. `reporter` is personal data: only here, and only for the roles that call people back."""

    duplicate_of: DuplicateOf | None
    duplicates: list[Duplicate]
    reporter: dict[str, Any] | None = None


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
    starts_on: date | None
    ends_on: date | None


class Facts(BaseModel):
    """Every figure, with the inputs it was computed from."""

    distance_m: float
    overlap_m2: float
    overlap_share: float | None
    gap_days: int
    overlap_days: int
    probability: float
    cost_at_risk_eur: float | None
    saving_eur: float | None = Field(None, description="of an opportunity")
    digs: int | None = Field(None, description="of a rule that counts")
    inputs: dict[str, Any]


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
    moratorium: bool
    a: Side
    b: Side
    facts: Facts
    geometry: GeoJson | None
    created_at: datetime | None
    updated_at: datetime | None


class ConflictWithEvents(Conflict):
    """With its audit trail, oldest first."""

    events: list[dict[str, Any]]


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


class Alternative(BaseModel):
    """What else could be done, and what comes of it."""

    code: str
    text: str
    consequence: str
    cost_eur: float | None
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


class FullAdvice(Advice):
    """With the conflicts behind it, and how old the truth is."""

    conflicts: list[Conflict]
    computed_at: datetime
    data_age_seconds: int | None


class AskedAdvice(FullAdvice):
    """With the pavement section at that place."""

    section: dict[str, Any] | None


class BlockedProblem(Problem):
    """`blocked_by_works`: the repair cannot be planned; the other 409, `invalid_transition`, has neither conflicts nor advice."""

    conflicts: list[Conflict] | None = None
    advice: Advice | None = None
