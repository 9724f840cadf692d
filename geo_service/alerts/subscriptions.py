"""Subscriptions to the feed: who receives which alerts, at which address."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from geo_service.alerts import feed, jobs, pending_deliveries, webhook
from geo_service.domain.errors import InvalidInput, NotFound, VersionMismatch
from geo_service.domain.mail import Rhythm
from geo_service.store import locks
from geo_service.store.tables import subscriptions, users

SECRET_BYTES = 32  # Standard Webhooks: 24 to 64
SWITCHED_OFF = "not sent: the subscription was switched off"

BOTH_SIGN = timedelta(hours=24)

Channel = Literal["webhook", "email"]

MOST_OF_A_PARTNER = 20
MOST_OF_A_PERSON = 50
MOST_OF_THE_CITY = 200

COLUMNS = tuple(
    column
    for column in subscriptions.c
    if column.name
    not in {
        "secret",
        "previous_secret",
        "after_seq",
        "last_digest_on",
        "bounces",
        "follows_person",
        "maker_id",
    }
)
"""The readable columns: the secret is returned once, on creation."""
CHANGEABLE = (
    "target", "filter", "active", "name", "rhythm", "language", "snoozed_until", "quiet_from", "quiet_until",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subscriber:
    """The owner of subscriptions: a partner's group, or (no group) the city. A person has its own beside those. `name` is of who asks."""

    owner_group_id: str | None = None
    user_id: UUID | None = None
    name: str | None = None

    @property
    def as_maker(self) -> dict[str, Any]:
        """What a subscription keeps of who made it, or switched it on."""
        return {"made_by": self.name, "maker_id": self.user_id, "maker_left": False}


CITY = Subscriber()


@dataclass(frozen=True, slots=True)
class SubscriptionDraft:
    """A new webhook, or e-mail to `target`; without one to the person itself, in its `rhythm`.

    `filter` may hold `types`, `rules`, `severities`, `owners` (groups), `departments` (lists of codes), `streets` (names), `buildings` (ids)
    and `area` (a GeoJSON polygon in WGS84); all of them must match.
    """

    target: str | None
    filter: Mapping[str, Any] = field(default_factory=dict)
    channel: Channel = "webhook"
    rhythm: Rhythm | None = None
    language: str | None = None
    name: str | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None


def create(conn: sa.Connection, subscriber: Subscriber, draft: SubscriptionDraft) -> sa.RowMapping:
    """Create a subscription to future alerts. Only this answer holds its secret. Raises InvalidInput when
    there are too many.
    """
    locks.claims_writer(conn)  # each alert comes either before this subscription or goes to it
    personal = draft.target is None
    _check_number(conn, subscriber, personal=personal)
    row = {
        "channel": draft.channel,
        "target": draft.target,
        "filter": dict(draft.filter),
        "secret": _new_secret() if draft.channel == "webhook" else secrets.token_urlsafe(SECRET_BYTES),
        "owner_group_id": subscriber.owner_group_id,
        "user_id": subscriber.user_id if personal else None,
        "rhythm": draft.rhythm,
        "language": draft.language,
        "name": draft.name,
        "quiet_from": draft.quiet_from,
        "quiet_until": draft.quiet_until,
        "after_seq": feed.last(conn),
        **subscriber.as_maker,
    }
    added = sa.insert(subscriptions).values(row).returning(*COLUMNS, subscriptions.c.secret)
    return conn.execute(added).mappings().one()


def _check_number(conn: sa.Connection, subscriber: Subscriber, *, personal: bool) -> None:
    most = MOST_OF_THE_CITY if subscriber.owner_group_id is None else MOST_OF_A_PARTNER
    if personal:
        most = MOST_OF_A_PERSON
    held = [row for row in every(conn, subscriber) if (row["user_id"] is not None) == personal]
    if len(held) >= most:
        raise InvalidInput.one("target", "too_many_subscriptions", limit=most)


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
    conn: sa.Connection, subscriber: Subscriber, subscription_id: UUID, version: int, **values: Any
) -> sa.RowMapping:
    """Change these `values`, of CHANGEABLE. Raises VersionMismatch when it changed since it was read, InvalidInput for what its channel
    does not have.

    Switching off drops all that waits; switching on starts with new alerts, and the feed holds the missed ones.
    """
    locks.claims_writer(conn)
    before = get(conn, subscriber, subscription_id)
    changes = {name: values[name] for name in CHANGEABLE if name in values}
    if before["channel"] != "email":
        _check_webhook(changes)
    if changes.get("active") and not before["active"]:
        changes |= {"after_seq": feed.last(conn), "bounces": 0, "problem": None, "problem_at": None}
        changes |= subscriber.as_maker
    changed = (
        sa.update(subscriptions)
        .where(subscriptions.c.id == subscription_id, subscriptions.c.version == version)
        .values(**changes, version=subscriptions.c.version + 1)
        .returning(*COLUMNS)
    )
    row = conn.execute(changed).mappings().one_or_none()
    if row is None:
        raise VersionMismatch
    if changes.get("active") is False:
        pending_deliveries.drop(conn, subscription_id, SWITCHED_OFF)
    if "snoozed_until" in changes:
        jobs.wake_deliveries(conn, subscription_id)
    return row


