"""`geo-service bench …`: how fast it is, beside others that do the same work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from geo_service.cli import terminal
from geo_service.cluster import Cluster
from geo_service.domain.errors import InvalidInput

app = typer.Typer(no_args_is_help=True, help="How fast it is, beside others that do the same work.")


@app.command("engine")
def engine(
    claims: Annotated[int, typer.Option(min=100, help="Claims to generate; a million takes minutes")] = 1_000_000,
    times: Annotated[int, typer.Option(min=5, help="Runs of what is short; a twentieth of what is long")] = 100,
    rows: Annotated[int, typer.Option(min=1, help="Rows of the import")] = 20_000,
    only: Annotated[list[str] | None, typer.Option(help="Only this measurement; may be given more than once")] = None,
    home: Annotated[Path | None, typer.Option(help="Folder of the generated data, which stays; default GEO_HOME/bench")] = None,
    as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Measure the engine on generated data in a private database of its own; the data of the service is not touched."""
    from geo_service.bench.engine import HEADER, NAMES, Asked, lines

    config = terminal.load(log_level="error")
    wanted = tuple(only or NAMES)
    if unknown := set(wanted) - set(NAMES):
        message = f"there is no measurement {', '.join(sorted(unknown))}: choose from {', '.join(NAMES)}"
        raise InvalidInput.one("only", "unknown", message)
    load = round(os.getloadavg()[0], 1)
    with _running(Cluster(home or config.home / "bench")) as cluster:
        measured = []
        if not as_json:
            _say(f"{claims:,} claims, load {load} on {os.cpu_count()} cores\n")
            _say(_row(HEADER))
            _say(_row(["---"] * len(HEADER)))
        for line in lines(cluster, Asked(claims, times, rows), wanted):
            measured.append(line.as_json())
            if not as_json:
                _say(_row(line.cells()))
    if as_json:
        facts = {"claims": claims, "load": load, "cores": os.cpu_count(), "lines": measured}
        terminal.show(facts, True, str)


@contextmanager
def _running(cluster: Cluster) -> Iterator[Cluster]:
    """Started for as long as it takes; one that ran already runs on."""
    found = cluster.status().running
    cluster.start()
    try:
        yield cluster
    finally:
        if not found:
            cluster.stop()


def _say(line: str) -> None:
    """As it is measured: a run takes minutes. A Markdown table, for the page that will hold it."""
    terminal.out.print(line, soft_wrap=True, markup=False, highlight=False)


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
