"""The engines that pair claims: PostGIS by `pairs.sql` as it stands, SedonaDB and Spark by what `dialects.py` derives from it."""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import shapely
import sqlalchemy as sa
from pyarrow import parquet

from geo_service import db
from geo_service.analysis import schema, spark
from geo_service.analysis.dataset import PACKAGE, Dataset
from geo_service.detection.run import EVERYTHING
from geo_service.domain.crs import STORAGE
from geo_service.domain.errors import InvalidInput, SparkFailed

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ENGINES = ("postgis", "sedonadb", "spark")
LIBRARIES = {"sedonadb": ("batch", "sedonadb"), "spark": ("spark", "pyspark")}
"""The extra that an engine needs, and its library; both need sqlglot as well."""


@dataclass(frozen=True)
class Workplace:
    """Where the engines work: `database` connects to PostgreSQL, for `postgis`; `cluster` is for `spark`, whose workers write into `folder`."""

    database: Callable[[], sa.Engine]
    folder: Path
    cluster: spark.Cluster = field(default_factory=spark.Cluster)


def pairs_by(name: str, dataset: Dataset, place: Workplace) -> pa.Table:
    """The pairs of the folder by the engine of this name, in the columns of `schema.PAIRS`.

    Raises InvalidInput about `engine`, `master`; SparkFailed.
    """
    if name not in ENGINES:
        raise InvalidInput.one("engine", "unknown.word", known=ENGINES)
    if name in LIBRARIES:
        _need(*LIBRARIES[name])
    if not dataset.files:
        return schema.PAIRS.empty_table()
    if name == "postgis":
        return by_postgis(dataset, place.database())
    if name == "sedonadb":
        return by_sedonadb(dataset)
    with spark.session(place.cluster) as session:
        return by_spark(dataset, session, place)


def by_postgis(dataset: Dataset, engine: sa.Engine) -> pa.Table:
    """The pairs of the folder, by the statement of the service itself; `engine` is a database that it leaves as it is."""
    with db.scratch(engine) as conn:
        db.execute(conn, PACKAGE, "stand_in")
        _copy(conn, "rules", dataset.rule_table())
        for table in dataset.claim_tables():
            _copy(conn, "claims", _with_shapes(table))
        db.execute(conn, PACKAGE, "stand_in_index")
        rows = db.fetch(
            conn, PACKAGE, "pairs", constants={"everything": "true", "what_if": "NULL"},
            **{**EVERYTHING.params(), "today": dataset.today, "unsure_clearance_m": dataset.unsure_clearance_m},
        )  # fmt: skip
    names = schema.PAIRS.names
    plain = ({name: str(row[name]) if name.endswith("_id") else row[name] for name in names} for row in rows)
    return pa.Table.from_pylist(list(plain), schema.PAIRS)


def by_sedonadb(dataset: Dataset) -> pa.Table:
    """The pairs of the folder, in this process."""
    from geo_service.analysis import dialects

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for libraries that nothing here needs
        sedonadb = importlib.import_module("sedonadb")
    session = sedonadb.connect()
    session.read_parquet(dataset.paths, partitioning=[]).to_view("claim_file", overwrite=True)
    session.sql(dialects.claim_view(dialects.SEDONADB)).to_view("claims", overwrite=True)
    session.create_data_frame(dataset.rule_table()).to_view("rules", overwrite=True)
    text = dialects.translate(dialects.SEDONADB, dialects.params_of(dataset))
    for name, query in text.tables.items():
        session.create_data_frame(session.sql(query).to_arrow_table()).to_view(name, overwrite=True)
    return session.sql(text.pairs).to_arrow_table()


def by_spark(dataset: Dataset, session: SparkSession, place: Workplace) -> pa.Table:
    """The pairs of the folder by the workers of a cluster, all of whom see both folders. Raises SparkFailed."""
    from pyspark.sql import Observation
    from pyspark.sql.functions import count, lit

    from geo_service.analysis import dialects, spark_tables

    def write(target: Path) -> int:
        """How many pairs the workers say that they wrote."""
        files = session.read.schema(spark_tables.columns_of(schema.claims())).option(
            "recursiveFileLookup", True
        )
        files.parquet(*dataset.paths).createOrReplaceTempView("claim_file")
        session.sql(dialects.claim_view(dialects.SPARK)).createOrReplaceTempView("claims")
        session.sql(spark_tables.rows(dataset.rule_table())).createOrReplaceTempView("rules")
        text = dialects.translate(dialects.SPARK, dialects.params_of(dataset))
        for name, query in text.tables.items():
            session.sql(query).createOrReplaceTempView(name)
        counted = Observation("pairs")
        session.sql(text.pairs).observe(counted, count(lit(1)).alias("pairs")).write.parquet(str(target))
        return int(counted.get["pairs"])

    with tempfile.TemporaryDirectory(dir=place.folder, prefix=".pairs.") as unfinished:
        target = Path(unfinished, "pairs")
        wanted = spark.run(session, place.cluster, lambda: write(target))
        rows = parquet.read_table(target)
    if rows.num_rows != wanted:
        folder = str(place.folder)
        raise SparkFailed("spark_failed.pairs", given=rows.num_rows, wanted=wanted, folder=folder)
    return rows


def _copy(conn: sa.Connection, table: str, rows: pa.Table) -> None:
    db.copy(
        conn, table, rows.column_names, zip(*(column.to_pylist() for column in rows.columns), strict=True)
    )


def _with_shapes(claims: pa.Table) -> pa.Table:
    """The claims with their ground as PostGIS takes it: EWKB in hexadecimal."""
    shapes = shapely.set_srid(shapely.from_wkb(claims.column("geom").to_numpy()), STORAGE)
    place = claims.schema.get_field_index("geom")
    return claims.set_column(place, "geom", pa.array(shapely.to_wkb(shapes, hex=True, include_srid=True)))


def _need(extra: str, *libraries: str) -> None:
    """Raises InvalidInput about `engine` when a library of this extra, or sqlglot, is not installed."""
    for library in (*libraries, "sqlglot"):
        try:
            there = importlib.util.find_spec(library) is not None
        except ValueError:  # a module that was taken out
            there = False
        if not there:
            raise InvalidInput.one("engine", "batch_library_missing", library=library, extra=extra)
