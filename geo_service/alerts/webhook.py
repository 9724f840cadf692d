"""Deliver one alert to one webhook: Standard Webhooks signatures around a CloudEvents 1.0 body.

No outside call happens inside a transaction: one transaction reads the alert, and a later one writes the outcome.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
import random
import ssl
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import sqlalchemy as sa
import structlog
from standardwebhooks import Webhook

from geo_service import db, outbound
from geo_service.alerts import events, pending_deliveries
from geo_service.alerts.slots import NoFreeSlot, Slots
from geo_service.settings import Settings
from geo_service.store import feed_epoch, locks
from geo_service.store.tables import alerts, deliveries, subscriptions

# Before the second attempt, the third … (s). In all three days, as Standard Webhooks advises: a receiver that is down over
# a weekend misses nothing.
WAITS_S = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
JITTER = 0.2
MAX_WAIT_S = 24 * 3600
LONGEST_NAP_S = 3600
"""A delivery of a subscription that is paused looks again this often. Who ends the pause wakes it (`jobs.wake_deliveries`), unless it is
looking in that very moment."""
MAX_ERROR_CHARACTERS = 300
# Calls at once, of one worker: to one receiver, for one subscription, and for all subscriptions of one partner.
MOST_PER_HOST = 2
MOST_PER_SUBSCRIPTION = 2
MOST_PER_PARTNER = 3

log = structlog.get_logger()
_lookups = ThreadPoolExecutor(32, "name of a receiver")
"""Threads for name servers: a slow one holds a thread beyond the end of the exchange."""

Row = Mapping[str, Any] | sa.RowMapping
Outcome = Literal["delivered", "retry", "failed", "disabled"]


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How this installation sends alerts."""

    base_url: str
    timeout_s: float
    allow_private: bool
    slots: Slots = field(default_factory=Slots)