def unsubscribe(conn: sa.Connection, token: str) -> bool:
    """Switch off the subscription by e-mail whose links hold `token`; False when there is none. Once more does no harm."""
    locks.claims_writer(conn)
    mine = sa.and_(subscriptions.c.channel == "email", subscriptions.c.secret == token)
    switch = sa.update(subscriptions).where(mine, subscriptions.c.active)
    switched = switch.values(active=False, version=subscriptions.c.version + 1).returning(subscriptions.c.id)
    if (subscription_id := conn.scalar(switched)) is not None:
        pending_deliveries.drop(conn, subscription_id, SWITCHED_OFF)
        return True
    return conn.scalar(sa.select(sa.exists().where(mine))) is True


def end_of_person(conn: sa.Connection, user_id: UUID, address: str) -> int:
    """Switch off what sends e-mail to the address of somebody who left, and the webhooks that this person made, until somebody else switches
    them on; return how many.
    """
    locks.claims_writer(conn)
    to_address = sa.and_(
        subscriptions.c.channel == "email",
        sa.func.lower(subscriptions.c.target) == address.strip().lower(),
    )
    made = sa.and_(subscriptions.c.channel == "webhook", subscriptions.c.maker_id == user_id)
    values = {"active": False, "maker_left": made, "version": subscriptions.c.version + 1}
    switch = sa.update(subscriptions).where(sa.or_(to_address, made), subscriptions.c.active).values(values)
    ids = list(conn.scalars(switch.returning(subscriptions.c.id)))
    for subscription_id in ids:
        pending_deliveries.drop(conn, subscription_id, SWITCHED_OFF)
    return len(ids)


def delete(conn: sa.Connection, subscriber: Subscriber, subscription_id: UUID, version: int) -> None:
    """Delete a subscription and its waiting deliveries. Raises VersionMismatch as `change` does."""
    locks.claims_writer(conn)  # an alert that is being written may be for it
    get(conn, subscriber, subscription_id)
    deletion = sa.delete(subscriptions).where(
        subscriptions.c.id == subscription_id, subscriptions.c.version == version
    )
    if conn.execute(deletion).rowcount == 0:
        raise VersionMismatch


def _check_webhook(values: Mapping[str, Any]) -> None:
    """Raise InvalidInput for what only e-mail has."""
    for name, field_ in (("rhythm", "rhythm"), ("language", "language"), ("quiet_from", "quiet_hours")):
        if values.get(name) is not None:
            raise InvalidInput.one(field_, "mail_only")


def mailbox(conn: sa.Connection, subscriber: Subscriber, subscription_id: UUID) -> str | None:
    """The address that the e-mails of a subscription go to, also that of a person; None for a webhook. Raises NotFound as `get` does."""
    if get(conn, subscriber, subscription_id)["channel"] != "email":
        return None
    address = sa.func.coalesce(subscriptions.c.target, users.c.email)
    select = sa.select(address).outerjoin(users, users.c.id == subscriptions.c.user_id)
    mailbox: str | None = conn.scalar(select.where(subscriptions.c.id == subscription_id))
    return mailbox


def receiver(conn: sa.Connection, subscriber: Subscriber, subscription_id: UUID) -> sa.RowMapping:
    """What it takes to send to a webhook. Raises NotFound as `get` does, InvalidInput for e-mail."""
    if get(conn, subscriber, subscription_id)["channel"] != "webhook":
        raise InvalidInput.one("channel", "webhook_only")
    one = sa.select(*webhook.RECEIVER).where(subscriptions.c.id == subscription_id)
    return conn.execute(one).mappings().one()


def rotate_secret(
    conn: sa.Connection, subscriber: Subscriber, subscription_id: UUID, version: int | None = None
) -> sa.RowMapping:
    """Give a webhook a new secret; return it with the subscription. The one before signs beside it for BOTH_SIGN. Raises InvalidInput for
    e-mail, which has no signatures, and VersionMismatch as `change` does.
    """
    if get(conn, subscriber, subscription_id)["channel"] != "webhook":
        raise InvalidInput.one("channel", "webhook_only")
    rotated = sa.update(subscriptions).where(subscriptions.c.id == subscription_id)
    if version is not None:
        rotated = rotated.where(subscriptions.c.version == version)
    values = {
        "secret": _new_secret(),
        "previous_secret": subscriptions.c.secret,
        "previous_until": sa.func.now() + BOTH_SIGN,
        "version": subscriptions.c.version + 1,
    }
    row = (
        conn.execute(rotated.values(values).returning(*COLUMNS, subscriptions.c.secret))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise VersionMismatch
    return row


def _belongs_to(subscriber: Subscriber) -> sa.ColumnElement[bool]:
    """A person's choice of notification is no subscription among others: `personal` reads and changes it."""
    table = subscriptions.c
    shared = sa.and_(
        table.user_id.is_(None), table.owner_group_id.is_not_distinct_from(subscriber.owner_group_id)
    )
    own = sa.and_(table.user_id == subscriber.user_id, sa.not_(table.follows_person))
    return shared if subscriber.user_id is None else sa.or_(shared, own)


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
