"""Run each import in a process of its own: an import that takes too much memory or crashes ends itself and not the worker, and a
cancelled one ends at once.

`python -m geo_service.intake.process WORKER` is such a process of the worker with that number. It reads its import from standard input, and its exit code gives the outcome.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from geo_service import db, logs
from geo_service.domain.errors import DatabaseUnreachable
from geo_service.intake import jobs
from geo_service.intake.pipeline.import_log import OutOfMemory
from geo_service.intake.wait_policy import Interrupted
from geo_service.settings import Settings, today
from geo_service.store import imports

DONE, NO_DATABASE, STOPPED = 0, 69, 75
LOOK_S = 0.2
CANCELLED_S = 2.0
"""The time between two checks for a cancellation (s)."""
LEAVES_S, CANCELLED_LEAVES_S = 50.0, 5.0
"""How long it may take to leave in good order, before it is ended."""
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class QueuedImport:
    """A queued import. `source` is the name on the command line; `url` is None for an uploaded file."""

    settings: Settings
    import_id: UUID
    source: str
    url: str | None
    attempts: int = 0
    request_id: str | None = None
    """The request that asked for it."""


def run(engine: sa.Engine, queued: QueuedImport, stopping: Callable[[], bool]) -> None:
    """Run the import in a process of its own, and wait for it. Raises Interrupted and DatabaseUnreachable,
    after which a further run resumes it.
    """
    process = subprocess.Popen([sys.executable, "-m", __name__, str(os.getpid())], stdin=subprocess.PIPE)
    try:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(pickle.dumps(queued))
        code = _exit_code(process, _CancellationCheck(engine, queued.import_id), stopping)
    finally:
        process.kill()  # nothing, when it has ended
        process.wait()
    _judge(engine, queued, code, stopping())


def _exit_code(
    process: subprocess.Popen[bytes], is_wanted: _CancellationCheck, stopping: Callable[[], bool]
) -> int:
    """Wait for the exit code; when the import must stop, terminate the process."""
    ends: float | None = None
    while True:
        try:
            return process.wait(LOOK_S)
        except subprocess.TimeoutExpired:
            now = time.monotonic()
        if ends is None and (stopping() or not is_wanted()):
            process.terminate()
            ends = now + (LEAVES_S if stopping() else CANCELLED_LEAVES_S)
        elif ends is not None and now > ends:
            process.kill()


@dataclass
class _CancellationCheck:
    """Whether the import is not cancelled; it asks the database every few seconds."""

    engine: sa.Engine
    import_id: UUID
    asks_at: float = 0

    def __call__(self) -> bool:
        if time.monotonic() < self.asks_at:
            return True
        self.asks_at = time.monotonic() + CANCELLED_S
        try:
            with db.glance(self.engine) as conn:
                return imports.get(conn, self.import_id)["cancelled_by"] is None
        except DatabaseUnreachable:
            return True  # the process of the import meets and reports the same error


def _judge(engine: sa.Engine, queued: QueuedImport, code: int, stopping: bool) -> None:
    """Act on the exit code. Raises Interrupted and DatabaseUnreachable."""
    with db.read(engine) as conn:
        row = imports.get(conn, queued.import_id)
    if row["cancelled_by"] is not None:
        jobs.end_cancelled(engine, queued.settings, row)
    elif code == NO_DATABASE:
        raise DatabaseUnreachable("database_silent.import", error="in the process of an import")
    elif code == STOPPED or (stopping and code != DONE):
        if row["status"] == "running":
            with db.write(engine) as conn:
                imports.put_back(conn, queued.import_id)
        raise Interrupted
    elif code != DONE:
        jobs.fail(engine, row, OutOfMemory.within(queued.settings.import_memory_bytes))
        jobs.forget_upload(queued.settings, queued.import_id)


def main() -> int:
    """The entry of the process; returns its exit code."""
    _die_with(int(sys.argv[1]))
    queued: QueuedImport = pickle.load(sys.stdin.buffer)  # nosec B301 # written by the parent process
    most = queued.settings.import_memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logs.configure(queued.settings.log_level, queued.settings.log_format)
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    engine = db.create_engine_from(queued.settings)
    try:
        with logs.request(queued.request_id):
            jobs.run(
                engine,
                queued.settings,
                queued.import_id,
                queued.source,
                queued.url,
                today=lambda: today(queued.settings),
                attempts=queued.attempts,
                stopping=stop.is_set,
            )
    except Interrupted:
        return STOPPED
    except DatabaseUnreachable:
        return NO_DATABASE
    finally:
        engine.dispose()
    return DONE


def _die_with(worker: int) -> None:
    """Ask Linux to end this process when the worker's thread that waits for it ends. In a container the worker is process 1."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != worker:
        sys.exit(STOPPED)


if __name__ == "__main__":
    sys.exit(main())
