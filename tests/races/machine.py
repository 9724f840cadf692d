"""The service as processes of its own on one database, which may be killed; and PostgreSQL, which may be killed too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.domain.roles import Role
from geo_service.postgres import free_port
from geo_service.store import keys
from tests.serving import PERSONAL_KEY, TODAY

PATIENCE_S = 600
"""How long a busy machine may take for what must happen: the verdict is what is lost, not how fast it came."""


class Machine:
    """The processes that a test starts on a database, and what they say in files of a folder."""

    def __init__(self, database_url: str, folder: Path, **more: str) -> None:
        self.engine = db.create_engine_for(database_url)
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = {
            "GEO_DATABASE_URL": database_url, "GEO_TODAY": str(TODAY), "GEO_PORT": str(self.port), "GEO_LOG_LEVEL": "error",
            "GEO_PERSONAL_KEY": PERSONAL_KEY, **more,
        }  # fmt: skip
        self._started: list[subprocess.Popen[bytes]] = []

    def serve(self) -> subprocess.Popen[bytes]:
        """The service, once it answers."""
        service = self.run("serve")
        until(self.answers, "the service answers")
        return service

    def run(self, *words: str) -> subprocess.Popen[bytes]:
        """Its answer and its complaints go to files: nobody empties a pipe while it runs."""
        number = len(self._started)
        with (
            (self.folder / f"{number}.out").open("wb") as out,
            (self.folder / f"{number}.err").open("wb") as err,
        ):
            command = [sys.executable, "-m", "geo_service", *words]
            process = subprocess.Popen(command, env={**os.environ, **self._settings}, stdout=out, stderr=err)
        self._started.append(process)
        return process

    def answer(self, process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
        """Exit code, answer and complaints of a process, once it ends."""
        number = self._started.index(process)
        code = process.wait(PATIENCE_S)
        return code, (self.folder / f"{number}.out").read_text(), (self.folder / f"{number}.err").read_text()

    def key(self, role: Role = "coordinator") -> str:
        """A new key."""
        with db.write(self.engine) as conn:
            return keys.create(conn, "storm", role)

    def answers(self) -> bool:
        """Whether the service is ready."""
        try:
            return httpx.get(f"{self.url}/health/ready", verify=False).is_success
        except httpx.TransportError:
            return False

    def end(self) -> None:
        for process in self._started:
            process.kill()
            process.wait()
        self.engine.dispose()


@contextmanager
def machine(database_url: str, folder: Path, **more: str) -> Iterator[Machine]:
    """Settings as environment variables; its processes end with the block."""
    made = Machine(database_url, folder, **more)
    try:
        yield made
    finally:
        made.end()


def until(true: Callable[[], bool], what: str, wait_s: float = PATIENCE_S) -> None:
    """Wait for it; fail after so many seconds."""
    deadline = time.monotonic() + wait_s
    while not true():
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.02)


def kill_postgresql(cluster: Cluster) -> None:
    """All of it at once, the server first: nobody is left to clean up."""
    server = cluster.status().pid
    assert server is not None
    children = [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split()]
    for pid in (server, *children):
        os.kill(pid, signal.SIGKILL)
