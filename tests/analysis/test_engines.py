"""All engines find the same pairs, and these are what the detection pairs."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from geo_service import sql
from geo_service.analysis import dialects, engines, pairs
from geo_service.analysis.dataset import Dataset
from geo_service.detection import run
from geo_service.domain.errors import InvalidInput
from scripts.spark_cluster import SparkCluster, kill
from tests.analysis.conftest import Written
from tests.serving import TODAY

pytestmark = pytest.mark.filterwarnings(
    # py4j, which speaks with Spark, leaves the socket of a thread that ended to the collector
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
)
Pair = tuple[str, ...]
Found = Callable[[str], pa.Table]
PATIENCE_S = 120
SETS = (
    "demo",
    "generated",
    pytest.param("flanders", marks=pytest.mark.shared),
    pytest.param("schaerbeek", marks=pytest.mark.shared),
)
SIDES = [f"{side}_{name}" for side in "ab" for name in ("kind", "origin_id")]
GROUPS = [f"{side}_{name}" for side in "ab" for name in ("kind", "group_id")]
FIGURES = ("distance_m", "overlap_m2", "gap_days", "overlap_days", "probability")
NOTHING_FOLLOWS = "repair_during_works"
"""A rule whose pairs are its conflicts: no share of the ground, nothing that it yields to, and crews mind no kerb."""


def named(table: pa.Table, names: list[str]) -> set[Pair]:
    rows = zip(*(table.column(name).to_pylist() for name in ("rule_id", *names)), strict=True)
    return {tuple(map(str, row)) for row in rows}


@pytest.fixture(scope="module")
def by_postgis(postgis_pairs: Found) -> pa.Table:
    return postgis_pairs("demo")


@pytest.mark.parametrize("name", SETS)
def test_sedonadb_finds_what_postgis_finds(
    name: str, postgis_pairs: Found, request: pytest.FixtureRequest
) -> None:
    _, data = request.getfixturevalue(name)
    check_same(postgis_pairs(name), engines.by_sedonadb(data))


@pytest.mark.parametrize("name", SETS[1:])
def test_a_cluster_with_spark_finds_what_postgis_finds(
    name: str, postgis_pairs: Found, spark_session: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    _, data = request.getfixturevalue(name)
    check_same(postgis_pairs(name), by_spark(data, spark_session, tmp_path))


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(
    generated: Written, postgis_pairs: Found, spark_cluster: SparkCluster, spark_session: Any, tmp_path: Path
) -> None:
    from pyspark import InheritableThread

    session, _ = spark_session
    worker = spark_cluster.add_worker()
    until(lambda: all_worked(session))
    os.killpg(worker.pid, signal.SIGSTOP)  # what it is given stays undone

    def kill_in_the_middle() -> None:
        until(lambda: work_of(session)[-1][0] > 0)
        kill(worker)

    killer = InheritableThread(target=kill_in_the_middle)
    killer.start()
    check_same(postgis_pairs("generated"), by_spark(generated[1], spark_session, tmp_path))
    killer.join()
    assert worker.returncode == -signal.SIGKILL


def by_spark(data: Dataset, spark_session: Any, folder: Path) -> pa.Table:
    session, cluster = spark_session
    place = engines.Workplace(lambda: sa.create_engine("postgresql://"), folder, cluster)
    return engines.by_spark(data, session, place)


def work_of(session: Any) -> list[tuple[int, int]]:
    """How many tasks each executor has in hand and has had, the newest executor last."""
    store = session.sparkContext._jsc.sc().statusStore().executorList(True)
    executors = [store.apply(number) for number in range(store.length())]
    by_id = {int(one.id()): one for one in executors if one.id() != "driver"}
    return [(by_id[name].activeTasks(), by_id[name].totalTasks()) for name in sorted(by_id)]


def all_worked(session: Any) -> bool:
    """Give each core a task; whether every executor has had one."""
    session.range(0, 3, 1, 3).selectExpr("max(id)").collect()
    return len(work_of(session)) == 3 and all(total for _, total in work_of(session))


def until(fact: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not fact():
        assert time.monotonic() < end
        time.sleep(0.05)


def check_same(one: pa.Table, other: pa.Table) -> None:
    other = pairs.canonical(other)
    assert one.num_rows > 100
    assert list(differences(one, other)) == []
    assert pairs.digest(one) == pairs.digest(other)


def differences(one: pa.Table, other: pa.Table) -> Iterator[Any]:
    """Pairs that only one of them has, and pairs with other figures."""
    key = [*pairs.ORDER]
    left, right = (
        {tuple(row[name] for name in key): row for row in table.to_pylist()} for table in (one, other)
    )
    yield from sorted(left.keys() ^ right.keys())
    yield from ((left[pair], right[pair]) for pair in left.keys() & right.keys() if left[pair] != right[pair])


def test_the_pairs_are_those_of_the_detection(demo: Written, by_postgis: pa.Table) -> None:
    """The text of detect.sql, cut off after its step `pair`, on the stored claims."""
    search = sql.without_comments(sql.source(run.PACKAGE, "detect").partition(", pair_in_group AS")[0])
    query = sa.text(
        f"{search} SELECT rule_id, (a).kind, (a).origin_id, (b).kind AS b_kind, (b).origin_id AS b_origin_id FROM pair"
    )
    with demo[0].connect() as conn:
        params = {
            **run.EVERYTHING.params(),
            "what_if": None,
            "today": TODAY,
            "unsure_clearance_m": demo[1].unsure_clearance_m,
        }
        stored = {tuple(map(str, row)) for row in conn.execute(query, params)}
    assert named(by_postgis, SIDES) == stored
    assert len({rule for rule, *_ in stored}) >= 7


def test_every_stored_conflict_comes_of_pairs_with_its_figures(demo: Written, by_postgis: pa.Table) -> None:
    live = sa.text(
        "SELECT rule_id, a_kind, a_origin_id, b_kind, b_origin_id, facts FROM conflicts WHERE status NOT IN ('expired', 'withdrawn')"
    )
    with demo[0].connect() as conn:
        conflicts = {tuple(map(str, row[:5])): row.facts for row in conn.execute(live)}
    groups: dict[Pair, list[dict[str, Any]]] = {}
    for row in by_postgis.to_pylist():
        groups.setdefault(tuple(str(row[name]) for name in ("rule_id", *GROUPS)), []).append(row)
    counted = {pair for pair in conflicts if pair[0] == "accumulated_hindrance"}
    assert {pair[3:] for pair in counted} <= {pair[3:] for pair in groups}
    assert conflicts.keys() - counted <= groups.keys()
    assert {pair for pair in groups if pair[0] == NOTHING_FOLLOWS} == {
        pair for pair in conflicts if pair[0] == NOTHING_FOLLOWS
    }
    alone = [pair for pair in conflicts.keys() - counted if len(groups[pair]) == 1]
    assert len(alone) > 30
    for pair in alone:
        [row] = groups[pair]
        assert {name: row[name] for name in FIGURES} == pytest.approx(
            {name: conflicts[pair][name] for name in FIGURES}, abs=0.0101
        ), pair


def test_nothing_of_postgres_is_left_in_the_text_of_another_engine(demo: Written) -> None:
    text = dialects.translate(dialects.SEDONADB, dialects.params_of(demo[1]))
    assert list(text.tables) == ["rule", "side", "reach"]
    for query in (text.pairs, *text.tables.values()):
        left = [
            word
            for word in ("&&", "DATERANGE", "LATERAL", "OFFSET", "(OWN)", " ANY(", "::", "$", "NPOINTS", ":")
            if word in query.upper()
        ]
        assert left == []


@pytest.mark.parametrize(
    ("name", "extra", "library"),
    [("sedonadb", "batch", "sedonadb"), ("sedonadb", "batch", "sqlglot"), ("spark", "spark", "pyspark")],
)
def test_a_library_that_is_not_installed_is_named_with_what_to_do(
    demo: Written, monkeypatch: pytest.MonkeyPatch, name: str, extra: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        InvalidInput, match=f"engine: needs {library}, which is not installed: uv sync --extra {extra}"
    ):
        engines.pairs_by(name, demo[1], engines.Workplace(lambda: demo[0], Path()))
