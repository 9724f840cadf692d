"""Print the tables of docs/precision.md: `uv run python -m tests.precision`. Makes a database server of its own that goes away."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from geo_service import db, logs
from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from tests.precision import measure, table
from tests.precision.measure import Outcome
from tests.precision.situations import Situation


def main() -> None:
    """Measure once as recorded; and once more with every record exact and every section known, to tell what made each miss; and
    other sets, to see that the first is no exception."""
    logs.configure("error")
    with tempfile.TemporaryDirectory() as home:
        cluster = Cluster(Path(home), durable=False)
        cluster.start()
        url = sa.make_url(cluster.create_database("precision")).set(drivername=db.DRIVER)
        prepare_database(url.render_as_string(hide_password=False))
        engine = db.create_engine_for(url)
        situations = measure.all_situations()
        found = _measured(engine, situations)
        better = {
            "location error": _measured(engine, measure.all_situations(exact=True)),
            "pavement not known": _measured(engine, measure.all_situations(known="named sections")),
            "both": _measured(engine, measure.all_situations(exact=True, known="named sections")),
        }
        others = {seed: measure.all_situations(seed) for seed in range(measure.SEED + 1, measure.SEED + 6)}
        again = {seed: (drawn, _measured(engine, drawn)) for seed, drawn in others.items()}
        engine.dispose()
        cluster.destroy()
    for line in table.lines(situations, found):
        sys.stdout.write(f"{line}\n")
    for line in (*table.seeds(again), *_told(situations, found, better)):
        sys.stdout.write(f"{line}\n")


def _measured(engine: sa.Engine, situations: list[Situation]) -> dict[int, Outcome]:
    with engine.connect() as conn, conn.begin() as transaction:
        found = measure.outcomes(conn, situations)
        transaction.rollback()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(
            sa.text("VACUUM")
        )  # what was rolled back lies about, and misleads the plans of the next set
    return found


def _told(
    situations: list[Situation], found: dict[int, Outcome], better: dict[str, dict[int, Outcome]]
) -> list[str]:
    rows = [
        "| nr | group | meant | said | m | rules | street | known | drawn | off by (m) | right without |",
        f"|{' --- |' * 11}",
    ]
    for one, meant, said in table.misses(situations, found):
        got, street = found[one.number], one.street
        cures = [name for name, other in better.items() if _right(one, other[one.number])]
        cure = cures[0] if cures else "the rule itself"
        drawn = ", ".join(dict.fromkeys(each.how for each in one.works))
        error = max(each.error_m for each in one.works)
        rows.append(
            f"| {one.number} | {one.group} | {meant} | {said} | {'' if got.distance_m is None else got.distance_m} | {', '.join(got.rules)} |"
            f" {street.form} {street.width_m:.1f} m | {street.known} | {drawn} | {error:.1f} | {cure} |"
        )
    return rows


def _right(one: Situation, got: Outcome) -> bool:
    return got.said == one.label and one.opportunity in (None, got.opportunity)


if __name__ == "__main__":
    main()
