"""What became of the deliveries of a subscription, and another try for those that were given up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from geo_service.alerts import jobs
from geo_service.alerts.subscriptions import Subscriber, get
from geo_service.domain.errors import InvalidInput
from geo_service.store.tables import deliveries

MOST_REPLAYED = 1000

DeliveryState = Literal["waiting", "delivered", "dead"]


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Some deliveries, the newest first; the place in the feed after which the next page goes on (None at the end), and how many there are."""

    rows: list[sa.RowMapping]
    next: int | None
    total: int


def recent_deliveries(
    conn: sa.Connection,
    subscription_id: UUID,
    limit: int,
    state: DeliveryState | None = None,
    before: int | None = None,
) -> DeliveryPage:
    """The newest deliveries of a subscription, with attempts and the last error: with `state` those in it only, with `before` those of earlier
    places in the feed."""
    columns = (column for column in deliveries.c if column.name != "subscription_id")
    wanted = sa.and_(deliveries.c.subscription_id == subscription_id, _in_state(state))
    total = conn.scalar(sa.select(sa.func.count()).select_from(deliveries).where(wanted)) or 0
    earlier = sa.true() if before is None else deliveries.c.alert_seq < before
    newest = (
        sa.select(*columns).where(wanted, earlier).order_by(deliveries.c.alert_seq.desc()).limit(limit + 1)
    )
    rows = list(conn.execute(newest).mappings())
    more, rows = len(rows) > limit, rows[:limit]
    return DeliveryPage(rows, rows[-1]["alert_seq"] if more else None, total)


def replay(conn: sa.Connection, subscriber: Subscriber, subscription_id: UUID) -> int:
    """Queue the oldest deliveries that were given up once more, MOST_REPLAYED at most; return how many. Raises InvalidInput while it is off."""
    row = get(conn, subscriber, subscription_id)
    if not row["active"]:
        raise InvalidInput.one("active", "subscription_off")
    dead = sa.and_(deliveries.c.subscription_id == subscription_id, deliveries.c.failed_at.is_not(None))
    oldest = (
        sa.select(deliveries.c.alert_seq).where(dead).order_by(deliveries.c.alert_seq).limit(MOST_REPLAYED)
    )
    revived = sa.update(deliveries).where(dead, deliveries.c.alert_seq.in_(oldest))
    values = {"failed_at": None, "last_error": None, "attempts": 0, "mail_id": None}
    places = sorted(conn.scalars(revived.values(values).returning(deliveries.c.alert_seq)))
    if row["channel"] == "webhook":
        jobs.forget_deliveries(conn, subscription_id, places)
        jobs.queue_deliveries(conn, [(subscription_id, seq) for seq in places])
    elif places:
        jobs.queue_bundles(conn, [subscription_id])
    return len(places)


def _in_state(state: DeliveryState | None) -> sa.ColumnElement[bool]:
    table = deliveries.c
    waiting = sa.and_(table.delivered_at.is_(None), table.failed_at.is_(None))
    states = {
        "delivered": table.delivered_at.is_not(None),
        "dead": table.failed_at.is_not(None),
        "waiting": waiting,
    }
    return sa.true() if state is None else states[state]
