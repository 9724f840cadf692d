"""A standalone cluster of Spark on this machine alone: a master and workers on loopback, for tests and to try `batch detect --engine spark`.

.venv/bin/python -m scripts.spark_cluster --workers 2     # prints the address of the master; Ctrl-C ends all of it
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
PATIENCE_S = 120.0
"""How long the start of one process may take."""
ADDRESS = re.compile(r"Starting Spark master at (spark://\S+)")
JOINED = "Registering worker"
ENVIRONMENT = {
    "SPARK_LOCAL_IP": HOST,
    "SPARK_DAEMON_MEMORY": "256m",
    "SPARK_DAEMON_JAVA_OPTS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
}
"""Master and workers compute nothing, so their JVMs stay small."""


class SparkCluster:
    """A master and workers of one core and `memory` for an executor each; their logs and work are in `folder`. They end with the block."""

    def __init__(self, folder: Path, workers: int = 2, memory: str = "1g") -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self._count = workers
        self._memory = memory

    def __enter__(self) -> Self:
        self._processes: list[subprocess.Popen[bytes]] = []
        try:
            self.process = self._start("master", "master.Master", "--port", "0")
            self.master = ADDRESS.findall(self.wait_for(ADDRESS.pattern))[0]
            for _ in range(self._count):
                self.add_worker()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def add_worker(self) -> subprocess.Popen[bytes]:
        """One more worker, once the master has it. It leads a process group, in which its executors are."""
        name = f"worker-{len(self.workers) + 1}"
        words = ("--cores", "1", "--memory", self._memory, "--work-dir", str(self.folder / name), self.master)
        self.workers.append(self._start(name, "worker.Worker", *words))
        self.wait_for(JOINED, len(self.workers))
        return self.workers[-1]

    def _start(self, name: str, program: str, *words: str) -> subprocess.Popen[bytes]:
        spec = importlib.util.find_spec("pyspark")
        if spec is None or spec.origin is None:
            raise SystemExit("pyspark is not installed: uv sync --extra spark")
        command = Path(spec.origin).parent / "bin" / "spark-class"
        options = ("--host", HOST, "--webui-port", "0")
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [command, f"org.apache.spark.deploy.{program}", *options, *words],
                env={**os.environ, **ENVIRONMENT}, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._processes.append(process)
        return process

    def wait_for(self, pattern: str, times: int = 1) -> str:
        """The log of the master, once it has this pattern so many times."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and all(one.poll() is None for one in self._processes):
            log = (self.folder / "master.log").read_text(encoding="utf-8")
            if len(re.findall(pattern, log)) >= times:
                return log
            time.sleep(0.05)
        logs = {path.name: path.read_text(encoding="utf-8")[-500:] for path in self.folder.glob("*.log")}
        raise SystemExit(f"the cluster does not start: {logs}")

    def _end(self) -> None:
        for process in reversed(self._processes):
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started, at once (SIGKILL)."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A standalone cluster of Spark on this machine")
    parser.add_argument("--workers", type=int, default=2, help="Workers of one core each")
    parser.add_argument(
        "--memory", default="1g", help="Memory for the executor of each worker, and a little more"
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryDirectory() as folder,
        SparkCluster(Path(folder), options.workers, options.memory) as cluster,
    ):
        print(cluster.master, flush=True)  # noqa: T201
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
