"""The register of building projects: of two people who change one project, the second is told."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import InvalidInput, NotFound, VersionMismatch
from geo_service.store import building_projects


@pytest.fixture
def own(fresh_database: str) -> Iterator[sa.Engine]:
    engine = db.create_engine_for(fresh_database)
    yield engine
    engine.dispose()


def values(budget: int) -> dict[str, object]:
    return {"name": "Zwembad", "building_id": None, "works_id": None, "budget_eur": budget}


def test_one_more_than_the_register_holds_is_refused(
    conn: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building_projects, "MOST", 1 + len(building_projects.find(conn)))
    building_projects.create(conn, values(100))
    with pytest.raises(InvalidInput) as refused:
        building_projects.create(conn, values(200))
    assert refused.value.errors[0].reason == "too_many_projects"


def test_of_two_changes_of_one_version_the_second_is_refused(own: sa.Engine) -> None:
    with db.write(own) as conn:
        made = building_projects.create(conn, values(100))
    is_held, may_end = Event(), Event()

    def first() -> None:
        with db.write(own) as conn:
            building_projects.replace(conn, made["id"], made["version"], values(200))
            is_held.set()
            may_end.wait(20)

    def second() -> None:
        with db.write(own) as conn:
            building_projects.replace(conn, made["id"], made["version"], values(300))

    with ThreadPoolExecutor(2) as people:
        one = people.submit(first)
        assert is_held.wait(20)
        other = people.submit(second)
        with pytest.raises(TimeoutError):
            other.result(0.3)  # it waits for the first
        may_end.set()
        one.result()
        with pytest.raises(VersionMismatch):
            other.result()
    with db.write(own) as conn:
        assert building_projects.get(conn, made["id"])["budget_eur"] == 200
        with pytest.raises(NotFound):
            building_projects.delete(conn, uuid.uuid4(), 1)
