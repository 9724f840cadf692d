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
"""Between two words on one wait; they come at 5, 10, 20, 40 … seconds."""
MAP = "the reference map"

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Interrupted(GeoServiceError):
    """The import was told to stop on the way; what is committed stays, and it can go on from there."""

    code = reason = "interrupted"


class DeadlineExceeded(Exception):
    """What was waited for did not come in time."""


@dataclass(frozen=True, slots=True)
class Wait:
    """For what an import waits: an `answer` of an address (so many bytes came until now), its `turn` behind another import of a source, or
    the `map`, which one import at a time may change.
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
    """How an import waits. `stopping` says when it is time to leave; `tell` hears for what it waits, and None when that is over."""

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
        """As the settings say."""
        bounds = (settings.read_timeout_s, settings.page_timeout_s)
        return cls(stopping or ALONE.stopping, tell or ALONE.tell, *bounds)


ALONE = WaitPolicy()
"""Nobody listens and nobody asks to stop."""

_policy: ContextVar[WaitPolicy] = ContextVar("manners", default=ALONE)


@contextmanager
def policy_scope(policy: WaitPolicy) -> Iterator[None]:
    """Whatever waits inside the block does so in this manner."""
    token = _policy.set(policy)
    try:
        yield
    finally:
        _policy.reset(token)


def current_policy() -> WaitPolicy:
    """Those of this context."""
    return _policy.get()


def pause(seconds: float) -> None:
    """Sleep. Raises Interrupted when it is time to stop."""
    ends = time.monotonic() + seconds
    while (remaining := ends - time.monotonic()) > 0:
        _go_on()
        time.sleep(min(CHECK_S, remaining))
    _go_on()


@dataclass(slots=True)
class Line:
    """To a server: what came over it until now, and how to cut it, also while somebody waits for it."""

    received: int = 0
    _sockets: WeakSet[socket.socket] = field(default_factory=WeakSet)

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """For httpx (extension `trace`): keeps hold of each socket that is opened."""
        stream = info.get("return_value")
        if stream is not None and event.endswith(("connect_tcp.complete", "start_tls.complete")):
            open_socket = stream.get_extra_info("socket")
            if open_socket is not None:
                self._sockets.add(open_socket)

    def cut(self) -> None:
        """Whoever waits for it gets an error at once."""
        for open_socket in list(self._sockets):
            with suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)


def for_answer(ask: Callable[[], T], line: Line, where: str, ends: float) -> T:
    """What `ask` answers, which waits for a server at `where`, over `line`. Raises what it raises, DeadlineExceeded at `ends` (monotonic), and
    Interrupted when it is time to stop.
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
                line.cut()
                _go_on()
                raise DeadlineExceeded
            notify(lambda: {"bytes": line.received})


@contextmanager
def in_turn(conn: sa.Connection, source: str, names: Collection[str] = ()) -> Iterator[None]:
    """One import of a source at a time: a second one waits here, and says for which; `names` are the sources that share this turn. Raises
    Interrupted when it is time to stop.
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
    """The same for the reference map, which one import at a time changes, whatever its source."""

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
    """Yields what tells, now and then, that the waiting goes on, with the facts that it is given; whoever heard of it hears of its end."""
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
