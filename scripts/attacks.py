"""Plays each attack against a service of its own on loopback, and says what it cost and whether others were served meanwhile.

    .venv/bin/python scripts/attacks.py                    # all of them, some five minutes
    .venv/bin/python scripts/attacks.py --only brackets    # one
    .venv/bin/python scripts/attacks.py --before 53f93bb^  # beside it, against the code of an earlier commit

It makes a private database in a folder that goes away, starts API and worker of the checkout, and ends all it started. Nothing else is touched.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from scripts.attacked import LONGEST_S, Target, Watch, served

PROJECT = Path(__file__).parent.parent


def unknown_keys(target: Target) -> None:
    """One body of 12,000 unknown keys."""
    with contextlib.suppress(httpx.HTTPError), target.client("viewer") as client:
        client.post("/api/v1/advice", json={f"key{number}": 1 for number in range(12_000)})


@contextmanager
def _unread(target: Target, path: str, count: int) -> Iterator[None]:
    host, port = target.url.removeprefix("http://").split(":")
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {target.keys['viewer']}\r\n\r\n"
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect((host, int(port)))
            client.sendall(head.encode())
        yield


def stalled_exports(target: Target) -> None:
    """Ten readers of a file who do not read on."""
    with _unread(target, "/api/v1/buildings.geojson", 10):
        time.sleep(15)


def stalled_streams(target: Target) -> None:
    """Forty streams that nobody reads."""
    with _unread(target, "/api/v1/alerts/stream", 40):
        time.sleep(10)


def dripping_heads(target: Target) -> None:
    """A hundred requests whose head never ends."""
    host, port = target.url.removeprefix("http://").split(":")
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection((host, int(port)))) for _ in range(100)]
        for _ in range(50):
            for client in clients:
                with contextlib.suppress(OSError):
                    client.sendall(b"G")
            time.sleep(0.2)


def dripping_bodies(target: Target) -> None:
    """Thirty uploads, forms and sign-ins of ten bytes a second."""
    host, port = target.url.removeprefix("http://").split(":")
    paths = (f"/api/v1/repairs/{uuid.uuid4()}/photos", "/api/v1/imports", "/login/demo")
    form = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n--x\r\n"
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection((host, int(port)))) for _ in range(30)]
        for client, path in zip(clients, itertools.cycle(paths), strict=False):
            client.sendall(
                f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {target.keys['admin']}\r\n{form}".encode()
            )
        deadline = time.monotonic() + LONGEST_S
        while clients and time.monotonic() < deadline:
            clients = [one for one in clients if _drips(one)]
            time.sleep(1)


def _drips(client: socket.socket) -> bool:
    """Sends ten bytes more; whether the service still takes them."""
    try:
        client.sendall(b"0123456789")
    except OSError:
        return False
    return True


def many_plans(target: Target) -> None:
    """Twenty week plans and papers of one person at once."""
    with target.client("coordinator") as client, ThreadPoolExecutor(20) as pool:
        list(pool.map(client.get, ["/api/v1/plan?days=42", "/api/v1/papers/meeting"] * 10))


def dripping_receivers(target: Target) -> None:
    """Eight webhooks that drip; lasts until another one is told, and the new day has begun."""
    over, arrived = threading.Event(), threading.Event()

    def serve(server: socket.socket, honest: bool) -> None:
        with contextlib.suppress(OSError):
            while not over.is_set():
                line, _ = server.accept()
                threading.Thread(target=answer, args=(line, honest), daemon=True).start()

    def answer(line: socket.socket, honest: bool) -> None:
        with line, contextlib.suppress(OSError):
            line.recv(1 << 16)
            if honest:
                arrived.set()
                line.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            else:
                line.sendall(b"HTTP/1.1 200 OK\r\n")
                while not over.wait(4):
                    line.sendall(b"X")

    with contextlib.ExitStack() as stack:
        servers = [
            stack.enter_context(socket.create_server((f"127.0.0.{number + 2}", 0))) for number in range(9)
        ]
        for number, server in enumerate(servers):
            threading.Thread(target=serve, args=(server, number == 8), daemon=True).start()
        with target.client("utilities_desk") as client:
            for server in servers[:8]:
                client.post(
                    "/api/v1/subscriptions", json={"target": "http://{}:{}/".format(*server.getsockname())}
                )
            _tell(target)
            time.sleep(3)
            client.post(
                "/api/v1/subscriptions", json={"target": "http://{}:{}/".format(*servers[8].getsockname())}
            )
            _tell(target)
        queue = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'new_day', '{\"timestamp\": 0}')"
        left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'new_day' AND status IN ('todo', 'doing')"
        with psycopg.connect(target.database, autocommit=True) as conn:
            conn.execute(queue)
            _until(lambda: arrived.is_set() and conn.execute(left).fetchone() == (0,))
        over.set()


_places = iter(range(1_000))


def _tell(target: Target) -> None:
    """A repair and works that meet: some alerts."""
    lon = 3.21 + next(_places) / 1_000
    ring = [[lon, 50.915], [lon + 0.0003, 50.915], [lon + 0.0003, 50.9151], [lon, 50.9151], [lon, 50.915]]
    ground = {"type": "Polygon", "coordinates": [ring]}
    phase = {"geometry": ground, "starts_on": "2027-12-01", "ends_on": "2027-12-20"}
    works = {"owner": "Proximus", "title": "Kabel", "kind": "groundworks", "certainty": "confirmed"}
    with target.client("coordinator") as client:
        client.post("/api/v1/repairs", json={"category": "other", "scope": "area", "geometry": ground})
        client.post("/api/v1/works", json={**works, "phases": [phase]})


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not true() and time.monotonic() < deadline:
        time.sleep(0.2)


def _imported(target: Target, name: str, content: bytes) -> None:
    """Hands a file in, and waits until the worker has done with it."""
    with contextlib.suppress(httpx.HTTPError), target.client("admin") as client:
        form = {"source": "works", "mapping": "osiris"}
        asked = client.post("/api/v1/imports", data=form, files={"file": (name, io.BytesIO(content))}).json()
        if "id" in asked:
            path = f"/api/v1/imports/{asked['id']}"
            _until(lambda: client.get(path).json()["status"] in ("done", "failed"))


def brackets(target: Target) -> None:
    """A file of 200,000 opening brackets."""
    _imported(target, "deep.geojson", b"[" * 200_000)


def columns(target: Target) -> None:
    """A table of 100,000 columns."""
    _imported(target, "wide.csv", b";".join(b"k%d" % number for number in range(100_000)) + b"\n")


def entries(target: Target) -> None:
    """An archive of 60,000 files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.csv", b"")
    _imported(target, "many.zip", packed.getvalue())


