"""A busy morning on a service that runs: people who click, reports that come in, and listeners; how long each route takes, and what is refused."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from geo_service.bench.alerting import percentile
from geo_service.bench.measure import MeasurementFailed
from geo_service.domain.permissions import may
from geo_service.domain.roles import Role
from geo_service.ogc.tile_documents import tile_at

HEADER = ("Route", "Requests", "p50", "p95", "p99", "Told to come back", "Errors")
REFUSED = (429, 503)
THINK_S = (0.5, 3.0)
TIMEOUT_S = 60
ZOOM = 15
MEMORY = re.compile(r"^process_resident_memory_bytes (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Morning:
    """How busy it is: people who click, reports a second, open streams, and for how long (s)."""

    people: int
    writes_per_s: float
    listeners: int
    seconds: float


@dataclass(slots=True)
class Route:
    """What became of the requests of one route."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    errors: int = 0

    def cells(self, name: str) -> tuple[str, ...]:
        """One row: the times are of answers that were given."""
        times = [
            f"{percentile(self.seconds, share) * 1000:.0f} ms" if self.seconds else ""
            for share in (0.5, 0.95, 0.99)
        ]
        count = len(self.seconds) + self.refused + self.errors
        return (name, f"{count:,}", *times, str(self.refused), str(self.errors))


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured: by route, the resident memory of the API before and after (bytes), and events that listeners heard."""

    routes: Mapping[str, Route]
    memory_before: float
    memory_after: float
    events: int

    def rows(self) -> Iterator[tuple[str, ...]]:
        """A row for each route, the busiest first, and one for all."""
        for name, route in sorted(self.routes.items(), key=lambda one: -len(one[1].seconds)):
            yield route.cells(name)
        every = Route(
            [one for route in self.routes.values() for one in route.seconds],
            sum(route.refused for route in self.routes.values()),
            sum(route.errors for route in self.routes.values()),
        )
        yield every.cells("all")


def measure(url: str, keys: Path, morning: Morning) -> Load:
    """Load the service at `url` with the keys that `make demo` writes. Raises MeasurementFailed when it does not answer."""
    roles: dict[Role, str] = json.loads(keys.read_text(encoding="utf-8"))
    return asyncio.run(_Crowd(url, roles, morning).run())


class _Crowd:
    def __init__(self, url: str, roles: Mapping[Role, str], morning: Morning) -> None:
        self._url, self._morning = url, morning
        self._keys = {role: {"Authorization": f"Bearer {key}"} for role, key in roles.items()}
        self._routes: dict[str, Route] = defaultdict(Route)
        self._chance = random.Random(0)  # nosec B311 # chance, never a secret
        self._ends = 0.0
        self._events = 0

    async def run(self) -> Load:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=self._morning.people + 50)
        async with httpx.AsyncClient(base_url=self._url, timeout=TIMEOUT_S, limits=limits) as http:
            try:
                status = (await http.get("/api/v1/status")).raise_for_status().json()
            except httpx.HTTPError as error:
                raise MeasurementFailed(f"{self._url} does not answer: {error}") from error
            self._west, self._south, self._east, self._north = status["bounds"]
            before = await self._memory(http)
            self._ends = time.monotonic() + self._morning.seconds
            people = [self._click(http) for _ in range(self._morning.people)]
            listeners = [asyncio.create_task(self._listen(http)) for _ in range(self._morning.listeners)]
            await asyncio.gather(self._report(http), *people)
            for one in listeners:
                one.cancel()
            await asyncio.gather(*listeners, return_exceptions=True)
            return Load(self._routes, before, await self._memory(http), self._events)

    async def _memory(self, http: httpx.AsyncClient) -> float:
        figure = MEMORY.search((await http.get("/metrics", headers=self._keys["viewer"])).text)
        return float(figure[1]) if figure else 0.0

    async def _click(self, http: httpx.AsyncClient) -> None:
        """One person: look at the map, lists and places, think, go on."""
        await asyncio.sleep(self._chance.uniform(0, THINK_S[1]))
        ways: list[tuple[int, Callable[[httpx.AsyncClient], Awaitable[None]]]] = [
            (6, self._look_at_tiles), (2, self._check_place), (1, self._read_list("/api/v1/conflicts")), (1, self._read_list("/api/v1/repairs")),
            (1, self._read_list("/api/v1/cases")), (1, self._read_list("/api/v1/stats/overview")), (2, self._read_list("/api/v1/alerts")),
        ]  # fmt: skip
        weights, actions = zip(*ways, strict=True)
        while time.monotonic() < self._ends:
            await self._chance.choices(actions, weights)[0](http)
            await asyncio.sleep(self._chance.uniform(*THINK_S))

    async def _look_at_tiles(self, http: httpx.AsyncClient) -> None:
        """The tiles of one view of the map, at once."""
        x, y = tile_at(*self._lonlat(), ZOOM)
        paths = (
            f"/ogc/tiles/WebMercatorQuad/{ZOOM}/{x + right}/{y + down}.mvt"
            for right in range(3)
            for down in range(2)
        )
        headers = self._keys["viewer"]
        await asyncio.gather(*(self._ask("GET tile", http.get(path, headers=headers)) for path in paths))

    def _read_list(self, path: str) -> Callable[[httpx.AsyncClient], Awaitable[None]]:
        async def read(http: httpx.AsyncClient) -> None:
            await self._ask(f"GET {path}", http.get(path, headers=self._keys["coordinator"]))

        return read

    async def _check_place(self, http: httpx.AsyncClient) -> None:
        body = {"geometry": self._place(), "scope": "section"}
        await self._ask(
            "POST /api/v1/advice", http.post("/api/v1/advice", json=body, headers=self._keys["workshop"])
        )

    async def _report(self, http: httpx.AsyncClient) -> None:
        """Reports at their rate, whether or not those before are stored."""
        pending: set[asyncio.Task[None]] = set()
        while self._morning.writes_per_s and time.monotonic() < self._ends:
            body = {
                "geometry": self._place(),
                "category": "pothole",
                "scope": "spot",
                "description": "bench load",
            }
            sent = http.post("/api/v1/repairs", json=body, headers=self._keys["workshop"])
            task = asyncio.create_task(self._ask("POST /api/v1/repairs", sent))
            pending.add(task)
            task.add_done_callback(pending.discard)
            await asyncio.sleep(1 / self._morning.writes_per_s)
        await asyncio.gather(*pending)

    async def _listen(self, http: httpx.AsyncClient) -> None:
        """One open stream; it is opened again when the service ends it."""
        roles = [role for role in self._keys if may(role, "read all owners")]
        while True:
            with suppress(httpx.HTTPError):
                async with http.stream(
                    "GET",
                    "/api/v1/alerts/stream",
                    headers=self._keys[self._chance.choice(roles)],
                    timeout=None,
                ) as stream:
                    async for line in stream.aiter_lines():
                        self._events += line.startswith("id:")
            await asyncio.sleep(1)

    async def _ask(self, name: str, request: Awaitable[httpx.Response]) -> None:
        route, began = self._routes[name], time.monotonic()
        try:
            answer = await request
        except httpx.HTTPError:
            route.errors += 1
            return
        if answer.status_code in REFUSED and "retry-after" in answer.headers:
            route.refused += 1
        elif answer.is_server_error or answer.status_code == 401:
            route.errors += 1
        else:
            route.seconds.append(time.monotonic() - began)

    def _place(self) -> dict[str, object]:
        return {"type": "Point", "coordinates": self._lonlat()}

    def _lonlat(self) -> tuple[float, float]:
        return self._chance.uniform(self._west, self._east), self._chance.uniform(self._south, self._north)
