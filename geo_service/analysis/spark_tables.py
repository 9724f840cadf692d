"""The tables of a folder of claims as Spark declares them."""

from __future__ import annotations

import pyarrow as pa
from sqlglot import exp

from geo_service.analysis.dialects import SPARK

TYPES = {
    pa.string(): "string",
    pa.int32(): "int",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.binary(): "binary",
}
"""What Spark calls the types of our columns."""


def columns_of(table: pa.Schema) -> str:
    """The columns of a table with their types, as Spark declares them."""
    return ", ".join(f"{field.name} {_type_of(field)}" for field in table)


def rows(table: pa.Table) -> str:
    """A query that gives the rows of a small table, which stand in it."""
    columns = [
        exp.cast(exp.column(field.name), _type_of(field), dialect=SPARK.writer).as_(field.name)
        for field in table.schema
    ]
    content = exp.values([tuple(row.values()) for row in table.to_pylist()], "given", table.column_names)
    return exp.select(*columns).from_(content).sql(dialect=SPARK.writer)


def _type_of(field: pa.Field) -> str:
    return "array<string>" if pa.types.is_list(field.type) else TYPES[field.type]
