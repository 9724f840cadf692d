"""Streams and long polls: filters as the feed has them, many listeners over one look at the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import anyio
import httpx
import pytest
import sqlalchemy as sa

from geo_service.alerts.feed import AlertDraft
from geo_service.api import feed_hub
from tests.alerts.test_http import Http, http

__all__ = ["http"]  # fixtures
HELD = AlertDraft("repair.held", ("werkplaatsen",))
STOPPED = AlertDraft("feed.stopped", ("nutsen",))


def read(stream: httpx.Response, count: int) -> list[int]:
    """The places of the next alerts of a stream."""
    places = []
    for line in stream.iter_lines():
        if line.startswith("id: "):
            places.append(int(line.removeprefix("id: ")))
            if len(places) == count:
                break
    return places


@pytest.mark.parametrize(
    ("params", "places"),
    [
        ({}, [1, 2, 3, 4]),
        ({"types": "feed.stopped"}, [2, 4]),
        ({"departments": "werkplaatsen"}, [1, 3]),
        ({"types": ["repair.held", "feed.stopped"], "departments": "nutsen"}, [2, 4]),
    ],
)
def test_a_stream_is_filtered_as_the_feed(http: Http, tell: Any, params: Any, places: list[int]) -> None:
    tell(HELD, STOPPED)
    with http("viewer").stream("GET", "/alerts/stream", params={"after": 0, **params}) as stream:
        assert stream.headers["x-accel-buffering"] == "no"
        assert stream.status_code == 200, stream.read()
        time.sleep(0.5)
        tell(HELD, STOPPED)  # these are passed on from memory
        assert read(stream, len(places)) == places
    listed = http("viewer").get("/alerts", params=params).json()["items"]
    assert [one["cursor"] for one in listed] == places


def test_a_stream_with_an_area_is_silent_about_the_rest(http: Http, tell: Any) -> None:
    area = '{"type":"Polygon","coordinates":[[[3.2,50.9],[3.24,50.9],[3.24,50.93],[3.2,50.93],[3.2,50.9]]]}'
    tell(HELD)
    with http("viewer").stream(
        "GET", "/alerts/stream", params={"after": 0, "area": area, "facts": True}
    ) as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": connected"
        tell(HELD)
        assert next(line for line in lines if line.startswith(("id:", "event:"))) == "event: facts"


def test_who_is_far_behind_reads_all_of_it_in_order(
    http: Http, tell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(*[HELD] * 450)
    with http("viewer").stream("GET", "/alerts/stream", params={"after": 0}) as stream:
        lines = read(stream, 450)
        assert lines == list(range(1, 451))


def test_more_than_is_kept_at_once_is_still_in_order(
    http: Http, tell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_hub, "MOST_ENTRIES", 5)
    with http("viewer").stream("GET", "/alerts/stream", params={"after": 0}) as stream:
        lines = stream.iter_lines()
        next(lines)
        for count in (3, 12, 1, 30, 2):
            tell(*[HELD] * count)
            time.sleep(0.1)
        places = []
        for line in lines:
            if line.startswith("id: "):
                places.append(int(line.removeprefix("id: ")))
                if len(places) == 48:
                    break
    assert places == list(range(1, 49))


@pytest.mark.parametrize(("since", "waits"), [(3, True), (2, False)])
def test_who_has_all_news_waits_for_more(since: int, waits: bool) -> None:
    """Who would not wait asks again and again, and takes a whole core."""

    async def seconds() -> float:
        hub = feed_hub.FeedHub(
            sa.create_engine("postgresql+psycopg://"),
            anyio.CapacityLimiter(1),
            str,
            _mark=feed_hub.Mark(3, 7),
        )
        start = time.monotonic()
        assert await hub.change(feed_hub.Mark(since, 7), 0.2) == feed_hub.Mark(3, 7)
        return time.monotonic() - start

    assert (anyio.run(seconds) > 0.15) is waits


def test_a_long_poll_answers_when_something_comes(http: Http, tell: Any) -> None:
    later = threading.Timer(1.0, tell, [HELD])
    later.start()
    began = time.monotonic()
    page = http("viewer").get("/alerts", params={"after": 0, "wait": 30}).json()
    later.join()
    assert [one["cursor"] for one in page["items"]] == [1]
    assert 0.9 < time.monotonic() - began < 28


def test_a_long_poll_ends_without_news(http: Http, tell: Any) -> None:
    tell(HELD)
    began = time.monotonic()
    page = http("viewer").get("/alerts", params={"after": 1, "wait": 1}).json()
    assert (page["items"], page["last"]) == ([], 1)
    assert 0.9 < time.monotonic() - began < 28
    began = time.monotonic()
    assert http("viewer").get("/alerts", params={"after": 0, "wait": 30}).json()["items"]
    assert time.monotonic() - began < 28, "what is there already is not waited for"
    wrong = http("viewer").get("/alerts", params={"wait": 31})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "wait")


@contextmanager
def listeners(client: httpx.Client, count: int) -> Iterator[list[httpx.Response]]:
    """So many open streams."""
    opened = [client.stream("GET", "/alerts/stream", params={"after": 0}) for _ in range(count)]
    with ThreadPoolExecutor(10) as threads:
        responses = list(threads.map(lambda one: one.__enter__(), opened))
    yield responses
    for one in opened:
        one.__exit__(None, None, None)


def test_forty_listeners_cost_no_more_looks_than_one(http: Http, database: sa.Engine, tell: Any) -> None:
    looks = sa.text(
        "SELECT sum(calls) FROM (SELECT xact_commit AS calls FROM pg_stat_database WHERE datname = current_database()) s"
    )

    def cost(count: int) -> int:
        with listeners(http("viewer"), count) as streams:
            assert all(read_first(one) for one in streams)
            before = transactions(database, looks)
            time.sleep(3)
            return transactions(database, looks) - before

    one, forty = cost(1), cost(40)
    assert forty < 3 * one + 40 * 2, "each may ask once whether its key still holds"


def read_first(stream: httpx.Response) -> bool:
    """Whether a stream has begun."""
    return stream.status_code == 200


def transactions(database: sa.Engine, looks: sa.TextClause) -> int:
    with database.connect() as conn:
        conn.execute(sa.text("SELECT pg_stat_force_next_flush()"))
        return int(conn.scalar(looks) or 0)
