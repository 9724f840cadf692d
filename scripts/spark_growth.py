"""What one more worker brings: the pairs of a folder of claims on clusters of more and more workers, each with a core, beside each other.

    nice -n 15 .venv/bin/python -m scripts.spark_growth claims --workers 1 2

Seconds on the clock depend on what else the machine does, those of CPU hardly: the slowest worker and the driver, one after the other, are
the least that a run takes on cores of their own. The first run of each cluster is left out: it loads classes and compiles.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from geo_service.analysis import dataset, engines, pairs, spark
from scripts.spark_cluster import SparkCluster

HEADER = ("Workers", "Pairs", "Clock", "Driver CPU", "Workers CPU, each")


@dataclass(frozen=True)
class Cost:
    """One run: seconds on the clock, of the driver's CPU and of each worker's."""

    pairs: int
    wall_s: float
    driver_s: int
    workers_s: tuple[int, ...]

    def cells(self) -> tuple[str, ...]:
        """The cells of its row, after HEADER."""
        each = " + ".join(f"{seconds} s" for seconds in self.workers_s)
        return str(len(self.workers_s)), f"{self.pairs:,}", f"{self.wall_s:.0f} s", f"{self.driver_s} s", each


def costs(claims: Path, workers: int, times: int, memory: str) -> Iterator[Cost]:
    """The cost of each run after the first, on a cluster of its own."""
    data = dataset.read(claims)
    with tempfile.TemporaryDirectory() as place, SparkCluster(Path(place), workers, memory) as running:
        cluster = spark.Cluster(running.master, {"spark.executor.memory": memory})
        with spark.session(cluster) as session:
            site = engines.Workplace(lambda: sa.create_engine("postgresql+psycopg://"), Path(place), cluster)
            before, clock = _cpu(running), time.monotonic()
            for turn in range(times + 1):
                table = pairs.canonical(engines.by_spark(data, session, site))
                after, now = _cpu(running), time.monotonic()
                driver, *each = (new - old for new, old in zip(after, before, strict=True))
                if turn:
                    yield Cost(table.num_rows, now - clock, driver, tuple(each))
                before, clock = after, now


def _cpu(cluster: SparkCluster) -> list[int]:
    """Seconds of CPU of the driver's JVM and of each worker with its executors."""
    ours = _seconds("--ppid", str(os.getpid()))
    driver = next(seconds for seconds, words in ours if "SparkSubmit" in words)
    return [
        driver,
        *(sum(seconds for seconds, _ in _seconds("--sid", str(worker.pid))) for worker in cluster.workers),
    ]


def _seconds(*which: str) -> list[tuple[int, str]]:
    listed = subprocess.run(
        ["ps", "-ww", "-o", "cputimes=,args=", *which], capture_output=True, text=True, check=True
    )
    lines = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
    return [(int(seconds), words) for seconds, words in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description="What one more worker brings")
    parser.add_argument("claims", type=Path, help="Folder that `batch claims` wrote")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--times", type=int, default=3, help="Runs of each cluster")
    parser.add_argument("--memory", default="1g", help="Memory of each executor")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores\n")  # noqa: T201
    for cells in (HEADER, ("---",) * len(HEADER)):
        print(f"| {' | '.join(cells)} |", flush=True)  # noqa: T201
    for workers in options.workers:
        for cost in costs(options.claims, workers, options.times, options.memory):
            print(f"| {' | '.join(cost.cells())} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
