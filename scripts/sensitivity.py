"""How the simulated year moves when an assumption is halved and doubled: `python -m scripts.sensitivity` plays what it has not played yet and prints the
table of docs/simulation.md.

Each year is one line of JSON in a file that grows, so that it can be stopped and begun again, and `--table` prints what is there.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import structlog

from geo_service.cluster import Cluster
from geo_service.demo.region import generate_city
from geo_service.simulation import assumptions, outcome, year
from geo_service.simulation.tally import CAUSES

FACTORS = (0.5, 2.0)
AS_ASSUMED = ("as assumed", 1.0)
Variation = tuple[str, float]
COLUMNS = (
    "Halved or doubled", "Years", "Reports", "Opened again: without", "with", "fewer", *CAUSES, "Held", "needlessly", "of all reports", "Danger > 1 day",
)  # fmt: skip
WORDS = {0.5: "halved", 2.0: "doubled"}


def main() -> None:
    """Play the years that are missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "names", nargs="*", default=[*assumptions.MAIN], help="assumptions; the main ones without"
    )
    parser.add_argument("--seed", type=int, action="append", help="1, 2 and 3 without")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--scale", type=float, default=0.5, help="part of the demo city")
    parser.add_argument("--home", type=Path, default=Path("data/run"), help="folder of the cluster")
    parser.add_argument("--out", type=Path, default=Path("data/sensitivity.jsonl"))
    parser.add_argument("--table", action="store_true", help="play nothing")
    options = parser.parse_args()
    seeds = options.seed or [1, 2, 3]
    variations = [AS_ASSUMED, *((name, factor) for name in options.names for factor in FACTORS)]
    if not options.table:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        _play(options, seeds, variations)
    print("\n".join(table(_lines(options.out), variations)))  # noqa: T201


def _play(options: argparse.Namespace, seeds: Sequence[int], variations: Iterable[Variation]) -> None:
    city = generate_city(today=year.FIRST_DAY, scale=options.scale)
    there = {(line["name"], line["factor"], line["seed"]) for line in _lines(options.out)}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with Cluster(options.home).kept_running() as cluster:
        for seed in seeds:
            for name, factor in variations:
                if (name, factor, seed) in there:
                    continue
                chosen = assumptions.Assumptions()
                if factor != 1:
                    chosen = assumptions.scaled(chosen, name, factor)
                pairs = year.play(cluster, city, chosen, [seed], options.days)
                summary = outcome.summary(pairs, options.days)
                line = {"name": name, "factor": factor, "seed": seed, "scale": options.scale, **summary}
                with options.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(lines: Sequence[dict[str, Any]], variations: Iterable[Variation]) -> list[str]:
    """Return the rows of the table, sums over the seeds, with the years that were played for each."""
    rows = ["| " + " | ".join(one) + " |" for one in (COLUMNS, ["---"] * len(COLUMNS))]
    for name, factor in variations:
        of_it = [line for line in lines if (line["name"], line["factor"]) == (name, factor)]
        if of_it:
            rows.append(_row(name if factor == 1 else f"`{name}` {WORDS[factor]}", of_it))
    return rows


def _row(title: str, lines: Sequence[dict[str, Any]]) -> str:
    reports = sum(line["reports"] for line in lines)
    without, done = (sum(line[side]["reopened"] for line in lines) for side in ("without", "with"))
    by: Counter[str] = Counter()
    for line in lines:
        by.update(line["with"]["reopened_by"])
    held = sum(line["with"]["held"] for line in lines)
    needlessly = round(sum(line["held_needlessly_share"] * line["reports"] for line in lines))
    danger = sum(line["danger_older_than_a_day"] for line in lines)
    fewer = f"{100 * (1 - done / without):.0f} %" if without else "–"
    causes = (by[cause] for cause in CAUSES)
    cells = [title, len(lines), reports, without, done, fewer, *causes, held, needlessly, f"{100 * needlessly / reports:.1f} %", danger]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    main()
