"""Rows of the audit trail that requests leave: who wrote, and who was refused."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from fastapi import Request
from sqlalchemy.exc import DBAPIError

from geo_service import db
from geo_service.api import tracing
from geo_service.domain.errors import DatabaseUnreachable, NotAllowed
from geo_service.domain.messages import code_of
from geo_service.store import audit, keys

THING_PATH = re.compile(r"/(?:api/v1|ogc/collections)/([\w-]+)(?:/items)?(?:/([^/]+))?")
KINDS = {
    "repairs": "repair",
    "conflicts": "conflict",
    "cases": "case",
    "requests": "request",
    "rules": "rule",
    "parameters": "parameter",
    "subscriptions": "subscription",
    "feeds": "feed",
}
"""How the audit trail names one of a collection; others by the name of the collection."""
MOST_OF_A_PATH = 200
"""The longest path in a row of a refusal (characters): whoever is refused chose it."""


def written(
    conn: sa.Connection, request: Request, who: keys.Principal, content: Any, headers: Mapping[str, str]
) -> None:
    """Add that `who` wrote, in the transaction of the write; `content` and `headers` are of the answer."""
    own = content.get("id") if isinstance(content, dict) else headers.get("Location", "").rpartition("/")[2]
    audit.record(conn, who.actor, "record_written", _thing(request.url.path, own), **_facts(request))


def name_reader(request: Request, who: keys.Principal) -> None:
    """Keep who asks with the request, so that a refusal can name it."""
    request.state.principal = who


def refused(request: Request, error: NotAllowed) -> None:
    """Add that whoever asks was refused, and why, in a transaction of its own: that of the request is gone.

    Who is not named yet (no key, no session) leaves no row. A database that does not answer changes nothing about the refusal.
    """
    who: keys.Principal | None = getattr(request.state, "principal", None)
    if who is None:
        return
    reason = code_of(error.reason or error.code)
    engine = request.app.state.context.session_engine
    with contextlib.suppress(DatabaseUnreachable, DBAPIError), db.write(engine) as conn:
        thing = _thing(request.url.path, None)
        audit.refuse(conn, who.actor, thing, reason=reason, role=who.role, **_facts(request))


def _facts(request: Request) -> dict[str, Any]:
    return {"method": request.method, "path": tracing.path_of(request.scope)[:MOST_OF_A_PATH]}


def _thing(path: str, own: Any) -> str:
    """What a request is about, as the audit trail names it: `repair:<id>`; `own` is the id of what is new."""
    match = THING_PATH.match(path)
    kind, thing_id = match.groups() if match else (path, None)
    return f"{KINDS.get(kind, kind)}:{thing_id or own or 'all'}"[:MOST_OF_A_PATH]
