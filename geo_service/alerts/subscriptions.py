"""Subscriptions to the feed: who receives which alerts, at which address."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.alerts import feed, webhook
from geo_service.domain.errors import InvalidInput, NotFound, VersionMismatch
from geo_service.store import locks
from geo_service.store.tables import deliveries, subscriptions

SECRET_BYTES = 32  # Standard Webhooks: 24 to 64

MOST_OF_A_PARTNER = 20
MOST_OF_THE_CITY = 200

COLUMNS = tuple(column for column in subscriptions.c if column.name not in {"secret", "after_seq"})
"""The readable columns: the secret is returned once, on creation."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """The owner of subscriptions: a partner's group, or (no group) the city."""

    owner_group_id: str | None = None


CITY = Subscriber()


@dataclass(frozen=True, slots=True)
class SubscriptionDraft:
    """A new webhook. `filter` may hold `types`, `rules`, `severities`, `owners` (groups), `departments`
    (lists of codes) and `area` (a GeoJSON polygon in WGS84); all of them must match.
    """

    target: str
    filter: Mapping[str, Any] = field(default_factory=dict)


def create(conn: sa.Connection, subscriber: Subscriber, draft: SubscriptionDraft) -> sa.RowMapping:
    """Create a subscription to future alerts. Only this answer holds its secret. Raises InvalidInput when
    there are too many.
    """
    locks.claims_writer(conn)  # each alert comes either before this subscription or goes to it
    most = MOST_OF_THE_CITY if subscriber.owner_group_id is None else MOST_OF_A_PARTNER
    if len(every(conn, subscriber)) >= most:
        raise InvalidInput.one("target", "too_many_subscriptions", limit=most)
    row = {
        "channel": "webhook",
        "target": draft.target,
        "filter": dict(draft.filter),
        "secret": _new_secret(),
        "owner_group_id": subscriber.owner_group_id,
        "after_seq": feed.last(conn),
    }
    added = sa.insert(subscriptions).values(row).returning(*COLUMNS, subscriptions.c.secret)
    return conn.execute(added).mappings().one()


def every(conn: sa.Connection, subscriber: Subscriber) -> list[sa.RowMapping]:
    """All subscriptions of this subscriber, oldest first, without secrets."""
    own = sa.select(*COLUMNS).where(_belongs_to(subscriber)).order_by(subscriptions.c.id)
    return list(conn.execute(own).mappings())


def get(conn: sa.Connection, subscriber: Subscriber, subscription_id: UUID) -> sa.RowMapping:
    """One subscription, without its secret. Raises NotFound when there is none, or it has another owner."""
    one = sa.select(*COLUMNS).where(subscriptions.c.id == subscription_id, _belongs_to(subscriber))
    row = conn.execute(one).mappings().one_or_none()
    if row is None:
        raise NotFound
    return row


def change(
    conn: sa.Connection,
    subscriber: Subscriber,
    subscription_id: UUID,
    version: int,
    *,
    target: str | None = None,
    filter: Mapping[str, Any] | None = None,
    active: bool | None = None,
) -> sa.RowMapping:
    """Change these values. Raises VersionMismatch when it changed since it was read.

    Switching off drops all waiting deliveries; switching on starts with new alerts, and the feed holds the
    missed ones.
    """
    locks.claims_writer(conn)
    before = get(conn, subscriber, subscription_id)
    values: dict[str, Any] = {
        "target": target,
        "filter": None if filter is None else dict(filter),
        "active": active,
    }
    changes = {name: value for name, value in values.items() if value is not None}
    if active and not before["active"]:
        changes["after_seq"] = feed.last(conn)
    changed = (
        sa.update(subscriptions)
        .where(subscriptions.c.id == subscription_id, subscriptions.c.version == version)
        .values(**changes, version=subscriptions.c.version + 1)
        .returning(*COLUMNS)
    )
    row = conn.execute(changed).mappings().one_or_none()
    if row is None:
        raise VersionMismatch
    if active is False:
        webhook.give_up(conn, subscription_id, "not sent: the subscription was switched off")
    return row


def delete(conn: sa.Connection, subscriber: Subscriber, subscription_id: UUID, version: int) -> None:
    """Delete a subscription and its waiting deliveries. Raises VersionMismatch as `change` does."""
    get(conn, subscriber, subscription_id)
    deletion = sa.delete(subscriptions).where(
        subscriptions.c.id == subscription_id, subscriptions.c.version == version
    )
    if conn.execute(deletion).rowcount == 0:
        raise VersionMismatch


def recent_deliveries(conn: sa.Connection, subscription_id: UUID, limit: int) -> list[sa.RowMapping]:
    """The newest deliveries of a subscription, with attempts and the last error."""
    columns = (column for column in deliveries.c if column.name != "subscription_id")
    newest = (
        sa.select(*columns)
        .where(deliveries.c.subscription_id == subscription_id)
        .order_by(deliveries.c.alert_seq.desc())
        .limit(limit)
    )
    return list(conn.execute(newest).mappings())


def _belongs_to(subscriber: Subscriber) -> sa.ColumnElement[bool]:
    return subscriptions.c.owner_group_id.is_not_distinct_from(subscriber.owner_group_id)


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
