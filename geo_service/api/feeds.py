"""`/feeds`: private addresses of a calendar and an Atom feed, for programs that cannot sign in; and what stands at them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import contextmanager_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints

from geo_service import db, i18n
from geo_service.alerts import atom, calendar, feed
from geo_service.api import filters, serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import Today, confined_to, require, write_once
from geo_service.api.schemas import answers
from geo_service.api.schemas import feeds as schemas
from geo_service.api.schemas.common import Body, GeoJson, Label
from geo_service.domain.errors import NotFound
from geo_service.domain.rules import Department
from geo_service.store import feed_links, keys, partners

router = APIRouter(prefix="/feeds", tags=["alerts"])
public = APIRouter(prefix="/feeds", include_in_schema=False)
Maker = Annotated[keys.Principal, Depends(require("make feed links"))]
Token = Annotated[str, Query(max_length=100)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]

MOST_ENTRIES = 100
SHOWN_ONCE = ("token", "works_url", "alerts_url")
PRIVATE = {
    "Cache-Control": "private, max-age=300",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class FeedFilter(Body):
    """What is named must all hold; what is left out lets everything pass."""

    departments: Annotated[list[Department] | None, Field(min_length=1, max_length=50)] = None
    owners: Annotated[list[Code] | None, Field(min_length=1, max_length=100, description="owner groups")] = (
        None
    )
    area: Annotated[GeoJson | None, Field(description="GeoJSON Polygon or MultiPolygon, WGS84 lon/lat")] = (
        None
    )


class FeedLinkIn(Body):
    """A new private address."""

    name: Label = Field(description="as people call it; the calendar's name")
    filter: FeedFilter = FeedFilter()


@router.post("", status_code=201, response_model=schemas.NewFeedLink)
def create(body: FeedLinkIn, request: Request, ctx: ContextDep, who: Maker) -> Response:
    """Make private addresses: who knows them reads what you may see, until you end them. They are shown in this answer only."""
    confined_to(who)  # a partner's key without an owner group sees nothing, and gives nothing away
    if body.filter.area is not None:
        filters.area(body.filter.area, "filter.area", ctx.settings)

    def change(conn: sa.Connection) -> tuple[int, dict[str, Any], dict[str, str]]:
        row, token = feed_links.create(conn, who, body.name, body.filter.model_dump(exclude_none=True))
        urls = {
            "works_url": f"{ctx.settings.base_url}/feeds/works.ics?token={token}",
            "alerts_url": f"{ctx.settings.base_url}/feeds/alerts.atom?token={token}",
        }
        headers = {"Cache-Control": "no-store", "Location": f"/api/v1/feeds/{row['id']}"}
        return 201, {**row, **urls, "token": token}, headers

    return write_once(ctx, request, who, body.model_dump(mode="json"), change, SHOWN_ONCE)


@router.get("", response_model=answers.Page[schemas.FeedLink])
def list_(ctx: ContextDep, who: Maker) -> JSONResponse:
    """One's own private addresses in use, without the addresses themselves."""
    with db.glance(ctx.session_engine) as conn:
        rows = feed_links.of_maker(conn, who)
    return serializers.answer({"items": [dict(row) for row in rows], "next": None, "total": len(rows)})


@router.delete("/{link_id}", status_code=204)
def revoke(link_id: UUID, request: Request, ctx: ContextDep, who: Maker) -> Response:
    """End a private address."""

    def change(conn: sa.Connection) -> tuple[int, None, dict[str, str]]:
        feed_links.revoke(conn, who, link_id)
        return 204, None, {}

    return write_once(ctx, request, who, None, change)


def reader(ctx: ContextDep, token: Token = "") -> feed_links.Reader:  # nosec B107 # empty until somebody enters it
    """Whose address it is, as the database itself has it now. Raises NotFound: one that was ended looks as one that never was."""
    with db.glance(ctx.session_engine) as conn:
        link = feed_links.reader(conn, token.replace("\x00", "")) if token else None
    if link is None:
        raise NotFound("nothing_here")
    return link


Reader = Annotated[feed_links.Reader, Depends(reader)]


async def reading(ctx: ContextDep, whose: Reader) -> AsyncIterator[sa.Connection]:
    """A read-only transaction in which a partner's address shows its own rows only."""
    confined = partners.read(ctx.read_engine, whose.party)
    async with ctx.read_limit.slot(""), contextmanager_in_threadpool(confined) as conn:
        yield conn


Reading = Annotated[sa.Connection, Depends(reading, scope="function")]


@public.get("/works.ics")
def works(request: Request, ctx: ContextDep, whose: Reader, conn: Reading, day: Today) -> Response:
    """Works, holds and agreements as iCalendar."""
    translator = _translator(ctx, whose, day)
    config = ctx.settings
    body = calendar.works_calendar(conn, whose, translator, config.base_url, config.timezone)
    headers = {"Content-Disposition": 'inline; filename="works.ics"'}
    return _answer(request, body, "text/calendar; charset=utf-8", headers)


@public.get("/alerts.atom")
def alerts(request: Request, ctx: ContextDep, whose: Reader, conn: Reading, day: Today) -> Response:
    """The newest alerts as Atom with GeoRSS."""
    chosen = whose.filter
    only = feed.AlertFilter(
        departments=tuple(chosen.get("departments", ())),
        owners=tuple(chosen.get("owners", ())),
        area=filters.area(chosen["area"], "area", ctx.settings) if "area" in chosen else None,
    )
    rows = feed.newest(conn, MOST_ENTRIES, party=whose.party, only=only)
    config = ctx.settings
    body = atom.alerts_feed(rows, whose, _translator(ctx, whose, day), config.base_url, config.city_name)
    return _answer(request, body, "application/atom+xml; charset=utf-8")


def _translator(ctx: ContextDep, whose: feed_links.Reader, day: Today) -> i18n.Translator:
    language = next((one for one in i18n.LANGUAGES if one == whose.language), ctx.settings.language)
    return i18n.Translator(language, day)


def _answer(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The body, or 304 when the reader has it: calendar programs ask every quarter of an hour."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    all_headers = {**PRIVATE, **(headers or {}), "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=all_headers)
    return Response(body, media_type=media_type, headers=all_headers)
