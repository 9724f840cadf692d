"""Learn from the first eight weeks of Osiris how far dates may be off, and score on the four after them.

    uv run python -m scripts.real.reliability --shared ../shared

What is claimed is computed on the last day of learning, from what was published until then; only afterwards are the later weeks read.
Makes a database server of its own in a folder that goes away.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from geo_service import city, db, logs, settings
from geo_service.cluster import Cluster
from geo_service.coordination import learning
from geo_service.detection import run
from geo_service.detection.prepare import prepare_database
from geo_service.domain.parameters import Parameters
from geo_service.intake.importer import run_import
from geo_service.intake.mapping.library import load_mapping
from geo_service.store.tables import reliabilities, rules, works
from scripts.real import osiris

WEEKS_LEARNT = 8
# Longer than any worksite: overdue works then take their whole window again.
WHOLE_WINDOW_DAYS = 3650
MODES = ("believe the dates", "whole windows", "day one", "all owners", "per owner")
"""As stated, and sure; the values of day one, without and with the working days that works expect to take; learnt of all owners; of each."""


class Claim(NamedTuple):
    """What is said on the last day of learning of one worksite; `begun`: it is open on that day."""

    starts: date
    ends: date
    probability: float
    stated_ends: date
    begun: bool


@dataclass(frozen=True, slots=True)
class Score:
    """How well one way of claiming foretold the weeks after.

    `coverage`: of the weeks in which a worksite was seen open, the share that was claimed. `open_share`: of the weeks claimed, the share in
    which it was seen open. `brier_open`: mean squared error of "is open in that week". `brier_begins`: of "was seen open by the last week", over
    those that had not begun and should be over by then. `claimed_days`: per worksite, from the last day of learning on.
    """

    mode: str
    coverage: float
    open_share: float
    brier_open: float
    brier_begins: float
    claimed_days: float


Open = Mapping[date, set[str]]
"""By week, the worksites that were seen open."""


def taken_in(engine: sa.Engine, shared: Path, folder: Path) -> date:
    """The first weeks, each imported on its day; answers with the last of these days. Nothing is found: no rule is in force."""
    with engine.begin() as conn:
        conn.execute(sa.update(rules).values(state="retired"))
    weeks = [*osiris.published(shared), *osiris.carried_on(shared, folder)][:WEEKS_LEARNT]
    for week in weeks:
        run_import(engine, settings.load(), "works", str(week.path), mapping="osiris", today=week.day)
    return weeks[-1].day


def claimed(conn: sa.Connection, day: date) -> dict[str, dict[str, Claim]]:
    """What each of MODES claims on `day`, by number of the worksite. Learns on the way, and leaves that behind."""
    learnt = Parameters()
    found = {"day one": _claims(conn, replace(learnt, learn_reliability=0), day)}
    with conn.begin_nested() as scratch:
        conn.execute(sa.update(works).values(working_days=None))
        whole = replace(learnt, learn_reliability=0, overdue_most_days=WHOLE_WINDOW_DAYS)
        found["whole windows"] = _claims(conn, whole, day)
        scratch.rollback()
    learning.learn(conn, day)
    found["per owner"] = _claims(conn, learnt, day)
    with conn.begin_nested() as scratch:
        conn.execute(sa.delete(reliabilities).where(reliabilities.c.owner_group_id.is_not(None)))
        found["all owners"] = _claims(conn, learnt, day)
        scratch.rollback()
    found["believe the dates"] = _stated(conn)
    return {mode: found[mode] for mode in MODES}


def seen_open(shared: Path, after: date) -> Open:
    """The weeks after `after`, from the files alone."""
    status = load_mapping("osiris").status
    return {
        week.day: {
            str(number)
            for number, told in week.worksites.items()
            if status.get(told["Statut"]) == "in_progress"
        }
        for week in osiris.snapshots(shared)
        if week.day > after
    }


def scored(claims: Mapping[str, Mapping[str, Claim]], seen: Open, day: date) -> list[Score]:
    """Each mode against the weeks that followed; worksites that are no longer shown count as not open."""
    last = max(seen)
    ever = set().union(*seen.values())
    scores = []
    for mode, by_number in claims.items():
        pairs = [
            (one.starts <= week < one.ends, one.probability, number in numbers)
            for week, numbers in seen.items()
            for number, one in by_number.items()
        ]
        begins = [(by_number[number].probability, number in ever) for number in due_to_begin(by_number, last)]
        days = [max(0, (one.ends - max(one.starts, day)).days) for one in by_number.values()]
        scores.append(
            Score(
                mode,
                coverage=_mean([inside for inside, _, is_open in pairs if is_open]),
                open_share=_mean([is_open for inside, _, is_open in pairs if inside]),
                brier_open=_mean([(inside * p - is_open) ** 2 for inside, p, is_open in pairs]),
                brier_begins=_mean([(p - begun) ** 2 for p, begun in begins]),
                claimed_days=_mean(days),
            )
        )
    return scores


def due_to_begin(claims: Mapping[str, Claim], last: date) -> list[str]:
    """The worksites that had not begun on the last day of learning, and whose stated end is past on `last`."""
    return [number for number, one in claims.items() if not one.begun and one.stated_ends <= last]


def _claims(conn: sa.Connection, parameters: Parameters, day: date) -> dict[str, Claim]:
    """As `claims_works.sql` makes them on `day`, of the worksites that are still shown and not over."""
    params = run.params_of(run.EVERYTHING, day, parameters, city.load())
    rows = db.fetch(conn, "geo_service.detection", "claims_works", **params)
    known = {row["works_id"]: row for row in rows if row["kind"] in ("opening", "occupancy")}
    return {
        number: Claim(
            known[id_]["starts"],
            known[id_]["ends"],
            known[id_]["probability"],
            known[id_]["stated_ends"],
            known[id_]["certainty"] == "in_progress",
        )
        for number, id_ in _shown(conn).items()
    }


def _stated(conn: sa.Connection) -> dict[str, Claim]:
    rows = db.fetch(conn, "scripts.real", "stated_days")
    return {
        row["source_id"]: Claim(row["starts"], row["ends"], 1.0, row["ends"], row["begun"]) for row in rows
    }


def _shown(conn: sa.Connection) -> dict[str, object]:
    rows = db.fetch(conn, "scripts.real", "stated_days")
    return {row["source_id"]: row["id"] for row in rows}


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else float("nan")


def _told(conn: sa.Connection, day: date, shared: Path) -> Iterator[str]:
    claims = claimed(conn, day)
    rows = db.fetch(conn, "scripts.real", "reliabilities_most")
    seen = seen_open(shared, after=day)
    sites = len(claims[MODES[0]])
    due = len(due_to_begin(claims[MODES[0]], max(seen)))
    weeks = ", ".join(str(week) for week in seen)
    yield f"Learnt until {day}; {sites} worksites scored on {weeks}; {due} of them had not begun and should be over by then.\n"
    yield "| claimed by | coverage | open when claimed | Brier, open | Brier, begins | claimed days |"
    yield f"|{' --- |' * 6}"
    for one in scored(claims, seen, day):
        yield (
            f"| {one.mode} | {one.coverage:.3f} | {one.open_share:.3f} | {one.brier_open:.3f} | {one.brier_begins:.3f} "
            f"| {one.claimed_days:.1f} |"
        )
    yield "\n| owner | certainty | works | days before | days after | probability |"
    yield f"|{' --- |' * 6}"
    yield from (f"| {' | '.join(str(cell) for cell in row.values())} |" for row in rows)


def main() -> None:
    """Print the two tables of docs/real-data.md."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help=f"the folder that holds {osiris.FOLDER}")
    shared = parser.parse_args().shared
    logs.configure("error")
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(Path(home), durable=False)
        cluster.start()
        url = sa.make_url(cluster.create_database("osiris")).set(drivername=db.DRIVER)
        prepare_database(url.render_as_string(hide_password=False))
        engine = db.create_engine_for(url)
        day = taken_in(engine, shared, Path(folder))
        with engine.begin() as conn:
            for line in _told(conn, day, shared):
                sys.stdout.write(f"{line}\n")
        engine.dispose()
        cluster.destroy()


if __name__ == "__main__":
    main()
