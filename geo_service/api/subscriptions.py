"""`/subscriptions`: webhooks and e-mail addresses that receive alerts."""

from __future__ import annotations

import time as clock
from datetime import time
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from geo_service import db, outbound
from geo_service.alerts import delivery_log, mailing, subscriptions, webhook
from geo_service.api import filters, quiet, serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Reading, TranslatorDep, confined_to, expected_version, require, write_once
from geo_service.api.schemas import alerts as schemas
from geo_service.api.schemas import answers
from geo_service.api.schemas.subscriptions import Filter, QuietHoursIn, SubscriptionIn, SubscriptionPatch
from geo_service.domain.errors import Busy, InvalidInput, TooManyRequests
from geo_service.domain.mail import Rhythm, check_address
from geo_service.i18n import Translator
from geo_service.store import keys, rates
from geo_service.store.listing import Row

router = APIRouter(prefix="/subscriptions", tags=["alerts"])
Subscriber = Annotated[keys.Principal, Depends(require("subscribe"))]

SHOWN_ONCE = ("secret",)
PRIVATE = {"Cache-Control": "no-store"}
MAX_TEST_MAILS = 5
"""The most test e-mails of one person or machine in a minute: their address may be anybody's."""


@router.post("", status_code=201, response_model=schemas.NewSubscription)
def create(body: SubscriptionIn, request: Request, ctx: ContextDep, who: Subscriber) -> Response:
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

    def change(conn: sa.Connection) -> tuple[int, dict[str, Any], dict[str, str]]:
        row = subscriptions.create(conn, subscriber, draft)
        secret = row["secret"] if row["channel"] == "webhook" else None
        headers = {**serializers.etag(row), **PRIVATE, "Location": f"/api/v1/subscriptions/{row['id']}"}
        return 201, {**_view(row), "secret": secret}, headers

    return write_once(ctx, request, who, body.model_dump(mode="json"), change, SHOWN_ONCE)


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
    state: Annotated[delivery_log.DeliveryState | None, Query(description="dead: given up")] = None,
    cursor: Annotated[int | None, Query(ge=0, le=2**62, description="`next` of the page before")] = None,
) -> JSONResponse:
    """Deliveries, the newest first, with how often they were tried and what went wrong last."""
    subscriptions.get(conn, _subscriber(who), subscription_id)
    page = delivery_log.recent_deliveries(conn, subscription_id, limit, state, cursor)
    items = [dict(row) for row in page.rows]
    return serializers.answer({"items": items, "next": page.next, "total": page.total})


@router.post("/{subscription_id}/replay", response_model=schemas.Replay)
def replay(subscription_id: UUID, request: Request, ctx: ContextDep, who: Subscriber) -> Response:
    """Try once more what was given up, the oldest 1,000 first."""
    subscriber = _subscriber(who)

    def change(conn: sa.Connection) -> tuple[int, dict[str, int], dict[str, str]]:
        return 200, {"queued": delivery_log.replay(conn, subscriber, subscription_id)}, {}

    return write_once(ctx, request, who, None, change)


@router.post("/{subscription_id}/test", response_model=schemas.TestAnswer)
def test(subscription_id: UUID, ctx: ContextDep, who: Subscriber, translator: TranslatorDep) -> JSONResponse:
    """Send a webhook one signed event of the type `subscription.test`, or an address one e-mail that only says that e-mail works, also
    when it is paused or off, and tell what it answered.
    """
    with db.read(ctx.write_engine) as conn:
        mailbox = subscriptions.mailbox(conn, _subscriber(who), subscription_id)
        receiver = None if mailbox else subscriptions.receiver(conn, _subscriber(who), subscription_id)
    answer = _test_mail(mailbox, who, ctx, translator) if mailbox else _test_webhook(receiver, ctx)
    return serializers.answer(answer)


