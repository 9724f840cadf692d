"""What it costs to ask over HTTP, beside the same statement sent by psycopg."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from pyproj import Transformer

from geo_service import db, sql, vault
from geo_service.bench.measure import Clock, Comparison, MeasurementFailed
from geo_service.bench.region import TODAY
from geo_service.bench.saving import ENDS, STARTS, Savers, savers, send
from geo_service.domain.crs import STORAGE, WEB_MERCATOR, WGS84
from geo_service.ogc import tiles
from geo_service.postgres import free_port
from geo_service.store import keys

TO_WGS84 = Transformer.from_crs(STORAGE, WGS84, always_xy=True)
ZOOM = 16
Serving = tuple[http.client.HTTPConnection, dict[str, str], int]
"""A connection to a server, headers with a key, and its process id."""


@contextmanager
def serving(url: str) -> Iterator[Serving]:
    """A server process of its own on `url`."""
    engine = db.create_engine_for(url)
    with db.write(engine) as conn:
        key = keys.create(conn, "bench", "viewer")
    engine.dispose()
    port = free_port()
    settings = {
        "GEO_DATABASE_URL": url,
        "GEO_PERSONAL_KEY": vault.new_key(),
        "GEO_PORT": str(port),
        "GEO_TODAY": str(TODAY),
        "GEO_LOG_LEVEL": "error",
        "GEO_RATE_PER_MINUTE": "0",
        "GEO_RATE_PER_ADDRESS": "0",
    }
    server = subprocess.Popen([sys.executable, "-m", "geo_service", "serve"], env={**os.environ, **settings})
    try:
        with closing(_connection(port)) as client:
            yield client, {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}, server.pid
    finally:
        server.terminate()
        server.wait(20)


def advice(url: str, times: int = 200) -> Comparison:
    """`POST /advice` by one client, against the two statements behind it."""
    with savers(url, times + 1) as by, serving(url) as service:

        def peer(turn: int) -> None:
            with by.bare.transaction():
                by.ask(by.places[turn], by.owner)

        return _served(by, service).compare(lambda turn: _ask(by, service, turn), peer, times)


def tile(url: str, times: int = 50) -> Comparison:
    """One tile over HTTP, against its `ST_AsMVT` statement; another tile each turn."""
    statement = sql.statement("geo_service.ogc", "tile", **tiles.EVERYTHING.constants())
    with savers(url, times + 1) as by, serving(url) as service:

        def peer(turn: int) -> None:
            x, y = tile_of(by.places[turn].x, by.places[turn].y)
            with by.bare.transaction():
                params = {"z": ZOOM, "x": x, "y": y, "today": TODAY, **tiles.EVERYTHING.params()}
                send(by.bare, statement, params).fetchone()

        return _served(by, service).compare(lambda turn: _draw(by, service, turn), peer, times)


def growth(small: str, large: str, times: int = 50) -> tuple[Comparison, Comparison]:
    """`POST /advice` and a tile where much is stored (`ours`) against where little is (`peer`), each with a server of its own."""
    with (
        savers(small, times + 1) as few, serving(small) as little,
        savers(large, times + 1) as many, serving(large) as much,
    ):  # fmt: skip
        clock = Clock(*_served(few, little).others, *_served(many, much).others)

        def compare(do: Callable[[Savers, Serving, int], None]) -> Comparison:
            return clock.compare(lambda turn: do(many, much, turn), lambda turn: do(few, little, turn), times)

        return compare(_ask), compare(_draw)


def _ask(by: Savers, service: Serving, turn: int) -> None:
    """The advice on the place of this turn."""
    lon, lat = TO_WGS84.transform(by.places[turn].x, by.places[turn].y)
    body = {
        "geometry": {"type": "Point", "coordinates": [lon, lat]}, "scope": "section",
        "starts_on": str(STARTS), "ends_on": str(ENDS),
    }  # fmt: skip
    client, headers, _ = service
    _answer(client, "POST", "/api/v1/advice", headers, json.dumps(body))


def _draw(by: Savers, service: Serving, turn: int) -> None:
    """The tile of the place of this turn."""
    x, y = tile_of(by.places[turn].x, by.places[turn].y)
    client, headers, _ = service
    _answer(client, "GET", f"/ogc/tiles/WebMercatorQuad/{ZOOM}/{x}/{y}.mvt", headers)


def _served(by: Savers, service: Serving) -> Clock:
    """A clock for the server, which has its connections from now on, and the processes of its database."""
    client, _, pid = service
    client.close()  # a server gives up what was idle while another one started; the next request connects anew
    _ask(by, service, 0)
    return Clock(pid, *_backends(by.bare))


def _backends(conn: psycopg.Connection[dict[str, Any]]) -> list[int]:
    """The processes that serve this database."""
    with conn.transaction():
        rows = conn.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").fetchall()
    return [row["pid"] for row in rows]


def tile_of(x: float, y: float) -> tuple[int, int]:
    """The tile of ZOOM that holds a point (storage CRS)."""
    east, north = Transformer.from_crs(STORAGE, WEB_MERCATOR, always_xy=True).transform(x, y)
    half = 20037508.342789244
    return int((east + half) / (2 * half) * 2**ZOOM), int((half - north) / (2 * half) * 2**ZOOM)


def _answer(
    client: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: dict[str, str],
    body: str | None = None,
) -> bytes:
    client.request(method, path, body, headers)
    response = client.getresponse()
    content = response.read()
    if response.status != 200:
        raise MeasurementFailed(f"{method} {path}: {response.status} {content[:300]!r}")
    return content


def _connection(port: int) -> http.client.HTTPConnection:
    deadline = time.monotonic() + 120
    while True:
        try:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            client.connect()
            return client
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
