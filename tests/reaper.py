"""Ends what a test run started, once the run itself is over, however it ended: interrupted, killed, or as it should.

`start()` gives every process of this run a mark in its environment, which whatever it starts inherits, PostgreSQL too, and starts this file as a
program. That waits until the run has gone, and then ends all that bear the mark.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

MARK = "STARTED_BY"
PATIENCE_S = 10.0


def start(test_home: Path) -> None:
    """For the first process of a run; those that it starts are of the same run."""
    if MARK in os.environ:
        return
    own = {**os.environ}
    os.environ[MARK] = f"tests-{uuid.uuid4()}"
    command = [sys.executable, __file__, os.environ[MARK], str(test_home)]
    reader, _open_as_long_as_this_process = os.pipe()
    os.posix_spawn(command[0], command, own, file_actions=[(os.POSIX_SPAWN_DUP2, reader, 0)], setsid=True)
    os.close(reader)


def marked(mark: str) -> Iterator[int]:
    """The processes of a run."""
    wanted = f"{MARK}={mark}".encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)


def data_of(process: int) -> Path | None:
    """The folder of a PostgreSQL server; None of anything else, its own children too."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        place = Path(f"/proc/{process}/cwd").resolve()
        if int((place / "postmaster.pid").read_text().split()[0]) == process:
            return place
    return None


def in_use(data: Path, test_home: Path) -> bool:
    """Whether another run of this checkout works on the shared cluster."""
    if test_home not in data.parents:
        return False
    with (test_home / "users.lock").open("w") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def end(mark: str, test_home: Path) -> None:
    """First kindly, PostgreSQL by its fast shutdown; whatever is left after a while by force."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for process in marked(mark):
            with contextlib.suppress(ProcessLookupError):
                if not is_postgres(process):
                    os.kill(process, sign)
        gone_by(lambda: [one for one in marked(mark) if not is_postgres(one)])
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        for process in servers(mark, test_home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, sign)
        gone_by(lambda: servers(mark, test_home))


def servers(mark: str, test_home: Path) -> list[int]:
    """PostgreSQL servers of the run that nobody else uses."""
    return [one for one in marked(mark) if (data := data_of(one)) and not in_use(data, test_home)]


def is_postgres(process: int) -> bool:
    """A server, or one of its children."""
    try:
        program = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return False
    return program.startswith(b"postgres:") or program.endswith(b"/postgres")


def gone_by(left: Callable[[], list[int]]) -> None:
    """Waits until nothing is left, or patience ends."""
    deadline = time.monotonic() + PATIENCE_S
    while left() and time.monotonic() < deadline:
        time.sleep(0.1)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end(sys.argv[1], Path(sys.argv[2]))
