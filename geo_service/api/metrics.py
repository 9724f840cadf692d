"""`/metrics`: the figures of this process and of the database, as Prometheus reads them."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.pool import QueuePool
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo_service import db
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import API
from geo_service.api.identity import WhoeverDep
from geo_service.domain.errors import DatabaseUnreachable, NotSignedIn
from geo_service.domain.permissions import can
from geo_service.settings import today

router = APIRouter(tags=["health"])

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
NO_ROUTE = "other"
"""The label of addresses that no route knows: whoever makes them up does not make a series each."""
# name in store/metrics.sql: what it is, and what its label says
FIGURES = {
    "conflicts": ("Conflicts by status", "status"),
    "queue_jobs": ("Jobs that could begin and wait", "queue"),
    "queue_age_seconds": ("How long the oldest of these waits (s)", "queue"),
    "queue_failed_jobs": ("Jobs that were given up", "queue"),
    "feed_age_seconds": ("How long ago a source came in (s)", "source"),
    "days_behind": ("Days that conflicts and advice are behind the calendar", None),
    "self_check_differences": (
        "Rows that the last self-check found otherwise than a full run has them",
        None,
    ),
    "worker_up": ("1 while a worker gives signs of life", None),
    "feed_position": ("Number of the newest alert", None),
}


class RequestMetrics:
    """Middleware that counts and times requests by method and route, and keeps what `/metrics` shows."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ("method", "route")
        self._requests = Counter(
            "geo_service_http_requests", "Requests by answer", (*labels, "status"), registry=registry
        )
        self._seconds = Histogram(
            "geo_service_http_seconds",
            "Until the answer is sent (s)",
            labels,
            buckets=SECONDS,
            registry=registry,
        )
        self._open = Gauge("geo_service_http_open", "Requests under way, streams included", registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began, status = time.perf_counter(), 500

        async def look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._open.inc()
        try:
            await self._app(scope, receive, look)
        finally:
            self._open.dec()
            route = _route(scope)
            method = scope["method"] if route != NO_ROUTE else ""
            self._requests.labels(method, route, status).inc()
            self._seconds.labels(method, route).observe(time.perf_counter() - began)


def _route(scope: Scope) -> str:
    """The path with names for what varies in it. Routes of the API do not know the prefix that they were included with."""
    route: Route | None = scope.get("route")
    prefix = API if scope["path"].startswith(f"{API}/") else ""
    return NO_ROUTE if route is None else prefix + route.path_format


class DatabaseMetrics:
    """Collector of what the database knows, asked at each scrape, and of the connections of this process."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def collect(self) -> Iterator[Metric]:
        """The figures; when the database does not answer, only that it does not."""
        up = GaugeMetricFamily("geo_service_database_up", "Whether the database answers")
        try:
            rows = self._rows()
        except DatabaseUnreachable:
            rows = []
            up.add_metric([], 0)
        else:
            up.add_metric([], 1)
        yield up
        for name, (text, label) in FIGURES.items():
            family = GaugeMetricFamily(f"geo_service_{name}", text, labels=[label] if label else [])
            for row in rows:
                if row["metric"] == name:
                    family.add_metric([row["label"]] if label else [], row["value"])
            yield family
        yield self._connections()
        yield from self._replica()

    def _rows(self) -> list[dict[str, Any]]:
        with db.read(self._context.door_engine) as conn:
            return db.fetch(conn, "geo_service.store", "metrics", today=today(self._context.settings))

    def _replica(self) -> Iterator[Metric]:
        lag = GaugeMetricFamily("geo_service_replica_lag_seconds", "How old the data of the replica are (s)")
        in_use = GaugeMetricFamily("geo_service_replica_current", "Whether the replica answers reads")
        if self._context.replica is not None:
            look = self._context.replica.report()
            in_use.add_metric([], float(look.state == "current"))
            if look.lag_s is not None:
                lag.add_metric([], look.lag_s)
        yield lag
        yield in_use

    def _connections(self) -> Metric:
        family = GaugeMetricFamily("geo_service_connections", "Database connections in use", labels=["pool"])
        for name, engine in self._context.engines.items():
            if isinstance(engine.pool, QueuePool):
                family.add_metric([name], engine.pool.checkedout())
        return family


def mount(app: FastAPI, context: Context) -> None:
    """Measure every request of `app`, and serve what was measured."""
    registry = CollectorRegistry()
    registry.register(DatabaseMetrics(context))
    ProcessCollector(registry=registry)  # memory, CPU and open files of this process
    app.state.metrics = registry
    app.add_middleware(RequestMetrics, registry=registry)
    app.include_router(router)


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request, ctx: ContextDep, who: WhoeverDep) -> Response:
    """Everything that is measured. For programs on the same machine, and for whoever may read."""
    if not (_same_machine(request) or (who is not None and can(who, "read all owners"))):
        raise NotSignedIn("key_needed")
    return Response(generate_latest(request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)


def _same_machine(request: Request) -> bool:
    """Whether it was asked over loopback, and not by a proxy for somebody else."""
    if request.client is None or {"forwarded", "x-forwarded-for"} & set(request.headers):
        return False
    return ipaddress.ip_address(request.client.host).is_loopback
