"""How fast alerts are: from commit to webhook, out of the feed, and what open streams cost those who save.

API and worker run as processes of their own, on an empty database of the cluster; the receiver is here.
"""

from __future__ import annotations

import base64
import os
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import feed, subscriptions
from geo_service.bench.measure import MeasurementFailed
from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from geo_service.domain.roles import Role
from geo_service.store import keys, locks

HEADER = ("What", "Figure", "Target")
START_S = 120
DRAIN_S = 60
PER_KEY = 50
"""Streams of one key that the service allows."""
ROUNDS, SAVES = 5, 20
HELD = feed.AlertDraft("repair.held", ("werkplaatsen",), {"verdict": "wait", "until": "2027-03-14"})


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: seconds from commit to arrival, alerts read per second, and the 95th percentile of a save without and with streams (s)."""

    waits_s: tuple[float, ...]
    lost: int
    reads_per_s: float
    save_s: float
    save_beside_s: float

    def rows(self, rate: int, listeners: int) -> Iterator[tuple[str, str, str]]:
        """As a table: what, figure, target."""
        middle, high = statistics.median(self.waits_s), percentile(self.waits_s)
        yield f"commit → webhook at {rate}/s, median", f"{middle:.3f} s", ""
        yield f"commit → webhook at {rate}/s, p95", f"{high:.3f} s", "< 0.5 s"
        yield "lost", str(self.lost), "0"
        yield "feed, one API process", f"{self.reads_per_s:,.0f} alerts/s", "> 2,000"
        yield "save, p95", f"{self.save_s * 1000:.1f} ms", ""
        ratio = f"{self.save_beside_s * 1000:.1f} ms ({self.save_beside_s / self.save_s:.2f}×)"
        yield f"save beside {listeners} streams, p95", ratio, "< 1.10×"


def measure(cluster: Cluster, rate: int, seconds: int, listeners: int) -> Figures:
    """Measure all of it once. Raises MeasurementFailed when API or worker do not start."""
    name = f"bench_alerts_{uuid.uuid4().hex[:8]}"
    place = sa.make_url(cluster.create_database(name)).set(drivername=db.DRIVER)
    url = place.render_as_string(hide_password=False)
    prepare_database(url)
    engine = db.create_engine_for(url)
    try:
        with ExitStack() as stack:
            base = stack.enter_context(_service(url))
            waits, lost = _webhooks(stack, engine, rate, seconds)
            with _client(engine, base, "viewer") as reading:
                reads = _reads_per_s(reading)
            plain, beside = _saves(engine, base, listeners)
            return Figures(waits, lost, reads, plain, beside)
    finally:
        engine.dispose()
        cluster.drop_database(name)


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """The value below which this share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@contextmanager
def _service(url: str) -> Iterator[str]:
    """API and worker on this database; gives the address of the API."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "GEO_DATABASE_URL": url, "GEO_PORT": str(port), "GEO_ALLOW_PRIVATE_WEBHOOKS": "true", "GEO_LOG_LEVEL": "error",
        "GEO_RATE_PER_MINUTE": "0", "GEO_RATE_PER_ADDRESS": "0", "GEO_PERSONAL_KEY": base64.b64encode(os.urandom(32)).decode(),
    }  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "geo_service"]
    running = [subprocess.Popen([*command, name], env=environment) for name in ("serve", "worker")]
    try:
        _wait_for(base)
        yield base
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(30)


def _wait_for(base: str) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        try:
            if httpx.get(f"{base}/health/ready", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise MeasurementFailed(f"the API did not start within {START_S} s")


def _client(engine: sa.Engine, base: str, role: Role) -> httpx.Client:
    return httpx.Client(base_url=f"{base}/api/v1", headers=_headers(engine, role), timeout=60)


def _headers(engine: sa.Engine, role: Role) -> dict[str, str]:
    with db.write(engine) as conn:
        key = keys.create(conn, "bench", role)
    return {"Authorization": f"Bearer {key}"}


def _webhooks(stack: ExitStack, engine: sa.Engine, rate: int, seconds: int) -> tuple[tuple[float, ...], int]:
    """The waits of `rate` alerts a second (s), and how many did not arrive."""
    arrivals: dict[int, float] = {}
    target = stack.enter_context(_receiver(arrivals))
    with db.write(engine) as conn:
        subscriptions.create(conn, subscriptions.CITY, subscriptions.SubscriptionDraft(target))
    commits: dict[int, float] = {}
    began = time.monotonic()
    for number in range(rate * seconds):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        with db.write(engine) as conn:
            locks.claims_writer(conn)
            [seq] = feed.append(conn, [HELD])
        commits[seq] = time.monotonic()
    ends = time.monotonic() + DRAIN_S
    while len(arrivals) < len(commits) and time.monotonic() < ends:
        time.sleep(0.05)
    waits = tuple(arrivals[seq] - at for seq, at in commits.items() if seq in arrivals)
    return waits, len(commits) - len(waits)


@contextmanager
def _receiver(arrivals: dict[int, float]) -> Iterator[str]:
    """A receiver that notes when each place of the feed arrived first; gives its address."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            at = time.monotonic()
            body = self.rfile.read(int(self.headers["content-length"]))
            arrivals.setdefault(int(body.split(b'"sequence":"')[1].split(b'"')[0]), at)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _reads_per_s(client: httpx.Client, seconds: float = 5) -> float:
    """Alerts that one client reads from the feed in pages, over and over."""
    count, after, began = 0, 0, time.monotonic()
    while time.monotonic() - began < seconds:
        page = client.get("/alerts", params={"after": after, "limit": 1000}).json()
        count += len(page["items"])
        after = page["next"] or 0
    return count / (time.monotonic() - began)


