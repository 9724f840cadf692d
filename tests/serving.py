"""A running service for tests: a real server on a free loopback port, on a database of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import sqlalchemy as sa
from pyproj import Transformer

from geo_service import db, settings
from geo_service.api import serve
from geo_service.domain.roles import ROLES
from geo_service.ogc.tile_documents import tile_at
from geo_service.store import keys

TODAY = date(2026, 11, 23)
TO_WGS84 = Transformer.from_crs(31370, 4326, always_xy=True)
PERSONAL_KEY = "dGhlIGtleSBvZiB0aGUgdGVzdHMsIG9mIDMyIGJ5dGU="
PATIENCE_S = 60
"""How long a client waits for an answer: for a machine that does much else."""
STREET = (80_000.0, 190_000.0)  # an empty place inside Lambert 72


def street_tile(x: float, zoom: int = 16) -> tuple[int, int, int]:
    """Zoom, column and row of the tile that holds the street ten metres beyond `x` (metres along it)."""
    lon, lat = TO_WGS84.transform(STREET[0] + x + 10, STREET[1] + 1)
    return zoom, *tile_at(lon, lat, zoom)


@dataclass(frozen=True)
class Service:
    """Where the service listens, the database behind it, and one key per role."""

    url: str
    engine: sa.Engine
    keys: dict[str, str]

    def as_(self, role: str | None, **headers: str) -> httpx.Client:
        """A client with the key of `role` (None: without a key), in Dutch."""
        sent = {"Accept-Language": "nl", **headers}
        if role:
            sent["Authorization"] = f"Bearer {self.keys[role]}"
        return httpx.Client(
            base_url=self.url, headers=sent, timeout=PATIENCE_S, verify=False
        )  # plain http: no certificates to load


@contextmanager
def running(
    database_url: str, *, golden: Sequence[dict[str, Any]] = (), **overrides: Any
) -> Iterator[Service]:
    """Serve a prepared database until the block ends."""
    unlimited = {"rate_per_minute": 0, "rate_per_address": 0}
    config = settings.load(
        **{
            "database_url": database_url,
            "today": TODAY,
            "port": 0,
            "personal_key": PERSONAL_KEY,
            **unlimited,
            **overrides,
        }
    )
    engine = db.create_engine_from(config)
    with db.write(engine) as conn:
        made = {
            role: keys.create(
                conn, f"test {role}", role, owner_group="proximus" if role == "partner" else None
            )
            for role in ROLES
        }
    server = serve.server(config, golden)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started:
            if time.monotonic() > deadline or not thread.is_alive():
                raise RuntimeError("the service did not start")
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Service(f"http://127.0.0.1:{port}", engine, made)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        engine.dispose()


def box(x0: float, y0: float, x1: float, y1: float) -> dict[str, Any]:
    """A rectangle in metres on the test street, as GeoJSON in WGS84."""
    corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
    return {
        "type": "Polygon",
        "coordinates": [[list(TO_WGS84.transform(STREET[0] + x, STREET[1] + y)) for x, y in corners]],
    }


def point(x: float, y: float) -> dict[str, Any]:
    """A place in metres on the test street, as GeoJSON in WGS84."""
    return {"type": "Point", "coordinates": list(TO_WGS84.transform(STREET[0] + x, STREET[1] + y))}


def sql_insert_building(service: Service, x: float, name: str) -> str:
    """A building beside the street, as a reference map brings it; its id."""
    west, south = STREET[0] + x, STREET[1] + 14
    insert = (
        "INSERT INTO buildings (source, source_id, name, geom) "
        "VALUES ('test', :name || :x, :name, ST_MakeEnvelope(:west, :south, :west + 20, :south + 10, 31370)) RETURNING id"
    )
    with service.engine.begin() as conn:
        return str(
            conn.execute(
                sa.text(insert), {"name": name, "x": str(x), "west": west, "south": south}
            ).scalar_one()
        )
