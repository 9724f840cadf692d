"""What is refused of a cluster, without one: test_engines.py has a real one."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service.analysis import engines, spark
from geo_service.domain.errors import InvalidInput, SparkFailed
from geo_service.postgres import free_port
from tests.analysis.conftest import Written


def test_a_cluster_without_workers_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "_alone", lambda *_: True)
    monkeypatch.setattr(spark, "WORKERLESS_S", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as master:
        cluster = spark.Cluster(f"spark://127.0.0.1:{master.getsockname()[1]}")
        with pytest.raises(
            SparkFailed, match=r"^no worker of spark://127\.0\.0\.1:\d+ took the work within 0"
        ):
            spark._result_while_alive(Future(), Any, cluster)


def test_of_several_masters_one_must_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as master:
        there = f"127.0.0.1:{master.getsockname()[1]}"
        assert spark.Cluster(f"spark://127.0.0.1:{free_port()},{there}").answers
    assert not spark.Cluster(f"spark://127.0.0.1:{free_port()},{there}").answers
    assert spark.Cluster("yarn").answers


def test_pairs_that_a_worker_wrote_elsewhere_are_missed(
    demo: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_: Any, __: spark.Cluster, ___: Callable[[], int]) -> int:
        [unfinished] = tmp_path.iterdir()
        (unfinished / "pairs").mkdir()
        return 7

    monkeypatch.setattr(spark, "run", run)
    place = engines.Workplace(lambda: sa.create_engine("postgresql+psycopg://"), tmp_path)
    with pytest.raises(
        SparkFailed, match=f"^0 of 7 pairs came back, nothing was written: every worker must see {tmp_path}"
    ):
        engines.by_spark(demo[1], Any, place)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", sorted(spark.NO_LOSS))
def test_no_setting_lets_spark_pass_over_a_file(name: str) -> None:
    assert spark._conf(spark.Cluster(conf={name: "true"}))[name] == "false"


def test_what_is_not_installed_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with pytest.raises(
        InvalidInput, match=r"^engine: needs Sedona: mvn dependency:get .*sedona-spark-shaded"
    ):
        spark.check_programs(spark.Cluster())
    spark.check_programs(spark.Cluster(conf={"spark.jars": "sedona.jar"}))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(InvalidInput, match=r"^engine: needs Java"):
        spark.check_programs(spark.Cluster())


def test_the_deepest_cause_is_said_in_one_line() -> None:
    words = "An error occurred while calling o1.parquet.\n: org.apache.spark.SparkException: Job aborted\n\tat a.b\nCaused by: java.io.IOException: disk full\n\tat c.d\n"
    assert spark._cause(Exception(words)) == "java.io.IOException: disk full"
