"""`geo-service bench …`: measure speed, and compare it with other software for the same work."""

from __future__ import annotations

import os
import tempfile
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
    cities: Annotated[int, typer.Option(min=1, help="Towns that share the claims in one database, beside one of them alone")] = 300,
    only: Annotated[list[str] | None, typer.Option(help="Only this measurement; may be given more than once")] = None,
    home: Annotated[Path | None, typer.Option(help="Folder of the generated data, which stays; default GEO_HOME/bench")] = None,
    as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Measure the engine on generated data in a private database of its own; the data of the service is not touched."""
    from geo_service.bench.engine import HEADER, NAMES, Extent, lines

    config = terminal.load(log_level="error")
    names = _names(only, NAMES)
    extent = Extent(claims, times, rows, cities)
    if "cities" in names and cities > extent.most_cities:
        raise InvalidInput.one("cities", "too_many.cities", claims=claims, most=extent.most_cities)
    load = round(os.getloadavg()[0], 1)
    with Cluster(home or config.home / "bench").kept_running() as cluster:
        measured = []
        if not as_json:
            _say(f"{claims:,} claims, load {load} on {os.cpu_count()} cores\n")
            _say(_row(HEADER))
            _say(_row(["---"] * len(HEADER)))
        for line in lines(cluster, extent, names):
            measured.append(line.as_json())
            if not as_json:
                _say(_row(line.cells()))
    if as_json:
        facts = {"claims": claims, "load": load, "cores": os.cpu_count(), "lines": measured}
        terminal.show(facts, True, str)


@app.command("races")
def races(
    seconds: Annotated[float, typer.Option(min=0.5, help="Length of one round of one way")] = 4,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; each way takes its turn in each")] = 5,
    rows: Annotated[int, typer.Option(min=0, help="Rows of the import during which one person saves; none: not measured")] = 3_000,
    only: Annotated[list[str] | None, typer.Option(help="Only this ground; may be given more than once")] = None,
    home: Annotated[Path | None, typer.Option(help="Folder of the generated data, which stays; default GEO_HOME/bench")] = None,
) -> None:  # fmt: skip
    """Measure how eight writers at once get along: one lock, locks on cells or cities, SERIALIZABLE; and what an import makes a person wait."""
    from geo_service.bench.races import GROUNDS, during_import, race

    config = terminal.load(log_level="error")
    grounds = _names(only, tuple(GROUNDS))
    with (
        Cluster(home or config.home / "bench").kept_running() as cluster,
        tempfile.TemporaryDirectory() as folder,
    ):
        _say(
            _row(
                ("Ground", "Way", "Commits/s", "To one lock", "Longest write", "Retries per commit", "Missed")
            )
        )
        _say(_row(["---"] * 7))
        first = 1.0
        for ground, way, raced in race(cluster, seconds, rounds, grounds):
            first = raced.commits_per_s if way == "one lock" else first
            ratio = f"{raced.commits_per_s / first:.2f}×"
            longest, retries = f"{raced.longest_s * 1000:,.0f} ms", f"{raced.retries_per_commit:.2f}"
            cells = (f"{raced.commits_per_s:.0f}", ratio, longest, retries, str(raced.missed))
            _say(_row([ground, way, *cells]))
        if not rows:
            return
        _say("")
        _say(_row(("A batch of the import holds the lock", "Rows/s", "A person's save, median", "Longest")))
        _say(_row(["---"] * 4))
        for waited in during_import(cluster, Path(folder), rows):
            times = (f"{seconds * 1000:,.0f} ms" for seconds in (waited.median_s, waited.longest_s))
            _say(_row([f"{waited.held_s} s", f"{waited.rows_per_s:.0f}", *times]))


@app.command("alerts")
def alerts(
    rate: Annotated[int, typer.Option(min=1, max=500, help="Alerts a second")] = 50,
    seconds: Annotated[int, typer.Option(min=1, help="How long they come")] = 20,
    listeners: Annotated[int, typer.Option(min=1, max=1000, help="Open streams")] = 500,
    home: Annotated[Path | None, typer.Option(help="Folder of the generated data, which stays; default GEO_HOME/bench")] = None,
) -> None:  # fmt: skip
    """Measure how soon a webhook has an alert, how fast the feed is read, and what open streams cost those who save."""
    from geo_service.bench.alerting import HEADER, measure

    config = terminal.load(log_level="error")
    load = round(os.getloadavg()[0], 1)
    with Cluster(home or config.home / "bench").kept_running() as cluster:
        figures = measure(cluster, rate, seconds, listeners)
    _say(f"load {load} on {os.cpu_count()} cores\n")
    _say(_row(HEADER))
    _say(_row(["---"] * len(HEADER)))
    for row in figures.rows(rate, listeners):
        _say(_row(row))


@app.command("serve")
def serve(
    claims: Annotated[int, typer.Option(min=100, help="Claims to generate; a million takes minutes")] = 100_000,
    times: Annotated[int, typer.Option(min=1, help="Turns of each server")] = 30,
    home: Annotated[Path | None, typer.Option(help="Folder of the generated data, which stays; default GEO_HOME/bench")] = None,
    as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Measure features, tiles and GeoParquet beside tipg, pygeoapi and GeoPandas; the peers are installed in that folder at first use."""
    from geo_service.bench.serve import HEADER, measure

    config = terminal.load(log_level="error")
    folder = home or config.home / "bench"
    load = round(os.getloadavg()[0], 1)
    with Cluster(folder).kept_running() as cluster:
        table = measure(cluster, claims, times, folder)
    if as_json:
        lines = [line.as_json() for line in table.lines]
        facts = {
            "claims": claims,
            "load": load,
            "cores": os.cpu_count(),
            "lines": lines,
            "missing": table.missing,
        }
        terminal.show(facts, True, str)
        return
    _say(f"{claims:,} claims, load {load} on {os.cpu_count()} cores\n")
    for cells in (HEADER, ("---",) * len(HEADER), *(line.cells() for line in table.lines)):
        _say(_row(cells))
    for words in table.missing:
        _say(f"\n{words}")


