"""`make kills`: `make demo` is killed at random moments and started again: is all there that was confirmed, and does nothing run on?

    .venv/bin/python -m scripts.killed_demo --times 50

A demo is built in a home of its own, and killed as it builds, as it starts and as people report holes: the demo alone (its PostgreSQL
runs on), all of it, or its PostgreSQL, after which Ctrl-C ends the demo. After its last kill it is started once more, compared with a demo
that nobody killed, and ended by Ctrl-C. Each kill takes about half a minute.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx

from geo_service.cluster import Cluster
from geo_service.postgres import free_port

KINDS = ("the demo", "all of it", "PostgreSQL")
KILLS_OF_ONE_HOME = 10
START_S, END_S = 1_200, 300
SCALE = "0.2"
"""A fifth of the city: it is built in a fifth of the time."""
HOLE = {"category": "pothole", "scope": "spot", "description": "killed demo"}


class DemoFailed(Exception):
    """The demo does not start, or does not end; the message ends with its own words."""


class Demo:
    """`make demo` in a home of its own: one process after the other, and what they confirmed."""

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self.home = home
        self.confirmed: list[str] = []
        self.starts_s: list[float] = []
        self._port = free_port()
        self._url = f"http://127.0.0.1:{self._port}"
        self._began = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to start it."""
        known = {"GEO_HOME": str(self.home), "GEO_PORT": str(self._port), "GEO_LANGUAGE": "en"}
        with (self.home / "demo.log").open("wb") as log:
            words = [sys.executable, "-m", "geo_service", "demo", "--scale", SCALE]
            self._process = subprocess.Popen(words, env={**os.environ, **known}, stdout=log, stderr=log)
        self._began = time.monotonic()

    def wait(self, until: float) -> bool:
        """Whether it answers before `until` (`time.monotonic`). Raises DemoFailed when it ends by itself."""
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                raise DemoFailed(f"it ended: {self.log()}")
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self._url}/health/ready", timeout=5).is_success:
                    self.starts_s.append(time.monotonic() - self._began)
                    return True
            time.sleep(0.1)
        return False

    def work(self, until: float) -> None:
        """Report holes, one after the other."""
        with self._client() as client:
            west, south, east, north = client.get("/api/v1/status").json()["bounds"]
            hole = {
                **HOLE,
                "geometry": {"type": "Point", "coordinates": [(west + east) / 2, (south + north) / 2]},
            }
            while time.monotonic() < until:
                answer = client.post("/api/v1/repairs", json=hole)
                if answer.is_success:
                    self.confirmed.append(answer.json()["id"])

    def kill(self, kind: str) -> None:
        """SIGKILL, and wait for its end. Raises DemoFailed when Ctrl-C does not end it."""
        assert self._process is not None
        if kind != "PostgreSQL":
            self._process.kill()
        for pid in self.servers() if kind != "the demo" else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """Ctrl-C. Raises DemoFailed when it does not end."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise DemoFailed(f"Ctrl-C does not end it: {self.log()}") from None

    def servers(self) -> list[int]:
        """The processes of its PostgreSQL: all work in a folder of its data."""
        root = Cluster(self.home).status().data.parent
        found = (one for one in Path("/proc").iterdir() if one.name.isdigit())
        return [int(one.name) for one in found if _works_under(one, root)]

    def counts(self) -> dict[str, int]:
        """How much of everything there is, without what was reported here; `lost` are confirmed repairs that are not there."""
        with self._client() as client:
            found = {
                name: client.get(f"/api/v1/{name}", params={"limit": 1}).json()["total"]
                for name in ("works", "repairs", "buildings")
            }
            ours = client.get("/api/v1/repairs", params={"q": HOLE["description"], "limit": 1}).json()[
                "total"
            ]
            lost = sum(not client.get(f"/api/v1/repairs/{one}").is_success for one in self.confirmed)
        return {**found, "repairs": found["repairs"] - ours, "lost": lost}

    def _client(self) -> httpx.Client:
        key = json.loads((self.home / "keys.json").read_text())["coordinator"]
        return httpx.Client(base_url=self._url, headers={"Authorization": f"Bearer {key}"}, timeout=60)

    def forget(self) -> None:
        """End all of it, whatever runs, and remove its data."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        Cluster(self.home).destroy()

    def log(self) -> str:
        """The last of what it said."""
        return (self.home / "demo.log").read_text(errors="replace")[-2000:]


