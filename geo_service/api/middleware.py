"""Middleware for every route: body size, HEAD, response headers, and unknown query parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo_service.domain.errors import InvalidInput, UnknownParameter

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class TooLarge(HTTPException):
    """The body is larger than `limit` bytes. It is an error of the framework, so that it passes through the
    framework's reading of bodies.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"the body is larger than {limit} bytes")
        self.limit = limit


class BodyLimit:
    """Refuses larger bodies as a problem, at once when their length is announced (FastAPI's own limit
    answers in plain text).
    """

    def __init__(self, app: ASGIApp, max_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        """`larger`: other limits, by path; `*` stands for one part or several."""
        self._app = app
        self._max_bytes = max_bytes
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        most = next((limit for one, limit in self._larger.items() if fnmatchcase(path, one)), self._max_bytes)
        length = next((value for name, value in scope.get("headers", ()) if name == b"content-length"), b"0")
        too_large = length.isdigit() and (len(length) > 18 or int(length) > most)
        read = 0

        async def receive_limited() -> Message:
            nonlocal read
            message = {"type": "http.request"} if too_large else await receive()
            read += len(message.get("body", b""))
            if too_large or read > most:
                raise TooLarge(most)
            return message

        await self._app(scope, receive_limited if scope["type"] == "http" else receive, send)


class HeadAsGet:
    """Answers HEAD as GET without its body (RFC 9110 §9.3.2); a stream ends after its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        started = False

        async def bodiless(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                await send(message)
                await send({"type": "http.response.body", "body": b""})

        async def until_started() -> Message:
            return {"type": "http.disconnect"} if started else await receive()

        as_get = {**scope, "method": "GET"}
        try:
            await self._app(as_get, until_started, bodiless)
        finally:
            scope["route"] = as_get.get("route")  # who counts requests asks for it


# Each page declares what it may load (viewer/static/index.html, beside the import map whose hash it names; docs.html);
# a page cannot say who may frame it. Data loads nothing.
NO_FRAMES = (b"content-security-policy", b"frame-ancestors 'none'")
OF_DATA = (b"content-security-policy", b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
SAFE = (
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    # The map shows where its reader stands; a photo comes from a file.
    (
        b"permissions-policy",
        b"geolocation=(self), camera=(), microphone=(), display-capture=(), payment=(), usb=()",
    ),
)
# It speaks for its own host: what else the city keeps below this name is not ours.
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")


class SafeHeaders:
    """Adds headers to every answer, files and redirects too: no frames, no guessed media types. A redirect
    within the service is relative, because its host would come from the request.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        """`https`: browsers come by TLS, and by nothing else from the first visit on."""
        self._app = app
        self._safe = (*SAFE, HTTPS_ONLY) if https else SAFE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = {value for name, value in scope.get("headers", ()) if name == b"host"}

        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = [(name.lower(), _path_of(name, value, hosts)) for name, value in message["headers"]]
                present = dict(sent)
                policy = OF_DATA if b"json" in present.get(b"content-type", b"") else NO_FRAMES
                added = [one for one in (policy, *self._safe) if one[0] not in present]
                message = {**message, "headers": sent + added}
            await send(message)

        await self._app(scope, receive, safe if scope["type"] == "http" else send)


def _path_of(name: bytes, value: bytes, hosts: set[bytes]) -> bytes:
    """The path of a redirect to an own address; never `//`, which would be another host."""
    if name.lower() != b"location":
        return value
    scheme, separator, rest = value.partition(b"://")
    host, slash, path = rest.partition(b"/")
    if not separator or scheme not in (b"http", b"https") or host not in hosts:
        return value
    return slash + path.lstrip(b"/") or b"/"


def allowed_methods(request: Request) -> list[str]:
    """The methods of this address, over all routes that share it. One that stands in the OpenAPI document (`/imports/proposal`) is no id
    of something else (`/imports/{id}`).
    """
    documented = request.app.openapi()["paths"].get(request.scope["path"], {})
    tried = {name: request.scope[name] for name in ("type", "path", "root_path", "headers", "query_string")}
    return [
        method
        for method, as_route in ((method, "GET" if method == "HEAD" else method) for method in METHODS)
        if (not documented or as_route.lower() in documented)
        and any(
            route.matches({**tried, "app": request.app, "method": as_route})[0] is Match.FULL
            for route in request.app.router.routes
        )
    ]


async def check_query(request: Request) -> None:
    """Refuse query parameters that the route does not know, repeated ones that are no lists, and NUL.

    Belgif REST guide: an unknown parameter is an error, because an ignored filter returns the wrong data.
    """
    fields = {field.alias: field for field in _query_fields(request.scope["route"].dependant)}
    names = sorted(fields)
    parameters = request.query_params
    for name in parameters:
        excerpt = name[:60]
        if name not in names:
            reason = "unknown_parameter.known" if names else "unknown_parameter"
            raise UnknownParameter.one(excerpt, reason, known=names)
        values = parameters.getlist(name)
        if len(values) > 1 and not _takes_several(fields[name].field_info.annotation):
            raise UnknownParameter.one(excerpt, "repeated_parameter")
        if any("\x00" in value for value in values):
            raise InvalidInput.one(excerpt, "not_storable.nul")


def _takes_several(annotation: object) -> bool:
    """Whether a parameter of this type may be repeated: a list, or a list or nothing."""
    return get_origin(annotation) in (list, tuple, set, Sequence) or any(
        map(_takes_several, get_args(annotation))
    )


def _query_fields(dependant: Dependant) -> Iterator[Any]:
    yield from dependant.query_params
    for needed in dependant.dependencies:
        yield from _query_fields(needed)
