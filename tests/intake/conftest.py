"""A city's database, ready for imports that commit, and what lies in it afterwards."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db, settings
from geo_service.cluster import Cluster
from geo_service.coordination import renumberings
from geo_service.intake.importer import Report, run_import
from geo_service.store import locks
from geo_service.store import renumberings as suggestions
from tests.intake.publisher import TODAY, Publisher
from tests.scenes import unguarded

Import = Callable[..., Report]


@pytest.fixture(scope="session")
def own_database(cluster: Cluster, template: str) -> Iterator[sa.Engine]:
    """One database for these tests: they commit, and clear it after themselves."""
    name = f"test_{uuid.uuid4().hex}"
    url = cluster.create_database(name, template)
    engine = db.create_engine_for(url)
    yield engine
    engine.dispose()
    cluster.drop_database(name)


@pytest.fixture
def city(own_database: sa.Engine) -> Iterator[sa.Engine]:
    """An empty city with its rules and the known owners."""
    yield own_database
    kept = (
        "city",
        "rules",
        "certainties",
        "owner_groups",
        "owner_prefixes",
        "alembic_version",
        "audit",  # append-only
        "spatial_ref_sys",
    )
    with own_database.begin() as conn:
        named = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(:kept)"
        filled = conn.scalar(sa.text(named), {"kept": list(kept)})
        unguarded(conn, f"TRUNCATE {filled} CASCADE")


@pytest.fixture
def take_in(city: sa.Engine) -> Import:
    """`run_import` into the city, today unless another day is given."""

    def run(source: str, origin: str | Path | None = None, *, today: date = TODAY, **how: Any) -> Report:
        report = run_import(city, settings.load(), source, origin and str(origin), today=today, **how)
        assert report.created + report.changed + report.unchanged + report.rejected == report.read
        assert len(report.rejections) == report.rejected
        return report

    return run


@pytest.fixture
def rows(city: sa.Engine) -> Callable[[str], list[Any]]:
    """What a query finds in the city."""

    def ask(query: str) -> list[Any]:
        with city.connect() as conn:
            return [tuple(row) if len(row) > 1 else row[0] for row in conn.execute(sa.text(query))]

    return ask


@pytest.fixture
def renewals(take_in: Import, tmp_path: Path) -> Publisher:
    """A publisher of repairs."""
    return Publisher(take_in, tmp_path, "repairs", "renewals")


@pytest.fixture
def jobs(take_in: Import, tmp_path: Path) -> Publisher:
    """A publisher of works."""
    return Publisher(take_in, tmp_path, "works", "jobs")


@pytest.fixture
def decide(city: sa.Engine) -> Callable[..., None]:
    """Confirm, or refuse, every renumbering that is suggested."""

    def run(verb: str = "confirm", today: date = TODAY) -> None:
        with city.begin() as conn:
            locks.claims_writer(conn)
            getattr(renumberings, verb)(conn, suggestions.suggested(conn), "a person", today)

    return run


def counts(report: Report) -> dict[str, int]:
    """The counts that are not zero."""
    names = ("read", "created", "changed", "unchanged", "rejected", "vanished")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def contents(engine: sa.Engine) -> dict[str, str]:
    """Every row of every table, as text; but for the fact clock, which ticks whenever the one writer had its turn."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'fact_clock'"
    with engine.connect() as conn:
        names = conn.execute(sa.text(tables)).scalars().all()
        return {
            name: "\n".join(
                map(str, conn.execute(sa.text(f'SELECT t::text FROM "{name}" t ORDER BY 1')).scalars())
            )
            for name in names
        }


def write_json(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path
