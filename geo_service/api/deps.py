"""The dependencies of routes: a connection, the signed-in principal, the language, the day.

A dependency that waits for nothing is `async`, because FastAPI would run any other one in a thread and wait for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Query, Request
from fastapi.concurrency import contextmanager_in_threadpool
from fastapi.responses import Response
from sqlalchemy.dialects.postgresql import insert

from geo_service import db, i18n
from geo_service.api import serializers, trail
from geo_service.api.context import Context, ContextDep
from geo_service.api.identity import SignedIn
from geo_service.api.schemas.common import CalendarDay
from geo_service.coordination.steps import Actor
from geo_service.domain import crs as crs_codes
from geo_service.domain.errors import InvalidInput, NotAllowed, VersionRequired
from geo_service.domain.permissions import PERMISSIONS, Action, can
from geo_service.settings import today
from geo_service.store import keys, listing, locks, partners, windows
from geo_service.store.tables import idempotency_keys

API = "/api/v1"
MAX_KEY_CHARACTERS = 255
NO_PARTY = ""
"""The owner group of a partner that belongs to none: it sees nothing."""


async def reading(ctx: ContextDep, who: SignedIn) -> AsyncIterator[sa.Connection]:
    """A read-only transaction for this request, closed before its answer is sent, in which a partner sees its own rows only. A waiting request
    holds no thread.
    """
    async with (
        ctx.read_limit.slot(""),
        contextmanager_in_threadpool(partners.read(ctx.read_engine, party_of(who))) as conn,
    ):
        yield conn


def party_of(who: keys.Principal) -> str | None:
    """The owner group whose rows this reader sees in the database; None: the city, which sees every row."""
    return None if can(who, "read all owners") else who.owner_group or NO_PARTY


async def reading_openly(ctx: ContextDep) -> AsyncIterator[sa.Connection]:
    """The same for a route that needs no sign-in."""
    async with ctx.read_limit.slot(""), contextmanager_in_threadpool(db.read(ctx.read_engine)) as conn:
        yield conn


async def request_day(ctx: ContextDep) -> date:
    """Return the calendar day of this request, in the city's time zone."""
    return today(ctx.settings)


Reading = Annotated[sa.Connection, Depends(reading, scope="function")]
OpenReading = Annotated[sa.Connection, Depends(reading_openly, scope="function")]
Today = Annotated[date, Depends(request_day)]


async def translator(request: Request, ctx: ContextDep, day: Today) -> i18n.Translator:
    """The translator for the language that the client prefers, or for that of the settings."""
    return i18n.Translator(i18n.preferred(request.headers.get("accept-language"), ctx.settings.language), day)


