"""Write what others build on to one file, so that two commits can be compared by `diff`: `scripts/public_surface.py FILE`.

With `PYTHONPATH` it describes another checkout, by the libraries of this one.

The OpenAPI document, the commands with their options and exit codes, and the schema of the database. Lines of each part are sorted or in the
order of names, so that moving code changes nothing here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from geo_service import postgres, settings
from geo_service.api.app import create_app
from geo_service.cli import app as command_line
from geo_service.cli import terminal
from geo_service.cluster import Cluster
from geo_service.store import migrate

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
MUTE = re.compile(r"^(--|SET |SELECT pg_catalog|\\|$)")
"""Lines of a dump that say nothing of the schema."""


def api() -> Iterator[str]:
    """The OpenAPI document, with its members in the order of their names."""
    document = create_app(settings.load(database_url=NOWHERE)).openapi()
    document["info"].pop("version")
    yield from json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False).splitlines()


def commands() -> Iterator[str]:
    """Each command with its parameters, and the exit codes."""
    for name in ("DONE", "REJECTED", "WRONG_USE", "UNREACHABLE"):
        yield f"exit code {getattr(terminal, name)}: {name.lower()}"
    yield from sorted(_lines(typer.main.get_command(command_line), "geo-service"))


def _lines(command: Any, path: str) -> Iterator[str]:
    yield f"{path}: {' '.join((command.help or '').split())}"
    for one in command.params:
        names = " ".join([*one.opts, *one.secondary_opts])
        kind = (
            getattr(one.type_descriptor.annotation, "__name__", "") if hasattr(one, "type_descriptor") else ""
        )
        yield f"{path} {names} {kind} required={one.required} default={one.default!r}: {getattr(one, 'help', None)}"
    for name, below in getattr(command, "commands", {}).items():
        yield from _lines(below, f"{path} {name}")


def schema() -> Iterator[str]:
    """The schema of a database that was migrated to the newest version, as pg_dump writes it."""
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(Path(folder), durable=False)
        cluster.start()
        try:
            url = cluster.create_database("surface")
            migrate.upgrade(url)
            program = str(postgres.find_binaries().program("pg_dump"))
            options = ("--schema-only", "--no-owner", "--no-privileges")
            address = re.sub(r"^postgresql\+\w+", "postgresql", url)
            dump = subprocess.run(
                [program, *options, address], capture_output=True, text=True, check=True
            ).stdout
        finally:
            cluster.stop()
    yield from (line for line in dump.splitlines() if not MUTE.match(line))


def main() -> None:
    """Write the three parts under their titles."""
    parts = (("OpenAPI", api), ("Commands", commands), ("Database", schema))
    text = "".join(f"# {title}\n" + "\n".join(part()) + "\n\n" for title, part in parts)
    Path(sys.argv[1]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
