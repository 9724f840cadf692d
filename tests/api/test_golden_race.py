"""Golden scenario 10: a repair is scheduled and works are registered by two clients at the same instant."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service.store import locks
from tests.api.scenario import Street, day
from tests.serving import box

RACES = 50
AFTERWARDS, BEFORE, DURING = (60, 61), (3, 4), (10, 20)
"""Days from today. A repair that is planned for after the works minds nothing; one without days would mind whatever comes."""


WORKS = {"owner": "Proximus", "title": "Kabel", "kind": "groundworks", "certainty": "confirmed"}


def days(period: tuple[int, int]) -> dict[str, str]:
    return {"starts_on": day(period[0]), "ends_on": day(period[1])}


def _race(*clients: Callable[[], None]) -> None:
    barrier = threading.Barrier(len(clients))

    def run(client: Callable[[], None]) -> None:
        barrier.wait()
        client()

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


def missed(street: Street, places: Iterable[int]) -> Iterator[str]:
    """Of these races, those in which the repair got days before the works and nobody was told."""
    with street.service.as_("workshop") as workshop, street.service.as_("utilities_desk") as desk:
        for place in places:
            here = Street(street.service, street.x + 20_000 + 60 * place)
            id_ = here.repair(along=(5, 15), planned=days(AFTERWARDS))["id"]
            works = {
                **WORKS,
                "source_id": f"race {place}",
                "phases": [{**days(DURING), "geometry": box(here.x, 0.5, here.x + 20, 1.5)}],
            }
            answers: dict[str, int] = {}

            def plan(id_: str = id_, answers: dict[str, int] = answers) -> None:
                answers["plan"] = workshop.post(
                    f"/api/v1/repairs/{id_}/schedule", json=days(BEFORE)
                ).status_code

            def register(works: dict[str, Any] = works, answers: dict[str, int] = answers) -> None:
                answers["works"] = desk.post("/api/v1/works", json=works).status_code

            _race(plan, register)
            conflicts = here.conflicts(repair=id_, rule="wasted_repair")
            told = (answers["works"], answers["plan"], [conflict["status"] for conflict in conflicts])
            if told not in ((201, 200, ["open"]), (201, 409, [])):
                yield f"{place}: {told}"


@pytest.mark.parametrize("batch", range(4))
def test_10_planning_and_works_at_the_same_instant_never_miss_each_other(street: Street, batch: int) -> None:
    assert list(missed(street, range(batch * RACES, (batch + 1) * RACES))) == []


def test_without_the_lock_of_writers_they_do(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the races above would prove nothing."""

    def no_lock(_: sa.Connection) -> None:
        """Nobody waits for anybody."""

    monkeypatch.setattr(locks, "claims_writer", no_lock)
    assert any(missed(street, range(1_000, 1_000 + 2 * RACES)))
