"""Real records taken in, in their order, each on the day on which it was published."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from geo_service import db, settings
from geo_service.coordination import day_change
from geo_service.intake.importer import Report, run_import
from geo_service.store import locks, rules
from scripts.real import osiris

PACKAGE = "scripts.real"
FLANDERS = Path("data") / "real" / "gipod-v1-flanders-2017" / "works.geojson.gz"
FLANDERS_DAY = date(2017, 10, 27)
LAST_DAY = date(2026, 2, 23)
PROGRAMME = osiris.FOLDER / "programme_2026-01.geojson.gz"


@dataclass(frozen=True, slots=True)
class Step:
    """One import on its day: its report, what the night before brought, and what became of the conflicts with repairs.

    `overnight` and `sidewalks` count events by kind (`opened`, `reopened`, `changed`, `expired`, `withdrawn`): of all conflicts when
    only the day changed, and of those with sidewalk renewals by this import. `began_at` and `ended_at` are of the clock, night included.
    """

    day: date
    mapping: str
    report: Report
    overnight: Mapping[str, int]
    sidewalks: Mapping[str, int]
    began_at: datetime
    ended_at: datetime


def flanders(engine: sa.Engine, shared: Path) -> Report:
    """All works of Flanders of one day in 2017."""
    _night(engine, FLANDERS_DAY)
    return _take_in(engine, "works", shared / FLANDERS, "gipod-v1", FLANDERS_DAY)


def schaerbeek(engine: sa.Engine, shared: Path) -> list[Step]:
    """Four weeks with extents; the programme of the next years, its sidewalk renewals as repairs; eight weeks more.

    Dates are taken as stated: what learning makes of them is measured by itself (`scripts.real.reliability`).
    """
    with db.write(engine) as conn:
        rules.set_parameter(conn, "learn_reliability", 0, "dates as stated")
    steps = [_step(engine, "works", week.path, "osiris", week.day) for week in osiris.published(shared)]
    with tempfile.TemporaryDirectory() as folder:
        for week in osiris.carried_on(shared, Path(folder)):
            if len(steps) == len(osiris.PUBLISHED):
                programme = shared / PROGRAMME
                steps.append(_step(engine, "works", programme, "osiris-programme", week.day))
                steps.append(_step(engine, "repairs", programme, "osiris-programme-repairs", week.day))
            steps.append(_step(engine, "works", week.path, "osiris", week.day))
    return steps


def programme(engine: sa.Engine, shared: Path, day: date) -> tuple[Report, Report]:
    """The programme of the utilities as works and its sidewalk renewals as repairs, as read on `day`."""
    path = shared / PROGRAMME
    works = _take_in(engine, "works", path, "osiris-programme", day)
    return works, _take_in(engine, "repairs", path, "osiris-programme-repairs", day)


def again(engine: sa.Engine, shared: Path) -> Report:
    """The last week of Schaerbeek a second time."""
    with tempfile.TemporaryDirectory() as folder:
        *_, last = osiris.carried_on(shared, Path(folder))
        return _take_in(engine, "works", last.path, "osiris", last.day)


def checked(engine: sa.Engine, day: date) -> day_change.CheckReport:
    """Everything computed anew: what differs from what was stored step by step, night by night."""
    with db.write(engine) as conn:
        locks.claims_writer(conn)
        return day_change.check(conn, day)


def _night(engine: sa.Engine, day: date) -> None:
    with db.write(engine) as conn:
        locks.claims_writer(conn)
        day_change.begin(conn, day)


def _step(engine: sa.Engine, target: str, path: Path, mapping: str, day: date) -> Step:
    began_at = datetime.now(UTC)
    evening = _last_event(engine)
    _night(engine, day)
    morning = _last_event(engine)
    report = _take_in(engine, target, path, mapping, day)
    overnight, sidewalks = _events(engine, evening, morning), _events(engine, morning)
    return Step(
        day,
        mapping,
        report,
        {kind: every for kind, (every, _) in overnight.items()},
        {kind: ours for kind, (_, ours) in sidewalks.items() if ours},
        began_at,
        datetime.now(UTC),
    )


def _take_in(engine: sa.Engine, target: str, path: Path, mapping: str, day: date) -> Report:
    return run_import(engine, settings.load(), target, str(path), mapping=mapping, today=day)


def _last_event(engine: sa.Engine) -> int:
    with engine.connect() as conn:
        return int(db.fetch(conn, PACKAGE, "last_event")[0]["id"] or 0)


def _events(engine: sa.Engine, after: int, until: int | None = None) -> dict[str, tuple[int, int]]:
    with engine.connect() as conn:
        rows = db.fetch(conn, PACKAGE, "events", after=after, until=until)
        return {row["kind"]: (row["every"], row["sidewalks"]) for row in rows}
