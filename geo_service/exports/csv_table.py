"""CSV that a spreadsheet opens by a double click, in the language of its reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Generator
from typing import Any

import numpy as np
import shapely

from geo_service.domain import crs as crs_codes
from geo_service.domain import geometry
from geo_service.domain.json_values import json_value
from geo_service.domain.rounding import rounded
from geo_service.exports.layout import Layout, Rows
from geo_service.exports.values import for_cell
from geo_service.presentation.spreadsheets import BYTE_ORDER_MARK, harmless

PLACE = ("lon", "lat", "wkt")
"""A point inside the ground in WGS84, and the ground itself in the CRS of the file."""


def write(rows: Rows, layout: Layout) -> Generator[bytes]:
    """UTF-8 with a byte order mark. Dutch: `;` and a decimal comma, as Excel has them here, where 12.5 would become the 12th of May; English:
    `,` and a point.
    """
    delimiter = layout.translator.text("import.csv.delimiter")
    comma = delimiter == ";"
    digits = geometry.DIGITS.get(layout.crs, geometry.METRE_DIGITS)
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=delimiter)
    lines.write(BYTE_ORDER_MARK)
    writer.writerow([*layout.fields, *PLACE])
    for batch in rows:
        outlines = rounded(np.array([row["geometry"] for row in batch], dtype=object), digits)
        grounds = shapely.to_wkt(outlines, rounding_precision=-1, output_dimension=2)
        for row, (lon, lat), ground in zip(batch, places(batch, layout.crs), grounds, strict=True):
            values = [row[name] for name in layout.fields]
            writer.writerow(_cell(value, comma) for value in (*values, lon, lat, ground))
        yield lines.getvalue().encode("utf-8", "backslashreplace")
        lines.seek(0)
        lines.truncate()
    yield lines.getvalue().encode()


def places(batch: list[dict[str, Any]], crs: int) -> list[tuple[float, float]]:
    """A point inside the ground of each row: longitude and latitude (WGS84)."""
    shapes: Any = [row["geometry"] for row in batch]
    points: Any = geometry.transform(shapely.point_on_surface(shapes), crs, crs_codes.WGS84)
    digits = geometry.DIGITS[crs_codes.WGS84]
    return [(round(point.x, digits), round(point.y, digits)) for point in points]


def _cell(value: Any, comma: bool) -> str:
    value = for_cell(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).replace(".", ",") if comma else repr(value)
    return (
        harmless(value)
        if isinstance(value, str)
        else str(value if isinstance(value, int) else json_value(value))
    )
