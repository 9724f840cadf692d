"""Requests to utilities, as bodies and as answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.common import Body, Day, Note
from geo_service.domain.requests import RequestState, Withdrawal


class RequestIn(Body):
    """Which works are asked to take repairs along; without `repairs`, all of the city's repairs on their ground."""

    works: UUID
    repairs: Annotated[list[UUID], Field(min_length=1, max_length=200)] | None = None
    width_m: float | None = Field(None, gt=0, le=50, strict=True, description="null: the full width")
    note: Note | None = Field(None, max_length=2_000)
    due_on: Day | None = Field(
        None, description="the last day to answer; by default the one before the works must be registered"
    )


class AnswerIn(Body):
    """Words beside an answer, if any."""

    note: Note | None = Field(None, max_length=2_000)


class Request(BaseModel):
    """What a utility is asked to reinstate along with its works, and what it answered."""

    id: UUID
    number: str
    state: RequestState
    works_id: UUID
    source: str
    source_id: str
    title: str
    owner: str
    owner_group: str
    repairs: list[UUID]
    repair_numbers: list[str]
    street: str | None
    number_from: int | None
    number_to: int | None
    starts_on: date = Field(description="of the works, when they were asked")
    ends_on: date
    width_m: float | None
    note: str | None
    due_on: date
    asked_by: str
    created_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    answer_note: str | None
    late: bool = Field(description="answered after the last day")
    withdrawal: Withdrawal | None = Field(description="of a withdrawn request: what became of its works")
    subject: str = Field(description="of an e-mail to the utility")
    mail_text: str
    condition_text: str = Field(description="as a condition of the permit")
