"""Read GeoParquet 1.x, one row group at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from geo_service.domain.crs import WGS84
from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats.damage import damaged
from geo_service.intake.formats.nesting import loads
from geo_service.intake.formats.raw_record import ReadOptions, Remarks, Row, epsg_of, plain, row_of

ROWS_AT_ONCE = 2000


def read(path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[Row]:
    """Raises SourceUnreachable when it is no GeoParquet, or damaged."""
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            place, crs = _place(file, path, how)
            for batch in file.iter_batches(ROWS_AT_ONCE):
                values = {name: _wkb_column(batch.column(name)).to_pylist() for name in batch.schema.names}
                shapes = values.pop(place)
                for number in range(batch.num_rows):
                    yield row_of({name: _cell(values[name][number]) for name in values}, shapes[number], crs)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise damaged(path, error) from error


def _wkb_column(column: pyarrow.Array) -> pyarrow.Array:
    """The WKB itself, also where some library of this process (geoarrow) has taught pyarrow a type of its own for it."""
    return column.storage if isinstance(column, pyarrow.ExtensionArray) else column


def _place(file: pyarrow.parquet.ParquetFile, path: Path, how: ReadOptions) -> tuple[str, int | None]:
    """The geometry column and its CRS: without one it is OGC:CRS84, as the standard says."""
    metadata = (file.schema_arrow.metadata or {}).get(b"geo")
    try:
        geo: dict[str, Any] = loads(metadata or b"")
        column = dict(geo["columns"][geo["primary_column"]])
    except (ValueError, KeyError, TypeError):
        raise SourceUnreachable("parquet_without_geometry", file=path.name) from None
    if column.get("encoding") != "WKB":
        raise SourceUnreachable("parquet_encoding", file=path.name, given=column.get("encoding"))
    name = geo["primary_column"]
    column_type = file.schema_arrow.field(name).type if name in file.schema_arrow.names else None
    if isinstance(column_type, pyarrow.BaseExtensionType):
        column_type = column_type.storage_type
    if column_type is None or not (
        pyarrow.types.is_binary(column_type) or pyarrow.types.is_large_binary(column_type)
    ):
        raise SourceUnreachable(
            "parquet_geometry" if column_type is None else "parquet_geometry.kind",
            file=path.name,
            column=name,
            kind=str(column_type),
        )
    if "crs" not in column:
        return geo["primary_column"], WGS84
    crs = column["crs"]
    return geo["primary_column"], epsg_of(json.dumps(crs) if crs else None, path.name, how.crs)


def _cell(value: Any) -> Any:
    """A moment keeps its time, also at midnight: a period that ends then does not take that day."""
    return value.isoformat() if isinstance(value, datetime) else plain(value)
