"""Apache Spark with Sedona: a session on a cluster, watched while its workers work."""

from __future__ import annotations

import importlib.resources
import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from geo_service.analysis.dataset import PACKAGE
from geo_service.domain.errors import InvalidInput, SparkFailed

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

JAR = "org.apache.sedona:sedona-spark-shaded-3.5_2.12:1.8.1"
"""Sedona for the Spark of the extra `spark`, as Maven names it."""
MASTER = re.compile(r"local(\[(\d+|\*)\])?|spark://[\w.,:\[\]-]+:\d+|yarn|k8s://\S+")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
JVM_OPTIONS = "spark.driver.extraJavaOptions"
REPLY_S = 3.0
"""How long a master may take to accept a connection."""
WORKERLESS_S = 120.0
"""How long a standalone cluster may be without a worker for us."""
SEDONA = {
    "spark.sql.extensions": "org.apache.sedona.sql.SedonaSqlExtensions",
    "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
    "spark.kryo.registrator": "org.apache.sedona.core.serde.SedonaKryoRegistrator",
}
NO_LOSS = {"spark.sql.files.ignoreCorruptFiles": "false", "spark.sql.files.ignoreMissingFiles": "false"}
"""A file that is lost on the way is an error, whatever the cluster prefers."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Cluster:
    """A cluster by the address of its master, and what Spark is to know besides (`spark.executor.memory`, …)."""

    master: str = "local[*]"
    conf: Mapping[str, str] = field(default_factory=dict)

    @property
    def doors(self) -> list[tuple[str, int]]:
        """The masters of a standalone cluster, one of which leads it."""
        if not self.master.startswith("spark://"):
            return []
        addresses = (one.rpartition(":") for one in self.master.removeprefix("spark://").split(","))
        return [(host.strip("[]"), int(port)) for host, _, port in addresses]

    @property
    def knows_sedona(self) -> bool:
        """Whether the caller says where its jar comes from."""
        return bool({"spark.jars", "spark.jars.packages"} & self.conf.keys())

    @property
    def answers(self) -> bool:
        """Whether a master accepts a connection; others than standalone clusters see to that themselves."""
        return not self.doors or any(map(_answers, self.doors))


@contextmanager
def session(cluster: Cluster) -> Iterator[SparkSession]:
    """A session with Sedona, which ends with the block. InvalidInput says what is not installed, SparkFailed that no master answers."""
    if not MASTER.fullmatch(cluster.master):
        raise InvalidInput.one("master", "batch_master", given=cluster.master)
    if not cluster.answers:
        raise SparkFailed("spark_failed.unreachable", master=cluster.master)
    check_programs(cluster)
    from pyspark.sql import SparkSession

    with _spark_errors(cluster):
        started = SparkSession.builder.master(cluster.master).config(map=_conf(cluster)).getOrCreate()
    try:
        yield started
    finally:
        started.stop()


def run(session: SparkSession, cluster: Cluster, job: Callable[[], Result]) -> Result:
    """What `job` gives. Raises SparkFailed when Spark does not finish it, its master is lost, or no worker takes it."""
    from pyspark import InheritableThread

    future: Future[Result] = Future()

    def work() -> None:
        try:
            future.set_result(job())
        except Exception as error:
            future.set_exception(error)

    thread = InheritableThread(target=work)
    thread.start()
    with _spark_errors(cluster):
        try:
            return _result_while_alive(future, session, cluster)
        finally:
            while thread.is_alive():  # it may still be about to start the next job
                with suppress(Exception):  # a context that has ended has no jobs
                    session.sparkContext.cancelAllJobs()
                thread.join(timeout=1)


def _result_while_alive(future: Future[Result], session: SparkSession, cluster: Cluster) -> Result:
    alone_since: float | None = None
    while True:
        wait([future], timeout=1)
        if future.done():
            return future.result()
        if not cluster.answers:
            raise SparkFailed("spark_failed.lost", master=cluster.master)
        alone_since = (alone_since or time.monotonic()) if _alone(session, cluster) else None
        if alone_since and time.monotonic() - alone_since > WORKERLESS_S:
            raise SparkFailed("spark_failed.workers", master=cluster.master, seconds=WORKERLESS_S)


def _alone(session: SparkSession, cluster: Cluster) -> bool:
    """Whether a standalone cluster gives us no executor; the driver counts as one."""
    context = session.sparkContext._jsc
    return bool(cluster.doors) and context.sc().getExecutorMemoryStatus().size() < 2


def _answers(door: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(door, timeout=REPLY_S):
            return True
    except OSError:
        return False


def check_programs(cluster: Cluster) -> None:
    """Raises InvalidInput about `engine` when this machine has no Java, or no jar of Sedona while the cluster is told of none."""
    java = Path(os.environ.get("JAVA_HOME", "/usr"), "bin", "java")
    if not (shutil.which(java) or shutil.which("java")):
        raise InvalidInput.one("engine", "batch_java_missing")
    if not cluster.knows_sedona and not _jar().is_file():
        raise InvalidInput.one("engine", "batch_jar_missing", artifact=JAR)


def _conf(cluster: Cluster) -> dict[str, Any]:
    """What Spark is told: ours, unless the caller says otherwise; but what makes the answer whole is always ours."""
    conf = {
        "spark.app.name": "geo-service",
        "spark.sql.sources.parallelPartitionDiscovery.threshold": "1000000",  # the manifest has looked at each file
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if not cluster.knows_sedona:
        conf["spark.jars"] = str(_jar())
    if all(host in LOOPBACK for host, _ in cluster.doors):
        conf |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    options = f"{_log_options()} {cluster.conf.get(JVM_OPTIONS, '')}"
    return {**conf, **SEDONA, **cluster.conf, **NO_LOSS, JVM_OPTIONS: options}


def _log_options() -> str:
    log = importlib.resources.files(PACKAGE).joinpath("spark_log.properties")
    return f"-Dlog4j2.configurationFile={Path(str(log)).as_uri()}"


def _jar() -> Path:
    """Sedona where Maven keeps what it has fetched."""
    group, name, version = JAR.split(":")
    repository = Path.home() / ".m2" / "repository"
    return repository.joinpath(*group.split("."), name, version, f"{name}-{version}.jar")


@contextmanager
def _spark_errors(cluster: Cluster) -> Iterator[None]:
    """What Spark says of a failure, as an error of ours in one line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, ConnectionError) as error:
        if not cluster.answers:
            raise SparkFailed("spark_failed.lost", master=cluster.master) from error
        raise SparkFailed("spark_failed", error=_cause(error)) from error


def _cause(error: Exception) -> str:
    """The first line of the deepest cause."""
    lines = [line.strip() for line in str(error).splitlines()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return next(reversed(causes), next(filter(None, lines), type(error).__name__))
