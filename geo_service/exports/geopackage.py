"""GeoPackage 1.3 for QGIS and ArcGIS: the rows, how they are drawn, and what the columns mean."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely

from geo_service import sql
from geo_service.exports import styles
from geo_service.exports.geoparquet import arrow_type
from geo_service.exports.layout import Layout, Rows, pieces
from geo_service.exports.values import for_cell
from geo_service.presentation import fields as words

PACKAGE = "geo_service.exports"
GEOMETRY, KEY = "geom", "fid"


def write(rows: Rows, layout: Layout) -> Generator[bytes]:
    """A file on disk first: GDAL takes the rows batch by batch, and makes the index of the ground at the end."""
    import pyogrio.raw  # with geopandas and pandas: a second, which only who asks for a GeoPackage waits

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.gpkg"
        schema = _schema(layout)
        reader = pa.RecordBatchReader.from_batches(schema, _batches(rows, schema))
        pyogrio.raw.write_arrow(
            reader,
            path,
            layer=layout.collection,
            driver="GPKG",
            geometry_name=GEOMETRY,
            geometry_type="Unknown",
            crs=f"EPSG:{layout.crs}",
            layer_options={
                "FID": KEY,
                "DESCRIPTION": layout.translator.text(f"ogc.collection.{layout.collection}"),
            },
        )
        _describe(path, layout)
        yield from pieces(path)


def _schema(layout: Layout) -> pa.Schema:
    """Without lists: GeoPackage has none."""
    types = {name: arrow_type(type_) for name, type_ in layout.fields.items()}
    columns = [
        pa.field(name, pa.string() if pa.types.is_list(type_) else type_) for name, type_ in types.items()
    ]
    return pa.schema(
        [*columns, pa.field(GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})]
    )


def _batches(rows: Rows, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for batch in rows:
        columns = {name: [for_cell(row[name]) for row in batch] for name in schema.names if name != GEOMETRY}
        columns[GEOMETRY] = [shapely.to_wkb(row["geometry"], output_dimension=2) for row in batch]
        yield pa.RecordBatch.from_pydict(columns, schema=schema)


def _describe(path: Path, layout: Layout) -> None:
    """The dictionary and the codes in words as the schema extension has them (GeoPackage F.9), and the style where QGIS looks for it."""
    name, translator = layout.collection, layout.translator
    groups = {field: words.codes_of(name, field) for field in layout.fields}
    columns: list[dict[str, Any]] = [
        {
            "layer": name,
            "column": field,
            "title": words.title(name, field, translator),
            "meaning": words.meaning(name, field, translator),
            "domain": group,
        }
        for field, group in groups.items()
    ]
    codes = [
        {"domain": group, "code": code, "words": meaning}
        for group in sorted({group for group in groups.values() if group})
        for code, meaning in words.codes(group, translator).items()
    ]
    style = {"layer": name, "geometry": GEOMETRY, "qml": styles.qml(name, translator)}
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.executescript(sql.source(PACKAGE, "geopackage_tables"))
        conn.executemany(sql.source(PACKAGE, "geopackage_column"), columns)
        conn.executemany(sql.source(PACKAGE, "geopackage_code"), codes)
        conn.execute(sql.source(PACKAGE, "geopackage_style"), style)