@app.command("load")
def load(
    url: Annotated[str, typer.Option(help="A service that runs, such as the demo; the reports of the bench stay in it")] = "http://127.0.0.1:8000",
    keys: Annotated[Path | None, typer.Option(help="One key per role, as the demo writes them; default GEO_HOME/keys.json")] = None,
    people: Annotated[int, typer.Option(min=1, max=1000, help="People who click")] = 30,
    writes: Annotated[float, typer.Option(min=0, max=200, help="Reports a second")] = 5,
    listeners: Annotated[int, typer.Option(min=0, max=1000, help="Open streams")] = 20,
    minutes: Annotated[float, typer.Option(min=0.1, max=60, help="For how long")] = 1,
) -> None:  # fmt: skip
    """Measure a busy morning on a service that runs: time per route, what it refuses, errors, memory."""
    from geo_service.bench.load import HEADER, Morning, measure

    config = terminal.load(log_level="error")
    figures = measure(
        url, keys or config.home / "keys.json", Morning(people, writes, listeners, minutes * 60)
    )
    _say(
        f"{people} people, {writes:g} reports/s, {listeners} streams, {minutes:g} min; {os.cpu_count()} cores with the bench itself\n"
    )
    _say(_row(HEADER))
    _say(_row(["---"] * len(HEADER)))
    for row in figures.rows():
        _say(_row(row))
    memory = " → ".join(f"{size / 2**20:.0f} MB" for size in (figures.memory_before, figures.memory_after))
    _say(f"\nmemory of the API: {memory}; events heard: {figures.events:,}")


@app.command("batch")
def batch(
    claims: Annotated[int, typer.Option(min=100, help="Claims to generate; a million takes minutes")] = 100_000,
    times: Annotated[int, typer.Option(min=1, help="Turns of each engine")] = 5,
    home: Annotated[Path | None, typer.Option(help="Folder of the generated data, which stays; default GEO_HOME/bench")] = None,
) -> None:  # fmt: skip
    """Measure the engines of `batch detect` beside each other, from files to pairs, on generated data."""
    from geo_service.bench.pairing import lines

    config = terminal.load(log_level="error")
    load = round(os.getloadavg()[0], 1)
    with (
        Cluster(home or config.home / "bench").kept_running() as cluster,
        tempfile.TemporaryDirectory() as folder,
    ):
        _say(f"{claims:,} claims, load {load} on {os.cpu_count()} cores\n")
        _say(_row(("What", "Against", "Wall", "CPU", "Ours", "Peer")))
        _say(_row(["---"] * 6))
        for what, against, measured in lines(cluster, claims, Path(folder), times):
            seconds = (f"{cost.wall_s:,.2f} s" for cost in (measured.ours, measured.peer))
            _say(_row([what, against, f"{measured.ratio:.2f}×", f"{measured.cpu_ratio:.2f}×", *seconds]))


def _names(only: list[str] | None, choices: tuple[str, ...]) -> tuple[str, ...]:
    """What is to be measured. Raises InvalidInput."""
    names = tuple(only or choices)
    if unknown := set(names) - set(choices):
        raise InvalidInput.one("only", "unknown.measurement", known=choices, given=sorted(unknown))
    return names


def _say(line: str) -> None:
    """As it is measured: a run takes minutes. A Markdown table, for the page that will hold it."""
    terminal.out.print(line, soft_wrap=True, markup=False, highlight=False)


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
