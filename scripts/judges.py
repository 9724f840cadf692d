"""`make judges`: others' tools look for holes, in the code and in a demo city of its own on loopback, signed out and as each role.

    .venv/bin/python -m scripts.judges                                            # all of them, half an hour and more
    .venv/bin/python -m scripts.judges --only schemathesis --role partner --max-examples 5 --seconds 60
    .venv/bin/python -m scripts.judges --only sqlmap --path /api/v1/works         # the routes whose path begins so

The tools are not the project's: uv fetches each, in the version named here, into a place of its own. What they write stands in `data/judges/`.
Ends with 1 when one of them finds something. The demo city goes away with its folder; nothing else is touched.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from geo_service.domain.roles import ROLES
from scripts.attacked import free_port, wait_for
from scripts.injections import injections

PROJECT = Path(__file__).parent.parent
REPORTS = PROJECT / "data" / "judges"
VERSIONS = {"bandit": "1.9.4", "schemathesis": "4.32.5", "sqlmap": "1.10.10"}
SIGNED_OUT = "nobody"
SLOWEST_S = 60.0
"""Of one answer, on a busy machine."""
BEGIN_S = 900.0
"""Of a demo city, on a busy machine."""


@dataclass(frozen=True)
class City:
    """A demo city that is served, and a key of each role."""

    url: str
    keys: dict[str, str]

    def headers(self, role: str) -> dict[str, str]:
        """How somebody of this role asks; nobody asks without a key."""
        return {} if role == SIGNED_OUT else {"Authorization": f"Bearer {self.keys[role]}"}


@dataclass(frozen=True)
class Verdict:
    """What a judge said of something."""

    judge: str
    about: str
    holds: bool
    seconds: float
    report: Path


@contextmanager
def demo_city() -> Iterator[City]:
    """`make demo` in a folder that goes away, on a free port, without a limit on requests."""
    with tempfile.TemporaryDirectory(prefix="judges-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another user
        port = free_port()
        own = {"GEO_HOME": f"{folder}/home", "GEO_PORT": str(port), "GEO_LOG_LEVEL": "error", "GEO_RATE_PER_MINUTE": "0", "GEO_RATE_PER_ADDRESS": "0"}  # fmt: skip
        env = {name: value for name, value in os.environ.items() if not name.startswith("GEO_")} | own
        words = [sys.executable, "-m", "geo_service", "demo"]
        process = subprocess.Popen(words, env=env, cwd=PROJECT, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/health/ready", BEGIN_S)
            keys = json.loads(Path(folder, "home", "keys.json").read_text(encoding="utf-8"))
            yield City(f"http://127.0.0.1:{port}", keys)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def asked(judge: str, words: Sequence[str], about: str, limit_s: float | None = None) -> Verdict:
    """Run a tool; what it says goes into a file of its own. One that takes longer than `limit_s` is ended, and does not hold."""
    report = REPORTS / f"{judge}-{about}.txt"
    start = time.monotonic()
    with report.open("w", encoding="utf-8") as file:
        command = ["uv", "tool", "run", "--quiet", f"{judge}@{VERSIONS[judge]}", *words]
        try:
            done = subprocess.run(command, cwd=PROJECT, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=limit_s)  # fmt: skip
            holds = done.returncode == 0
        except subprocess.TimeoutExpired:
            holds = False
    return Verdict(judge, about, holds, time.monotonic() - start, report)


def bandit() -> Iterator[Verdict]:
    """What in the code looks dangerous; lines that are fine say why."""
    yield asked("bandit", ["--quiet", "--configfile", "pyproject.toml", "--recursive", "geo_service", "packages", "scripts"], "code")  # fmt: skip


def schemathesis(city: City, roles: Sequence[str], examples: int, seconds: int) -> Iterator[Verdict]:
    """Requests made up from the OpenAPI document, and chains of them: does each answer keep to it, and never fail?"""
    for role in roles:
        headers = [word for pair in city.headers(role).items() for word in ("--header", ": ".join(pair))]
        yield asked(
            "schemathesis",
            [
                "--config-file", "scripts/schemathesis.toml", "run", f"{city.url}/openapi.json", *headers, "--continue-on-failure",
                "--no-color", "--no-shrink", "--max-examples", str(examples), "--max-time", str(seconds), "--max-response-time", str(SLOWEST_S),
            ],
            role,
        )  # fmt: skip


def sqlmap(city: City, beginning: str, seconds: int) -> Iterator[Verdict]:
    """SQL slipped into each parameter of each filter, body and form, by the role that may do most."""
    with tempfile.TemporaryDirectory(prefix="judges-") as folder:
        for injection in injections(city.url, city.headers("admin"), beginning):
            file = Path(folder, "request.txt")
            file.write_text(injection.request, encoding="utf-8")
            verdict = asked(
                "sqlmap",
                [
                    "-r", str(file), "--batch", "--disable-coloring", "--flush-session", "--output-dir", folder,
                    "--dbms", "PostgreSQL", "--technique", "BEUST", "--time-sec", "2", "--level", "1", "--ignore-code", "*",
                ],
                injection.name,
                limit_s=seconds,
            )  # fmt: skip
            yield _unless_injected(verdict)


def _unless_injected(verdict: Verdict) -> Verdict:
    """sqlmap ends well whatever it finds: what it says counts."""
    text = verdict.report.read_text(encoding="utf-8", errors="replace")
    holds = verdict.holds and "injectable" in text and "identified the following injection" not in text
    return Verdict(verdict.judge, verdict.about, holds, verdict.seconds, verdict.report)


def verdicts(given: argparse.Namespace) -> Iterator[Verdict]:
    """Of the judges that were asked for, one after the other."""
    judges = given.only or list(VERSIONS)
    if "bandit" in judges:
        yield from bandit()
    if set(judges) - {"bandit"}:
        with demo_city() as city:
            if "sqlmap" in judges:  # before others fill the city with nonsense
                yield from sqlmap(city, given.path, given.seconds)
            if "schemathesis" in judges:
                yield from schemathesis(city, given.role or [SIGNED_OUT, *ROLES], given.max_examples, given.seconds)  # fmt: skip


def main() -> None:
    """A line per verdict as it falls, and the table of them."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # which ends all that was started
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    options.add_argument("--only", choices=list(VERSIONS), action="append")
    options.add_argument("--role", choices=[SIGNED_OUT, *ROLES], action="append", help="schemathesis")
    options.add_argument("--path", default="/", help="sqlmap: the routes whose path begins so")
    options.add_argument("--max-examples", type=int, default=20, help="schemathesis: of each operation")
    options.add_argument("--seconds", type=int, default=300, help="at most: of a role, or of a route")
    REPORTS.mkdir(parents=True, exist_ok=True)
    console = Console()
    table = Table("Judge", "About", "Holds", "s", "Said")
    holds = True
    for one in verdicts(options.parse_args()):
        holds &= one.holds
        table.add_row(one.judge, one.about, "yes" if one.holds else "no", f"{one.seconds:.0f}", str(one.report.relative_to(PROJECT)))  # fmt: skip
        console.print(one.judge, one.about, "holds" if one.holds else f"does not hold: {one.report}", soft_wrap=True)  # fmt: skip
    console.print(table)
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
