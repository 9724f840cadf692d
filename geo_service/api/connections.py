"""Close connections whose client stops reading or never finishes its request."""

from __future__ import annotations

import asyncio

import h11
from fastapi import Request, Response
from uvicorn.protocols.http.h11_impl import H11Protocol

ASK_S = 30.0
"""The time limit for the headers of a request, and for a pause in its body (s)."""
LEAST_BYTES_S = 500
"""How fast a body comes on average beyond ASK_S: a phone in a cellar is faster."""
BODY_S = 900.0
"""The time limit for a whole body, as for a file that the service fetches (s)."""


def no_answer(_: Request, left: Exception) -> Response:
    """Whoever leaves before its request is whole hears nothing; that is no error of the service."""
    return Response(status_code=400)


def protocol_with_timeouts(send_timeout_s: float) -> type[H11Protocol]:
    """The protocol of a server that waits so long for a client to read its answer (s)."""

    class TimeoutProtocol(_TimeoutProtocol):
        send_s = send_timeout_s

    return TimeoutProtocol


class _TimeoutProtocol(H11Protocol):
    """Uvicorn's protocol with a timer that runs while the server waits for the client."""

    send_s: float
    _unread: asyncio.TimerHandle | None = None
    _unasked: asyncio.TimerHandle | None = None
    _body_since: float | None = None
    _body_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timer for the request."""
        super().connection_made(transport)
        self._wait_for_request()

    def data_received(self, data: bytes) -> None:
        """Check that the headers arrive in time and that the body continues."""
        asking = self.conn.their_state is h11.IDLE
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE or not asking:
            self._request_complete()
        self._count(len(data))
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and self._unasked is None:
            self._wait_for_request()

    def pause_writing(self) -> None:
        """Start the timer for the client to read."""
        super().pause_writing()
        self._has_read()
        self._unread = self.loop.call_later(self.send_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop the timer for the client to read."""
        super().resume_writing()
        self._has_read()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        self._has_read()
        self._request_complete()
        super().connection_lost(exc)

    def _count(self, received: int) -> None:
        """Note when a body began, and how much of it came since."""
        if self.conn.their_state is not h11.SEND_BODY:
            self._body_since = None
        elif self._body_since is None:
            self._body_since, self._body_bytes = self.loop.time(), 0
        else:
            self._body_bytes += received

    def _wait_for_request(self) -> None:
        end = self.loop.time() + ASK_S
        if self._body_since is not None:
            end = min(end, self._body_since + min(ASK_S + self._body_bytes / LEAST_BYTES_S, BODY_S))
        self._unasked = self.loop.call_at(end, self._give_up)

    def _request_complete(self) -> None:
        if self._unasked is not None:
            self._unasked.cancel()
            self._unasked = None

    def _has_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _give_up(self) -> None:
        self._unasked = None
        busy = self.flow.read_paused or self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)
        if busy:  # it is the service that reads slowly, or answers
            return
        self.transport.abort()