def _works_under(process: Path, root: Path) -> bool:
    try:
        return (process / "cwd").resolve().is_relative_to(root)
    except OSError:
        return False


class Play:
    """Kills of demos, one home after the other, and what came of them."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder, self._chance = folder, chance
        self.kinds: Counter[str] = Counter()
        self.starts_s: list[float] = []
        self.confirmed = self.strays = 0
        self._usual: dict[str, int] = {}
        self._span_s = 0.0

    def whole(self) -> None:
        """Learn from a demo that nobody kills what is in it, and how long it takes until it answers."""
        with self._demo("whole") as demo:
            for _ in range(2):  # built, and as it was left
                demo.start()
                if not demo.wait(time.monotonic() + START_S):
                    raise DemoFailed(f"it does not answer in {START_S} s: {demo.log()}")
                self._usual = demo.counts()
                demo.end()
            self._span_s = 2 * demo.starts_s[-1]

    def home(self, name: str, kills: int) -> Iterator[str]:
        """Kill a demo of its own so many times, and look at what is left of it. Raises DemoFailed."""
        with self._demo(name) as demo:
            for _ in range(kills):
                kind, after = self._chance.choice(KINDS), self._chance.uniform(0, self._span_s)
                demo.start()
                until = time.monotonic() + after
                answered = demo.wait(until)
                if answered:
                    with contextlib.suppress(httpx.TransportError):
                        demo.work(until)
                demo.kill(kind)
                self.kinds[f"{kind}, {'as people report' if answered else 'as it starts'}"] += 1
                yield f"{name}: {kind} after {after:.1f} s, {len(demo.confirmed)} reports so far"
            demo.start()
            if not demo.wait(time.monotonic() + START_S):
                raise DemoFailed(f"it does not answer in {START_S} s: {demo.log()}")
            if (left := demo.counts()) != self._usual:
                raise DemoFailed(f"there are {left}; a demo that nobody killed has {self._usual}")
            demo.end()
            self.strays += len(demo.servers())
            self.confirmed += len(demo.confirmed)
            self.starts_s += demo.starts_s

    @contextlib.contextmanager
    def _demo(self, name: str) -> Iterator[Demo]:
        demo = Demo(self._folder / name)
        try:
            yield demo
        finally:
            demo.forget()

    def figures(self) -> Iterator[str]:
        """What it was worth."""
        yield from (f"{count} × {kind}" for kind, count in sorted(self.kinds.items()))
        yield f"reports confirmed: {self.confirmed}, lost: 0; processes that run on after the end: {self.strays}"
        yield f"until it answers again: {median(self.starts_s):.0f} s, longest {max(self.starts_s):.0f} s"


def play(times: int, folder: Path, chance: random.Random) -> Iterator[str]:
    """Kill so many times; a line for each, and what came of it. Raises DemoFailed."""
    all_of_it = Play(folder, chance)
    all_of_it.whole()
    for first in range(0, times, KILLS_OF_ONE_HOME):
        yield from all_of_it.home(str(first), min(times - first, KILLS_OF_ONE_HOME))
    yield from all_of_it.figures()


def main() -> int:
    """Play it; 1 when something was lost, does not start or runs on."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--times", type=int, default=50, help="how many kills")
    words.add_argument(
        "--seed", type=int, default=random.randrange(2**32), help="of another run, to play it again"
    )  # nosec B311 # chance, never a secret
    given = words.parse_args()
    sys.stdout.write(f"seed {given.seed}\n")
    with tempfile.TemporaryDirectory(prefix="geo-killed-") as made:
        Path(made).chmod(0o755)  # the account of PostgreSQL goes through it
        try:
            for line in play(given.times, Path(made), random.Random(given.seed)):  # nosec B311
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
        except DemoFailed as failure:
            sys.stdout.write(f"FAILED: {failure}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
