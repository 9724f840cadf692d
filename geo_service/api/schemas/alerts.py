"""The feed and its subscriptions as answers, for the documentation."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.alerts.feed import AlertType
from geo_service.alerts.subscriptions import Channel
from geo_service.domain.mail import Rhythm


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
    epoch: UUID = Field(description="which feed this is: another one after a backup was put back")


class QuietHours(BaseModel):
    """Hours without e-mail, over midnight where `until` is the earlier one."""

    from_: str = Field(alias="from", examples=["19:00"])
    until: str = Field(examples=["07:00"])


class Subscription(BaseModel):
    """A webhook, or an e-mail address."""

    id: UUID
    channel: Channel
    target: str | None = Field(description="null: the e-mail address of the person")
    personal: bool = Field(description="of the person who asks; others do not see it")
    name: str | None
    made_by: str | None = Field(description="who made it, or switched it on last; null: before this was kept")
    maker_left: bool = Field(
        description="a webhook that is off because its maker was disabled: switch it on to take it over"
    )
    filter: dict[str, Any]
    rhythm: Rhythm | None = Field(description="of e-mail")
    language: Literal["nl", "en"] | None = Field(
        description="of e-mail; null: that of the person or the service"
    )
    quiet_hours: QuietHours | None = Field(description="of e-mail, on the city's clock")
    snoozed_until: datetime | None = Field(description="nothing is sent before; it waits")
    active: bool
    problem: str | None = Field(description="why the last e-mail came back; null once one arrives")
    problem_at: datetime | None
    version: int
    created_at: datetime


class NewSubscription(Subscription):
    """The same with what its signatures are verified by, which is shown this once; e-mail has none."""

    secret: str | None
    shown_once: list[str] = Field(
        [], description="in the answer to a repeated request: what is null, as only the first one held it"
    )


class TestAnswer(BaseModel):
    """What a webhook, or the mail server, said to a test."""

    delivered: bool
    status: int | None = Field(
        description="HTTP status of a webhook; null: it was not reached, or this is e-mail"
    )
    error: str | None


class Replay(BaseModel):
    """How many deliveries are tried once more."""

    queued: int


class DeliveryPage(BaseModel):
    """Some deliveries of a subscription, the newest first."""

    items: list[Delivery]
    next: int | None = Field(description="`cursor` of the page after this one; null at the end")
    total: int = Field(description="how many there are in all pages")


class Delivery(BaseModel):
    """One alert on its way to one webhook or e-mail address."""

    alert_seq: int
    attempts: int
    at_once: bool = Field(description="false: in the e-mail of the morning")
    mail_id: UUID | None = Field(description="the e-mail that tells it; its Message-ID begins with it")
    delivered_at: datetime | None
    failed_at: datetime | None = Field(description="given up")
    last_error: str | None
    created_at: datetime