TranslatorDep = Annotated[i18n.Translator, Depends(translator)]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A dependency that admits only the roles that may do this."""

    action: Action

    async def __call__(self, who: SignedIn) -> keys.Principal:
        """Who asks. Raises NotAllowed."""
        if not can(who, self.action):
            roles = PERMISSIONS[self.action]
            raise NotAllowed("role_may_not", role=who.role, roles=list(roles))
        return who


def require(action: Action) -> Requirement:
    """A dependency that admits only the roles that may do this."""
    return Requirement(action)


RepairReader = Annotated[keys.Principal, Depends(require("read repairs"))]


def confined_to(who: keys.Principal) -> str | None:
    """The owner group to which this reader is confined; None for the city, which sees everything."""
    if can(who, "read all owners"):
        return None
    if who.owner_group is None:
        raise NotAllowed("key_without_organisation")
    return who.owner_group


def author_of(name: str | None, who: keys.Principal, ctx: Context) -> str | None:
    """Who of the city did something, as this reader may know it: to a partner it is the city itself."""
    return name if name is None or can(who, "read all owners") else ctx.settings.city_organisation


def actor_of(who: keys.Principal) -> Actor:
    """Who asks, as coordination keeps it on record."""
    return Actor(who.id, who.name, who.role, confined_to(who))


async def exchange_crs(
    crs: Annotated[
        int,
        Query(
            description="EPSG code of geometries in and out",
            json_schema_extra={"enum": list(crs_codes.EXCHANGE)},
        ),
    ] = crs_codes.WGS84,
) -> int:
    """`?crs=`: 4326 (default), 31370 or 3812."""
    if crs not in crs_codes.EXCHANGE:
        raise InvalidInput.one(
            "crs", "crs_not_supported.codes", codes=[str(code) for code in crs_codes.EXCHANGE]
        )
    return crs


Crs = Annotated[int, Depends(exchange_crs)]


async def window(
    crs: Crs,
    bbox: Annotated[str | None, Query(description="west,south,east,north in the CRS of `crs`")] = None,
    active_on: Annotated[CalendarDay | None, Query()] = None,
    from_: Annotated[CalendarDay | None, Query(alias="from")] = None,
    to: Annotated[CalendarDay | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> listing.Window:
    """The filters of all lists. `active_on` is one day; `from`…`to` are half-open."""
    return windows.read(crs, bbox, active_on, from_, to, limit=limit, cursor=cursor)


WindowDep = Annotated[listing.Window, Depends(window)]


def expected_version(if_match: str | None) -> int:
    """The version of `If-Match`. Raises VersionRequired without it, and for `*`, because a change needs the
    version that was read.
    """
    if not if_match or if_match.strip() == "*":
        raise VersionRequired("etag_needed")
    digits = if_match.strip().removeprefix("W/").strip('"')
    return int(digits) if digits.isdecimal() and len(digits) < 10 else -1


def write_once(
    ctx: Context,
    request: Request,
    who: keys.Principal,
    body: Any,
    change: Callable[[sa.Connection], tuple[int, Any, dict[str, str]]],
    shown_once: Sequence[str] = (),
) -> Response:
    """Run `change` in one transaction under the writers' lock, and answer with its result: status, body,
    headers. The same transaction records who wrote.

    With `Idempotency-Key` the same transaction stores the answer: a repeated request gets it again, and the
    same key with another body or other parameters is refused. The secrets in it, the members `shown_once`, are
    not stored.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= MAX_KEY_CHARACTERS:
        raise InvalidInput.one("Idempotency-Key", "key_malformed", limit=MAX_KEY_CHARACTERS)
    with db.write(ctx.write_engine) as conn:
        locks.claims_writer(conn)
        if key is None:
            return _answer(*_write(conn, request, who, change))
        scope = f"{who.role} {who.owner_group} {who.id} {request.method} {request.url.path} {key}"
        question = [request.url.query, body, *request.headers.getlist("content-crs")]
        request_text = json.dumps(question, sort_keys=True, default=str)
        row = {"key": scope, "request_hash": hashlib.sha256(request_text.encode()).digest()}
        added = (
            insert(idempotency_keys).values(row).on_conflict_do_nothing().returning(idempotency_keys.c.key)
        )
        own_key = idempotency_keys.c.key == scope
        if conn.scalar(added) is None:
            record = conn.execute(sa.select(idempotency_keys).where(own_key)).one()
            if bytes(record.request_hash) != row["request_hash"]:
                raise InvalidInput.one("Idempotency-Key", "key_reused")
            first_answer = record.response
            return Response(
                first_answer["body"], record.status, first_answer["headers"], first_answer["media_type"]
            )
        status, content, headers = _write(conn, request, who, change)
        repeated = _answer(status, _without(content, shown_once), headers)
        stored = {
            "body": bytes(repeated.body).decode(),  # as text: jsonb would put its members in another order
            "headers": headers,
            "media_type": repeated.media_type,
        }
        conn.execute(
            sa.update(idempotency_keys).where(own_key).values({"status": status, "response": stored})
        )
        return _answer(status, content, headers)


def _without(content: Any, secrets: Sequence[str]) -> Any:
    """What a repeated request is answered: null for each secret, and the names of those that were shown."""
    shown = [name for name in secrets if content[name] is not None]
    return {**content, **dict.fromkeys(shown), "shown_once": shown} if secrets else content


def _write(
    conn: sa.Connection,
    request: Request,
    who: keys.Principal,
    change: Callable[[sa.Connection], tuple[int, Any, dict[str, str]]],
) -> tuple[int, Any, dict[str, str]]:
    """Make a change; return its status, content and headers. A row of the audit trail says who made it."""
    status, content, headers = change(conn)
    trail.written(conn, request, who, content, headers)
    return status, content, headers


def _answer(status: int, content: Any, headers: dict[str, str]) -> Response:
    if status == 204:
        return Response(status_code=204, headers=headers)
    return serializers.answer(content, status, headers)
