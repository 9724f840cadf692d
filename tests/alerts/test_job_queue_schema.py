"""The job queue's tables come from a frozen copy: it must be the schema of the procrastinate that runs."""

import importlib.resources
from pathlib import Path

import sqlalchemy as sa

from geo_service.store import migrate

FROZEN = Path(migrate.__file__).parent / "migrations" / "versions" / "0002_job_queue.sql"


def test_the_frozen_schema_is_that_of_the_installed_procrastinate() -> None:
    """When this fails after an upgrade: add a migration with the migration files of that release."""
    shipped = importlib.resources.files("procrastinate.sql").joinpath("schema.sql").read_text()
    assert FROZEN.read_text(encoding="utf-8").endswith(shipped)


def test_going_back_leaves_nothing_of_the_queue(fresh_database: str) -> None:
    migrate.downgrade(fresh_database, "0001")
    engine = sa.create_engine(fresh_database)
    with engine.connect() as conn:
        left = conn.scalars(
            sa.text(
                "SELECT relname FROM pg_class WHERE relname LIKE 'procrastinate%' UNION ALL "
                "SELECT proname FROM pg_proc WHERE proname LIKE 'procrastinate%' UNION ALL "
                "SELECT typname FROM pg_type WHERE typname LIKE 'procrastinate%'"
            )
        ).all()
    engine.dispose()
    assert left == []


def test_it_can_be_built_again_after_going_back(fresh_database: str) -> None:
    migrate.downgrade(fresh_database, "0001")
    migrate.upgrade(fresh_database)
    assert migrate.current(fresh_database) >= "0002"  # type: ignore[operator]
