"""E-mails in the database: what waits becomes one e-mail, an attempt begins, its outcome is stored."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import jobs, pending_deliveries
from geo_service.domain.quiet import Quiet
from geo_service.store import locks
from geo_service.store.tables import deliveries, mails, subscriptions, users

PACKAGE = "geo_service.alerts"

MOST_ALERTS = 10_000
"""Of one e-mail; the rest waits for the next one."""
MOST_BOUNCES = 3
"""So many e-mails in a row that come back switch a subscription off."""
REMEMBERED = timedelta(days=7)
"""How long an e-mail that came back speaks against an address whose server takes the next one."""

AWAY = "not sent: its reader is disabled; it waits"

Kind = Literal["at_once", "digest"]


def collect(conn: sa.Connection, subscription_id: UUID, kind: Kind) -> UUID | None:
    """Put what waits for a subscription into one e-mail and queue it; return its id, None when nothing waits."""
    reader = sa.select(subscriptions.c.id).where(
        subscriptions.c.id == subscription_id, subscriptions.c.active, ~_is_away()
    )
    if conn.scalar(reader.with_for_update()) is None:
        return None
    rows = db.fetch(
        conn, PACKAGE, "mail_collect", subscription_id=subscription_id, kind=kind, most=MOST_ALERTS
    )
    if not rows:
        return None
    mail_id: UUID = rows[0]["id"]
    jobs.queue_mail(conn, mail_id)
    return mail_id


def waiting_s(conn: sa.Connection, subscription_id: UUID) -> float | None:
    """How long the oldest alert that a subscription must hear at once has waited (s); None when there is none."""
    oldest = sa.select(sa.extract("epoch", sa.func.now() - sa.func.min(deliveries.c.created_at))).where(
        deliveries.c.subscription_id == subscription_id, deliveries.c.at_once, *_untold()
    )
    age = conn.scalar(oldest)
    return None if age is None else float(age)


def rest_s(conn: sa.Connection, subscription_id: UUID, now: datetime, zone: ZoneInfo) -> float:
    """How long a subscription wants nothing from `now` on (s): its snooze and its quiet hours in the zone of the city, and those of its person
    (`personal.rest`): whose it is, or whose address it mails.
    """
    table, target = subscriptions.c, subscriptions.alias().c
    owned = target.user_id == users.c.id
    addressed = sa.and_(
        target.channel == "email", sa.func.lower(sa.func.btrim(target.target)) == sa.func.lower(users.c.email)
    )
    persons = sa.select(users.c.id).where(target.id == subscription_id, sa.or_(owned, addressed))
    is_own_choice = sa.and_(table.user_id.in_(persons), table.follows_person)
    select = sa.select(table.snoozed_until, table.quiet_from, table.quiet_until)
    rows = conn.execute(select.where(sa.or_(table.id == subscription_id, is_own_choice)))
    return max((Quiet(*row).rest_s(now, zone) for row in rows), default=0.0)


def reader_of(conn: sa.Connection, mail_id: UUID) -> UUID | None:
    """The subscription that an e-mail is for."""
    return conn.scalar(sa.select(mails.c.subscription_id).where(mails.c.id == mail_id))


def without_morning(conn: sa.Connection, day: date) -> list[UUID]:
    """The subscriptions by e-mail for which the morning of `day` has not come yet, whether they have something to tell or not."""
    due = sa.or_(subscriptions.c.last_digest_on.is_(None), subscriptions.c.last_digest_on < day)
    select = sa.select(subscriptions.c.id).where(
        subscriptions.c.channel == "email", subscriptions.c.active, ~_is_away(), due
    )
    return list(conn.scalars(select.order_by(subscriptions.c.id)))


def collect_digest(conn: sa.Connection, subscription_id: UUID, day: date) -> UUID | None:
    """Put all that waits for a subscription into the e-mail of the morning of `day`, once; return its id."""
    begin = (
        sa.update(subscriptions)
        .where(
            subscriptions.c.id == subscription_id,
            sa.or_(subscriptions.c.last_digest_on.is_(None), subscriptions.c.last_digest_on < day),
        )
        .values(last_digest_on=day)
    )
    return collect(conn, subscription_id, "digest") if conn.execute(begin).rowcount else None


def claim(conn: sa.Connection, mail_id: UUID, lease_s: float) -> dict[str, Any] | None:
    """Begin an attempt; return the e-mail and whom it is for, None when there is nothing to do."""
    rows = db.fetch(conn, PACKAGE, "mail_claim", mail_id=mail_id, lease_s=lease_s)
    return rows[0] if rows else None


def is_under_way(conn: sa.Connection, mail_id: UUID) -> bool:
    """Whether an attempt at the e-mail has begun and has not ended."""
    under_way = sa.exists().where(
        mails.c.id == mail_id,
        mails.c.sent_at.is_(None),
        mails.c.failed_at.is_(None),
        mails.c.attempt_at.is_not(None),
    )
    return bool(conn.scalar(sa.select(under_way)))


def put_back(conn: sa.Connection, mail_id: UUID) -> None:
    """Return the alerts of an e-mail to a disabled person to the queue."""
    waiting_ = sa.and_(mails.c.sent_at.is_(None), mails.c.failed_at.is_(None))
    away = sa.exists().where(subscriptions.c.id == mails.c.subscription_id, _is_away())
    end = sa.update(mails).where(mails.c.id == mail_id, waiting_, away)
    if conn.execute(end.values(failed_at=sa.func.now(), last_error=AWAY)).rowcount:
        conn.execute(sa.update(deliveries).where(deliveries.c.mail_id == mail_id).values(mail_id=None))


def content(conn: sa.Connection, mail_id: UUID) -> list[dict[str, Any]]:
    """The alerts of an e-mail, in their order, with case, street and severity."""
    return db.fetch(conn, PACKAGE, "mail_content", mail_id=mail_id)


def record_sent(conn: sa.Connection, mail: dict[str, Any]) -> None:
    """Store that the server took the e-mail: the address works, unless one that it took came back lately."""
    record_empty(conn, mail)
    came_back = sa.exists().where(
        mails.c.subscription_id == mail["subscription_id"],
        mails.c.sent_at.is_not(None),
        mails.c.failed_at > sa.func.now() - REMEMBERED,
    )
    works = sa.update(subscriptions).where(
        subscriptions.c.id == mail["subscription_id"], subscriptions.c.problem.is_not(None), ~came_back
    )
    conn.execute(works.values(bounces=0, problem=None, problem_at=None))


def record_empty(conn: sa.Connection, mail: dict[str, Any]) -> None:
    """Store that the e-mail is done, as one of which no news was left: that says nothing about its address."""
    _end(conn, mail, sent_at=sa.func.now())
    _tell(conn, mail["id"], delivered_at=sa.func.now())


def record_retry(conn: sa.Connection, mail: dict[str, Any], error: str) -> None:
    """Store that another attempt follows."""
    _end(conn, mail, last_error=error)


def record_failure(conn: sa.Connection, mail: dict[str, Any], error: str) -> None:
    """Store that the e-mail is given up, where its reader sees it; what it told stands in the feed. It does not speak against the address."""
    _give_up(conn, mail, error)
    missed = sa.update(subscriptions).where(subscriptions.c.id == mail["subscription_id"])
    conn.execute(missed.values(problem=error, problem_at=sa.func.now()))


def _give_up(conn: sa.Connection, mail: dict[str, Any], error: str) -> None:
    _end(conn, mail, last_error=error, failed_at=sa.func.now())
    _tell(conn, mail["id"], failed_at=sa.func.now(), last_error=error)


def record_bounce(conn: sa.Connection, mail: dict[str, Any], error: str) -> None:
    """Store that the address refuses our e-mails, where its reader sees it; after some in a row nothing more is sent to it."""
    locks.claims_writer(conn)  # no alert comes in for a subscription that is just switched off
    _give_up(conn, mail, error)
    _flag(conn, mail["subscription_id"], error)


def record_return(conn: sa.Connection, mail_id: UUID, error: str) -> bool:
    """Store that an e-mail came back after the server had taken it, as `record_bounce`; False when there is no such e-mail, or it is known."""
    locks.claims_writer(conn)
    taken = sa.and_(mails.c.id == mail_id, mails.c.sent_at.is_not(None), mails.c.failed_at.is_(None))
    returned = sa.update(mails).where(taken).values(failed_at=sa.func.now(), last_error=error)
    subscription_id = conn.scalar(returned.returning(mails.c.subscription_id))
    if subscription_id is None:
        return False
    news = sa.update(deliveries).where(deliveries.c.mail_id == mail_id)
    conn.execute(news.values(delivered_at=None, failed_at=sa.func.now(), last_error=error))
    _flag(conn, subscription_id, error)
    return True


def _flag(conn: sa.Connection, subscription_id: UUID, error: str) -> None:
    row = subscriptions.c.id == subscription_id
    problem = sa.update(subscriptions).where(row)
    counted = problem.values(bounces=subscriptions.c.bounces + 1, problem=error, problem_at=sa.func.now())
    if conn.execute(counted.returning(subscriptions.c.bounces)).scalar_one() >= MOST_BOUNCES:
        conn.execute(problem.values(active=False, version=subscriptions.c.version + 1))
        pending_deliveries.drop(conn, subscription_id, f"not sent: {MOST_BOUNCES} e-mails came back")


def _untold() -> tuple[sa.ColumnElement[bool], ...]:
    """A delivery that is in no e-mail yet."""
    table = deliveries.c
    return table.mail_id.is_(None), table.delivered_at.is_(None), table.failed_at.is_(None)


def _is_away() -> sa.ColumnElement[bool]:
    """The subscription of a person that is disabled: what it was to be told waits."""
    return sa.exists().where(users.c.id == subscriptions.c.user_id, users.c.disabled_at.is_not(None))


def _end(conn: sa.Connection, mail: dict[str, Any], **values: Any) -> None:
    conn.execute(sa.update(mails).where(mails.c.id == mail["id"]).values(attempt_at=None, **values))


def _tell(conn: sa.Connection, mail_id: UUID, **values: Any) -> None:
    row = sa.update(deliveries).where(deliveries.c.mail_id == mail_id)
    conn.execute(row.values(attempts=deliveries.c.attempts + 1, **values))