def _saves(engine: sa.Engine, base: str, listeners: int) -> tuple[float, float]:
    """The 95th percentile of a save without streams and with them, in turn (s)."""
    plain: list[float] = []
    beside: list[float] = []
    with _client(engine, base, "workshop") as saver:
        _save(saver, 0)
        for number in range(ROUNDS):
            plain += [_save(saver, number * 1000 + one) for one in range(SAVES)]
            with _listening(engine, base, listeners):
                beside += [_save(saver, number * 1000 + 500 + one) for one in range(SAVES)]
    return percentile(plain), percentile(beside)


def _save(client: httpx.Client, place: int) -> float:
    """Save a repair on a place of its own; return how long it took (s)."""
    point = {"type": "Point", "coordinates": [3.21 + place * 1e-6, 50.91]}
    body = {"category": "loose_slab", "scope": "spot", "urgency": "normal", "geometry": point}
    began = time.perf_counter()
    answer = client.post("/repairs", json=body)
    took = time.perf_counter() - began
    if answer.status_code != 201:
        raise MeasurementFailed(f"a repair was not saved: {answer.text}")
    return took


@contextmanager
def _listening(engine: sa.Engine, base: str, count: int) -> Iterator[None]:
    """So many open streams, read by one thread."""
    parts = httpx.URL(base)
    waiting = selectors.DefaultSelector()
    opened = []
    for number in range(count):
        if number % PER_KEY == 0:
            key = _headers(engine, "viewer")["Authorization"]
        stream = socket.create_connection((parts.host, parts.port or 80))
        stream.sendall(
            f"GET /api/v1/alerts/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: {key}\r\n\r\n".encode()
        )
        if b" 200 " not in stream.recv(65536):
            raise MeasurementFailed(f"stream {number + 1} was not opened")
        waiting.register(stream, selectors.EVENT_READ)
        opened.append(stream)
    over = threading.Event()

    def drain() -> None:
        while not over.is_set():
            for ready, _ in waiting.select(0.2):
                ready.fileobj.recv(65536)  # type: ignore[union-attr]

    thread = threading.Thread(target=drain)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        waiting.close()
        for stream in opened:
            stream.close()
