"""`X-Request-Id`: in and out, in the log, in the jobs, in the database, and on an answer that nobody thought of."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
import uuid
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa
import structlog

from geo_service import db, logs, settings
from geo_service.alerts import jobs
from geo_service.api import tracing
from geo_service.api.app import create_app
from geo_service.store import locks
from tests.serving import PERSONAL_KEY, Service, point, running


def test_an_id_comes_back_as_it_was_sent_and_each_request_without_one_gets_its_own(service: Service) -> None:
    with service.as_("viewer") as client:
        assert (
            client.get("/api/v1/status", headers={"X-Request-Id": "town-7.a_B"}).headers["x-request-id"]
            == "town-7.a_B"
        )
        one, other = (client.get("/api/v1/nothing").headers["x-request-id"] for _ in range(2))
    assert logs.REQUEST_ID.fullmatch(one) and one != other


@pytest.mark.parametrize("strange", ["", "a b", "x" * 49, "id\u00e9", "<script>", "a;b"])
def test_a_strange_id_is_replaced(service: Service, strange: str) -> None:
    answer = httpx.get(f"{service.url}/health/live", headers=[(b"X-Request-Id", strange.encode())])
    assert answer.headers["x-request-id"] != strange
    assert logs.REQUEST_ID.fullmatch(answer.headers["x-request-id"])


def names(engine: sa.Engine) -> list[str]:
    sessions = "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
    with engine.connect() as conn:
        return list(conn.scalars(sa.text(sessions)))


def test_the_session_in_the_database_has_the_name_of_the_request_as_long_as_it_lasts(
    service: Service, x: float
) -> None:
    request_id = uuid.uuid4().hex
    body = {"category": "pothole", "scope": "spot", "geometry": point(x, 1), "description": "gat"}

    def report() -> None:
        with service.as_("workshop", **{"X-Request-Id": request_id}) as client:
            assert client.post("/api/v1/repairs", json=body).status_code == 201

    thread = threading.Thread(target=report)
    with db.write(service.engine) as conn:
        locks.claims_writer(conn)  # the request waits for its turn
        thread.start()
        deadline = time.monotonic() + 10
        while f"geo_service {request_id}" not in names(service.engine):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    thread.join()
    assert not [name for name in names(service.engine) if request_id in name]


def test_a_job_knows_the_request_that_queued_it(conn: sa.Connection) -> None:
    subscription = uuid.uuid4()
    with logs.request("town-8"):
        jobs.queue_deliveries(conn, [(subscription, 1)])
        jobs.queue_bundles(conn, [subscription])
    jobs.queue_deliveries(conn, [(subscription, 2)])
    ids = conn.scalars(
        sa.text("SELECT args ->> 'request_id' FROM procrastinate_jobs ORDER BY id DESC LIMIT 3")
    ).all()
    assert ids == [None, "town-8", "town-8"]


@pytest.fixture
def json_log(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure("info", "json")
    yield
    structlog.configure(**before)
    root.handlers, root.level = handlers, level


@pytest.mark.usefixtures("json_log")
def test_each_request_is_a_line_without_what_was_asked_for(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    url = service.engine.url.render_as_string(hide_password=False)
    with running(url, log_format="json") as one:
        sent = {"X-Request-Id": "town-9"}
        httpx.get(f"{one.url}/api/v1/search?q=Jan+Peeters", headers=sent, timeout=60)
        httpx.get(f"{one.url}/login/link/geheim1234", headers=sent, timeout=60)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    mine = [line for line in lines if line.get("request_id") == "town-9" and line["event"] == "request"]
    assert [(line["method"], line["path"], line["status"]) for line in mine] == [
        ("GET", "/api/v1/search", 401),
        ("GET", "/login/link/***", mine[1]["status"]),
    ]
    assert all(line["ms"] > 0 for line in mine)
    assert not any(word in json.dumps(lines) for word in ("Peeters", "geheim1234"))


@pytest.mark.usefixtures("json_log")
def test_an_error_that_nobody_thought_of_has_the_id_in_answer_and_log(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(settings.load(database_url=database_url, personal_key=PERSONAL_KEY))

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("nobody thought of this")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://geo.example") as client:
            return await client.get("/broken", headers={"X-Request-Id": "town-10"})

    answer = asyncio.run(ask())
    app.state.context.dispose()
    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "town-10")
    [line] = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "unexpected error" in line]
    assert line["request_id"] == "town-10" and "nobody thought of this" in line["exception"]


@pytest.mark.parametrize(("proxies", "last"), [("127.0.0.1", 200), ("192.0.2.1, 10.0.0.0/8", 429)])
def test_who_asks_is_heard_from_our_proxy_and_from_nobody_else(
    service: Service, proxies: str, last: int
) -> None:
    url = service.engine.url.render_as_string(hide_password=False)
    with running(url, trusted_proxies=proxies, rate_per_address=3) as one:
        statuses = [
            httpx.get(
                f"{one.url}/api/v1/status", headers={"X-Forwarded-For": f"203.0.113.{number}"}, timeout=60
            ).status_code
            for number in range(5)
        ]
    assert (statuses[0], statuses[-1]) == (200, last)


@pytest.mark.parametrize("path", ["/login/link/abc123", "/open311/v2/tokens/abc123.json"])
def test_a_path_is_masked_also_where_no_route_was_found(path: str) -> None:
    assert "abc123" not in tracing.path_of({"type": "http", "path": path})
