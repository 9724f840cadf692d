"""`/ldes`: event streams of conflicts, works and repairs for other systems, as JSON-LD or Turtle."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Request, Response

from geo_service import i18n
from geo_service.alerts.ldes import concepts, pages, stream, turtle
from geo_service.alerts.ldes.members import Node, Stream
from geo_service.api.context import ContextDep
from geo_service.api.deps import Reading, require
from geo_service.api.identity import SignedIn
from geo_service.domain.errors import FeedRestarted, NotFound
from geo_service.store import feed_epoch, keys

router = APIRouter(prefix="/ldes", tags=["alerts"], include_in_schema=False)
Reader = Annotated[keys.Principal, Depends(require("read all owners"))]
"""Everybody who sees every owner reads the same bytes; a partner has its feed."""

FOR_GOOD = "private, max-age=31536000, immutable"
FOR_NOW = "private, max-age=60"
"""As often as the worker publishes."""


@router.get("/concepts")
def read_concepts(request: Request, ctx: ContextDep, _: SignedIn) -> Response:
    """The codes of the streams, in words."""
    return _answer(request, concepts.document(ctx.settings.base_url, i18n.LANGUAGES), FOR_NOW)


@router.get("/{stream_name}")
def read_stream(stream_name: Stream, request: Request, ctx: ContextDep, conn: Reading, _: Reader) -> Response:
    """What the stream is, and where it begins."""
    return _answer(request, pages.description(_address(ctx, conn, stream_name)), FOR_NOW)


@router.get("/{stream_name}/{epoch}/{page_number}")
def read_page(
    stream_name: Stream,
    epoch: UUID,
    page_number: Annotated[int, Path(ge=1, le=2**40)],
    request: Request,
    ctx: ContextDep,
    conn: Reading,
    _: Reader,
) -> Response:
    """One page. A full one never changes. Raises NotFound for a page that is not there yet, FeedRestarted for one of before a backup was
    put back.
    """
    address = _address(ctx, conn, stream_name)
    before = (page_number - 1) * pages.PAGE_MEMBERS
    newest = stream.last(conn, stream_name)
    if epoch != address.epoch:
        raise FeedRestarted("stream_restarted", address=address.root)
    if before > newest:
        raise NotFound("nothing_here")
    rows = stream.slice_of(conn, stream_name, before, pages.PAGE_MEMBERS)
    lasting = FOR_GOOD if len(rows) == pages.PAGE_MEMBERS else FOR_NOW
    return _answer(request, pages.page(address, page_number, rows), lasting)


def _address(ctx: ContextDep, conn: sa.Connection, name: Stream) -> pages.Address:
    return pages.Address(ctx.settings.base_url, name, feed_epoch.current(conn))


def _answer(request: Request, document: Node, lasting: str) -> Response:
    """The document in the form that its reader prefers, or 304 when it has it."""
    as_turtle = _prefers_turtle(request.headers.get("accept", ""))
    content = turtle.encode(document) if as_turtle else pages.encode(document)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": lasting, "ETag": etag, "Vary": "Accept"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(
        content, media_type="text/turtle" if as_turtle else "application/ld+json", headers=headers
    )


def _prefers_turtle(accept: str) -> bool:
    """Whether Turtle stands higher in an `Accept` header than JSON-LD, which is sent where neither does."""
    ranks = {"text/turtle": 0.0, "application/ld+json": 0.0}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((one.removeprefix("q=") for one in parameters if one.startswith("q=")), "1")
        if name in ranks and re.fullmatch(r"[01](\.[0-9]{0,3})?", quality):
            ranks[name] = float(quality)
    return ranks["text/turtle"] > ranks["application/ld+json"]
