"""The id of a request: `X-Request-Id` in and out, in each log line, in the jobs it queues and in the database session it uses."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo_service import logs

HEADER = b"x-request-id"
SCOPE_KEY = "geo_service.request_id"
SECRET_PATHS = re.compile(r"(/login/link/|/tokens/)[^/]+")
"""What stands behind these opens a door, also where no route was found."""

log = structlog.get_logger()


class RequestTrace:
    """Middleware that names each request. An id that is longer or stranger than ours is replaced, so that nobody writes into the log."""

    def __init__(self, app: ASGIApp, *, lines: bool) -> None:
        """`lines`: write a log line for each request."""
        self._app, self._lines = app, lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        proposal = dict(scope["headers"]).get(HEADER, b"").decode("latin-1")
        request_id = proposal if logs.REQUEST_ID.fullmatch(proposal) else uuid.uuid4().hex
        scope[SCOPE_KEY] = request_id  # for who answers when everything else has failed
        began, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (HEADER, request_id.encode())]}
            await send(message)

        with logs.request(request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                if self._lines:
                    log.info("request", **_facts(scope), status=status, ms=_since(began))


def path_of(scope: Scope) -> str:
    """The path as it may be logged: without its query, which may hold what somebody looks for, and without a token in it."""
    path: str = SECRET_PATHS.sub(rf"\1{logs.MASK}", scope["path"])
    for name, value in scope.get("path_params", {}).items():
        if logs.SECRET_NAMES.search(name):
            path = path.replace(str(value), logs.MASK)
    return path


def _facts(scope: Scope) -> dict[str, str]:
    route: Route | None = scope.get("route")
    facts = {"method": scope["method"], "path": path_of(scope)}
    return facts if route is None else {**facts, "route": route.path_format}


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
