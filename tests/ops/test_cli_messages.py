"""What the command line says besides its answer: whole words on a terminal, one line for whatever reads it further."""

from __future__ import annotations

import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from fcntl import ioctl
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db
from tests.intake.slow import silent, slow
from tests.ops.test_cli import Shell

WIDTH = 80
LONG = "een-map-met-een-lange-naam/en-nog-een/werken-van-dit-jaar.geojson"


@pytest.fixture
def shell(fresh_database: str, tmp_path: Path) -> Iterator[Shell]:
    """A command line on a database of its own."""
    yield Shell(fresh_database, tmp_path)


@pytest.fixture
def rows(fresh_database: str) -> Iterator[Callable[[str], list[Any]]]:
    """What a query finds."""
    engine = db.create_engine_for(fresh_database)

    def ask(query: str) -> list[Any]:
        with engine.connect() as conn:
            return [tuple(row) for row in conn.execute(sa.text(query))]

    yield ask
    engine.dispose()


def on_a_terminal(shell: Shell, *words: str) -> str:
    """What a terminal of 80 columns gets to see of a command's stderr."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    command = [sys.executable, "-m", "geo_service", *words]
    env = {**shell.env, "TERM": "xterm", "NO_COLOR": "1"}
    with subprocess.Popen(command, env=env, cwd=shell.folder, stdout=subprocess.DEVNULL, stderr=theirs):
        os.close(theirs)
        seen = b""
        with suppress(OSError):  # the end of a terminal
            while chunk := os.read(ours, 1 << 16):
                seen += chunk
    os.close(ours)
    return seen.decode()


def lines(seen: str) -> list[str]:
    return [line for line in seen.replace("\r", "").splitlines() if line]


def test_a_long_message_is_wrapped_at_words_on_a_terminal(shell: Shell) -> None:
    seen = lines(on_a_terminal(shell, "import", "works", LONG, "--mapping", "nergens", "--only-read"))
    plain = shell.run("import", "works", LONG, "--mapping", "nergens", "--only-read", code=2).stderr.strip()
    assert len(plain) > 2 * WIDTH and "\n" not in plain
    assert len(seen) > 2 and all(len(line) <= WIDTH for line in seen)
    assert " ".join(seen) == plain


def test_a_word_that_is_longer_than_the_terminal_stays_one_word(shell: Shell) -> None:
    path = f"{'/'.join([LONG, LONG])}"
    assert path in on_a_terminal(shell, "import", "works", path, "--mapping", "osiris")


def test_for_machines_it_is_one_line_also_on_a_terminal(shell: Shell) -> None:
    assert (
        len(
            lines(
                on_a_terminal(shell, "import", "works", LONG, "--mapping", "nergens", "--only-read", "--json")
            )
        )
        == 1
    )


def test_what_is_said_beside_an_answer_is_one_line_where_it_is_redirected(shell: Shell) -> None:
    file = shell.folder / "gipod.geojson"
    file.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    done = shell.run("import", "gipod", str(file), code=1)
    assert len(done.stderr.strip().splitlines()) == 1


def ended(shell: Shell, url: str, sign: signal.Signals) -> tuple[int, str, float]:
    """How an import ends that gets a signal while its server says nothing: exit code, what it said, seconds."""
    command = [sys.executable, "-m", "geo_service", "import", "gipod", url]
    process = subprocess.Popen(command, env=shell.env, cwd=shell.folder, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    with process:
        said = process.stderr.readline()  # it waits
        process.send_signal(sign)
        started = time.monotonic()
        said += process.stderr.read()
        code = process.wait(60)
    return code, said, time.monotonic() - started


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_import_that_waits_says_so_and_stops_at_a_signal(
    shell: Shell, rows: Callable[[str], list[Any]], sign: signal.Signals, code: int
) -> None:
    with slow(silent) as url:
        exit_code, said, seconds = ended(shell, url, sign)
    waits, stopped = said.strip().splitlines()
    assert waits.startswith("gipod: wacht op http://127.0.0.1:") and "hush" not in said
    assert stopped.startswith("geo-service: onderbroken")
    assert (exit_code, seconds < 5) == (code, True)
    assert rows("SELECT status, report ->> 'error' FROM imports") == [("failed", "interrupted")]
    assert rows("SELECT count(*) FROM works") == [(0,)]


def test_a_second_import_says_for_which_one_it_waits(shell: Shell, rows: Callable[[str], list[Any]]) -> None:
    page = shell.folder / "page.json"
    page.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with slow(silent) as url:
        command = [sys.executable, "-m", "geo_service", "import", "gipod"]
        how: dict[str, Any] = {"env": shell.env, "cwd": shell.folder, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen([*command, url], **how) as first:
            while not rows("SELECT 1 FROM imports WHERE status = 'running'"):
                time.sleep(0.05)
            with subprocess.Popen([*command, str(page), "--json"], **how) as second:
                assert second.stderr is not None
                said = second.stderr.readline()
                second.send_signal(signal.SIGINT)
            first.send_signal(signal.SIGINT)
    assert said.startswith("gipod: wacht op de import van gipod die bezig is sinds ")
    assert "opdrachtregel" in said
