"""A service of its own to attack: API and worker of a checkout on a private database, and somebody who watches them."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

LONGEST_S = 60.0
"""Of one attack: what takes longer has won."""
START_S = 600.0
"""Until a service answers, on a machine that others use too."""
SERVED_S = 3.0
MOST_BYTES = 6 << 30
"""Of address space of each process: code that takes more has lost, and must not take the machine along."""
PLACE = {"type": "Point", "coordinates": [3.2131, 50.9152]}
BUILDINGS = """
    INSERT INTO buildings (source, source_id, name, geom)
    SELECT 'attacks', n::text, repeat(md5(n::text), 20), ST_MakeEnvelope(68000 + n, 190100, 68001 + n, 190101, 31370)
    FROM generate_series(1, 20000) AS n
"""


@dataclass
class Target:
    """A served checkout."""

    url: str
    database: str
    keys: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]]

    def client(self, role: str, timeout_s: float = LONGEST_S) -> httpx.Client:
        """Somebody of this role."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=timeout_s)

    def megabytes(self) -> float:
        """What API and worker hold, with all that they started."""
        roots = [one.pid for one in self.processes.values()]
        return sum(map(_rss_of, _family(roots))) / (1 << 20)


@dataclass
class Watch:
    """Looks at the memory, and asks as others do, while an attack lasts."""

    target: Target
    peak: float = 0
    refused: list[str] = field(default_factory=list)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """From now to the end of the block."""
        over = threading.Event()
        threads = [threading.Thread(target=one, args=(over,)) for one in (self._weigh, self._ask)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def _weigh(self, over: threading.Event) -> None:
        while not over.wait(0.1):
            self.peak = max(self.peak, self.target.megabytes())

    def _ask(self, over: threading.Event) -> None:
        asked = {
            "health": ("GET", "/health/ready", None),
            "list": ("GET", "/api/v1/works?limit=1", None),
            "advice": ("POST", "/api/v1/advice", {"geometry": PLACE}),
        }
        with self.target.client("utilities_desk", SERVED_S) as client:
            while not over.wait(0.3):
                for name, (method, path, body) in asked.items():
                    try:
                        answer = client.request(method, path, json=body)
                        wrong = answer.status_code >= 500
                    except httpx.HTTPError:
                        wrong = True
                    if wrong and name not in self.refused:
                        self.refused.append(name)


def _family(roots: list[int]) -> set[int]:
    """These processes and all below them."""
    found, waiting = set(roots), list(roots)
    while waiting:
        for task in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                new = set(map(int, task.read_text().split())) - found
                found |= new
                waiting += new
    return found


def _rss_of(process: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


@contextmanager
def served(code: Path) -> Iterator[Target]:
    """API and worker of a checkout on a database of their own; whatever fails on the way, all that was started ends."""
    with (
        tempfile.TemporaryDirectory(prefix="attacks-", ignore_cleanup_errors=True) as folder,
        contextlib.ExitStack() as started,
    ):
        Path(folder).chmod(0o755)
        port = free_port()
        env = {name: value for name, value in os.environ.items() if not name.startswith("GEO_")}
        env |= {
            "PYTHONPATH": str(code), "GEO_HOME": f"{folder}/home", "GEO_PORT": str(port), "GEO_LOG_LEVEL": "error",
            "GEO_RATE_PER_MINUTE": "0", "GEO_RATE_PER_ADDRESS": "0",
            "GEO_ALLOW_PRIVATE_WEBHOOKS": "true", "GEO_ALLOW_PRIVATE_SOURCES": "true", "LANG": "en_GB.UTF-8",
        }  # fmt: skip

        def command(*words: str) -> str:
            run = [sys.executable, "-m", "geo_service", *words]
            return subprocess.run(
                run, env=env, cwd=code, check=True, stdout=subprocess.PIPE, text=True
            ).stdout

        started.callback(command, "db", "down")  # `db up` may fail after PostgreSQL has started
        database = json.loads(command("db", "up", "--json"))["database_url"]
        keys = {role: command("keys", "create", role, "--name", role).split()[-1] for role in ("viewer", "workshop", "utilities_desk", "coordinator", "admin")}  # fmt: skip
        with psycopg.connect(database) as conn:
            conn.execute(BUILDINGS)
        words = {"API": "serve", "worker": "worker"}
        processes = {name: started.enter_context(_process(word, env, code)) for name, word in words.items()}
        wait_for(f"http://127.0.0.1:{port}/health/ready")
        yield Target(f"http://127.0.0.1:{port}", database, keys, processes)


@contextmanager
def _process(word: str, env: Mapping[str, str], code: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A part of the service, with a limit to its memory, killed at the end."""
    process = subprocess.Popen([sys.executable, "-m", "geo_service", word], env=env, cwd=code)
    try:
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, longest_s: float = START_S) -> None:
    """Until it answers 200. Raises SystemExit when it does not come up in time."""
    deadline = time.monotonic() + longest_s
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url).status_code == 200:
                return
        time.sleep(0.1)
    raise SystemExit(f"{url} does not come up")
