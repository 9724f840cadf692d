"""Eight weeks of Osiris teach how far dates may be off; the four after them say what that was worth."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.store import reliabilities
from scripts.real import reliability
from scripts.real.reliability import Claim, Score

pytestmark = pytest.mark.shared


class Learnt(NamedTuple):
    day: date
    claims: dict[str, dict[str, Claim]]
    probability: dict[str, float]
    slack_after: dict[str, int]


@pytest.fixture(scope="module")
def learnt(
    cluster: Cluster, template: str, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Learnt]:
    """What is claimed and known on the last day of learning: nothing later has been read yet."""
    name = f"test_{uuid.uuid4().hex}"
    engine = db.create_engine_for(cluster.create_database(name, template))
    day = reliability.taken_in(engine, shared, tmp_path_factory.mktemp("weeks"))
    with engine.begin() as conn:
        claims = reliability.claimed(conn, day)
        rows = reliabilities.find(conn)
        every = {row["certainty"]: row for row in rows if row["owner_group"] is None}
    yield Learnt(
        day,
        claims,
        {name: row["probability"] for name, row in every.items()},
        {name: row["slack_after_days"] for name, row in every.items()},
    )
    engine.dispose()
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def scores(learnt: Learnt, shared: Path) -> dict[str, Score]:
    seen = reliability.seen_open(shared, after=learnt.day)
    assert min(seen) > learnt.day == date(2026, 1, 26)
    assert len(seen) == 4
    return {one.mode: one for one in reliability.scored(learnt.claims, seen, learnt.day)}


def test_every_way_of_claiming_is_scored_on_the_same_worksites(learnt: Learnt) -> None:
    numbers = {mode: set(claims) for mode, claims in learnt.claims.items()}
    assert len(numbers["per owner"]) == 938
    assert all(found == numbers["per owner"] for found in numbers.values())


def test_what_is_learnt_is_what_the_weeks_showed(learnt: Learnt) -> None:
    assert learnt.probability == {"indicative": 0.15, "planned": 0.52, "confirmed": 0.91, "in_progress": 1}
    assert learnt.slack_after == {"indicative": 60, "planned": 4, "confirmed": 0, "in_progress": 0}


def test_learning_foretells_better_whether_works_come_at_all(scores: dict[str, Score]) -> None:
    of = {mode: score.brier_begins for mode, score in scores.items()}
    assert of["per owner"] < of["all owners"] < of["day one"] < of["believe the dates"]
    assert of["per owner"] < 0.25 < 0.55 < of["believe the dates"]


def test_learning_foretells_better_whether_the_ground_is_open_in_a_week(scores: dict[str, Score]) -> None:
    of = {mode: score.brier_open for mode, score in scores.items()}
    assert max(of["per owner"], of["all owners"]) < 0.2 < of["day one"] < of["believe the dates"]


def test_no_way_of_claiming_misses_an_open_site_more_often_than_the_dates_do(
    scores: dict[str, Score],
) -> None:
    assert min(score.coverage for score in scores.values()) == scores["believe the dates"].coverage > 0.99


def test_working_days_free_the_ground_earlier_than_whole_windows_do(scores: dict[str, Score]) -> None:
    assert scores["day one"].claimed_days < 0.9 * scores["whole windows"].claimed_days
