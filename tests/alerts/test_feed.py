"""The feed: one order without gaps, whoever writes and whatever fails; deliveries only for what is committed."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import feed
from geo_service.alerts.feed import AlertDraft
from geo_service.store import locks
from geo_service.store.tables import alerts, deliveries, subscriptions


def subscribe(engine: sa.Engine, **filter_: object) -> uuid.UUID:
    row = {"channel": "webhook", "target": "http://127.0.0.1:9/", "secret": "whsec_x", "after_seq": 0}
    with db.write(engine) as conn:
        return conn.execute(
            sa.insert(subscriptions).values(**row, filter=filter_).returning(subscriptions.c.id)
        ).scalar_one()


def tell(engine: sa.Engine, *drafts: AlertDraft) -> list[int]:
    with db.write(engine) as conn:
        locks.claims_writer(conn)
        return feed.append(conn, drafts)


def queued(engine: sa.Engine) -> list[int]:
    """The places in the feed for which a delivery and its job are waiting; both must agree."""
    with db.read(engine) as conn:
        rows = conn.scalars(sa.select(deliveries.c.alert_seq).order_by(deliveries.c.alert_seq)).all()
        waiting = conn.scalars(
            sa.text("SELECT CAST(args ->> 'seq' AS bigint) FROM procrastinate_jobs ORDER BY 1")
        ).all()
    assert rows == waiting
    return list(rows)


def test_alerts_take_the_next_places_in_the_order_given(database: sa.Engine) -> None:
    assert tell(database, AlertDraft("repair.held"), AlertDraft("repair.released")) == [1, 2]
    assert tell(database, AlertDraft("advice.changed")) == [3]
    with db.read(database) as conn:
        assert [row["type"] for row in feed.after(conn, 0, 10)] == [
            "repair.held",
            "repair.released",
            "advice.changed",
        ]
        assert [row["seq"] for row in feed.after(conn, 1, 1)] == [2]


def test_days_and_ids_in_the_data_become_text(database: sa.Engine) -> None:
    known = uuid.uuid4()
    tell(
        database,
        AlertDraft("repair.held", ("werkplaatsen",), {"until": dt.date(2027, 3, 14), "works_id": known}),
    )
    with db.read(database) as conn:
        [row] = feed.after(conn, 0, 10)
    assert (row["data"], row["departments"]) == (
        {"until": "2027-03-14", "works_id": str(known)},
        ["werkplaatsen"],
    )


def test_the_feed_has_no_gaps_with_many_writers_of_which_some_fail(database: sa.Engine) -> None:
    subscribe(database)

    def write(number: int) -> None:
        drafts = [AlertDraft("repair.held", data={"writer": number})] * (1 + number % 3)
        with database.connect() as conn, conn.begin() as transaction:
            locks.claims_writer(conn)
            feed.append(conn, drafts)
            if number % 4 == 0:
                transaction.rollback()

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(60)))
    with db.read(database) as conn:
        places = conn.scalars(sa.select(alerts.c.seq).order_by(alerts.c.seq)).all()
    expected = sum(1 + number % 3 for number in range(60) if number % 4)
    assert places == list(range(1, expected + 1))
    assert queued(database) == places


def test_a_rolled_back_transaction_tells_and_queues_nothing(database: sa.Engine) -> None:
    subscribe(database)
    with database.connect() as conn, conn.begin() as transaction:
        locks.claims_writer(conn)
        feed.append(conn, [AlertDraft("repair.held")])
        transaction.rollback()
    assert queued(database) == []
    with db.read(database) as conn:
        assert feed.last(conn) == 0


def test_an_alert_is_queued_for_each_active_subscription_that_wants_it(database: sa.Engine) -> None:
    subscribe(database, departments=["nutsen"])
    subscribe(database, types=["repair.released"])
    asleep = subscribe(database)
    with db.write(database) as conn:
        conn.execute(sa.update(subscriptions).where(subscriptions.c.id == asleep).values(active=False))
    tell(
        database,
        AlertDraft("repair.held", ("werkplaatsen",)),
        AlertDraft("repair.held", ("werkplaatsen", "nutsen")),
        AlertDraft("repair.released", ("nutsen",)),
    )
    assert queued(database) == [2, 3, 3]


def test_a_filter_on_the_conflict_lets_no_alert_through_that_has_none(database: sa.Engine) -> None:
    for filter_ in ({"rules": ["works_clash"]}, {"severities": ["high"]}, {"owners": ["proximus"]}):
        subscribe(database, **filter_)
    subscribe(
        database, area={"type": "Polygon", "coordinates": [[[3, 50], [4, 50], [4, 51], [3, 51], [3, 50]]]}
    )
    tell(database, AlertDraft("repair.held"))
    assert queued(database) == []
