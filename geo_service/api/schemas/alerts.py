"""The feed and its subscriptions as answers, for the documentation."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.alerts.feed import AlertType


class Alert(BaseModel):
    """Something that people or systems are told: codes and facts, no sentences, nothing about a citizen."""

    cursor: int = Field(description="its place in the feed")
    id: UUID
    type: AlertType
    at: datetime
    conflict_id: UUID | None
    repair_id: UUID | None
    departments: list[str]
    data: dict[str, Any]


class AlertPage(BaseModel):
    """A piece of the feed."""

    items: list[Alert]
    next: int | None = Field(description="`after` of the next page; null at the end")
    last: int = Field(description="where to go on later")


class Subscription(BaseModel):
    """A webhook."""

    id: UUID
    channel: str
    target: str
    filter: dict[str, Any]
    active: bool
    version: int
    created_at: datetime


class NewSubscription(Subscription):
    """The same with what its signatures are verified by, which is shown this once."""

    secret: str


class Delivery(BaseModel):
    """One alert on its way to one webhook."""

    alert_seq: int
    attempts: int
    delivered_at: datetime | None
    failed_at: datetime | None = Field(description="given up")
    last_error: str | None
    created_at: datetime
