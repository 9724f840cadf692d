"""`geo-service simulate`: the same year of the demo city twice, without the service and with it."""

from __future__ import annotations

import json
import signal
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from geo_service.cli import progress, terminal
from geo_service.cluster import Cluster
from geo_service.domain.errors import InvalidInput
from geo_service.i18n import Translator

SEEDS = [1, 2, 3]
ROWS = (
    "repairs",
    "unfinished",
    "reopened",
    "wasted_eur",
    "days_waited_median",
    "held",
    "alerts_per_desk_day",
)
SHARES = (
    "fewer_reopened_share",
    "fewer_announced_share",
    "fewer_avoidable_share",
    "held_needlessly_share",
    "held_needlessly_of_held_share",
)


def simulate(
    days: Annotated[int, typer.Option(min=1, max=1000, help="Nights to play")] = 365,
    seed: Annotated[list[int] | None, typer.Option(help="A year of its own; may be given more than once, 1, 2 and 3 without")] = None,
    scale: Annotated[float, typer.Option(min=0.2, max=1, help="Part of the demo city")] = 0.5,
    assume: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="Another assumption (docs/simulation.md)")] = None,
    halve: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Half of an assumption")] = None,
    double: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Twice an assumption")] = None,
    as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Play a year of the demo city without the service and with it, in a database of its own that is gone afterwards."""
    from geo_service.demo.region import generate_city
    from geo_service.simulation import assumptions, outcome, year

    config = terminal.load(log_level="error")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the databases go
    chosen = assumptions.changed(assumptions.Assumptions(), dict(map(_value, assume or [])))
    for factor, names in ((0.5, halve), (2.0, double)):
        for name in names or []:
            chosen = assumptions.scaled(chosen, name, factor)
    seeds = seed or SEEDS
    city = generate_city(today=year.FIRST_DAY, scale=scale)
    translator = terminal.translator(config)
    nights = progress.bar(translator.text("simulate.nights"), days * len(seeds))
    with Cluster(config.home).kept_running() as cluster, nights as bar:
        pairs = year.play(cluster, city, chosen, seeds, days, bar.advance)
    summary = outcome.summary(pairs, days)
    if as_json:
        print(json.dumps(summary))  # noqa: T201
    else:
        terminal.out.print(_table(summary, translator))
        terminal.out.print(_shares(summary, translator), highlight=False)
        if summary["reopenings"]:
            terminal.out.print(_reopenings(summary["reopenings"], translator))


def _value(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise InvalidInput.one("assume", "no_assumption_value", given=text) from None


def _table(summary: dict[str, Any], translator: Translator) -> Table:
    seeds = ", ".join(map(str, summary["seeds"]))
    title = translator.text("simulate.title", reports=summary["reports"], days=summary["days"], seeds=seeds)
    table = Table(title=title)
    table.add_column("")
    for side in ("without", "with"):
        table.add_column(translator.text(f"simulate.{side}"), justify="right")
    for name in ROWS:
        cells = (_number(summary[side][name], translator) for side in ("without", "with"))
        table.add_row(translator.text(f"simulate.{name}"), *cells)
        if name == "reopened":
            for cause in summary["without"]["reopened_by"]:
                parts = (str(summary[side]["reopened_by"][cause]) for side in ("without", "with"))
                table.add_row(f"  {translator.text(f'simulate.by_{cause}')}", *parts)
    return table


def _reopenings(rows: Sequence[dict[str, Any]], translator: Translator) -> Table:
    """Each repair that was opened all the same with the service: what the advice was, what opened it, when that was announced and who was asked."""
    columns = ("finished_on", "verdict", "works", "notice_on", "question_on", "opens_on", "cause", "eur")
    table = Table(title=translator.text("simulate.reopenings"))
    for name in columns:
        table.add_column(translator.text(f"simulate.column.{name}"))
    for row in rows:
        answer = (
            row["answer"] and f"{row['question_on']}: {translator.text('simulate.answer.' + row['answer'])}"
        )
        cells = {
            **row,
            "verdict": row["verdict"] and translator.text(f"day_list.verdict.{row['verdict']}"),
            "works": f"{row['owner']}: {row['works']}",
            "question_on": answer,
            "cause": translator.text(f"simulate.by_{row['cause']}"),
            "eur": translator.number(row["eur"], 0),
        }
        table.add_row(*(str(cells[name] or "–") for name in columns))
    return table


def _shares(summary: dict[str, Any], translator: Translator) -> str:
    lines: Sequence[str] = [
        f"{translator.text(f'simulate.{name}')}: {translator.number(100 * summary[name], 1)} %"
        for name in SHARES
    ]
    danger = f"{translator.text('simulate.danger_older_than_a_day')}: {summary['danger_older_than_a_day']}"
    return "\n".join([*lines, danger])


def _number(value: float, translator: Translator) -> str:
    return translator.number(value, 0 if float(value).is_integer() else 1)
