"""Slots of long requests: so many for all, so many for each, and so many who may wait for one."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest
from fastapi.routing import APIRoute

from geo_service.api import computations
from geo_service.api.app import RESOURCES
from geo_service.api.concurrency import MOST_WAITING_EACH, ConcurrencyLimit
from geo_service.domain.errors import Busy

COMPUTED = {
    "/plan": computations.TURN,
    "/papers/{name}": computations.TURN,
    "/claim-files/{claim_id}/pdf": computations.TURN,
    "/rules/{rule_id}/preview": computations.TURN,
    "/dispatch": computations.TURN_OF_PAPER,
    "/cases/{case_id}/export": computations.TURN_OF_PAPER,
}


async def hold(limit: ConcurrencyLimit, held: AsyncExitStack, who: str) -> None:
    await held.enter_async_context(limit.slot(who))


async def _slots() -> None:
    limit = ConcurrencyLimit(most=3, most_each=2, wait_s=0.01)
    async with AsyncExitStack() as held:
        for who in ("Jan", "Jan", "Mia"):
            await hold(limit, held, who)
        for who in ("Jan", "Mia", "Els"):
            with pytest.raises(Busy):
                await hold(limit, held, who)
    async with AsyncExitStack() as held:
        await hold(limit, held, "Jan")
        await hold(limit, held, "Jan")
        with pytest.raises(Busy):
            await hold(limit, held, "Jan")
        await hold(limit, held, "Els")


def test_neither_all_nor_one_person_hold_more_than_their_slots() -> None:
    asyncio.run(_slots())


async def _queue(who: str, most: int) -> None:
    limit = ConcurrencyLimit(most=1, most_each=1, wait_s=60)
    first, later = AsyncExitStack(), AsyncExitStack()
    await hold(limit, first, who)
    waiting = [asyncio.create_task(hold(limit, later, who)) for _ in range(most)]
    await asyncio.sleep(0)
    if who:
        with pytest.raises(Busy):
            await hold(limit, later, who)
    await first.aclose()
    done, left = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    assert len(done) == 1
    for one in left:
        one.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await later.aclose()
    async with limit.slot(who):  # who gave up waits no more
        pass


@pytest.mark.parametrize(("who", "most"), [("Jan", MOST_WAITING_EACH), ("", MOST_WAITING_EACH + 5)])
def test_so_many_requests_of_one_person_wait_and_any_number_of_nobody_in_particular(
    who: str, most: int
) -> None:
    asyncio.run(_queue(who, most))


def test_what_computes_for_seconds_takes_turns() -> None:
    turns = {
        route.path: route.dependencies
        for router in RESOURCES
        for route in router.routes
        if isinstance(route, APIRoute)
    }
    for path, turn in COMPUTED.items():
        assert turns[path] == turn, path
