"""Reads that a replica may answer: tiles, features, files and numbers. What blocks or frees a repair is always asked of the primary."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import AsyncExitStack
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from geo_service import replica
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import party_of
from geo_service.api.identity import SESSION_COOKIE, SignedIn
from geo_service.domain.errors import Busy, DatabaseUnreachable
from geo_service.store import partners

Chunks = Generator[bytes]


class ReaderName:
    """Middleware that names who sends a request by its credentials, so that who has just written reads what it wrote."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request = Request(scope)
        credentials = request.headers.get("authorization") or request.cookies.get(SESSION_COOKIE, "")
        token = replica.reader.set(hashlib.blake2b(credentials.encode(), digest_size=12).hexdigest())
        try:
            await self._app(scope, receive, send)
        finally:
            replica.reader.reset(token)


async def reading_anywhere(ctx: ContextDep, who: SignedIn) -> AsyncIterator[sa.Connection]:
    """A read-only transaction as `deps.reading` has, on the replica when it may answer this reader."""
    party = party_of(who)
    async with AsyncExitStack() as stack:
        conn = await _on_replica(ctx, party, stack)
        if conn is None:
            await stack.enter_async_context(ctx.read_limit.slot(""))
            conn = await _begin(ctx.read_engine, party, stack)
        yield conn


ReadingAnywhere = Annotated[sa.Connection, Depends(reading_anywhere, scope="function")]


def begin_file(ctx: Context, content: Callable[[sa.Engine], Chunks]) -> tuple[bytes, Chunks]:
    """The first bytes of a file and the rest of it, from the replica when it may answer this reader. What fails at once is raised: it is a
    problem then, and no broken file.
    """
    if ctx.replica is not None and ctx.replica.may_answer():
        try:
            return _first(content(ctx.replica.file_engine))
        except DatabaseUnreachable:
            ctx.replica.suspect()
    return _first(content(ctx.file_engine))


def _first(chunks: Chunks) -> tuple[bytes, Chunks]:
    try:
        return next(chunks), chunks
    except BaseException:
        chunks.close()
        raise


async def _on_replica(ctx: Context, party: str | None, stack: AsyncExitStack) -> sa.Connection | None:
    """None: the primary answers. A replica that is gone since the last look costs no failed request, one that hangs no place of the primary's."""
    if ctx.replica is None or not ctx.replica.may_answer():
        return None
    try:
        await stack.enter_async_context(ctx.replica_limit.slot(""))
        return await _begin(ctx.replica.read_engine, party, stack)
    except Busy:
        return None
    except DatabaseUnreachable:
        ctx.replica.suspect()
        return None


async def _begin(engine: sa.Engine, party: str | None, stack: AsyncExitStack) -> sa.Connection:
    return await stack.enter_async_context(contextmanager_in_threadpool(partners.read(engine, party)))
