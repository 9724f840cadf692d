"""What takes seconds to compute (a week plan, a paper, the preview of a rule) is computed in turns: one for a person, few at once.

A turn comes before the connection that the route needs, so that who waits holds none. Routes name it in their decorator.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, Request

from geo_service.api.context import Context, ContextDep
from geo_service.api.identity import SignedIn
from geo_service.domain.errors import Busy
from geo_service.store import keys

MOST = 2
"""At once in one process: more would each take longer, and all others with them."""


@asynccontextmanager
async def _computation(request: Request, ctx: Context, who: keys.Principal) -> AsyncIterator[None]:
    async with ctx.computation_limit.slot(who.id):
        if await request.is_disconnected():  # nobody waits for it any more: who changes a filter asks again
            raise Busy("busy")
        yield


async def _turn(request: Request, ctx: ContextDep, who: SignedIn) -> AsyncIterator[None]:
    async with _computation(request, ctx, who):
        yield


async def _turn_of_paper(request: Request, ctx: ContextDep, who: SignedIn) -> AsyncIterator[None]:
    if request.query_params.get("format") != "pdf":
        yield
        return
    async with _computation(request, ctx, who):
        yield


TURN = [Depends(_turn, scope="function")]
"""Raises Busy when no turn comes in time."""
TURN_OF_PAPER = [Depends(_turn_of_paper, scope="function")]
"""The same where `format=pdf` is asked."""
