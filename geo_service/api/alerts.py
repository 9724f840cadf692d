"""`/alerts`: the change feed, in pages or as a stream of server-sent events."""

from __future__ import annotations

import importlib.resources
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import anyio.to_thread
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse

from geo_service import db
from geo_service.alerts import feed
from geo_service.alerts.feed import AlertType
from geo_service.api import filters, serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Reading, confined_to
from geo_service.api.feed_hub import Entry, Mark
from geo_service.api.identity import SignedIn, optional_principal
from geo_service.api.schemas import alerts as schemas
from geo_service.domain.errors import DatabaseUnreachable, FeedRestarted, InvalidInput
from geo_service.domain.rules import Department
from geo_service.store import feed_epoch, keys, partners
from geo_service.store.listing import Row

router = APIRouter(prefix="/alerts", tags=["alerts"])
documents = APIRouter(include_in_schema=False)

STOP_CHECK_S = 1.0
RECHECK_S = 5.0  # how soon a key that is revoked, or changed, ends its streams
KEEP_ALIVE_S = 15.0  # a comment line this often keeps proxies from closing the stream
STREAM_BATCH = 200
LONGEST_WAIT_S = 30
AS_IT_COMES = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Of a stream: nginx keeps back what it passes on, unless it is asked not to."""
MOST_AREA = 8000
"""Characters of an area in an address."""

ASYNCAPI = importlib.resources.files("geo_service.alerts").joinpath("asyncapi.yaml")
After = Annotated[
    int, Query(ge=0, le=2**62, description="`cursor` of the last alert you have; 0: all of them")
]


Epoch = Annotated[
    UUID | None,
    Query(description="`epoch` of the page that your cursor is of; 410 when it is of another feed"),
]


def read_filter(
    ctx: ContextDep,
    types: Annotated[list[AlertType] | None, Query(max_length=50)] = None,
    departments: Annotated[list[Department] | None, Query(max_length=50)] = None,
    area: Annotated[
        str | None, Query(max_length=MOST_AREA, description="GeoJSON Polygon or MultiPolygon, WGS84 lon/lat")
    ] = None,
) -> feed.AlertFilter:
    """Which alerts: all that is named must hold."""
    ground = None if area is None else filters.area_of_text(area, "area", ctx.settings)
    return feed.AlertFilter(tuple(types or ()), tuple(departments or ()), area=ground)


AlertFilterDep = Annotated[feed.AlertFilter, Depends(read_filter)]


async def turn(ctx: ContextDep, who: SignedIn) -> AsyncIterator[None]:
    """One of the streams that there may be, as long as it lasts."""
    async with ctx.stream_limit.slot(who.id):
        yield


async def patience(
    ctx: ContextDep,
    who: SignedIn,
    after: After = 0,
    wait: Annotated[
        int, Query(ge=0, le=LONGEST_WAIT_S, description="hold the answer until something comes, so long (s)")
    ] = 0,
) -> None:
    """Wait until the feed has more than `after`. Nothing of the database is held meanwhile."""
    if wait == 0:
        return
    ends = time.monotonic() + wait
    async with ctx.stream_limit.slot(who.id), ctx.feed_hub.listening() as mark:
        while mark.newest == after and not ctx.stopping.is_set():
            left = ends - time.monotonic()
            if left <= 0:
                return
            mark = await ctx.feed_hub.change(mark, min(left, STOP_CHECK_S))


@router.get("", response_model=schemas.AlertPage, dependencies=[Depends(patience)])
def list_(
    ctx: ContextDep,
    conn: Reading,
    who: SignedIn,
    chosen: AlertFilterDep,
    after: After = 0,
    epoch: Epoch = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> JSONResponse:
    """What changed, in one order without gaps. `last` is where to go on later, when `next` is null. With `wait` the answer comes when
    there is something new, of whatever kind, or when the time is over.

    After a backup was put back, a cursor that the feed does not have any more, or another `epoch`, is answered by 410 `feed_restarted`:
    read all again from `after=0`.
    """
    now = feed_epoch.current(conn)
    newest = feed.last(conn)
    if epoch is None:
        _check_cursor(ctx, after, newest)
    elif epoch != now:
        raise FeedRestarted("feed_restarted", last=newest)
    rows = feed.after(conn, after, limit + 1, party=confined_to(who), only=chosen)
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


@router.get("/stream", response_class=StreamingResponse, dependencies=[Depends(turn)])
def stream(
    request: Request,
    ctx: ContextDep,
    who: SignedIn,
    chosen: AlertFilterDep,
    after: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    epoch: Epoch = None,
    facts: Annotated[
        bool, Query(description="also an event `facts`, without content, when facts may have changed")
    ] = False,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """The same as server-sent events, from `Last-Event-ID` or `after`; without either, from now on. With the `epoch` of the feed it is refused
    (410) once the feed has begun anew, when it is opened again too.
    """
    place = _place(last_event_id) if last_event_id is not None else after
    with db.read(ctx.stream_engine) as conn:
        newest, now = feed.last(conn), feed_epoch.current(conn)
    if epoch not in (None, now):
        raise FeedRestarted("feed_restarted", last=newest)
    if place is None:
        place = newest
    _check_cursor(ctx, place, newest)
    listener = Listener(confined_to(who), chosen, facts, place)
    events = _events(request, ctx, who, listener)
    return StreamingResponse(events, media_type="text/event-stream", headers=AS_IT_COMES)


@dataclass(slots=True)
class Listener:
    """What one stream wants, and the place up to which it was told."""

    party: str | None
    only: feed.AlertFilter
    facts: bool
    place: int

    def passes(self, entry: Entry) -> bool:
        """Whether an alert is for who sees every owner and asks for types and departments only."""
        types, departments = self.only.types, self.only.departments
        return (not types or entry.type in types) and (
            not departments or not entry.departments.isdisjoint(departments)
        )


async def _events(
    request: Request, ctx: Context, who: keys.Principal, listener: Listener
) -> AsyncIterator[str]:
    """Until the client leaves, its key no longer means what it did, the service stops, or the database is gone: it then comes back with
    `Last-Event-ID`.
    """
    checked = last_sent = time.monotonic()
    try:
        async with ctx.feed_hub.listening() as mark:
            yield ": connected\n\n"
            ticks = mark.ticks
            while not (ctx.stopping.is_set() or await request.is_disconnected()):
                now = time.monotonic()
                if now - checked >= RECHECK_S:
                    checked = now
                    if await run_in_threadpool(optional_principal, request, ctx) != who:
                        return
                texts, more = await _news(ctx, listener, mark)
                if listener.facts and (texts if listener.party is not None else ticks != mark.ticks):
                    texts.append("event: facts\ndata: {}\n\n")
                ticks = mark.ticks
                if not texts and now - last_sent >= KEEP_ALIVE_S:
                    texts.append(": still here\n\n")
                if texts:
                    last_sent = now
                    yield "".join(texts)
                if not more:
                    mark = await ctx.feed_hub.change(mark, STOP_CHECK_S)
    except DatabaseUnreachable:
        return


async def _news(ctx: Context, listener: Listener, mark: Mark) -> tuple[list[str], bool]:
    """The events of the alerts up to `mark` that the listener was not told, and whether there are more. What is at hand costs no query."""
    if listener.place >= mark.newest:
        return [], False
    plain = listener.party is None and listener.only.area is None
    entries = ctx.feed_hub.entries(listener.place) if plain else None
    if entries is not None:
        listener.place = max(mark.newest, entries[-1].seq if entries else 0)
        return [one.text for one in entries if listener.passes(one)], False
    rows = await anyio.to_thread.run_sync(_read, ctx.stream_engine, listener, limiter=ctx.stream_limiter)
    more = len(rows) == STREAM_BATCH
    listener.place = rows[-1]["seq"] if more else max([mark.newest, *(row["seq"] for row in rows)])
    return [event_text(row) for row in rows], more


def _read(engine: sa.Engine, listener: Listener) -> list[sa.RowMapping]:
    """The next alerts, as the listener may see them."""
    with partners.read(engine, listener.party) as conn:
        return feed.after(conn, listener.place, STREAM_BATCH, party=listener.party, only=listener.only)


def event_text(row: Row) -> str:
    """An alert as a server-sent event."""
    body = bytes(serializers.answer(_view(row)).body).decode()
    return f"id: {row['seq']}\nevent: {row['type']}\ndata: {body}\n\n"


@documents.get("/asyncapi.yaml")
def read_asyncapi() -> Response:
    """Every type of event with its schema. It tells nothing of a city, and needs no key, as the OpenAPI document."""
    return Response(
        ASYNCAPI.read_bytes(), media_type="application/yaml", headers={"Cache-Control": "no-cache"}
    )


def _place(last_event_id: str) -> int:
    if not (last_event_id.isdecimal() and len(last_event_id) < 19):
        raise InvalidInput.one("Last-Event-ID", "not_a_cursor")
    return int(last_event_id)


def _view(row: Row) -> dict[str, Any]:
    plain = ("id", "type", "at", "conflict_id", "repair_id", "departments", "data")
    return {"cursor": row["seq"], **{name: row[name] for name in plain}}
