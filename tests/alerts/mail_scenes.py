"""A city, its readers by e-mail and a mail server on a real socket, for the tests of e-mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db, settings
from geo_service.alerts import mailing, smtp, subscriptions
from geo_service.alerts.feed import AlertDraft
from geo_service.settings import Settings
from geo_service.store.tables import conflicts, deliveries, mails
from geo_service.store.tables import subscriptions as table
from tests.alerts.mail_server import MailServer, listening
from tests.scenes import Scene

MONDAY = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
DESK = "nutsen@izegem.example"
HELD = AlertDraft(
    "repair.held",
    ("werkplaatsen",),
    {
        "verdict": "wait", "until": "2027-03-14", "previous": {"verdict": None, "until": None}, "cost_at_risk_eur": None, "works": None,
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def listener() -> Iterator[MailServer]:
    with listening() as server:
        yield server


@pytest.fixture
def server(listener: MailServer) -> MailServer:
    listener.__init__(port=listener.port)  # type: ignore[misc]
    return listener


@pytest.fixture
def config(server: MailServer) -> Settings:
    return settings.load(base_url="https://geo.example", today=MONDAY.date(), **server.settings())


@pytest.fixture
def reader(database: sa.Engine) -> Callable[..., sa.RowMapping]:
    """`reader("critical", target=…, departments=[…])` → a subscription by e-mail."""

    def reader(
        rhythm: str = "each", target: str = DESK, language: str = "nl", **filter_: object
    ) -> sa.RowMapping:
        draft = subscriptions.SubscriptionDraft(target, filter_, "email", rhythm, language)  # type: ignore[arg-type]
        with db.write(database) as conn:
            return subscriptions.create(conn, subscriptions.CITY, draft)

    return reader


@pytest.fixture
def post(database: sa.Engine, config: Settings) -> Callable[[], list[smtp.Answer | None]]:
    """Bundle what waits and try each e-mail that is not done once, as the worker does; its answers."""

    def post() -> list[smtp.Answer | None]:
        with db.read(database) as conn:
            readers = list(conn.scalars(sa.select(table.c.id).where(table.c.channel == "email")))
        for reader in readers:
            mailing.bundle(database, reader, config)
        with db.read(database) as conn:
            open_ = sa.and_(mails.c.sent_at.is_(None), mails.c.failed_at.is_(None))
            due = list(conn.scalars(sa.select(mails.c.id).where(open_).order_by(mails.c.id)))
        return [mailing.send(database, mail_id, mailing.post_of(config)) for mail_id in due]

    return post


def states(engine: sa.Engine) -> list[tuple[int, bool, bool]]:
    """Attempts, delivered and failed of each delivery."""
    with db.read(engine) as conn:
        rows = conn.execute(sa.select(deliveries).order_by(deliveries.c.alert_seq)).all()
    return [(row.attempts, row.delivered_at is not None, row.failed_at is not None) for row in rows]


@contextmanager
def city(engine: sa.Engine) -> Iterator[Scene]:
    with db.write(engine) as conn:
        yield Scene(conn)


def conflict_alert(engine: sa.Engine, kind: Any = "conflict.opened", **changes: Any) -> AlertDraft:
    """An alert about the one conflict of the city, as `changes.record` tells it."""
    with db.read(engine) as conn:
        row = conn.execute(sa.select(conflicts)).mappings().first()
    assert row is not None
    data = {
        "rule": row["rule_id"], "number": row["number"], "severity": row["severity"], "blocking": True, "works": [],
        "repair_number": 1, "cost_at_risk_eur": None, "changes": changes,
    }  # fmt: skip
    return AlertDraft(kind, ("werkplaatsen",), data, row["id"], row["repair_id"])


@pytest.fixture
def met(database: sa.Engine) -> sa.Engine:
    """A city with works that a repair meets, before anybody subscribed."""
    with city(database) as scene:
        scene.street()
        scene.named_street("Roeselaarsestraat")
        scene.building(address=("Roeselaarsestraat", "12"))
        scene.works(at=(0, 0), days=(30, 44))
        scene.repair(at=(5, 1))
    return database
