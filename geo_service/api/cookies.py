"""The cookies of a request: only those of the service reach it, as it gives them out."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from geo_service.api.identity import SESSION_COOKIE
from geo_service.api.sign_in import FLOW_COOKIE, STEP_COOKIE

_OWN = re.compile(rf"(?:{SESSION_COOKIE}|{FLOW_COOKIE}|{STEP_COOKIE})=[\w-]{{1,200}}".encode())


class OwnCookies:
    """Leaves out other cookies, and values that the service never gives out: http.cookies of Python before 3.11.10 reads a value in quotes
    in the square of its length, eleven seconds for 60 kB (CVE-2024-7592).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
            sent = (
                pair for name, value in scope["headers"] if name == b"cookie" for pair in value.split(b";")
            )
            own = [pair for pair in map(bytes.strip, sent) if _OWN.fullmatch(pair)]
            # in place: figures and log lines read the route that is found further in
            scope["headers"] = [*headers, (b"cookie", b"; ".join(own))] if own else headers
        await self._app(scope, receive, send)
