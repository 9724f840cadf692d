"""Close connections whose client stops reading or never finishes its request."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

ASK_S = 30.0
"""How long a request's headers may take to come, however they drip, and how long its body may say nothing."""


def patient_for(send_timeout_s: float) -> type[H11Protocol]:
    """The protocol of a server whose clients may leave an answer unread for so long (s)."""

    class TimeoutProtocol(_TimeoutProtocol):
        send_s = send_timeout_s

    return TimeoutProtocol


class _TimeoutProtocol(H11Protocol):
    """Uvicorn's own, with a clock that runs while the client is the one who is waited for."""

    send_s: float
    _unread: asyncio.TimerHandle | None = None
    _unasked: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The client's turn to ask."""
        super().connection_made(transport)
        self._wait_for_request()

    def data_received(self, data: bytes) -> None:
        """A head must be whole in time; a body must go on."""
        asking = self.conn.their_state is h11.IDLE
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE or not asking:
            self._request_complete()
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and self._unasked is None:
            self._wait_for_request()

    def pause_writing(self) -> None:
        """The client's turn to read."""
        super().pause_writing()
        self._has_read()
        self._unread = self.loop.call_later(self.send_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It has read."""
        super().resume_writing()
        self._has_read()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for."""
        self._has_read()
        self._request_complete()
        super().connection_lost(exc)

    def _wait_for_request(self) -> None:
        self._unasked = self.loop.call_later(ASK_S, self._give_up)

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
