"""What each desk of Schaerbeek hears in the twelve weeks, and which share asks for an action (docs/real-data.md).

    uv run python -m scripts.real.alert_load --shared ../shared

Needs PostgreSQL with PostGIS; makes a database server of its own in a folder that goes away, and touches no other.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from geo_service import db, logs
from geo_service.alerts import load
from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from scripts.real import runs

ZONE = "Europe/Brussels"


def measured(engine: sa.Engine, steps: Sequence[runs.Step]) -> list[load.DeskLoad]:
    """The load of each desk on the day of each import, with the night before it; what came on one day is one morning."""
    loads = []
    with db.read(engine) as conn:
        for day in sorted({step.day for step in steps}):
            own = [step for step in steps if step.day == day]
            begin, end = min(step.began_at for step in own), max(step.ended_at for step in own)
            loads += [replace(one, day=day) for one in load.measure(conn, begin, end, ZONE)]
    return loads


def tables(loads: Sequence[load.DeskLoad]) -> Iterator[str]:
    """Each day, and each desk over all days."""
    yield "| day | desk | alerts | cases | ask for an action |\n| --- | --- | --- | --- | --- |"
    for one in loads:
        yield f"| {one.day} | {one.department} | {one.alerts} | {one.cases} | {one.asking} |"
    yield "\n| " + " | ".join(load.COLUMNS) + " |\n|" + " --- |" * len(load.COLUMNS)
    for summary in load.summaries(loads):
        yield "| " + " | ".join(str(value) for value in summary.row().values()) + " |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, required=True, help="the folder with real records")
    shared = parser.parse_args().shared
    logs.configure("error")
    with tempfile.TemporaryDirectory() as home:
        cluster = Cluster(Path(home), durable=False)
        cluster.start()
        try:
            place = sa.make_url(cluster.create_database("schaerbeek")).set(drivername=db.DRIVER)
            url = place.render_as_string(hide_password=False)
            prepare_database(url)
            engine = db.create_engine_for(url)
            for line in tables(measured(engine, runs.schaerbeek(engine, shared))):
                sys.stdout.write(f"{line}\n")
            engine.dispose()
        finally:
            cluster.destroy()


if __name__ == "__main__":
    main()
