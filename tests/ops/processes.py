"""`geo-service` as a process of its own that does not import the libraries again: a fork of one that has them.

To start Python and import them takes 1.5 s of CPU, which each command of these tests would spend. The command line itself is imported
after the fork, with the environment of the command. tests/ops/test_wrapper.py starts it from nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

# Neither reads the environment when it is imported; `geo_service.cli` does.
LIBRARIES = [
    "typer.main", "rich.progress", "geo_service.detection.prepare", "geo_service.coordination.day_change", "geo_service.coordination.advising",
    "geo_service.coordination.rule_lifecycle", "geo_service.intake.importer", "geo_service.intake.assistant.proposal",
]  # fmt: skip
PATIENCE_S = 120


def command(words: tuple[str, ...], env: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """The exit code, stdout and stderr of `geo-service WORDS` in an environment and a folder; fails when it does not end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    with tempfile.TemporaryDirectory() as texts:
        files = [Path(texts) / name for name in ("out", "err")]
        process = context.Process(target=_run, args=(words, dict(env), folder, *files))
        process.start()
        process.join(PATIENCE_S)
        try:
            assert process.exitcode is not None, f"geo-service {' '.join(words)} does not end"
            out, err = (file.read_text(encoding="utf-8") for file in files)
            return subprocess.CompletedProcess(words, process.exitcode, out, err)
        finally:
            process.kill()
            process.join()
            process.close()


def _run(words: tuple[str, ...], env: dict[str, str], folder: Path, out: Path, err: Path) -> None:
    for stream, file in ((1, out), (2, err)):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, stream)
        os.close(opened)
    sys.stdout, sys.stderr = (open(stream, "w", encoding="utf-8", closefd=False) for stream in (1, 2))  # noqa: SIM115
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.argv = ["geo-service", *words]
    from geo_service.cli import main

    main()
