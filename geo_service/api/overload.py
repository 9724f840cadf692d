"""A process that has too much to do says so at once: an answer that comes after a minute is asked for again by then, and makes it worse."""

from __future__ import annotations

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo_service.api.errors import RETRY, problem

UNCOUNTED = ("/health/", "/metrics", "/api/v1/alerts")
"""What says how it is, and who listens to the feed: they wait by design, and have a limit of their own."""


class Overload:
    """Middleware that refuses requests beyond `most` under way (503, `Retry-After`). A request is under way once all of it is there: who sends
    a body byte by byte keeps nobody out.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most, self._under_way = app, most, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNCOUNTED):
            return await self._app(scope, receive, send)
        if self._under_way >= self._most:
            return await problem(Request(scope), 503, "busy", headers=RETRY)(scope, receive, send)
        counted = False

        def count() -> None:
            nonlocal counted
            if not counted:
                counted, self._under_way = True, self._under_way + 1

        async def next_part() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                count()
            return message

        if not _has_body(scope):
            count()
        try:
            await self._app(scope, next_part, send)
        finally:
            self._under_way -= counted


def _has_body(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"
