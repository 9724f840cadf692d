"""What a full run costs in two checkouts, by turns on the same generated claims, each with its own database.

    git worktree add ../before 83fc011
    .venv/bin/python scripts/full_runs.py ../before . --claims 10000 --times 9

A run finds and compares everything under the writers' lock and is rolled back. CPU is that of its backend and of PostgreSQL's parallel workers.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
SETTLED_S = 0.3
"""Parallel workers are counted once PostgreSQL has taken their leave."""


def serve(home: Path, claims: int) -> None:
    """Run everything once for each line of stdin, with the code on the path; print its wall and CPU seconds."""
    import sqlalchemy as sa

    from geo_service import db
    from geo_service.bench import region
    from geo_service.cluster import Cluster
    from geo_service.detection import run
    from geo_service.store import locks

    cluster = Cluster(home, durable=False)
    cluster.start()
    try:
        engine = db.create_engine_for(region.region(cluster, claims))
        with engine.connect() as conn:
            backend: int = conn.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
            conn.rollback()
            say("ready")
            for _ in sys.stdin:
                cpu, began = cpu_s(backend), time.perf_counter()
                with conn.begin() as transaction:
                    locks.claims_writer(conn)
                    run.refresh(conn, run.EVERYTHING, region.TODAY)
                    transaction.rollback()
                wall = time.perf_counter() - began
                time.sleep(SETTLED_S)
                say(f"{wall} {cpu_s(backend) - cpu}")
        engine.dispose()
    finally:
        cluster.stop()


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def cpu_s(backend: int) -> float:
    """The CPU seconds of a backend, and of the processes of its server that are over."""
    own = _numbers(backend)
    server = _numbers(own[1])
    return sum((*own[11:13], *server[13:15])) / TICKS


def _numbers(process: int) -> list[int]:
    """The fields of a process behind its name and state (proc(5)): the first is the parent's id at place 1."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return [0, *map(int, fields[1:])]


@contextmanager
def served(checkout: Path, home: Path, claims: int) -> Iterator[subprocess.Popen[str]]:
    """A checkout that waits for its turns."""
    words = [sys.executable, str(Path(__file__).resolve()), "--serve", str(home), "--claims", str(claims)]
    env = {**os.environ, "PYTHONPATH": str(checkout), "GEO_HOME": str(home)}
    process = subprocess.Popen(
        words, env=env, cwd=checkout, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise SystemExit(f"{checkout} cannot run")
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()


def turn(process: subprocess.Popen[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one run."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    wall, cpu = process.stdout.readline().split()
    return float(wall), float(cpu)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkouts", nargs="*", type=Path, help="before, and after")
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve, options.claims)
    before, after = (one.resolve() for one in options.checkouts)
    costs: dict[str, list[tuple[float, float]]] = {"before": [], "after": []}
    with (
        tempfile.TemporaryDirectory() as home,
        served(before, Path(home, "before"), options.claims) as one,
        served(after, Path(home, "after"), options.claims) as other,
    ):
        for number in range(options.times + 1):
            both = [("before", one), ("after", other)]
            for name, process in both if number % 2 else reversed(both):
                costs[name].append(turn(process))
    for place, name in enumerate(("wall", "CPU")):
        old, new = (statistics.median(cost[place] for cost in some[1:]) for some in costs.values())
        say(f"{name}: {old:.2f} s before, {new:.2f} s after, ratio {new / old:.2f}")


if __name__ == "__main__":
    main()
