"""A database of its own per test, and a receiver that really listens."""

import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import feed, subscriptions, webhook
from geo_service.store import locks


@pytest.fixture
def database(fresh_database: str) -> Iterator[sa.Engine]:
    engine = db.create_engine_for(fresh_database, pool_size=8)
    yield engine
    engine.dispose()


@dataclass
class Received:
    """One request, as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """An HTTP server that answers with the given statuses in turn; the last one stays."""

    url: str
    statuses: list[int] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[Received] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    meanwhile: Callable[[], object] = lambda: None
    """What happens before it answers."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            known.requests.append(Received(self.path, dict(self.headers), body))
            status = known.statuses.pop(0) if len(known.statuses) > 1 else known.statuses[0]
            known.meanwhile()
            self.send_response(status)
            for name, value in known.headers.items():
                self.send_header(name, value)
            self.end_headers()
            known.arrived.set()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def subscribe(database: sa.Engine) -> Callable[..., sa.RowMapping]:
    """`subscribe(url, departments=[…])` → the subscription with its secret."""

    def subscribe(target: str, **filter_: object) -> sa.RowMapping:
        with db.write(database) as conn:
            return subscriptions.create(
                conn, subscriptions.CITY, subscriptions.SubscriptionDraft(target, filter_)
            )

    return subscribe


@pytest.fixture
def tell(database: sa.Engine) -> Callable[..., list[int]]:
    """`tell(AlertDraft(…), …)` → their places in the feed."""

    def tell(*drafts: feed.AlertDraft) -> list[int]:
        with db.write(database) as conn:
            locks.claims_writer(conn)
            return feed.append(conn, drafts)

    return tell


@pytest.fixture
def deliver(database: sa.Engine) -> Callable[..., webhook.Outcome | None]:
    """One attempt at the delivery of place `seq` to a subscription; loopback is allowed unless said otherwise."""

    def deliver(
        subscription_id: uuid.UUID, seq: int, *, allow_private: bool = True
    ) -> webhook.Outcome | None:
        policy = webhook.DeliveryPolicy("https://geo.example", timeout_s=0.5, allow_private=allow_private)
        return webhook.deliver(database, subscription_id, seq, policy)

    return deliver