def policy_of(settings: Settings) -> DeliveryPolicy:
    """Return how alerts are sent."""
    allow_private = settings.demo or settings.allow_private_webhooks
    return DeliveryPolicy(settings.base_url, settings.webhook_timeout_s, allow_private)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the receiver; without a `status` it was not reachable."""

    status: int | None
    error: str
    retry_after_s: float = 0
    final: bool = False

    @property
    def outcome(self) -> Outcome:
        """410 disables the subscription. Any other status but 2xx, redirects too, is tried again."""
        if self.status is not None and 200 <= self.status < 300:
            return "delivered"
        if self.status == HTTPStatus.GONE:
            return "disabled"
        return "failed" if self.final else "retry"


RECEIVER = (
    subscriptions.c.id.label("subscription_id"),
    subscriptions.c.target,
    subscriptions.c.secret,
    sa.case((subscriptions.c.previous_until > sa.func.now(), subscriptions.c.previous_secret)).label(
        "previous_secret"
    ),
    subscriptions.c.owner_group_id,
)
"""What it takes to send to a webhook."""


class DeliveryFailure(Exception):
    """The receiver did not accept the alert; the next attempt is due in `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"to be tried again in {wait_s:.0f} s")
        self.wait_s = wait_s


class DeliveryDeferred(Exception):
    """Other deliveries come first; this one is due in `wait_s` seconds, and this was no attempt."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"its turn comes in {wait_s:.0f} s")
        self.wait_s = wait_s


def deliver(engine: sa.Engine, subscription_id: UUID, seq: int, policy: DeliveryPolicy) -> Outcome | None:
    """Try once, and store the attempt. Raises DeliveryFailure when another one is due, DeliveryDeferred when
    the receiver is busy; returns None when nothing is due, or when the delivery was given up meanwhile.

    A crash between sending and storing sends the alert again: the receiver knows it by its `webhook-id`.
    """
    with db.read(engine) as conn:
        due = conn.execute(_due(subscription_id, seq)).mappings().one_or_none()
    if due is None:
        return None
    if due["paused_s"] > 0:
        raise DeliveryDeferred(min(due["paused_s"], LONGEST_NAP_S))
    try:
        with policy.slots.hold(_limits(due)):
            answer = _send(due, policy)
    except NoFreeSlot as full:
        raise DeliveryDeferred(full.wait_s) from None
    wait_s = _wait_s(due["attempts"], answer)
    outcome: Outcome = "failed" if answer.outcome == "retry" and wait_s is None else answer.outcome
    with db.write(engine) as conn:
        if outcome == "disabled":
            locks.claims_writer(conn)  # no alert comes in for a subscription that is just switched off
        if not _record(conn, subscription_id, seq, outcome, answer.error):
            return None
    if outcome == "retry" and wait_s is not None:
        raise DeliveryFailure(wait_s)
    return outcome


def send_test(receiver: Row, policy: DeliveryPolicy) -> Answer:
    """Send an event that only says that the webhook works, once; nothing is stored. Raises DeliveryDeferred when its receiver is busy."""
    event_id = uuid.uuid4()
    alert = {
        "id": event_id, "type": events.TEST, "at": dt.datetime.now(dt.UTC), "seq": 0, "conflict_id": None, "repair_id": None, "departments": [],
        "epoch": None, "data": {"subscription_id": str(receiver["subscription_id"])},
    }  # fmt: skip
    try:
        with policy.slots.hold(_limits(receiver)):
            return _send({**receiver, **alert}, policy)
    except NoFreeSlot as full:
        raise DeliveryDeferred(full.wait_s) from None


def retry_wait(attempts: int) -> float | None:
    """The wait after that many failed attempts (1 or more, s); None when no further attempt follows."""
    if attempts > len(WAITS_S):
        return None
    return WAITS_S[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # nosec B311 # chance, never a secret


def _due(subscription_id: UUID, seq: int) -> sa.Select[Any]:
    return (
        sa.select(
            alerts,
            feed_epoch.COLUMN,
            *RECEIVER,
            deliveries.c.attempts,
            sa.func.coalesce(
                sa.extract("epoch", subscriptions.c.snoozed_until - sa.func.now()), sa.literal(0.0)
            )
            .cast(sa.Double)
            .label("paused_s"),
        )
        .join(deliveries, deliveries.c.alert_seq == alerts.c.seq)
        .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
        .where(
            deliveries.c.subscription_id == subscription_id,
            deliveries.c.alert_seq == seq,
            deliveries.c.delivered_at.is_(None),
            deliveries.c.failed_at.is_(None),
            subscriptions.c.active,
        )
    )


def _send(due: Row, policy: DeliveryPolicy) -> Answer:
    body = events.encode(due, policy.base_url)
    now = dt.datetime.now(dt.UTC)
    secrets = filter(None, (due["secret"], due["previous_secret"]))
    signature = " ".join(Webhook(secret).sign(str(due["id"]), now, body.decode()) for secret in secrets)
    headers = {
        "content-type": "application/cloudevents+json",
        "user-agent": "geo_service",
        "webhook-id": str(due["id"]),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    try:
        return asyncio.run(_exchange(due["target"], headers, body, policy))
    except outbound.PrivateAddress as error:
        return Answer(None, str(error), final=True)
    except TimeoutError:
        return Answer(None, f"no whole answer within {policy.timeout_s:g} s")
    except Exception as error:  # of any type: an attempt that is not stored stays unnoticed
        if not isinstance(error, httpx.HTTPError | httpx.InvalidURL | OSError | ValueError):
            log.exception("a delivery failed in a way that nobody thought of", target=due["target"])
        return Answer(None, f"{type(error).__name__}: {error}")


async def _exchange(url: str, headers: dict[str, str], body: bytes, policy: DeliveryPolicy) -> Answer:
    """Send within one deadline, which a slow receiver or name server cannot extend. Raises TimeoutError."""
    async with asyncio.timeout(policy.timeout_s):
        lookup = functools.partial(outbound.addresses, url, allow_private=policy.allow_private)
        answers = await asyncio.get_running_loop().run_in_executor(_lookups, lookup)
        share_s = policy.timeout_s / len(answers)
        for address in answers[:-1]:
            with contextlib.suppress(*outbound.NOT_REACHED):
                return await _post(url, address, headers, body, share_s)
        return await _post(url, answers[-1], headers, body)


async def _post(
    url: str, address: str, headers: dict[str, str], body: bytes, connect_s: float | None = None
) -> Answer:
    """Send to the checked address, under the original host name. The body of the answer is not read."""
    named = httpx.URL(url)
    pinned = named.copy_with(host=address)
    all_headers = {**headers, "host": named.netloc.decode()}  # a name with accents as the network writes it
    extensions = {"sni_hostname": named.raw_host.decode()}  # the certificate is checked against the name
    # No proxy of the environment: it would resolve the name anew.
    async with (
        httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=connect_s),
            follow_redirects=False,
            trust_env=False,
            verify=_tls(),
        ) as client,  # nosec B113 # the slot around it ends the whole exchange
        client.stream("POST", pinned, content=body, headers=all_headers, extensions=extensions) as response,
    ):
        wait = response.headers.get("retry-after", "")
        retry_after_s = min(float(wait), MAX_WAIT_S) if wait.isdecimal() else 0
        return Answer(response.status_code, f"HTTP {response.status_code}", retry_after_s)


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _limits(due: Row) -> dict[str, int]:
    """The number of slots per receiver, subscription and partner."""
    limits = {
        f"host {urlsplit(due['target']).hostname}": MOST_PER_HOST,
        f"subscription {due['subscription_id']}": MOST_PER_SUBSCRIPTION,
    }
    partner = due["owner_group_id"]
    return limits if partner is None else {**limits, f"partner {partner}": MOST_PER_PARTNER}


def _wait_s(attempts_before: int, answer: Answer) -> float | None:
    planned = retry_wait(attempts_before + 1)
    return None if planned is None else max(planned, answer.retry_after_s)


def _record(conn: sa.Connection, subscription_id: UUID, seq: int, outcome: Outcome, error: str) -> bool:
    """Store an attempt; False when the delivery ended meanwhile: one that was given up stays so, unless this attempt brought it over."""
    now = sa.func.now()
    pending = [deliveries.c.delivered_at.is_(None)]
    if outcome != "delivered":
        pending.append(deliveries.c.failed_at.is_(None))
    attempt = (
        sa.update(deliveries)
        .where(deliveries.c.subscription_id == subscription_id, deliveries.c.alert_seq == seq, *pending)
        .values(
            attempts=deliveries.c.attempts + 1,
            delivered_at=now if outcome == "delivered" else None,
            failed_at=now if outcome in {"failed", "disabled"} else None,
            last_error=None if outcome == "delivered" else error[:MAX_ERROR_CHARACTERS],
        )
    )
    stored = conn.execute(attempt).rowcount > 0
    if outcome == "disabled":
        pending_deliveries.drop(
            conn, subscription_id, f"not sent: the receiver said {error} to another alert"
        )
        conn.execute(
            sa.update(subscriptions)
            .where(subscriptions.c.id == subscription_id)
            .values(active=False, version=subscriptions.c.version + 1)
        )
    return stored
