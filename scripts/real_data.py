"""Take in the real records in their order and print every table of docs/real-data.md.

    uv run python scripts/real_data.py --shared ../shared > tables.md
    uv run --with matplotlib python scripts/real_data.py --shared ../shared --pictures docs/img/real

Needs PostgreSQL with PostGIS; makes a database server of its own in a folder that goes away, and touches no other.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo_service import db, logs
from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from scripts.real import compare, guesses, judge, orders, osiris, runs

COUNTS = ("read", "created", "changed", "unchanged", "rejected", "vanished", "conflicts_opened")
ORDER_HEADS = (
    "number",
    "street",
    "planned",
    "verdict",
    "waits for",
    "in order",
    "from",
    "moves",
    "€ at stake",
)
KINDS = ("opened", "reopened", "changed", "expired", "withdrawn")


def main() -> None:
    """Print the tables; draw the cases when asked to."""
    asked = _arguments()
    logs.configure("error")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        cluster = Cluster(Path(home), durable=False)
        with _city(cluster, "flanders") as flanders, _city(cluster, "schaerbeek") as schaerbeek:
            _show(tell_flanders(flanders, asked.shared))
            _show(tell_schaerbeek(schaerbeek, asked.shared))
            if asked.pictures:
                from scripts.real import (  # need matplotlib, which the service does not
                    order_pictures,
                    pictures,
                )

                pictures.draw(flanders, schaerbeek, asked.pictures)
                order_pictures.draw(schaerbeek, asked.pictures, runs.LAST_DAY)
        cluster.destroy()
    _show([f"Took {time.monotonic() - began:.0f} s."])


def tell_flanders(engine: sa.Engine, shared: Path) -> Iterator[str]:
    """Flanders on one day of 2017."""
    report = runs.flanders(engine, shared)
    again = runs.checked(engine, runs.FLANDERS_DAY)
    yield "## Flanders, 27 October 2017\n"
    yield from table(COUNTS, [[getattr(report, name) for name in COUNTS]])
    yield f"Rejected: {_reasons(report.rejections)}. Everything again: {again.run.opened} opened, {again.run.closed} closed, {again.run.differences} rows differ.\n"
    with engine.connect() as conn:
        for name in ("conflicts", "owner_pairs", "sizes"):
            yield from asked_table(conn, name)
        claimed, found = judge.claims(conn), judge.conflict_pairs(conn)
    yield f"GeoPandas finds {len(judge.clashes(claimed, runs.FLANDERS_DAY))} clashes, the service {len(found)}, both the same: "
    yield f"{judge.clashes(claimed, runs.FLANDERS_DAY) == found}.\n"
    why = Counter(
        compare.reasons(
            claimed, judge.meetings(claimed, runs.FLANDERS_DAY), compare.published(shared)
        ).values()
    )
    yield from table(("pair", "pairs"), why.most_common())


def tell_schaerbeek(engine: sa.Engine, shared: Path) -> Iterator[str]:
    """Twelve weeks of Schaerbeek."""
    steps = runs.schaerbeek(engine, shared)
    again = runs.checked(engine, steps[-1].day)
    yield "## Schaerbeek, December 2025 … February 2026\n"
    yield from table(
        ("day", "mapping", *COUNTS),
        [[step.day, step.mapping, *(getattr(step.report, name) for name in COUNTS)] for step in steps],
    )
    yield f"Rejected: {_reasons([one for step in steps for one in step.report.rejections])}.\n"
    yield "Conflicts with footpath renewals, by import; and overnight, of all conflicts:\n"
    yield from table(
        ("day", "mapping", *KINDS, *(f"night: {kind}" for kind in KINDS)),
        [
            [step.day, step.mapping, *(step.sidewalks.get(kind, 0) for kind in KINDS), *(step.overnight.get(kind, 0) for kind in KINDS)]
            for step in steps
        ],
    )  # fmt: skip
    yield f"Everything again: {again.run.opened} opened, {again.run.closed} closed, {again.run.differences} rows differ.\n"
    with engine.connect() as conn:
        for name in (
            "conflicts",
            "owner_pairs",
            "slips",
            "vanished",
            "renewals",
            "holders",
            "edges",
            "footprints",
        ):
            yield from asked_table(conn, name)
        yield "### The order around each footpath renewal\n"
        counts = orders.totals(conn, steps[-1].day)
        yield from table(("renewals", "number"), counts.most_common())
        yield from table(ORDER_HEADS, orders.tell(conn, steps[-1].day))
        claimed, found = judge.claims(conn), judge.conflict_pairs(conn)
    yield "Ground of worksites without an extent, measured on those of 22 December that have one:\n"
    yield from table(("guess", "meetings found", "missed", "added"), guesses.measured(shared))
    yield f"GeoPandas finds the same clashes: {judge.clashes(claimed, steps[-1].day) == found} ({len(found)}).\n"


def asked_table(conn: sa.Connection, name: str) -> Iterator[str]:
    """What `<name>.sql` finds, under its name."""
    rows = db.fetch(conn, runs.PACKAGE, name)
    yield f"### {name}\n"
    yield from table(list(rows[0]) if rows else (), [list(row.values()) for row in rows])


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Markdown, line by line, with an empty line after it."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join('' if cell is None else str(cell) for cell in row)} |"
    yield ""


def _reasons(rejections: Iterable[Any]) -> str:
    return ", ".join(
        f"`{code}` {number}" for code, number in Counter(one.code for one in rejections).most_common()
    )


@contextmanager
def _city(cluster: Cluster, name: str) -> Iterator[sa.Engine]:
    """An empty database with the rules of day one."""
    cluster.start()
    url = sa.make_url(cluster.create_database(name)).set(drivername=db.DRIVER)
    prepare_database(url.render_as_string(hide_password=False))
    engine = db.create_engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help=f"the folder that holds {osiris.FOLDER}")
    parser.add_argument(
        "--pictures", type=Path, help="a folder for the maps of the twenty cases and the ten orders"
    )
    return parser.parse_args()


def _show(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
