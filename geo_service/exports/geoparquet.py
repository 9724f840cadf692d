"""GeoParquet 1.1: neighbours stand together, and each row says in which box it lies, so that readers skip row groups."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
import sqlalchemy as sa
from pyarrow import parquet
from pyproj import CRS
from sqlalchemy.dialects import postgresql as pg

from geo_service.exports.layout import Layout, Rows

ARROW_TYPES: tuple[tuple[type[Any], pa.DataType], ...] = (
    (pg.ARRAY, pa.list_(pa.string())),
    (sa.Boolean, pa.bool_()),
    (sa.Date, pa.date32()),
    (sa.DateTime, pa.timestamp("us", tz="UTC")),
    (sa.Integer, pa.int64()),
    (sa.Float, pa.float64()),
    (sa.Numeric, pa.float64()),
)
"""The first matching type counts; the default is text."""
SIDES = ("xmin", "ymin", "xmax", "ymax")
BBOX = pa.struct([pa.field(side, pa.float64()) for side in SIDES])


def write(rows: Rows, layout: Layout) -> Generator[bytes]:
    """A row group per batch."""
    schema = _schema(layout)
    sink = _Sink()
    with parquet.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        for batch in rows:
            columns = [_column([row[name] for row in batch], type_) for name, type_ in layout.fields.items()]
            shapes = np.array([row["geometry"] for row in batch])
            boxes = pa.StructArray.from_arrays(list(shapely.bounds(shapes).T), fields=list(BBOX))
            grounds = pa.array(shapely.to_wkb(shapes, output_dimension=2), pa.binary())
            writer.write_table(pa.table([*columns, boxes, grounds], schema=schema))
            yield sink.take()
    yield sink.take()


def arrow_type(type_: sa.types.TypeEngine[Any]) -> pa.DataType:
    """The type of a column in Arrow."""
    return next((arrow for kind, arrow in ARROW_TYPES if isinstance(type_, kind)), pa.string())


def _schema(layout: Layout) -> pa.Schema:
    columns = [pa.field(name, arrow_type(type_)) for name, type_ in layout.fields.items()]
    column = {
        "encoding": "WKB",
        "geometry_types": [],
        "crs": CRS.from_epsg(layout.crs).to_json_dict(),
        "covering": {"bbox": {side: ["bbox", side] for side in SIDES}},
    }
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    return pa.schema(
        [*columns, pa.field("bbox", BBOX), pa.field("geometry", pa.binary())],
        metadata={"geo": json.dumps(geo)},
    )


def _column(values: list[Any], type_: sa.types.TypeEngine[Any]) -> pa.Array:
    """The values of a column in Arrow; ids become text."""
    arrow = arrow_type(type_)
    if pa.types.is_string(arrow) and not isinstance(type_, sa.String):
        values = [None if value is None else str(value) for value in values]
    return pa.array(values, arrow)


class _Sink:
    """A write-only file whose content is removed as it is taken."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Do nothing: all content is available at once."""

    def close(self) -> None:
        """Do nothing."""

    def take(self) -> bytes:
        content, self._parts = b"".join(self._parts), []
        return content
