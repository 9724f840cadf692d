"""A streaming replica for reads: how far it is behind, and whether it may answer this reader.

Each second this process asks the primary how far its log is, and the replica how much of that it has replayed. The replica is as old as
the newest position of the primary that it has reached: no clock of another machine is asked, and a quiet database is not taken for an old one.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from geo_service import db, engines
from geo_service.domain.errors import DatabaseUnreachable
from geo_service.settings import Settings

PACKAGE = "geo_service"
LOOK_S = 1.0
PROBE_S = 2
"""How long a look may take (s)."""
POSITIONS_KEPT = 3600
MOST_WRITERS = 10_000

State = Literal["current", "behind", "silent", "promoted"]

reader: ContextVar[str] = ContextVar("reader", default="")
"""Who sent the request that is being answered, as one word without meaning."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found: the state, and how old the replica's data were (s; None: not known)."""

    state: State
    lag_s: float | None
    at: float


class Replica:
    """The replica of `settings`, as this process sees it."""

    def __init__(
        self, settings: Settings, write_engine: sa.Engine, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.read_engine = engines.create_replica_engine_from(settings)
        self.file_engine = engines.create_replica_engine_from(settings, files=True)
        self._probe = engines.create_probe_engine_for(db.read_database_url(settings), PROBE_S)
        self._primary = engines.create_probe_engine_for(db.database_url(settings), PROBE_S)
        self._most_lag_s, self._clock = settings.replica_lag_s, clock
        self._positions: deque[tuple[float, int]] = deque(maxlen=POSITIONS_KEPT)
        self._last = Look("silent", None, clock())
        self._writers: dict[str, float] = {}
        self._lock = threading.Lock()
        event.listen(write_engine, "commit", self._note_write)

    def report(self) -> Look:
        """The state and the age of what the replica would answer now."""
        last, now = self._last, self._clock()
        if last.lag_s is None:
            return last
        lag_s = last.lag_s + now - last.at  # what nobody looked at since may be older
        behind = last.state == "current" and lag_s > self._most_lag_s
        return Look("behind" if behind else last.state, lag_s, now)

    def may_answer(self) -> bool:
        """Whether the replica may answer the reader of this request: it is not too old, and the reader wrote nothing that it may lack."""
        wrote_at = self._writers.get(reader.get())
        wrote_lately = wrote_at is not None and self._clock() - wrote_at <= self._most_lag_s
        return not wrote_lately and self.report().state == "current"

    def suspect(self) -> None:
        """Ask it nothing until the next look: it did not answer."""
        self._last = Look("silent", None, self._clock())

    def look(self) -> None:
        """Compare the two logs once."""
        now = self._clock()
        try:
            primary = _position(self._primary)
            self._positions.append((now, primary["position"]))
        except (DatabaseUnreachable, DBAPIError):
            pass  # the replica grows old with it
        try:
            copy = _position(self._probe)
        except (DatabaseUnreachable, DBAPIError):
            self._last = Look("silent", None, now)
            return
        if not copy["is_replica"]:
            self._last = Look("promoted", None, now)
            return
        reached = [at for at, position in self._positions if position <= copy["position"]]
        lag_s = now - reached[-1] if reached else None
        current = lag_s is not None and lag_s <= self._most_lag_s
        self._last = Look("current" if current else "behind", lag_s, now)

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Look each second until the block ends."""
        stop = threading.Event()

        def keep_looking() -> None:
            self.look()
            while not stop.wait(LOOK_S):
                self.look()

        thread = threading.Thread(target=keep_looking, name="replica", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            for engine in (self.read_engine, self.file_engine, self._probe, self._primary):
                engine.dispose()

    def _note_write(self, _conn: sa.Connection) -> None:
        now = self._clock()
        with self._lock:
            if len(self._writers) >= MOST_WRITERS:
                self._writers = {who: at for who, at in self._writers.items() if now - at <= self._most_lag_s}
            self._writers[reader.get()] = now


def _position(engine: sa.Engine) -> dict[str, int]:
    with db.glance(engine) as conn:
        [row] = db.fetch(conn, PACKAGE, "replica_position")
    return row
