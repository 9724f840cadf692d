"""Wait for servers, turns and locks: within a time limit, with progress notes, and only until the import must stop.

A silent server blocks its caller, and a signal does not wake a thread that waits for a socket. So each request runs in a thread of its
own, which is abandoned when it takes too long.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar, copy_context
from dataclasses import asdict, dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any, Literal, Self, TypeVar
from uuid import UUID
from weakref import WeakSet

import sqlalchemy as sa
import structlog

from geo_service.domain.errors import GeoServiceError
from geo_service.settings import Settings
from geo_service.store import imports

CHECK_S = 0.1
FIRST_WORD_S = 5
FIRST_WORD_OF_TURN_S = 0.5
MOST_SILENCE_S = 60
"""The longest time between two progress notes on one wait; they come after 5, 10, 20, 40 … seconds."""
MAP = "the reference map"

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Interrupted(GeoServiceError):
    """The import was asked to stop; committed records stay, and it can resume."""

    code = reason = "interrupted"


class DeadlineExceeded(Exception):
    """The awaited result did not come in time."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What an import waits for: an `answer` of an address (with the bytes so far), its `turn` behind another
    import of the source, or the `map`, which one import at a time may change.
    """

    what: Literal["answer", "turn", "map"]
    of: str
    seconds: float
    bytes: int = 0
    import_id: UUID | None = None
    since: datetime | None = None
    asked_by: str | None = None


@dataclass(frozen=True, slots=True)
class WaitPolicy:
    """How an import waits. `stopping` says whether it must stop; `tell` receives each wait, and None at its
    end.
    """

    stopping: Callable[[], bool] = lambda: False
    tell: Callable[[Wait | None], None] = lambda _wait: None
    read_s: float = 30
    page_s: float = 120

    @classmethod
    def of(
        cls,
        settings: Settings,
        stopping: Callable[[], bool] | None = None,
        tell: Callable[[Wait | None], None] | None = None,
    ) -> Self:
        """The policy of the settings."""
        bounds = (settings.read_timeout_s, settings.page_timeout_s)
        return cls(stopping or ALONE.stopping, tell or ALONE.tell, *bounds)


ALONE = WaitPolicy()
"""The policy without a listener and without a request to stop."""

_policy: ContextVar[WaitPolicy] = ContextVar("wait_policy", default=ALONE)


@contextmanager
def policy_scope(policy: WaitPolicy) -> Iterator[None]:
    """Use `policy` for every wait inside the block."""
    token = _policy.set(policy)
    try:
        yield
    finally:
        _policy.reset(token)


def current_policy() -> WaitPolicy:
    """The policy of this context."""
    return _policy.get()


def pause(seconds: float) -> None:
    """Sleep. Raises Interrupted when the import must stop."""
    ends = time.monotonic() + seconds
    while (remaining := ends - time.monotonic()) > 0:
        _go_on()
        time.sleep(min(CHECK_S, remaining))
    _go_on()


@dataclass(slots=True)
class ServerConnection:
    """The connection to a server: the bytes received, and a way to cut it while another thread reads from it."""

    received: int = 0
    _sockets: WeakSet[socket.socket] = field(default_factory=WeakSet)

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """A trace callback of httpx (extension `trace`) that keeps each opened socket."""
        stream = info.get("return_value")
        if stream is not None and event.endswith(("connect_tcp.complete", "start_tls.complete")):
            open_socket = stream.get_extra_info("socket")
            if open_socket is not None:
                self._sockets.add(open_socket)

    def cut(self) -> None:
        """Shut down the sockets, so that a reader gets an error at once."""
        for open_socket in list(self._sockets):
            with suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)


def for_answer(ask: Callable[[], T], connection: ServerConnection, where: str, ends: float) -> T:
    """The result of `ask`, which calls a server at `where` over `connection`. Raises the errors of `ask`,
    DeadlineExceeded at `ends` (monotonic), and Interrupted when the import must stop.
    """
    answers: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()
    context = copy_context()

    def run() -> None:
        try:
            answers.put((context.run(ask), None))
        except BaseException as error:
            answers.put((None, error))

    threading.Thread(target=run, name=f"asks {where}", daemon=True).start()
    with _words("answer", where, FIRST_WORD_S) as notify:
        while True:
            with suppress(Empty):
                answer, error = answers.get(timeout=CHECK_S)
                if error is not None:
                    raise error
                return answer  # type: ignore[return-value]
            if _policy.get().stopping() or time.monotonic() > ends:
                connection.cut()
                _go_on()
                raise DeadlineExceeded
            notify(lambda: {"bytes": connection.received})


@contextmanager
def in_turn(conn: sa.Connection, source: str, names: Collection[str] = ()) -> Iterator[None]:
    """Hold the turn of `source`, which one import at a time has; report the import that it waits for.
    `names` are the sources that share the turn. Raises Interrupted when the import must stop.
    """

    def on_wait() -> None:
        notify(lambda: _ahead(conn, {source, *names}))
        pause(CHECK_S)

    with ExitStack() as stack:
        with _words("turn", source, FIRST_WORD_OF_TURN_S) as notify:
            stack.enter_context(imports.turn(conn, source, on_wait))
        yield


@contextmanager
def with_map(conn: sa.Connection) -> Iterator[None]:
    """Hold the turn of the base maps, which one import at a time may change, whatever its source."""

    def on_wait() -> None:
        notify(dict)
        pause(CHECK_S)

    with ExitStack() as stack:
        with _words("map", MAP, FIRST_WORD_OF_TURN_S) as notify:
            stack.enter_context(imports.turn(conn, MAP, on_wait))
        yield


def _ahead(conn: sa.Connection, names: Collection[str]) -> dict[str, Any]:
    with conn.begin():
        running = [one for one in imports.under_way(conn) if one["source"] in names]
    return {"import_id": running[0]["id"], "since": running[0]["started_at"], "asked_by": running[0]["asked_by"]} if running else {}  # fmt: skip


def _go_on() -> None:
    if _policy.get().stopping():
        raise Interrupted


@contextmanager
def _words(
    what: Literal["answer", "turn", "map"], of: str, first_s: float
) -> Iterator[Callable[[Callable[[], dict[str, Any]]], None]]:
    """Yield a function that reports the wait from time to time; at the end the listener receives None."""
    began, next_s = time.monotonic(), first_s

    def notify(facts: Callable[[], dict[str, Any]]) -> None:
        nonlocal next_s
        seconds = time.monotonic() - began
        if seconds < next_s:
            return
        next_s = seconds + min(max(seconds, FIRST_WORD_S), MOST_SILENCE_S)
        wait = Wait(what, of, round(seconds, 1), **facts())
        log.info("waiting", **{name: value for name, value in asdict(wait).items() if value})
        _policy.get().tell(wait)

    try:
        yield notify
    finally:
        if next_s > first_s:
            _policy.get().tell(None)
