"""Play the same year twice, without the service and with it, and compare."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.coordination import day_change
from geo_service.demo.load import load_ground
from geo_service.demo.model import City
from geo_service.detection.prepare import prepare_database
from geo_service.simulation import drawing
from geo_service.simulation.assumptions import Assumptions
from geo_service.simulation.desk import Desk
from geo_service.simulation.feed import Feed
from geo_service.simulation.service import PACKAGE, Service
from geo_service.simulation.tally import Result, Tally
from geo_service.simulation.town import Defect, Dig, Year, digs_in
from geo_service.simulation.workshop import Adviser, Nobody, Workshop
from geo_service.store import locks

FIRST_DAY = date(2027, 1, 4)
"""A Monday. The year is the same whenever it is played."""
WORKING_DAYS = 250
Tick = Callable[[int], None]
"""Hears how many days have been played."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One year of one seed, without the service and with it."""

    seed: int
    without: Result
    with_service: Result


def play(
    cluster: Cluster, city: City, assumptions: Assumptions, seeds: Sequence[int], days: int, tick: Tick = lambda _: None
) -> list[Pair]:  # fmt: skip
    """Play a year of `days` days for each seed, in databases of its own that are gone afterwards."""
    pairs = []
    with _database(cluster, None) as template:
        _prepare(cluster.url_of(template), city)
        for seed in seeds:
            year = drawing.year(city, assumptions, seed, FIRST_DAY, days)
            digs_of = {one.key: digs_in(one, year.digs) for one in year.defects}
            with _database(cluster, template) as name:
                engine = db.create_engine_for(cluster.url_of(name))
                try:
                    done = _with_service(engine, year, digs_of, assumptions, tick)
                finally:
                    engine.dispose()
            pairs.append(Pair(seed, _without(year, digs_of, assumptions), done))
    return pairs


def _without(year: Year, digs_of: dict[str, list[Dig]], assumptions: Assumptions) -> Result:
    tally = Tally(year, digs_of)
    workshop = _workshop(Nobody(), year, digs_of, tally, assumptions)
    for day in _days(year):
        workshop.day(day, _reports(year, day))
    return tally.result()


def _with_service(
    engine: sa.Engine, year: Year, digs_of: dict[str, list[Dig]], assumptions: Assumptions, tick: Tick
) -> Result:
    tally = Tally(year, digs_of)
    service = Service(engine, Feed(year), assumptions)
    desk = Desk(service, tally, assumptions)
    workshop = _workshop(service, year, digs_of, tally, assumptions)
    first_alert = 0
    for day in _days(year):
        service.night(day)
        if day == year.first_day:
            first_alert = _newest_alert(engine)
        reports = _reports(year, day)
        service.enter(day, reports)
        workshop.day(day, reports)
        desk.day(day)
        tick(1)
    with db.read(engine) as conn:
        rows = db.fetch(conn, PACKAGE, "alerts_by_desk", after=first_alert)
    return tally.result({row["department"]: row["alerts"] for row in rows})


def _workshop(
    adviser: Adviser, year: Year, digs_of: dict[str, list[Dig]], tally: Tally, assumptions: Assumptions
) -> Workshop:
    a_year = len(year.defects) * 365 / year.days
    a_day = max(1, math.ceil(assumptions.spare_capacity * a_year / WORKING_DAYS))
    return Workshop(adviser, digs_of, tally, a_day, round(assumptions.plan_days))


def _days(year: Year) -> Iterator[date]:
    return (year.first_day + timedelta(days=number) for number in range(year.days))


def _reports(year: Year, day: date) -> list[Defect]:
    return [one for one in year.defects if one.entered_on == day]


def _newest_alert(engine: sa.Engine) -> int:
    with db.read(engine) as conn:
        return int(db.fetch(conn, PACKAGE, "newest_alert")[0]["seq"])


def _prepare(url: str, city: City) -> None:
    """The empty town: its ground, and everything computed for the first day."""
    engine_url = sa.make_url(url).set(drivername=db.DRIVER).render_as_string(hide_password=False)
    prepare_database(engine_url)
    engine = db.create_engine_for(url)
    with db.write(engine) as conn:
        locks.claims_writer(conn)
        load_ground(conn, city)
        day_change.recompute(conn, FIRST_DAY - timedelta(days=1))
    engine.dispose()


@contextmanager
def _database(cluster: Cluster, template: str | None) -> Iterator[str]:
    """A database that is gone afterwards; a crash of the machine may lose it, so that nothing waits for the disk."""
    name = f"simulation_{uuid.uuid4().hex}"
    url = cluster.create_database(name, template)
    engine = db.create_engine_for(url)
    with db.write(engine) as conn:
        db.execute(conn, PACKAGE, "hasten")
    engine.dispose()
    try:
        yield name
    finally:
        cluster.drop_database(name)
