"""The protection register, as answers."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.common import Body, GeoJson, Note

ExceptionReason = Literal["emergency", "new_connection", "no_excavation"]


class Protection(BaseModel):
    """Ground that was laid anew, and that nobody may open before `until`."""

    id: UUID
    kind: Literal["repair", "works"] = Field(description="who laid it: the city, or a utility with its works")
    repair_id: UUID | None
    works_id: UUID | None
    number: str
    owner: str
    owner_group: str
    laid_on: date
    until: date = Field(description="the first day on which it may be opened again")
    street: str | None
    length_m: float
    width_m: float
    counts: bool = Field(description="a re-lay by the city's measure of length and width")
    geometry: GeoJson


class ExceptionIn(Body):
    """Why works may open protected ground all the same."""

    reason: ExceptionReason
    note: Note | None = Field(None, max_length=2_000)
