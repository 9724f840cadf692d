"""Print into how many cases the conflicts of Flanders in 2017 fold, and how many of them are likely one project of two owners.

    uv run python -m scripts.real.folding --shared ../shared

Makes a database server of its own in a folder that goes away.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo_service import db, logs
from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from geo_service.store import cases
from scripts.real import runs

MOST = 100_000
RULES = ("works_clash", "shared_trench")


def counts(conn: sa.Connection) -> Iterator[tuple[str, int]]:
    """What is counted, and the number, in the order of the table in docs/real-data.md."""
    rows = db.fetch(conn, runs.PACKAGE, "folding")
    page = cases.find(conn, cases.CaseFilter(), runs.FLANDERS_DAY, limit=MOST)
    for rule in RULES:
        yield f"{rule}: pairs of digs", sum(row["rule"] == rule for row in rows)
        yield f"{rule}: cases", sum(rule in case["rules"] for case in page.rows)
    yield "all conflicts between works", len(rows)
    yield "all cases", page.total
    joint = [row for row in rows if row["joint"]]
    yield "likely one project: pairs", len(joint)
    yield "likely one project: projects (pairs that share works)", groups(joint)
    clashes = [row for row in rows if row["rule"] == "works_clash"]
    yield "groups of works that clash, directly or by others", groups(clashes)


def groups(rows: Iterable[Mapping[str, Any]]) -> int:
    """How many groups of digs hang together by these pairs."""
    group_of: dict[Any, set[Any]] = {}
    for row in rows:
        joined = group_of.get(row["a"], {row["a"]}) | group_of.get(row["b"], {row["b"]})
        group_of |= dict.fromkeys(joined, joined)
    return len({id(group) for group in group_of.values()})


def main() -> None:
    """Print the counts as a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help=f"the folder that holds {runs.FLANDERS}")
    shared = parser.parse_args().shared
    logs.configure("error")
    with tempfile.TemporaryDirectory() as home:
        cluster = Cluster(Path(home), durable=False)
        cluster.start()
        url = sa.make_url(cluster.create_database("flanders")).set(drivername=db.DRIVER)
        prepare_database(url.render_as_string(hide_password=False))
        engine = db.create_engine_for(url)
        runs.flanders(engine, shared)
        with engine.connect() as conn:
            sys.stdout.writelines(f"| {name} | {number:,} |\n" for name, number in counts(conn))
        engine.dispose()
        cluster.destroy()


if __name__ == "__main__":
    main()
