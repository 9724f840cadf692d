"""What people send to make and change subscriptions."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from geo_service.alerts.feed import AlertType
from geo_service.alerts.subscriptions import Channel
from geo_service.api.schemas.common import Body, GeoJson, Instant, Label, not_null
from geo_service.domain.conflicts import Severity
from geo_service.domain.mail import Rhythm

Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Target = Annotated[str, StringConstraints(min_length=3, max_length=2000)]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""`22:00`, of the city's clock: no seconds and no zone, which would be stored as if it had none."""


class Filter(Body):
    """What is named must all hold; what is left out lets everything pass."""

    types: Annotated[list[AlertType] | None, Field(min_length=1, max_length=50)] = None
    rules: Annotated[list[Code] | None, Field(min_length=1, max_length=50)] = None
    severities: Annotated[list[Severity] | None, Field(min_length=1, max_length=10)] = None
    owners: Annotated[list[Code] | None, Field(min_length=1, max_length=100, description="owner groups")] = (
        None
    )
    departments: Annotated[list[Code] | None, Field(min_length=1, max_length=50)] = None
    streets: Annotated[
        list[Code] | None,
        Field(min_length=1, max_length=20, description="by name: alerts about ground in them"),
    ] = None
    buildings: Annotated[
        list[UUID] | None,
        Field(min_length=1, max_length=20, description="alerts about them, or ground within 20 m"),
    ] = None
    area: Annotated[GeoJson | None, Field(description="GeoJSON Polygon or MultiPolygon, WGS84 lon/lat")] = (
        None
    )


class QuietHoursIn(Body):
    """Hours of the city's clock in which no e-mail is sent; over midnight where `until` is the earlier one."""

    from_: ClockTime = Field(alias="from")
    until: ClockTime


class SubscriptionIn(Body):
    """A new webhook, or e-mail to an address; without one to the person who asks, in its rhythm."""

    channel: Channel = "webhook"
    target: Target | None = Field(
        None, description="https address that receives Standard Webhooks, or an e-mail address"
    )
    filter: Filter = Filter()
    name: Label | None = Field(None, description="as people call it")
    rhythm: Rhythm | None = Field(
        None, description="of e-mail: `each` alert at once, `critical` ones at once (default), or `digest`"
    )
    language: Literal["nl", "en"] | None = Field(None, description="of e-mail")
    quiet_hours: QuietHoursIn | None = Field(
        None, description="of e-mail: what comes then waits for their end"
    )


class SubscriptionPatch(Body):
    """What changes; the rest stays."""

    target: Target | None = None
    filter: Filter | None = None
    active: bool | None = None
    name: Label | None = None
    rhythm: Rhythm | None = None
    language: Literal["nl", "en"] | None = None
    quiet_hours: QuietHoursIn | None = None
    snoozed_until: Instant | None = Field(
        None, description="nothing is sent before; it waits, and null sends it. At most 30 days from now"
    )

    _not_null = field_validator("target", "filter", "active", "rhythm", mode="before")(not_null)
