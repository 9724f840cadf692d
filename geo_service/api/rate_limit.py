"""How many requests a minute one person, machine or address may send, counted over all processes.

Each process counts in memory, and once a second adds what it counted to PostgreSQL: there is no write per request, and two processes together
let through at most a second too much.
"""

from __future__ import annotations

import contextlib
import ipaddress
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from geo_service.api.errors import problem, retry_after
from geo_service.domain.errors import DatabaseUnreachable, TooManyRequests
from geo_service.store import rates

SHARE_S = 1.0
MOST_SUBJECTS = 10_000
"""Beyond so many in a minute, new ones are counted together: memory stays bounded."""
OTHERS = "others"
NETWORK_BITS = 64
"""Of an IPv6 address: one client has all addresses behind it."""
UNLIMITED = "/health/"


@dataclass(slots=True)
class Count:
    """The requests of one subject in the minute: those of all processes as last heard, and those not yet shared."""

    shared: int = 0
    unshared: int = 0
    shared_at: float = 0.0


@dataclass(slots=True)
class RateLimit:
    """The counts of this process."""

    engine: sa.Engine
    clock: Callable[[], float] = time.time
    _minute: int = 0
    _forgotten: int = 0
    _counts: dict[str, Count] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, subject: str, most: int) -> bool:
        """Count one request; whether it is time to share. Raises TooManyRequests. `most` 0: no limit."""
        if most == 0:
            return False
        now = self.clock()
        with self._lock:
            count = self._count(subject, int(now // 60))
            if count.shared + count.unshared >= most:
                raise TooManyRequests("too_many_requests", limit=most, retry_s=60 - int(now % 60))
            count.unshared += 1
            return now - count.shared_at >= SHARE_S

    def wait_s(self, subject: str, most: int) -> int:
        """Count one request over all processes; how long it must wait (s), 0 when it need not. `most` as in `note`."""
        try:
            if self.note(subject, most):
                self.share(subject)
        except TooManyRequests as refused:
            return int(refused.params["retry_s"])
        return 0

    def share(self, subject: str) -> None:
        """Add what was counted to what all processes counted. While the database does not answer, each process counts alone."""
        now = self.clock()
        minute = int(now // 60)
        with self._lock:
            count = self._count(subject, minute)
            is_first, self._forgotten = minute != self._forgotten, minute
            requests, count.unshared, count.shared_at = count.unshared, 0, now
            count.shared += requests
        with contextlib.suppress(DatabaseUnreachable):
            everywhere = rates.add(self.engine, self._key(subject), minute, requests)
            with self._lock:
                count.shared = max(count.shared, everywhere)
            if is_first:
                rates.forget(self.engine, minute)

    def _key(self, subject: str) -> str:
        return subject if subject in self._counts else OTHERS

    def _count(self, subject: str, minute: int) -> Count:
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        if subject not in self._counts and len(self._counts) >= MOST_SUBJECTS:
            subject = OTHERS
        return self._counts.setdefault(subject, Count())


class AddressLimit:
    """Refuses requests of an address that sends too many, before anything is read. Health checks are never refused."""

    def __init__(self, app: ASGIApp, limit: RateLimit, most: int) -> None:
        self._app, self._limit, self._most = app, limit, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNLIMITED):
            await self._app(scope, receive, send)
            return
        subject = f"address:{network(scope['client'])}"
        try:
            if self._limit.note(subject, self._most):
                await run_in_threadpool(self._limit.share, subject)
        except TooManyRequests as refused:
            request = Request(scope)
            answer = problem(request, 429, refused.code, headers=retry_after(refused))
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def network(client: tuple[str, int] | None) -> str:
    """The address by which a client is counted."""
    host = client[0] if client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((int(address), NETWORK_BITS), strict=False))
