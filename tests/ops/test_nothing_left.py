"""Whatever ends a test run or the demo, nothing that it started goes on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import reaper

WAIT_S = 40
RUN = """
import subprocess, sys, time
from pathlib import Path
from geo_service.cluster import Cluster
from tests import reaper
home = Path(sys.argv[1])
reaper.start(home / "none")
writers = [subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) for _ in range(3)]
cluster = Cluster(home / "own", durable=False)
cluster.start()
print(cluster.status().pid, *(one.pid for one in writers), flush=True)
time.sleep(600)
"""
DEMO = """
import sys
from pathlib import Path
from rich.console import Console
from datetime import date
from geo_service import demo_run, settings
from geo_service.i18n import Translator
demo_run._ready_city = lambda *_: []
known = settings.load(home=Path(sys.argv[1]), port=int(sys.argv[2]), demo=True)
demo_run.run(known, reset=False, scale=1, console=Console(), translator=Translator("nl", date.today()))
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """Where PostgreSQL's account may go."""
    with tempfile.TemporaryDirectory(prefix="geo-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def start(program: str, *words: str) -> subprocess.Popen[str]:
    own = {name: value for name, value in os.environ.items() if name != reaper.MARK}
    return subprocess.Popen(
        [sys.executable, "-c", program, *words], env=own, stdout=subprocess.PIPE, text=True
    )


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(processes: list[int]) -> bool:
    deadline = time.monotonic() + WAIT_S
    while any(map(alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not any(map(alive, processes))


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_test_run_that_is_ended_leaves_neither_writers_nor_postgresql(
    home: Path, sign: signal.Signals
) -> None:
    with start(RUN, str(home)) as run:
        assert run.stdout is not None
        started = [int(word) for word in run.stdout.readline().split()]
        assert len(started) == 4 and all(map(alive, started))
        run.send_signal(sign)
        run.wait(WAIT_S)
        assert gone(started)


def server_of(home: Path) -> int:
    pid_file = home / "postgres" / "data" / "postmaster.pid"
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if pid_file.exists() and len(lines := pid_file.read_text().splitlines()) > 7 and "ready" in lines[7]:
            return int(lines[0])
        time.sleep(0.1)
    raise AssertionError("PostgreSQL did not come up")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(
    ("sign", "serving"), [(signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGINT, True)]
)
def test_a_demo_that_is_ended_stops_its_postgresql(home: Path, sign: signal.Signals, serving: bool) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with start(DEMO, str(home), str(port)) as demo:
        server = server_of(home)
        deadline = time.monotonic() + WAIT_S
        while serving and not answers(port):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        demo.send_signal(sign)
        demo.wait(WAIT_S)
        assert not alive(server)
