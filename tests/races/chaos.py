"""Eight writers, a reader of the feed, two receivers of webhooks and one of e-mail, while API, worker and PostgreSQL are killed at random."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import subscriptions
from geo_service.cluster import Cluster
from tests.races.clients import Client, confirmed
from tests.races.machine import PATIENCE_S, Machine, kill_postgresql, until

STEADY, SHAKY = "/steady", "/shaky"
DESK = "nutsen@izegem.example"
BETWEEN_S, AWAY_S = (2.0, 10.0), (0.0, 2.0)
"""From one kill to the next, and from a kill to the next start."""
WRITES = 10
"""Confirmed between two kills, at least."""
FORWARD = """
    UPDATE procrastinate_jobs SET scheduled_at = now()
    WHERE status = 'todo' AND queue_name IN ('deliveries', 'mails') AND scheduled_at > now()"""
WAITING = "SELECT count(*) FROM deliveries WHERE delivered_at IS NULL"


@dataclass
class Receiver:
    """Takes webhooks on two paths; one of them answers 503 while it is down."""

    url: str
    down: threading.Event = field(default_factory=threading.Event)
    taken: dict[str, list[str]] = field(default_factory=lambda: {STEADY: [], SHAKY: []})
    refused: int = 0


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            down = self.path == SHAKY and known.down.is_set()
            if down:
                known.refused += 1
            else:
                known.taken[self.path].append(self.headers["webhook-id"])
            self.send_response(503 if down else 204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class FeedReader(threading.Thread):
    """Follows the feed from its beginning; what it read, in its order."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(daemon=True)
        self.seqs: list[int] = []
        self.ids: list[str] = []
        self.stopping = threading.Event()
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60, verify=False
        )

    def run(self) -> None:
        while not self.stopping.wait(0.2):
            with suppress(httpx.TransportError):
                self.read()

    def end(self) -> None:
        """Read what is left, once everything runs again."""
        self.stopping.set()
        self.join()
        self.read()
        self._http.close()

    def read(self) -> None:
        """One page, the longest."""
        answer = self._http.get(
            "/api/v1/alerts", params={"after": self.seqs[-1] if self.seqs else 0, "limit": 1000}
        )
        if answer.is_success:
            page = answer.json()["items"]
            self.seqs += [one["cursor"] for one in page]
            self.ids += [one["id"] for one in page]


@dataclass
class Chaos:
    """What is killed and comes back: `play` it, then `settle`."""

    on: Machine
    cluster: Cluster
    receiver: Receiver
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def subscribe(self) -> None:
        """Two webhooks and an e-mail for every alert."""
        with db.write(self.on.engine) as conn:
            for path in (STEADY, SHAKY):
                subscriptions.create(
                    conn, subscriptions.CITY, subscriptions.SubscriptionDraft(self.receiver.url + path, {})
                )
            subscriptions.create(
                conn, subscriptions.CITY, subscriptions.SubscriptionDraft(DESK, {}, "email", "each", "nl")
            )

    def start(self) -> None:
        """API and worker, where they do not run: one that started without a database has ended, as a service manager sees it."""
        for name, verb in (("api", "serve"), ("worker", "worker")):
            if name not in self._running or self._running[name].poll() is not None:
                self._running[name] = self.on.run(verb)

    def wait(self) -> None:
        """Until the service answers."""

        def answers() -> bool:
            self.start()
            return self.on.answers()

        until(answers, "the service answers")

    def _write_on(self, clients: list[Client]) -> None:
        wanted = confirmed(clients) + WRITES

        def written() -> bool:
            self.start()
            return confirmed(clients) >= wanted

        until(written, "people write again")

    def play(self, seconds: float, clients: list[Client]) -> None:
        """Kill one after the other, and turn the receiver off and on, for so long. The next kill comes when people write again."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            time.sleep(min(left, self.chance.uniform(*BETWEEN_S)))
            if self.receiver.down.is_set():
                self.receiver.down.clear()
                self._bring_forward()
            else:
                self.receiver.down.set()
            self._kill(self.chance.choice(("api", "worker", "postgresql")))
            self._write_on(clients)

    def settle(self) -> float:
        """Everything runs and the receiver is up: wait until all is delivered; how long that took (s)."""
        self.receiver.down.clear()
        began = time.monotonic()
        while self._waiting():
            assert time.monotonic() < began + PATIENCE_S, f"{self._waiting()} deliveries still wait"
            self._bring_forward()
            time.sleep(1)
        return time.monotonic() - began

    def _kill(self, what: str) -> None:
        self.kills[what] += 1
        if what == "postgresql":
            kill_postgresql(self.cluster)
        else:
            self._running[what].kill()
            self._running[what].wait()
        time.sleep(self.chance.uniform(*AWAY_S))
        self.cluster.start()
        self.start()

    def _bring_forward(self) -> None:
        """What waits minutes or hours for its next attempt is tried now."""
        with suppress(sa.exc.DBAPIError), self.on.engine.begin() as conn:
            conn.execute(sa.text(FORWARD))

    def _waiting(self) -> int:
        with self.on.engine.connect() as conn:
            return conn.scalar(sa.text(WAITING)) or 0


def wrong(conn: sa.Connection, receiver: Receiver, reader: FeedReader, mails: list[str]) -> Iterator[str]:
    """What differs between the feed as stored and what receiver, reader and mailbox have."""
    stored = [
        (row.seq, str(row.id)) for row in conn.execute(sa.text("SELECT seq, id FROM alerts ORDER BY seq"))
    ]
    if (read := list(zip(reader.seqs, reader.ids, strict=True))) != stored:
        yield f"the reader of the feed has {len(read)} alerts, in order or not; stored are {len(stored)}"
    for path, taken in receiver.taken.items():
        if missing := {id_ for _, id_ in stored} ^ set(taken):
            yield f"{path}: {len(missing)} alerts are on one side only"
    letters = [str(id_) for id_ in conn.scalars(sa.text("SELECT id FROM mails WHERE sent_at IS NOT NULL"))]
    if set(mails) != set(letters):
        yield f"{len(set(mails) ^ set(letters))} e-mails are on one side only"
    if unsent := conn.scalar(sa.text("SELECT count(*) FROM mails WHERE sent_at IS NULL")):
        yield f"{unsent} e-mails were never sent"
