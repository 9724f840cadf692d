"""`/subscriptions`: webhooks and e-mail addresses that receive alerts. Its answers hold secrets, so it takes no `Idempotency-Key`, whose answers are
stored."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints, field_validator

from geo_service import db, outbound
from geo_service.alerts import subscriptions, webhook
from geo_service.alerts.feed import AlertType
from geo_service.api import filters, serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Reading, confined_to, expected_version, require
from geo_service.api.schemas import alerts as schemas
from geo_service.api.schemas import answers
from geo_service.api.schemas.common import Body, GeoJson, Instant, Label, not_null
from geo_service.domain.conflicts import Severity
from geo_service.domain.errors import Busy, InvalidInput
from geo_service.domain.mail import Rhythm, check_address
from geo_service.store import keys
from geo_service.store.listing import Row

router = APIRouter(prefix="/subscriptions", tags=["alerts"])
Subscriber = Annotated[keys.Principal, Depends(require("subscribe"))]

Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Target = Annotated[str, StringConstraints(min_length=3, max_length=2000)]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""`22:00`, of the city's clock: no seconds and no zone, which would be stored as if it had none."""


LONGEST_SNOOZE = timedelta(days=30)


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

    channel: subscriptions.Channel = "webhook"
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


@router.post("", status_code=201, response_model=schemas.NewSubscription)
def create(body: SubscriptionIn, ctx: ContextDep, who: Subscriber) -> Response:
    """Subscribe from now on. `secret` verifies the signatures of a webhook and is shown in this answer only."""
    subscriber = _subscriber(who)
    draft = subscriptions.SubscriptionDraft(
        target=_new_target(body, who, ctx),
        filter=_filter(body.filter, ctx),
        channel=body.channel,
        rhythm=_rhythm(body),
        language=body.language,
        name=body.name,
        **_hours(body.channel, body.quiet_hours),
    )
    with db.write(ctx.write_engine) as conn:
        row = subscriptions.create(conn, subscriber, draft)
    secret = row["secret"] if row["channel"] == "webhook" else None
    headers = {"Cache-Control": "no-store", "Location": f"/api/v1/subscriptions/{row['id']}"}
    return serializers.answer({**_view(row), "secret": secret}, 201, {**serializers.etag(row), **headers})


@router.get("", response_model=answers.Page[schemas.Subscription])
def list_(conn: Reading, who: Subscriber) -> JSONResponse:
    """The subscriptions of the city, or a partner's own."""
    rows = subscriptions.every(conn, _subscriber(who))
    return serializers.answer({"items": [_view(row) for row in rows], "next": None, "total": len(rows)})


@router.get("/{subscription_id}", response_model=schemas.Subscription)
def read(subscription_id: UUID, conn: Reading, who: Subscriber) -> JSONResponse:
    """One subscription."""
    row = subscriptions.get(conn, _subscriber(who), subscription_id)
    return serializers.answer(_view(row), headers=serializers.etag(row))


@router.get("/{subscription_id}/deliveries", response_model=schemas.DeliveryPage)
def read_deliveries(
    subscription_id: UUID,
    conn: Reading,
    who: Subscriber,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    state: Annotated[subscriptions.DeliveryState | None, Query(description="dead: given up")] = None,
    cursor: Annotated[int | None, Query(ge=0, le=2**62, description="`next` of the page before")] = None,
) -> JSONResponse:
    """Deliveries, the newest first, with how often they were tried and what went wrong last."""
    subscriptions.get(conn, _subscriber(who), subscription_id)
    page = subscriptions.recent_deliveries(conn, subscription_id, limit, state, cursor)
    items = [dict(row) for row in page.rows]
    return serializers.answer({"items": items, "next": page.next, "total": page.total})


@router.post("/{subscription_id}/replay", response_model=schemas.Replay)
def replay(subscription_id: UUID, ctx: ContextDep, who: Subscriber) -> JSONResponse:
    """Try once more what was given up, the oldest 1,000 first."""
    with db.write(ctx.write_engine) as conn:
        queued = subscriptions.replay(conn, _subscriber(who), subscription_id)
    return serializers.answer({"queued": queued})


@router.post("/{subscription_id}/test", response_model=schemas.TestAnswer)
def test(subscription_id: UUID, ctx: ContextDep, who: Subscriber) -> JSONResponse:
    """Send a webhook one signed event of the type `subscription.test`, also when it is paused or off, and tell what it answered."""
    with db.read(ctx.write_engine) as conn:
        receiver = subscriptions.receiver(conn, _subscriber(who), subscription_id)
    try:
        answer = webhook.send_test(receiver, ctx.deliveries)
    except webhook.DeliveryDeferred:
        raise Busy("busy") from None
    delivered = answer.outcome == "delivered"
    error = None if delivered else answer.error
    return serializers.answer({"delivered": delivered, "status": answer.status, "error": error})


