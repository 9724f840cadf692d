"""Claims on a guarantee, as bodies and as answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.common import Body, Text
from geo_service.domain.claim_files import ClaimState


class ClaimFileIn(Body):
    """What is claimed: by default what the repair cost, or would cost."""

    amount_eur: float | None = Field(None, ge=0, le=10_000_000, strict=True)
    note: Text | None = Field(None, max_length=2_000)
    follows: UUID | None = Field(
        None, description="the refused claim that this one takes the place of, on other facts"
    )


class ClaimFile(BaseModel):
    """What a utility is asked to pay for a defect in its trench."""

    id: UUID
    number: str
    conflict_id: UUID
    owner: str
    owner_group: str
    state: ClaimState
    amount_eur: float
    facts: dict[str, Any] = Field(description="as they were when it was sent")
    note: str | None
    sent_by: str
    answered_by: str | None
    follows: str | None = Field(description="number of the refused claim that it takes the place of")
    followed_by: str | None = Field(description="number of the claim that took its place")
    created_at: datetime
    updated_at: datetime


class ClaimSum(BaseModel):
    """What the claims on one utility in one state add up to."""

    owner: str
    owner_group: str
    state: ClaimState
    claims: int
    amount_eur: float


class UnclaimedDefect(BaseModel):
    """A repair, finished or not, that nobody claimed yet from the utility whose guarantee applies; `conflict_id` is where it is claimed."""

    conflict_id: UUID
    number: str
    repair_id: UUID
    repair_number: str
    owner: str
    owner_group: str
    guaranteed_until: date
    amount_eur: float


class ClaimFiles(BaseModel):
    """A page of claims, the sums of all of them, and what is still to be claimed."""

    items: list[ClaimFile]
    next: UUID | None
    total: int
    sums: list[ClaimSum]
    unclaimed: list[UnclaimedDefect] = Field(
        description="of `owner`, at most 1000; empty on a later page, and where `conflict` or `state` is given"
    )
