"""The formats of files, in the order of the documentation."""

from __future__ import annotations

from collections.abc import Mapping

from geo_service.exports import csv_table, drawing, geojson, geopackage, geoparquet, workbook
from geo_service.exports.layout import Format

FORMATS: Mapping[str, Format] = {
    "geojson": Format("application/geo+json", geojson.write),
    "parquet": Format("application/vnd.apache.parquet", geoparquet.write, by_place=True),
    "csv": Format("text/csv; charset=utf-8", csv_table.write),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        workbook.write,
        most_rows=workbook.MOST_ROWS,
    ),
    "gpkg": Format("application/geopackage+sqlite3", geopackage.write),
    "dxf": Format("image/vnd.dxf", drawing.write, most_rows=drawing.MOST_ROWS, metric=True),
}
