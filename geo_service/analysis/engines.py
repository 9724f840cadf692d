"""The engines that pair claims: PostGIS by `pairs.sql` as it stands, SedonaDB by what `dialects.py` derives from it."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Callable

import pyarrow as pa
import shapely
import sqlalchemy as sa

from geo_service import db
from geo_service.analysis import schema
from geo_service.analysis.dataset import PACKAGE, Dataset
from geo_service.detection.run import EVERYTHING
from geo_service.domain.crs import STORAGE
from geo_service.domain.errors import InvalidInput

ENGINES = ("postgis", "sedonadb")


def pairs_by(name: str, dataset: Dataset, database: Callable[[], sa.Engine]) -> pa.Table:
    """The pairs of the folder by the engine of this name, in the columns of `schema.PAIRS`.

    `database` connects to PostgreSQL, for `postgis`. Raises InvalidInput about `engine`.
    """
    if name not in ENGINES:
        raise InvalidInput.one("engine", "unknown.word", known=ENGINES)
    if not dataset.files:
        return schema.PAIRS.empty_table()
    return by_postgis(dataset, database()) if name == "postgis" else by_sedonadb(dataset)


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
    """The pairs of the folder, in this process. Raises InvalidInput when the libraries are not installed."""
    _need("sedonadb", "sqlglot")
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


def _copy(conn: sa.Connection, table: str, rows: pa.Table) -> None:
    db.copy(
        conn, table, rows.column_names, zip(*(column.to_pylist() for column in rows.columns), strict=True)
    )


def _with_shapes(claims: pa.Table) -> pa.Table:
    """The claims with their ground as PostGIS takes it: EWKB in hexadecimal."""
    shapes = shapely.set_srid(shapely.from_wkb(claims.column("geom").to_numpy()), STORAGE)
    place = claims.schema.get_field_index("geom")
    return claims.set_column(place, "geom", pa.array(shapely.to_wkb(shapes, hex=True, include_srid=True)))


def _need(*libraries: str) -> None:
    """Raises InvalidInput about `engine` when a library of the extra `batch` is not installed."""
    for library in libraries:
        try:
            there = importlib.util.find_spec(library) is not None
        except ValueError:  # a module that was taken out
            there = False
        if not there:
            raise InvalidInput.one("engine", "batch_library_missing", library=library)
