"""Limits on concurrent long requests, in total and per key. Each slot is released however its request ends."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from geo_service.domain.errors import Busy

RETRY_S = 10
MOST_WAITING_EACH = 10
"""Requests of one person or machine that wait for a slot: all others have the rest of what a process may have under way."""


@dataclass(eq=False)
class ConcurrencyLimit:
    """The limit of one process. A waiting request holds no thread and no connection."""

    most: int
    most_each: int
    wait_s: float
    _in_use: Counter[str] = field(default_factory=Counter)
    _waiting: Counter[str] = field(default_factory=Counter)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def slot(self, who: str) -> AsyncIterator[None]:
        """Hold a slot for this person or machine ("": anybody). Raises Busy when none becomes free in time, or too many of its requests wait."""
        if who and not self._free(who) and self._waiting[who] >= MOST_WAITING_EACH:
            raise Busy("busy")
        self._waiting[who] += 1
        try:
            async with asyncio.timeout(self.wait_s), self._changed:
                await self._changed.wait_for(lambda: self._free(who))
                self._in_use[who] += 1
        except TimeoutError:
            raise Busy("busy") from None
        finally:
            self._waiting -= Counter((who,))
        try:
            yield
        finally:
            with anyio.CancelScope(shield=True):
                async with self._changed:
                    self._in_use[who] -= 1
                    self._in_use += Counter()  # forgets those who have none
                    self._changed.notify_all()

    def _free(self, who: str) -> bool:
        return self._in_use.total() < self.most and self._in_use[who] < self.most_each


class FileStream(StreamingResponse):
    """A file that is built while it is sent. Its generator is closed as soon as the client has it all, has
    left, or takes too long.
    """

    def __init__(
        self,
        first: bytes,
        chunks: Generator[bytes],
        *,
        media_type: str,
        headers: Mapping[str, str],
        longest_s: float,
    ) -> None:
        self._rest, self._longest_s = chunks, longest_s
        self._all = _begun(first, chunks)
        super().__init__(self._all, media_type=media_type, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file. Raises TimeoutError when that takes too long; the client then sees that the end is
        missing.
        """
        try:
            async with asyncio.timeout(self._longest_s):
                await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self._close)

    def _close(self) -> None:
        self._all.close()
        self._rest.close()  # where nothing was sent yet, that one did not know of it


def _begun(first: bytes, chunks: Generator[bytes]) -> Generator[bytes]:
    yield first
    yield from chunks
