"""`/alerts`: the change feed, in pages or as a stream of server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import anyio.to_thread
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse

from geo_service import db
from geo_service.alerts import feed
from geo_service.alerts.feed import AlertType
from geo_service.api import filters, serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Reading, confined_to
from geo_service.api.identity import SignedIn, optional_principal
from geo_service.api.schemas import alerts as schemas
from geo_service.domain.errors import DatabaseUnreachable, FeedRestarted, InvalidInput
from geo_service.domain.rules import Department
from geo_service.store import feed_epoch, keys, partners
from geo_service.store.listing import Row

router = APIRouter(prefix="/alerts", tags=["alerts"])

POLL_S = 1.0
RECHECK_POLLS = 5  # how soon a key that is revoked, or changed, ends its streams
KEEP_ALIVE_POLLS = 15  # a comment line this often keeps proxies from closing the stream
STREAM_BATCH = 200
MOST_AREA = 8000
"""Characters of an area in an address."""

After = Annotated[
    int, Query(ge=0, le=2**62, description="`cursor` of the last alert you have; 0: all of them")
]


Epoch = Annotated[
    UUID | None,
    Query(description="`epoch` of the page that your cursor is of; 410 when it is of another feed"),
]


def wanted(
    ctx: ContextDep,
    types: Annotated[list[AlertType] | None, Query(max_length=50)] = None,
    departments: Annotated[list[Department] | None, Query(max_length=50)] = None,
    area: Annotated[
        str | None, Query(max_length=MOST_AREA, description="GeoJSON Polygon or MultiPolygon, WGS84 lon/lat")
    ] = None,
) -> feed.Wanted:
    """Which alerts: all that is named must hold."""
    ground = None if area is None else filters.area_of_text(area, "area", ctx.settings)
    return feed.Wanted(tuple(types or ()), tuple(departments or ()), area=ground)


Wanted = Annotated[feed.Wanted, Depends(wanted)]


@router.get("", response_model=schemas.AlertPage)
def list_(
    ctx: ContextDep,
    conn: Reading,
    who: SignedIn,
    chosen: Wanted,
    after: After = 0,
    epoch: Epoch = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> JSONResponse:
    """What changed, in one order without gaps. `last` is where to go on later, when `next` is null.

    After a backup was put back, a cursor that the feed does not have any more, or another `epoch`, is answered by 410 `feed_restarted`:
    read all again from `after=0`.
    """
    now = feed_epoch.current(conn)
    newest = feed.last(conn)
    if epoch is None:
        _check_cursor(ctx, after, newest)
    elif epoch != now:
        raise FeedRestarted("feed_restarted", last=newest)
    rows = feed.after(conn, after, limit + 1, party=confined_to(who), wanted=chosen)
    more = len(rows) > limit
    page = rows[:limit]
    last = page[-1]["seq"] if more else max(after, newest)
    items = [_view(row) for row in page]
    return serializers.answer({"items": items, "next": last if more else None, "last": last, "epoch": now})


def _check_cursor(ctx: Context, after: int, newest: int) -> None:
    """Raises FeedRestarted for a cursor that is ahead of the feed; a replica that is late is no reason."""
    if after > newest:
        with db.glance(ctx.write_engine) as conn:
            newest = feed.last(conn)
        if after > newest:
            raise FeedRestarted("feed_restarted", last=newest)


async def turn(ctx: ContextDep, who: SignedIn) -> AsyncIterator[None]:
    """One of the streams that there may be, as long as it lasts."""
    async with ctx.stream_limit.slot(who.id):
        yield


@router.get("/stream", response_class=StreamingResponse, dependencies=[Depends(turn)])
def stream(
    request: Request,
    ctx: ContextDep,
    who: SignedIn,
    after: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    facts: Annotated[
        bool, Query(description="also an event `facts`, without content, when facts may have changed")
    ] = False,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """The same as server-sent events, from `Last-Event-ID` or `after`; without either, from now on."""
    place = _place(last_event_id) if last_event_id is not None else after
    with db.read(ctx.stream_engine) as conn:
        newest = feed.last(conn)
    if place is None:
        place = newest
    _check_cursor(ctx, place, newest)
    events = _events(request, ctx, who, place, facts)
    return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _events(
    request: Request, ctx: Context, who: keys.Principal, place: int, facts: bool
) -> AsyncIterator[str]:
    """Until the client leaves, its key no longer means what it did, the service stops, or the database is gone: it then comes back with
    `Last-Event-ID`.
    """
    quiet = polls = 0
    try:
        ticks = await anyio.to_thread.run_sync(_clock, ctx.stream_engine, who, limiter=ctx.stream_limiter)
    except DatabaseUnreachable:
        return
    yield ": connected\n\n"
    while not (ctx.stopping.is_set() or await request.is_disconnected()):
        try:
            if (
                polls % RECHECK_POLLS == 0
                and await run_in_threadpool(optional_principal, request, ctx) != who
            ):
                return
            rows, now = await anyio.to_thread.run_sync(
                _read, ctx.stream_engine, place, confined_to(who), limiter=ctx.stream_limiter
            )
        except DatabaseUnreachable:
            return
        polls += 1
        for row in rows:
            place = row["seq"]
            body = bytes(serializers.answer(_view(row)).body).decode()
            yield f"id: {place}\nevent: {row['type']}\ndata: {body}\n\n"
        if facts and (rows if now is None else ticks != now):
            yield "event: facts\ndata: {}\n\n"
        ticks = now
        quiet = 0 if rows else quiet + 1
        if quiet and quiet % KEEP_ALIVE_POLLS == 0:
            yield ": still here\n\n"
        if len(rows) < STREAM_BATCH:
            await asyncio.sleep(POLL_S)


def _clock(engine: sa.Engine, who: keys.Principal) -> int | None:
    """The clock of the facts; none for a partner, to whom only its own alerts say that something changed."""
    if confined_to(who) is not None:
        return None
    with db.read(engine) as conn:
        return feed.clock(conn)


def _read(engine: sa.Engine, place: int, party: str | None) -> tuple[list[sa.RowMapping], int | None]:
    """The next alerts, and the clock of the facts, as `_clock`."""
    with partners.read(engine, party) as conn:
        clock = feed.clock(conn) if party is None else None
        return feed.after(conn, place, STREAM_BATCH, party=party), clock


def _place(last_event_id: str) -> int:
    if not (last_event_id.isdecimal() and len(last_event_id) < 19):
        raise InvalidInput.one("Last-Event-ID", "not_a_cursor")
    return int(last_event_id)


def _view(row: Row) -> dict[str, Any]:
    plain = ("id", "type", "at", "conflict_id", "repair_id", "departments", "data")
    return {"cursor": row["seq"], **{name: row[name] for name in plain}}