ATTACKS: dict[str, Callable[[Target], None]] = {
    one.__name__: one
    for one in (unknown_keys, stalled_exports, stalled_streams, dripping_heads, dripping_bodies, dripping_receivers, many_plans, brackets, columns, entries)
}  # fmt: skip


def played(code: Path, name: str) -> dict[str, Any]:
    """One attack against a service of its own, so that none of them begins tired."""
    with served(code) as target:
        before, watch, start = target.megabytes(), Watch(target), time.monotonic()
        with watch.looking():
            attack = threading.Thread(target=ATTACKS[name], args=(target,), daemon=True)
            attack.start()
            attack.join(LONGEST_S + 10)
        seconds = time.monotonic() - start
        return {"seconds": round(seconds, 1), "megabytes": round(max(0, watch.peak - before)), "others": watch.refused}  # fmt: skip


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """The code of a commit, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="attacked-") as folder:
        code = Path(folder) / "code"
        git = ["git", "-C", str(PROJECT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(code), commit], check=True)
        try:
            yield code
        finally:
            subprocess.run([*git, "remove", "--force", str(code)], check=True)


def cells(found: dict[str, Any]) -> tuple[str, str, str]:
    """Seconds, megabytes and who was not served."""
    others = f"no: {', '.join(found['others'])}" if found["others"] else "yes"
    return str(found["seconds"]), str(found["megabytes"]), others


def main() -> None:
    """The table."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # which ends all that was started
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--before", help="a commit that is attacked as well, to compare")
    given.add_argument("--only", choices=list(ATTACKS), action="append")
    asked = given.parse_args()
    columns = ("s", "MB", "Others served")
    table = Table("Attack", *(f"Before: {one}" for one in columns if asked.before), *columns)
    with contextlib.ExitStack() as stack:
        codes = [stack.enter_context(checkout(asked.before))] if asked.before else []
        for name in asked.only or ATTACKS:
            rows = [cells(played(code, name)) for code in [*codes, PROJECT]]
            table.add_row(ATTACKS[name].__doc__, *itertools.chain(*rows))
    Console().print(table)


if __name__ == "__main__":
    main()
