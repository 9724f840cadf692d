"""Folders of claims, written once from databases that these tests only read."""

from __future__ import annotations

import importlib.util
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from geo_service import db, settings
from geo_service.analysis import dataset, engines, pairs, spark
from geo_service.analysis.dataset import Dataset
from geo_service.bench import region
from geo_service.cluster import Cluster
from geo_service.domain.errors import InvalidInput
from geo_service.intake.importer import run_import
from geo_service.store import rules
from scripts.spark_cluster import SparkCluster
from tests.conftest import unavailable
from tests.serving import TODAY

Written = tuple[sa.Engine, Dataset]
"""A database, and the folder with its claims."""
FLANDERS = "data/real/gipod-v1-flanders-2017/works.geojson.gz"
SCHAERBEEK = "data/real/osiris-schaerbeek-2025-2026"


FRUGAL = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""A JVM that lives for seconds: no time goes into compiling it well."""
SPARK = {
    "spark.executor.memory": "600m",
    "spark.driver.extraJavaOptions": FRUGAL,
    "spark.executor.extraJavaOptions": FRUGAL,
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.liveUpdate.period": "0",  # what executors do is known at once
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""What a cluster is told for little data."""


def write(conn: sa.Connection, folder: Path, today: date) -> Dataset:
    """All claims that `conn` sees, with the rules in force."""
    in_force = [rules.from_row(row) for row in rules.in_force(conn)]
    return dataset.write(conn, folder, today, rules.load_parameters(conn).unsure_clearance_m, in_force)


@pytest.fixture(scope="session")
def copy(cluster: Cluster) -> Iterator[Callable[[str], sa.Engine]]:
    """Copies of databases, gone afterwards."""
    copies: list[tuple[str, sa.Engine]] = []

    def made(template: str) -> sa.Engine:
        name = f"test_{uuid.uuid4().hex}"
        copies.append((name, db.create_engine_for(cluster.create_database(name, template))))
        return copies[-1][1]

    yield made
    for name, engine in copies:
        engine.dispose()
        cluster.drop_database(name)


@pytest.fixture(scope="session")
def demo(
    copy: Callable[[str], sa.Engine], demo_template: Any, tmp_path_factory: pytest.TempPathFactory
) -> Written:
    """The demo city."""
    engine = copy(demo_template[0])
    return engine, _written(engine, tmp_path_factory.mktemp("demo"), TODAY)


@pytest.fixture(scope="session")
def generated(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """The region of the bench: strips on a grid, whose edges touch and whose distances are round."""
    engine = db.create_engine_for(region.region(cluster, 2000))
    yield engine, _written(engine, tmp_path_factory.mktemp("generated"), region.TODAY)
    engine.dispose()


@pytest.fixture(scope="session")
def flanders(
    copy: Callable[[str], sa.Engine], template: str, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Written:
    """All works of Flanders in October 2017."""
    engine, today = copy(template), date(2017, 10, 27)
    _take_in(engine, shared / FLANDERS, "works", "gipod-v1", today)
    return engine, _written(engine, tmp_path_factory.mktemp("flanders"), today)


@pytest.fixture(scope="session")
def schaerbeek(
    copy: Callable[[str], sa.Engine], template: str, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Written:
    """Worksites of one city, with its own programme of streets and footpaths: outlines of thousands of corners."""
    engine, today = copy(template), date(2026, 1, 5)
    programme = shared / SCHAERBEEK / "programme_2026-01.geojson.gz"
    _take_in(engine, shared / SCHAERBEEK / "works_polygons_2025-12-22.geojson.gz", "works", "osiris", today)
    _take_in(engine, programme, "works", "osiris-programme", today)
    _take_in(engine, programme, "repairs", "osiris-programme-repairs", today)
    return engine, _written(engine, tmp_path_factory.mktemp("schaerbeek"), today)


def _take_in(engine: sa.Engine, path: Path, source: str, mapping: str, today: date) -> None:
    run_import(engine, settings.load(), source, str(path), mapping=mapping, today=today)


def _written(engine: sa.Engine, folder: Path, today: date) -> Dataset:
    with db.read(engine) as conn:
        return write(conn, folder / "claims", today)


@pytest.fixture(scope="session")
def postgis_pairs(request: pytest.FixtureRequest) -> Callable[[str], pa.Table]:
    """What PostGIS finds in the data of a fixture, by its name."""

    @cache
    def found(name: str) -> pa.Table:
        engine, data = request.getfixturevalue(name)
        return pairs.canonical(engines.by_postgis(data, engine))

    return found


@pytest.fixture(scope="session")
def sedona() -> None:
    """What Spark needs: pyspark, Java and Sedona's jar."""
    if importlib.util.find_spec("pyspark") is None:
        unavailable("pyspark")
    try:
        spark.check_programs(spark.Cluster())
    except InvalidInput as error:
        unavailable(str(error))


@pytest.fixture(scope="module")
def spark_cluster(sedona: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkCluster]:
    """A master and two workers."""
    with SparkCluster(tmp_path_factory.mktemp("spark")) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def spark_session(spark_cluster: SparkCluster) -> Iterator[tuple[Any, spark.Cluster]]:
    """A session on that cluster; a process has one at a time."""
    cluster = spark.Cluster(spark_cluster.master, SPARK)
    with spark.session(cluster) as session:
        yield session, cluster
