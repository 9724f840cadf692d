"""Deliver one alert to one webhook: Standard Webhooks signatures around a CloudEvents 1.0 body.

No call to the outside happens inside a transaction: what to send is read first, what came of it is written after.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import sqlalchemy as sa
from standardwebhooks import Webhook

from geo_service import db
from geo_service.alerts import targets
from geo_service.store.tables import alerts, deliveries, subscriptions

# Before the second attempt, the third … (s). In all three days, as Standard Webhooks advises: a receiver that is down over
# a weekend misses nothing.
WAITS_S = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
JITTER = 0.2
MAX_WAIT_S = 24 * 3600
MAX_BODY_BYTES = 20_000  # Standard Webhooks: payloads stay below 20 kB
MAX_ERROR_CHARACTERS = 300

Outcome = Literal["delivered", "retry", "failed", "disabled"]


@dataclass(frozen=True, slots=True)
class Manners:
    """How this installation sends."""

    base_url: str
    timeout_s: float
    allow_private: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said; no `status` means that it could not be reached."""

    status: int | None
    error: str
    retry_after_s: float = 0
    final: bool = False

    @property
    def outcome(self) -> Outcome:
        """410 says: never again. All else that is no 2xx, redirects too, is tried later."""
        if self.status is not None and 200 <= self.status < 300:
            return "delivered"
        if self.status == HTTPStatus.GONE:
            return "disabled"
        return "failed" if self.final else "retry"


class NotDelivered(Exception):
    """The receiver did not take it; another attempt is due in `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"to be tried again in {wait_s:.0f} s")
        self.wait_s = wait_s


def deliver(engine: sa.Engine, subscription_id: UUID, seq: int, manners: Manners) -> Outcome | None:
    """Try once, and record the attempt. NotDelivered when another one is due; None when there is nothing to do.

    A crash between sending and recording sends the alert again: the receiver knows it by its `webhook-id`.
    """
    with db.read(engine) as conn:
        due = conn.execute(_due(subscription_id, seq)).mappings().one_or_none()
    if due is None:
        return None
    answer = _send(due, manners)
    wait_s = _wait_s(due["attempts"], answer)
    outcome: Outcome = "failed" if answer.outcome == "retry" and wait_s is None else answer.outcome
    with db.write(engine) as conn:
        _record(conn, subscription_id, seq, outcome, answer.error)
    if outcome == "retry" and wait_s is not None:
        raise NotDelivered(wait_s)
    return outcome


def event(alert: sa.RowMapping, base_url: str) -> bytes:
    """The CloudEvents 1.0 body of an alert. Data that would not fit is left out and fetched from the feed."""
    about = {kind: str(alert[f"{kind}_id"]) for kind in ("conflict", "repair") if alert[f"{kind}_id"]}
    envelope = {
        "specversion": "1.0",
        "id": str(alert["id"]),
        "type": alert["type"],
        "source": f"{base_url}/api/v1/alerts",
        "time": alert["at"].astimezone(dt.UTC).isoformat(),
        "sequence": str(alert["seq"]),
        "datacontenttype": "application/json",
    }
    if about:
        kind, known = next(iter(about.items()))
        envelope["subject"] = f"{kind}s/{known}"
    always = {**{f"{kind}_id": known for kind, known in about.items()}, "departments": alert["departments"]}
    body = _encode({**envelope, "data": {**alert["data"], **always}})
    return (
        body if len(body) < MAX_BODY_BYTES else _encode({**envelope, "data": {**always, "shortened": True}})
    )


def jittered(attempts: int) -> float | None:
    """Seconds to wait after that many attempts failed (1 or more); None when it is time to give up."""
    if attempts > len(WAITS_S):
        return None
    return WAITS_S[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)


def _due(subscription_id: UUID, seq: int) -> sa.Select[Any]:
    return (
        sa.select(alerts, subscriptions.c.target, subscriptions.c.secret, deliveries.c.attempts)
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


def _send(due: sa.RowMapping, manners: Manners) -> Answer:
    body = event(due, manners.base_url)
    now = dt.datetime.now(dt.UTC)
    signature = Webhook(due["secret"]).sign(str(due["id"]), now, body.decode())
    headers = {
        "content-type": "application/cloudevents+json",
        "user-agent": "geo_service",
        "webhook-id": str(due["id"]),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    try:
        address = targets.resolve(due["target"], allow_private=manners.allow_private)
        return _post(due["target"], address, headers, body, manners.timeout_s)
    except targets.TargetRefused as error:
        return Answer(None, str(error), final=True)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Answer(None, f"{type(error).__name__}: {error}")


def _post(url: str, address: str, headers: dict[str, str], body: bytes, timeout_s: float) -> Answer:
    """To the address that was checked, under the name that was given. The answer's body is not read."""
    parts = urlsplit(url)
    pinned = httpx.URL(url).copy_with(host=address)
    named = {**headers, "host": parts.netloc}
    known_as = {"sni_hostname": parts.hostname}  # the certificate is checked against the name
    # No proxy of the environment: it would resolve the name anew.
    with (
        httpx.Client(timeout=timeout_s, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", pinned, content=body, headers=named, extensions=known_as) as response,
    ):
        wait = response.headers.get("retry-after", "")
        retry_after_s = min(float(wait), MAX_WAIT_S) if wait.isdecimal() else 0
        return Answer(response.status_code, f"HTTP {response.status_code}", retry_after_s)


def _wait_s(attempts_before: int, answer: Answer) -> float | None:
    planned = jittered(attempts_before + 1)
    return None if planned is None else max(planned, answer.retry_after_s)


def _record(conn: sa.Connection, subscription_id: UUID, seq: int, outcome: Outcome, error: str) -> None:
    now = sa.func.now()
    conn.execute(
        sa.update(deliveries)
        .where(deliveries.c.subscription_id == subscription_id, deliveries.c.alert_seq == seq)
        .values(
            attempts=deliveries.c.attempts + 1,
            delivered_at=now if outcome == "delivered" else None,
            failed_at=now if outcome in {"failed", "disabled"} else None,
            last_error=None if outcome == "delivered" else error[:MAX_ERROR_CHARACTERS],
        )
    )
    if outcome == "disabled":
        conn.execute(
            sa.update(subscriptions)
            .where(subscriptions.c.id == subscription_id)
            .values(active=False, version=subscriptions.c.version + 1)
        )


def _encode(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