def _test_mail(mailbox: str, who: keys.Principal, ctx: Context, translator: Translator) -> dict[str, Any]:
    if ctx.settings.smtp_host is None:
        raise InvalidInput.one("channel", "no_mail_server")
    now = clock.time()
    if rates.add(ctx.write_engine, f"test e-mail {who.id}", int(now // 60), 1) > MAX_TEST_MAILS:
        raise TooManyRequests("too_many_requests", limit=MAX_TEST_MAILS, retry_s=60 - int(now % 60))
    answer = mailing.send_test(mailbox, mailing.post_of(ctx.settings), translator)
    return {"delivered": answer.outcome == "sent", "status": None, "error": answer.error or None}


def _test_webhook(receiver: Any, ctx: Context) -> dict[str, Any]:
    try:
        answer = webhook.send_test(receiver, ctx.deliveries)
    except webhook.DeliveryDeferred:
        raise Busy("busy") from None
    delivered = answer.outcome == "delivered"
    return {"delivered": delivered, "status": answer.status, "error": None if delivered else answer.error}


@router.post("/{subscription_id}/rotate-secret", response_model=schemas.NewSubscription)
def rotate_secret(
    subscription_id: UUID,
    request: Request,
    ctx: ContextDep,
    who: Subscriber,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """A new secret, shown in this answer only. For 24 hours each delivery is signed with both. With `If-Match` a repeated request is
    refused (412): a second rotation would end the secret that the receiver has.
    """
    version, subscriber = expected_version(if_match) if if_match else None, _subscriber(who)

    def change(conn: sa.Connection) -> tuple[int, dict[str, Any], dict[str, str]]:
        row = subscriptions.rotate_secret(conn, subscriber, subscription_id, version)
        return 200, {**_view(row), "secret": row["secret"]}, {**serializers.etag(row), **PRIVATE}

    return write_once(ctx, request, who, None, change, SHOWN_ONCE)


@router.patch("/{subscription_id}", response_model=schemas.Subscription)
def change(
    subscription_id: UUID,
    body: SubscriptionPatch,
    request: Request,
    ctx: ContextDep,
    who: Subscriber,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Change target or filter, switch off, or switch on again after the receiver said 410."""
    version, subscriber = expected_version(if_match), _subscriber(who)

    def patch(conn: sa.Connection) -> tuple[int, dict[str, Any], dict[str, str]]:
        before = subscriptions.get(conn, subscriber, subscription_id)
        changes = body.model_dump(exclude_unset=True)
        if body.target is not None:
            changes["target"] = _target(before["channel"], body.target, ctx)
        if body.filter is not None:
            changes["filter"] = _filter(body.filter, ctx)
        if "quiet_hours" in changes:
            changes |= _hours(before["channel"], body.quiet_hours)
        quiet.check_snooze(body.snoozed_until)
        row = subscriptions.change(conn, subscriber, subscription_id, version, **changes)
        return 200, _view(row), serializers.etag(row)

    return write_once(ctx, request, who, body.model_dump(mode="json", exclude_unset=True), patch)


@router.delete("/{subscription_id}", status_code=204)
def delete(
    subscription_id: UUID,
    request: Request,
    ctx: ContextDep,
    who: Subscriber,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """End a subscription."""
    version, subscriber = expected_version(if_match), _subscriber(who)

    def change(conn: sa.Connection) -> tuple[int, None, dict[str, str]]:
        subscriptions.delete(conn, subscriber, subscription_id, version)
        return 204, None, {}

    return write_once(ctx, request, who, None, change)


def _subscriber(who: keys.Principal) -> subscriptions.Subscriber:
    return subscriptions.Subscriber(confined_to(who), who.user_id, who.name)


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
    return dict(zip(("quiet_from", "quiet_until"), quiet.ends(hours), strict=True))


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
        "id", "channel", "target", "name", "made_by", "maker_left", "filter", "rhythm", "language", "snoozed_until", "active", "problem", "problem_at", "version",
        "created_at",
    )  # fmt: skip
    hours = quiet.view(row["quiet_from"], row["quiet_until"])
    own = {"personal": row["user_id"] is not None, "quiet_hours": hours}
    return {**{name: row[name] for name in plain}, **own}
