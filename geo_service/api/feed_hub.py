"""One look at the feed for all who listen to this process: each alert is read and written as JSON once, however many streams pass it on."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import anyio.to_thread
import sqlalchemy as sa
import structlog

from geo_service import db
from geo_service.alerts import feed
from geo_service.domain.errors import DatabaseUnreachable

LOOK_S = 0.25
MOST_ENTRIES = 2000
"""Alerts that are at hand; who is further behind reads from the database."""

log = structlog.get_logger()
Row = sa.RowMapping


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the feed stands: the place of its newest alert, and the clock of the facts."""

    newest: int
    ticks: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert as a server-sent event."""

    seq: int
    type: str
    departments: frozenset[str]
    text: str


@dataclass(eq=False)
class FeedHub:
    """Looks while somebody listens, with one connection. `render` writes an alert as a server-sent event."""

    engine: sa.Engine
    limiter: anyio.CapacityLimiter
    render: Callable[[Row], str]
    _mark: Mark | None = None
    _entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=MOST_ENTRIES))
    _listeners: int = 0
    _task: asyncio.Task[None] | None = None
    _begin: asyncio.Lock = field(default_factory=asyncio.Lock)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Mark]:
        """Keep looking until the block ends; gives where the feed stands. Raises DatabaseUnreachable."""
        self._listeners += 1
        try:
            async with self._begin:  # of two that come first at once, one
                if self._task is None or self._task.done():
                    self._advance(*await self._look())
                    self._task = asyncio.create_task(self._keep_looking())
            yield self._current()
        finally:
            self._listeners -= 1

    async def change(self, since: Mark, wait_s: float) -> Mark:
        """Where the feed stands once it is elsewhere than `since`, or after `wait_s`. Raises DatabaseUnreachable."""
        async with self._changed:
            try:
                async with asyncio.timeout(wait_s):
                    await self._changed.wait_for(lambda: self._mark != since)
            except TimeoutError:
                pass
        return self._current()

    def entries(self, after: int) -> list[Entry] | None:
        """All alerts behind place `after`; None when they are no longer at hand."""
        if self._mark is not None and after >= self._mark.newest:
            return []
        if not self._entries or self._entries[0].seq > after + 1:
            return None
        return [one for one in self._entries if one.seq > after]

    def _current(self) -> Mark:
        if self._mark is None:
            raise DatabaseUnreachable
        return self._mark

    async def _keep_looking(self) -> None:
        """Ends with its last listener; a database that is gone ends every stream, which comes back later."""
        while self._listeners:
            await asyncio.sleep(LOOK_S)
            try:
                mark, rows = await self._look()
            except DatabaseUnreachable:
                mark, rows = None, []
            except Exception:
                log.exception("the feed could not be looked at")
                mark, rows = None, []
            if mark != self._mark:
                self._advance(mark, rows)
                async with self._changed:
                    self._changed.notify_all()
            if mark is None:
                return

    async def _look(self) -> tuple[Mark, list[Row]]:
        return await anyio.to_thread.run_sync(self._read, limiter=self.limiter)

    def _read(self) -> tuple[Mark, list[Row]]:
        """The mark, and the alerts that came since the last one, at most as many as are kept."""
        with db.read(self.engine) as conn:
            mark = Mark(feed.last(conn), feed.clock(conn))
            before = self._mark.newest if self._mark else mark.newest
            begin = max(before, mark.newest - MOST_ENTRIES)
            return mark, feed.after(conn, begin, MOST_ENTRIES) if mark.newest > before else []

    def _advance(self, mark: Mark | None, rows: list[Row]) -> None:
        if mark is None or (self._mark and mark.newest < self._mark.newest):
            self._entries.clear()  # a backup was put back: places are given anew
        self._mark = mark
        if rows and self._entries and rows[0]["seq"] != self._entries[-1].seq + 1:
            self._entries.clear()  # more came than is kept
        self._entries.extend(self._entry(row) for row in rows)

    def _entry(self, row: Row) -> Entry:
        values: dict[str, Any] = dict(row)
        return Entry(row["seq"], row["type"], frozenset(values["departments"]), self.render(row))
