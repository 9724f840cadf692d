"""Flanders on 27 October 2017: the clashes found are those of an independent computation, and differ from a bare intersection as explained."""

import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.cluster import Cluster
from scripts.real import compare, judge, runs

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def flanders(cluster: Cluster, template: str, shared: Path) -> Iterator[sa.Engine]:
    name = f"test_{uuid.uuid4().hex}"
    engine = db.create_engine_for(cluster.create_database(name, template))
    runs.flanders(engine, shared)
    yield engine
    engine.dispose()
    cluster.drop_database(name)


def test_clashes_are_those_that_geopandas_finds(flanders: sa.Engine) -> None:
    with flanders.connect() as conn:
        found = judge.conflict_pairs(conn)
        assert len(found) > 1000
        assert found == judge.clashes(judge.claims(conn), runs.FLANDERS_DAY)


def test_what_a_bare_intersection_counts_differently_has_its_reason(
    flanders: sa.Engine, shared: Path
) -> None:
    with flanders.connect() as conn:
        claimed = judge.claims(conn)
        reasons = Counter(
            compare.reasons(
                claimed, judge.meetings(claimed, runs.FLANDERS_DAY), compare.published(shared)
            ).values()
        )
    assert reasons == {
        "both": 1489,
        "same owner": 413,
        "one owner group": 124,
        "rejected, no known end": 6,
        "planned, not begun: still to come": 15,
        "widened to the working width": 12,
        "slack of planned works": 6,
    }


def test_everything_computed_again_is_what_was_stored(flanders: sa.Engine) -> None:
    assert runs.checked(flanders, runs.FLANDERS_DAY).differences == {}
