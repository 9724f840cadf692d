"""Who asks: a machine by its API key, a person by the session of the cookie."""

from __future__ import annotations

import base64
import contextlib
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from geo_service import db
from geo_service.accounts import sessions
from geo_service.api import cross_site, route_scopes, trail
from geo_service.api.context import Context, ContextDep
from geo_service.domain import scopes
from geo_service.domain.errors import DatabaseUnreachable, NotAllowed, NotSignedIn
from geo_service.domain.permissions import can
from geo_service.store import keys

SESSION_COOKIE = "gs_session"
BACKGROUND = "x-background"
"""The header with which a page asks again by itself, every few seconds: it keeps nobody signed in. Who leaves it out only stays signed in as
before it was there; who adds it is signed out sooner.
"""
STREAM = "/alerts/stream"
"""A page opens it again by itself, and can send no header with it."""

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="key",
    description="An API key: `Bearer gs_…`, or `Basic` with the key as password",
)
session_cookie = APIKeyCookie(
    name=SESSION_COOKIE, auto_error=False, scheme_name="session", description="The session of a person"
)


def signed_in(
    request: Request,
    ctx: ContextDep,
    _bearer: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    _cookie: Annotated[str | None, Security(session_cookie)],
) -> keys.Principal:
    """Who asks: a machine by its API key, a person by the session of the cookie. A request of a person counts as activity, unless the page
    sent it by itself.

    A write that a cookie carries must come from a page of the service (see `cross_site`). Raises TooManyRequests.
    """
    by_itself = BACKGROUND in request.headers or request.url.path.endswith(STREAM)
    who = _principal(request, ctx, active=not by_itself)
    if ctx.rate_limit.note(who.id, ctx.settings.rate_per_minute):
        ctx.rate_limit.share(who.id)
    return who


SignedIn = Annotated[keys.Principal, Depends(signed_in)]


def optional_principal(request: Request, ctx: ContextDep) -> keys.Principal | None:
    """The principal of a request that needs none; None without a valid key or session. The session is not prolonged."""
    try:
        return _principal(request, ctx, active=False)
    except (NotSignedIn, NotAllowed):
        return None


WhoeverDep = Annotated[keys.Principal | None, Depends(optional_principal)]


def _principal(request: Request, ctx: Context, *, active: bool) -> keys.Principal:
    key = key_of(request.headers.get("authorization", ""))
    if key is not None:
        return _key_holder(request, ctx, key)
    token = request.cookies.get(SESSION_COOKIE)
    if token is None or "authorization" in request.headers:
        raise NotSignedIn("key_needed")
    session = sessions.find(ctx.session_engine, ctx.settings, token, active=active)
    if session is None:
        raise NotSignedIn("session_over")
    who = sessions.principal(session.user)
    trail.name_reader(request, who)
    if request.method not in cross_site.SAFE_METHODS:
        cross_site.check(request, ctx.settings.base_url)
    return who


def key_of(authorization: str) -> str | None:
    """The key of this header: `Bearer gs_…`, or the password of `Basic` (RFC 7617), which is all that QGIS 3.22 and Excel can send; None
    when it has neither.
    """
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return text.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[2]
    except ValueError:
        return None


def _key_holder(request: Request, ctx: Context, key: str) -> keys.Principal:
    holder = machine(ctx, key)
    if holder is None:
        raise NotSignedIn("key_unknown")
    trail.name_reader(request, holder)
    if not can(holder, "read"):
        raise NotAllowed("reporter_only_reports")
    need = route_scopes.need(request.method, request.scope["path"])
    if need is not None and not scopes.allow(holder.scopes, need):
        raise NotAllowed("scope_lacking", scopes=need.words())
    return holder


def machine(ctx: Context, key: str) -> keys.Principal | None:
    """Whose key this is, None when it is not in use; its use is noted, at most once a minute. Whether it was noted decides nothing."""
    with db.glance(ctx.door_engine) as conn:
        holder = keys.principal(conn, key)
    if holder is not None and holder.is_due:
        with contextlib.suppress(DatabaseUnreachable), db.glance(ctx.session_engine) as conn:
            keys.note_use(conn, holder)
    return holder