@router.post("/{subscription_id}/rotate-secret", response_model=schemas.NewSubscription)
def rotate_secret(
    subscription_id: UUID,
    ctx: ContextDep,
    who: Subscriber,
    if_match: Annotated[str | None, Header()] = None,
) -> JSONResponse:
    """A new secret, shown in this answer only. For 24 hours each delivery is signed with both. With `If-Match` a repeated request is
    refused (412): a second rotation would end the secret that the receiver has.
    """
    version = expected_version(if_match) if if_match else None
    with db.write(ctx.write_engine) as conn:
        row = subscriptions.rotate_secret(conn, _subscriber(who), subscription_id, version)
    headers = {**serializers.etag(row), "Cache-Control": "no-store"}
    return serializers.answer({**_view(row), "secret": row["secret"]}, headers=headers)


@router.patch("/{subscription_id}", response_model=schemas.Subscription)
def change(
    subscription_id: UUID,
    body: SubscriptionPatch,
    ctx: ContextDep,
    who: Subscriber,
    if_match: Annotated[str | None, Header()] = None,
) -> JSONResponse:
    """Change target or filter, switch off, or switch on again after the receiver said 410."""
    version = expected_version(if_match)
    subscriber = _subscriber(who)
    with db.write(ctx.write_engine) as conn:
        before = subscriptions.get(conn, subscriber, subscription_id)
        changes = body.model_dump(exclude_unset=True)
        if body.target is not None:
            changes["target"] = _target(before["channel"], body.target, ctx)
        if body.filter is not None:
            changes["filter"] = _filter(body.filter, ctx)
        if "quiet_hours" in changes:
            changes |= _hours(before["channel"], body.quiet_hours)
        _check_snooze(body.snoozed_until)
        row = subscriptions.change(conn, subscriber, subscription_id, version, **changes)
    return serializers.answer(_view(row), headers=serializers.etag(row))


@router.delete("/{subscription_id}", status_code=204)
def delete(
    subscription_id: UUID,
    ctx: ContextDep,
    who: Subscriber,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """End a subscription."""
    version = expected_version(if_match)
    with db.write(ctx.write_engine) as conn:
        subscriptions.delete(conn, _subscriber(who), subscription_id, version)
    return Response(status_code=204)


def _subscriber(who: keys.Principal) -> subscriptions.Subscriber:
    return subscriptions.Subscriber(confined_to(who), who.user_id)


def _new_target(body: SubscriptionIn, who: keys.Principal, ctx: Context) -> str | None:
    if body.channel == "email" and ctx.settings.smtp_host is None:
        raise InvalidInput.one("channel", "no_mail_server")
    if body.target is not None:
        return _target(body.channel, body.target, ctx)
    if body.channel == "webhook":
        raise InvalidInput.one("target", "missing")
    if who.user_id is None:
        raise InvalidInput.one("target", "email_without_person")
    return None


def _target(channel: subscriptions.Channel, target: str, ctx: Context) -> str:
    if channel == "email":
        check_address(target, "target")
    else:
        outbound.check(target, allow_private=ctx.settings.demo or ctx.settings.allow_private_webhooks)
    return target


def _hours(channel: subscriptions.Channel, hours: QuietHoursIn | None) -> dict[str, time | None]:
    if hours is not None and channel != "email":
        raise InvalidInput.one("quiet_hours", "mail_only")
    ends = (None, None) if hours is None else map(time.fromisoformat, (hours.from_, hours.until))
    return dict(zip(("quiet_from", "quiet_until"), ends, strict=True))


def _check_snooze(until: datetime | None) -> None:
    """A subscription that sleeps for good is forgotten with all that waits for it."""
    if until is not None and until > datetime.now(UTC) + LONGEST_SNOOZE:
        raise InvalidInput.one("snoozed_until", "snooze_too_long", days=LONGEST_SNOOZE.days)


def _rhythm(body: SubscriptionIn) -> Rhythm | None:
    if body.channel == "email":
        return body.rhythm or "critical"
    if body.rhythm or body.language:
        raise InvalidInput.one("rhythm" if body.rhythm else "language", "mail_only")
    return None


def _filter(body: Filter, ctx: Context) -> dict[str, Any]:
    if body.area is not None:
        filters.area(body.area, "filter.area", ctx.settings)
    return body.model_dump(mode="json", exclude_none=True)


def _view(row: Row) -> dict[str, Any]:
    plain = (
        "id", "channel", "target", "name", "filter", "rhythm", "language", "snoozed_until", "active", "problem", "problem_at", "version",
        "created_at",
    )  # fmt: skip
    begin, end = row["quiet_from"], row["quiet_until"]
    hours = None if begin is None else {"from": begin.strftime("%H:%M"), "until": end.strftime("%H:%M")}
    own = {"personal": row["user_id"] is not None, "quiet_hours": hours}
    return {**{name: row[name] for name in plain}, **own}
