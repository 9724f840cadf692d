"""The generated region that everything is measured on, kept from run to run in a private cluster of its own."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import sqlalchemy as sa

from geo_service import db, sql
from geo_service.cluster import Cluster
from geo_service.detection import run
from geo_service.detection.prepare import prepare_database
from geo_service.store import locks, migrate

PACKAGE = "geo_service.bench"
TODAY = date(2026, 9, 1)
CITY_SPACING_M = 5_000
"""From a corner of one city to that of the next; no city is larger."""


def region(cluster: Cluster, claims: int, cities: int = 1) -> str:
    """The URL (SQLAlchemy form) of a database with about `claims` claims in `cities` towns, and their conflicts; made at first use.

    One that an older version made is brought to the newest schema and computed anew.
    """
    name = f"bench_{claims}_{cities}_{hashlib.sha256(sql.source(PACKAGE, 'city').encode()).hexdigest()[:8]}"
    url = _for_sqlalchemy(cluster.url_of(name))
    with psycopg.connect(cluster.url, autocommit=True) as conn:
        stored = conn.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount == 1
        if stored and migrate.current(url) == migrate.newest():
            return url
        # What is not finished has another name: a killed run leaves nothing that the next one would measure on.
        unfinished = f"unfinished_{uuid.uuid4().hex}"
        made = _for_sqlalchemy(cluster.url_of(unfinished))
        if stored:
            conn.execute(f"ALTER DATABASE {name} RENAME TO {unfinished}")
        else:
            cluster.create_database(unfinished)
        prepare_database(made)
        if not stored:
            _fill(made, claims, cities)
        _compute(made)
        conn.execute(f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return url


@contextmanager
def scratch(cluster: Cluster, claims: int, cities: int = 1) -> Iterator[str]:
    """A copy of the generated region, gone afterwards."""
    made, name = sa.make_url(region(cluster, claims, cities)), f"scratch_{uuid.uuid4().hex}"
    copy = sa.make_url(cluster.create_database(name, made.database)).set(drivername=db.DRIVER)
    try:
        yield copy.render_as_string(hide_password=False)
    finally:
        cluster.drop_database(name)


def _for_sqlalchemy(url: str) -> str:
    return url.replace("postgresql:", f"{db.DRIVER}:")


def _fill(url: str, claims: int, cities: int) -> None:
    engine = db.create_engine_for(url)
    amounts = {"claims": claims, "cities": cities, "spacing": CITY_SPACING_M, "today": TODAY}
    with db.write(engine) as conn:
        conn.execute(sa.text("SELECT setseed(0.42)"))
        for statement in sql.source(PACKAGE, "city").split(";\n"):
            if statement.strip():
                conn.execute(sa.text(statement), amounts)
    engine.dispose()


def _compute(url: str) -> None:
    engine = db.create_engine_for(url)
    vacuum = sa.text("VACUUM ANALYZE")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(vacuum)
    with db.write(engine) as conn:
        locks.claims_writer(conn)
        run.refresh(conn, run.EVERYTHING, TODAY)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(vacuum)
    engine.dispose()
