"""Who holds a slot keeps nobody else from being served: readers that do not read, clients that never finish asking, keys that are revoked."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from geo_service import db, engines
from geo_service.api import connections
from geo_service.cluster import Cluster
from geo_service.coordination.planning import week
from geo_service.store import keys
from tests.serving import Service, box, point, running

# Who does not read keeps its slot longer than any test lasts, so that whoever is served is served beside it, however slow the machine.
SEND_S = 120.0
SERVED_WITHIN_S = 30.0
SEND_SOON_S = 6.0  # where the test is about the end of the patience
MANY_LONG_NAMES = """
    INSERT INTO buildings (source, source_id, name, geom)
    SELECT 'test', n::text, repeat(md5(n::text), 20), ST_MakeEnvelope(80000 + n, 190100, 80001 + n, 190101, 31370)
    FROM generate_series(1, 20000) AS n
"""


@pytest.fixture(scope="module")
def buildings(cluster: Cluster, template: str) -> Iterator[str]:
    """The database of a file of 14 MB, which no buffer of the network holds."""
    name = f"slots_{uuid.uuid4().hex[:12]}"
    url = cluster.create_database(name, template=template)
    try:
        with psycopg.connect(url) as conn:
            conn.execute(MANY_LONG_NAMES)
        yield url
    finally:
        cluster.drop_database(name)


FEW = {"read_pool_size": 2, "write_pool_size": 2, "export_pool_size": 4}


@pytest.fixture(scope="module")
def small(buildings: str) -> Iterator[Service]:
    """A service with few connections, and much patience with who does not read."""
    with running(buildings, send_timeout_s=SEND_S, pool_timeout_s=2, **FEW) as service:
        yield service


@pytest.fixture
def impatient(buildings: str) -> Iterator[Service]:
    """The same with little patience."""
    with running(buildings, send_timeout_s=SEND_SOON_S, pool_timeout_s=0.5, **FEW) as service:
        yield service


def until(true: Callable[[], bool]) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + SERVED_WITHIN_S
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@contextlib.contextmanager
def asking(service: Service, path: str, role: str, count: int) -> Iterator[list[socket.socket]]:
    """So many clients that ask, and read nothing of the answer. Two of them at least have their slot: their answer has begun."""
    place = urlsplit(service.url)
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.keys[role]}\r\n\r\n"
    with contextlib.ExitStack() as stack:
        clients = []
        for _ in range(count):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect((place.hostname, place.port))
            client.sendall(head.encode())
            clients.append(client)
        assert until(lambda: len(select.select(clients, [], [], 0)[0]) >= 2)
        yield clients


def everything_else(service: Service) -> dict[str, int]:
    """What others ask meanwhile, and the status of each answer."""
    phase = {
        "geometry": box(0, 0, 5, 2),
        "starts_on": str(date(2027, 1, 4)),
        "ends_on": str(date(2027, 1, 9)),
    }
    works = {"owner": "Proximus", "title": "Kabel", "kind": "groundworks", "phases": [phase]}
    with service.as_("utilities_desk") as client:
        client.timeout = httpx.Timeout(SERVED_WITHIN_S)
        answers = {
            "live": client.get("/health/live"),
            "ready": client.get("/health/ready"),
            "list": client.get("/api/v1/works?limit=1"),
            "question": client.post("/api/v1/advice", json={"geometry": point(1, 1)}),
            "write": client.post("/api/v1/works", json=works),
            "refused key": client.get("/api/v1/works", headers={"Authorization": "Bearer gs_no"}),
        }
    return {name: answer.status_code for name, answer in answers.items()}


ALL_SERVED = {"live": 200, "ready": 200, "list": 200, "question": 200, "write": 201, "refused key": 401}


@pytest.mark.parametrize(
    "path", ["/api/v1/buildings.geojson", "/api/v1/buildings.parquet", "/api/v1/alerts/stream"]
)
def test_ten_readers_that_do_not_read_on_keep_nobody_from_being_served(small: Service, path: str) -> None:
    with asking(small, path, "viewer", 10):
        assert everything_else(small) == ALL_SERVED


def test_one_key_leaves_exports_to_others(small: Service) -> None:
    with asking(small, "/api/v1/buildings.geojson", "viewer", 10), small.as_("workshop") as other:
        assert len(other.get("/api/v1/buildings.geojson").json()["features"]) == 20_000


def test_a_turn_that_does_not_come_is_refused_with_when_to_come_back(small: Service) -> None:
    with asking(small, "/api/v1/buildings.geojson", "viewer", 2), small.as_("viewer") as same:
        answer = same.get("/api/v1/buildings.geojson")

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["detail"] == "alles van deze soort is in gebruik; probeer het zo meteen opnieuw"


def test_who_stops_reading_is_cut_off_and_its_turn_goes_to_the_next(impatient: Service) -> None:
    with asking(impatient, "/api/v1/buildings.geojson", "viewer", 2), impatient.as_("viewer") as same:
        deadline = time.monotonic() + SEND_SOON_S + SERVED_WITHIN_S
        statuses = []
        while not statuses or (statuses[-1] == 503 and time.monotonic() < deadline):
            statuses.append(same.get("/api/v1/buildings.geojson").status_code)
    assert statuses[0] == 503
    assert statuses[-1] == 200


def test_who_leaves_gives_its_turn_and_its_connection_back_at_once(small: Service) -> None:
    with asking(small, "/api/v1/buildings.geojson", "viewer", 2):
        assert until(lambda: exporting(small) == 2)
    with small.as_("viewer") as same:
        assert until(lambda: same.get("/api/v1/buildings.geojson").status_code == 200)
    assert until(lambda: exporting(small) == 0)


def exporting(service: Service) -> int:
    """Transactions that are open for a file."""
    with db.glance(service.engine) as conn:
        held = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"
        return int(conn.scalar(sa.text(held)) or 0)


def test_no_transaction_stays_open_that_nobody_goes_on_with(small: Service) -> None:
    limits = (
        "SELECT current_setting('idle_in_transaction_session_timeout'), current_setting('statement_timeout')"
    )
    makers: list[Any] = [db.create_read_engine_from, engines.create_file_engine_from, engines.create_door_engine_from, engines.create_stream_engine_from, db.create_engine_from]  # fmt: skip
    from geo_service import settings

    known = settings.load(database_url=small.engine.url.render_as_string(hide_password=False))
    for make in makers:
        engine = make(known)
        with db.glance(engine) as conn:
            idle, _statement = conn.execute(sa.text(limits)).one()
        engine.dispose()
        assert idle not in ("0", ""), make.__name__


def test_the_stream_of_a_revoked_key_ends(small: Service) -> None:
    with db.write(small.engine) as conn:
        key = keys.create(conn, "leaves soon", "viewer")
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.stream("GET", f"{small.url}/api/v1/alerts/stream", headers=headers, timeout=20) as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": connected"
        with db.write(small.engine) as conn:
            known = {row["name"]: row["id"] for row in keys.find(conn)}
            assert keys.revoke(conn, known["leaves soon"])
        assert list(lines)[-1:] in ([], [""])  # it ends, and the test does not time out


UPLOAD = "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n"


@pytest.mark.parametrize("begin", ["GET /health/live HTTP/1.1\r\n", UPLOAD], ids=["head", "body"])
def test_a_request_that_drips_is_cut_off_without_an_error_in_the_log(
    begin: str, small: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ASK_S", 1.0)
    place = urlsplit(small.url)
    with (
        capture_logs() as lines,
        socket.create_connection((place.hostname, place.port), timeout=5) as client,
    ):
        client.sendall(
            begin.format(f"/api/v1/repairs/{uuid.uuid4()}/photos", small.keys["workshop"]).encode()
        )
        start = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - start < SERVED_WITHIN_S:
                client.sendall(b"X-Slow: 1\r\n")
                time.sleep(0.2)
        assert time.monotonic() - start < SERVED_WITHIN_S
        assert everything_else(small) == ALL_SERVED
    assert not [line for line in lines if line["log_level"] == "error"]


def test_a_body_that_comes_slowly_but_steadily_is_read(
    small: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ASK_S", 0.5)

    def parts() -> Iterator[bytes]:
        for _ in range(8):
            yield b"a" * 1000  # each earns two seconds
            time.sleep(0.1)

    assert httpx.post(f"{small.url}/login/demo", content=parts(), timeout=SERVED_WITHIN_S).status_code < 500


def test_one_person_computes_one_thing_at_a_time_and_leaves_the_rest_to_others(
    impatient: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who leaves before its turn is not computed for."""
    begun, go_on, propose = [], threading.Event(), week.propose

    def slow(*arguments: Any) -> Any:
        begun.append(None)
        assert len(begun) > 1 or go_on.wait(SERVED_WITHIN_S)
        return propose(*arguments)

    monkeypatch.setattr(week, "propose", slow)
    with (
        impatient.as_("coordinator") as one,
        impatient.as_("workshop") as other,
        ThreadPoolExecutor() as pool,
    ):
        first = pool.submit(one.get, "/api/v1/plan")
        assert until(lambda: len(begun) == 1)
        refused = one.get("/api/v1/papers/meeting")
        with pytest.raises(httpx.ReadTimeout):
            one.get("/api/v1/plan", timeout=0.1)
        served = other.get("/api/v1/plan")
        go_on.set()

        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert int(refused.headers["Retry-After"]) > 0
        assert (served.status_code, first.result().status_code) == (200, 200)
    assert len(begun) == 2


def test_one_person_sends_two_files_at_a_time_and_leaves_the_disk_to_others(impatient: Service) -> None:
    place, path = urlsplit(impatient.url), "/api/v1/imports"
    with contextlib.ExitStack() as stack, impatient.as_("admin") as one, impatient.as_("coordinator") as other:  # fmt: skip
        for which in (path, f"{path}/proposal"):
            client = stack.enter_context(socket.create_connection((place.hostname, place.port), timeout=5))
            client.sendall(UPLOAD.format(which, impatient.keys["admin"]).encode())
        assert until(lambda: one.post(path, json={}).status_code == 503)
        assert other.post(path, json={}).status_code == 422
