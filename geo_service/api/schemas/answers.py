"""The answers, for the documentation: `api/serializers.py` builds them without validation. A test holds the two together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.common import GeoJson
from geo_service.domain.layers import Layer
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


class Deletion(BaseModel):
    """Why works or a repair are in no list any more."""

    at: datetime
    reason: Literal["works_deleted", "works_renumbered", "repair_renumbered"]
    successor_id: UUID | None = Field(description="the record that lives on in its place; null: none does")


class AbsentProblem(Problem):
    """`not_found`: never there, or with `deletion`: not there any more."""

    deletion: Deletion | None = None


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
    done: bool = Field(description="it is over, while its works go on")


class SuggestedRenumbering(BaseModel):
    """Two records that may be one, of which a publisher changed the id: `old_id` is the one it no longer shows."""

    id: UUID
    old_id: UUID
    new_id: UUID
    old_source_id: str
    new_source_id: str
    likeness: float = Field(description="shared ground over the ground of both, 0 to 1")
    starts_moved: int | None = Field(description="days later; null: neither has days")
    ends_moved: int | None


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
    consequences: list[str] = Field(description="for those who pass, in the words of the source")
    layer: Layer | None = Field(description="of the street that they open, read from their texts")
    certainty: Certainty
    source_status: str | None
    working_days: int | None
    remark: str | None = Field(description="of the source's own remark column, as it wrote it")
    building_id: UUID | None = Field(description="the building that they are about")
    finished_on: date | None
    apart: bool = Field(description="a person says: no part of another dig")
    umbrella: bool | None = Field(description="as a person says; null: from length and size")
    dig_with: list[UUID] = Field(description="other works that are one dig with these")
    former_ids: list[str] = Field(description="by which its source knew it before")
    renumbering: SuggestedRenumbering | None = Field(description="suggested, and not yet decided")
    vanished_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    geometry: GeoJson
    phases: list[Phase]


class WorksChange(BaseModel):
    """One observed change of works; `ends_on` is the first day after, as everywhere. Of ground (`geometry`) only that it changed."""

    field: Literal[
        "starts_on", "ends_on", "certainty", "source_status", "geometry", "phase", "vanished", "remark"
    ]
    of_phase: bool = Field(description="of one phase, not of the works as a whole")
    old_value: str | None
    new_value: str | None
    observed_on: date
    observed_at: datetime


class WorksHistory(BaseModel):
    """What was observed of works, the latest first."""

    items: list[WorksChange]


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
    remark: str | None = Field(description="of the source's own remark column, as it wrote it")
    reported_at: datetime
    latest_on: date | None = Field(
        description="the last day, included, on which it may end; null: nobody says so"
    )
    finished_on: date | None
    finished_scope: Scope | None
    area_m2: float | None
    cost_eur: float | None
    verdict: str | None
    until: date | None
    held: bool
    former_ids: list[str] = Field(description="by which its source knew it before")
    renumbering: SuggestedRenumbering | None = Field(description="suggested, and not yet decided")
    planned: Planned | None
    team: str | None = Field(description="crew that does it on those days; null: not said")
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


class Message(BaseModel):
    """What a citizen added to a report; `number` is that of the report, which may be a double."""

    id: UUID
    number: str
    said_at: datetime
    received_at: datetime
    text: str | None
    status: str | None
    reporter: dict[str, Any]


class Photo(BaseModel):
    """A photo of a report, which may be a double; `message_id` names the message that it came with."""

    id: UUID
    number: str
    message_id: UUID | None
    width: int
    height: int
    received_at: datetime
    url: str


class NewPhoto(BaseModel):
    """A photo as it was kept; `position` is the place that the camera wrote in the original (GeoJSON, WGS84): for a form, it is not kept."""

    id: UUID
    width: int
    height: int
    url: str
    position: dict[str, Any] | None


class LeftOut(BaseModel):
    """A file that was not kept, and why."""

    field: str
    code: str
    message: str


class NewPhotos(BaseModel):
    """What became of uploaded photos."""

    photos: list[NewPhoto]
    left_out: list[LeftOut]


class RepairInFull(Repair):
    """One repair with its doubles. `has_personal_data`: whether `/reporter` has anything to show; only for the roles that call people back."""

    duplicate_of: DuplicateOf | None
    duplicates: list[Duplicate]
    has_personal_data: bool | None = None


class Reporter(BaseModel):
    """Personal data, only for the roles that call people back, and on record: who reported a repair, and what citizens added to it."""

    reporter: dict[str, Any] | None
    messages: list[Message]
    photos: list[Photo]
