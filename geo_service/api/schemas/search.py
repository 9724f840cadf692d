"""What a search answers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.domain.queries import HitKind


class Hit(BaseModel):
    """One thing that may be meant."""

    kind: HitKind
    id: UUID | None = Field(description="null of a street, a stretch and an owner")
    name: str = Field(description="address, name, title or number")
    detail: str | None = Field(
        description="of an address the building's name or function, of a building its address, of a section its code, of a stretch its side (`even` or `odd`), of an owner its group, of works their number "
        "in the source, of a repair and of a conflict its status"
    )
    code: str | None = Field(
        description="of an address what `detail` is (`name` or `function`), of a building its function, of a section and a stretch its kind, of works their source, of a repair "
        "its category, of a conflict its rule"
    )
    starts_on: date | None
    ends_on: date | None
    lon: float | None
    lat: float | None


class Hits(BaseModel):
    """At most twenty, and before them at most two stretches."""

    items: list[Hit]
