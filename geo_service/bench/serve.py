"""Pages of 1,000 features, tiles and GeoParquet: what we serve beside tipg, pygeoapi, GeoPandas and the bare statement, by turns in one run.

The peers read one plain table; we join works, owners and phases and look who may see them. Each server is one process on the same database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import psycopg
import sqlalchemy as sa

from geo_service import db, sql
from geo_service.bench import serve_peers
from geo_service.bench.measure import Clock, Cost, MeasurementFailed
from geo_service.bench.reading import ZOOM, serving, tile_of
from geo_service.bench.region import PACKAGE, scratch
from geo_service.bench.saving import savers, send
from geo_service.bench.serve_peers import Peer
from geo_service.cluster import Cluster

HEADER = ("What", "Who", "Median", "10–90 %", "Ours against it")
LIMIT = 1_000
PARQUET_TIMES = 5
BARE, OURS = "bare statement", "geo_service"
ITEMS = "/ogc/collections/phases/items?limit={limit}&offset={offset}"
TILE = "/ogc/collections/works/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt"


@dataclass(frozen=True, slots=True)
class Line:
    """What one server took for one thing; `against` is our median divided by its."""

    what: str
    who: str
    cost: Cost
    against: float

    def cells(self) -> tuple[str, ...]:
        """As a row of the table."""
        low, high = (self.cost.percentile(share) * 1000 for share in (0.1, 0.9))
        ratio = "" if self.who == OURS else f"{self.against:.2f}×"
        return self.what, self.who, f"{self.cost.wall_s * 1000:,.1f} ms", f"{low:,.1f}–{high:,.1f} ms", ratio

    def as_json(self) -> dict[str, Any]:
        """As facts, in seconds."""
        spread = [self.cost.percentile(share) for share in (0.1, 0.9)]
        return {
            "what": self.what,
            "who": self.who,
            "median_s": self.cost.wall_s,
            "spread_s": spread,
            "ours_against_it": self.against,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """The lines that were measured, and why a peer is not among them."""

    lines: list[Line]
    missing: list[str]


def measure(cluster: Cluster, claims: int, times: int, home: Path) -> Table:
    """Measure all of it on a copy of the generated region. Raises MeasurementFailed about a wrong answer of ours."""
    with scratch(cluster, claims) as url, ExitStack() as stack:
        place = sa.make_url(url)
        bare = stack.enter_context(
            psycopg.connect(url.replace("+psycopg", ""), autocommit=True, row_factory=psycopg.rows.dict_row)
        )
        for statement in sql.source(PACKAGE, "serve_tables").split(";\n"):
            bare.execute(statement.encode())
        peers, missing = _peers(stack, place, home)
        client, headers, _ = stack.enter_context(serving(url))
        ours = Peer(OURS, client.port, ITEMS, TILE, headers)
        servers = [ours, *peers]
        lines = [*_items(bare, servers, times), *_tiles(url, bare, servers, times), *_parquet(url, ours)]
        return Table(lines, missing)


def _peers(stack: ExitStack, place: sa.URL, home: Path) -> tuple[list[Peer], list[str]]:
    """The peers that run, and what is to be said of the others."""
    peers: list[Peer] = []
    missing: list[str] = []
    starts: tuple[AbstractContextManager[Peer], ...] = (
        serve_peers.tipg(place, home),
        serve_peers.pygeoapi(place, home),
    )
    for start in starts:
        try:
            peers.append(stack.enter_context(start))
        except MeasurementFailed as error:
            missing.append(str(error))
    return peers, missing


def _items(bare: Any, servers: list[Peer], times: int) -> Iterator[Line]:
    """Pages of LIMIT features, another one each turn."""
    statement = sql.statement(PACKAGE, "serve_items")
    count: int = bare.execute("SELECT count(*) AS n FROM bench_serve.phases").fetchone()["n"]
    pages = max(1, count // LIMIT)

    def by_server(server: Peer, turn: int) -> None:
        path = server.items.format(limit=LIMIT, offset=turn % pages * LIMIT)
        _check(server.name, server.get(path), count)

    def by_hand(turn: int) -> None:
        row: Any = send(bare, statement, {"limit": LIMIT, "offset": turn % pages * LIMIT}).fetchone()
        _check(BARE, row["page"], count)

    runs = {server.name: partial(by_server, server) for server in servers}
    yield from _lines("1,000 features", {**runs, BARE: by_hand}, times)


def _check(who: str, content: bytes | str, count: int) -> None:
    features = len(json.loads(content)["features"])
    if features != min(LIMIT, count):
        raise MeasurementFailed(f"{who} sent {features} features")


def _tiles(url: str, bare: Any, servers: list[Peer], times: int) -> Iterator[Line]:
    """Tiles of works, another one each turn, none of which the reader has."""
    statement = sql.statement(PACKAGE, "serve_tile")
    with savers(url, times + 1) as by:
        places = [tile_of(place.x, place.y) for place in by.places]

    def by_server(server: Peer, turn: int) -> None:
        x, y = places[turn]
        server.get(str(server.tile).format(z=ZOOM, x=x, y=y))

    def by_hand(turn: int) -> None:
        x, y = places[turn]
        send(bare, statement, {"z": ZOOM, "x": x, "y": y}).fetchone()

    runs = {server.name: partial(by_server, server) for server in servers if server.tile}
    yield from _lines("a tile of works", {**runs, BARE: by_hand}, times)


def _parquet(url: str, server: Peer) -> Iterator[Line]:
    """All phases as one GeoParquet file, and as GeoPandas reads the plain table."""
    engine = db.create_engine_for(url)

    def ours(_: int) -> None:
        server.get("/api/v1/works.parquet?crs=31370")

    def by_geopandas(_: int) -> None:
        with db.read(engine) as conn:
            gpd.read_postgis("SELECT * FROM bench_serve.phases", conn)

    yield from _lines(
        "all phases as GeoParquet", {OURS: ours, "GeoPandas reads them": by_geopandas}, PARQUET_TIMES
    )
    engine.dispose()


def _lines(what: str, runs: dict[str, Any], times: int) -> Iterator[Line]:
    costs = Clock().compare_all(tuple(runs.values()), times)
    for who, cost in zip(runs, costs, strict=True):
        yield Line(what, who, cost, costs[0].wall_s / cost.wall_s)
