"""Convert answers to GeoDataFrames, and GeoDataFrames to questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa

EARTH = "EPSG:4326"
QUESTION = ("scope", "category", "urgency", "starts_on", "ends_on")
"""What a question says beside its place."""
ADVICE = (
    "verdict", "until", "blocked", "title", "sentence", "cost_at_risk_eur", "reasons", "alternatives", "contacts", "citizen_text", "order",
    "warning", "computed_at", "data_age_seconds",
)  # fmt: skip
"""The columns of advice, in this order."""
NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
"""What pandas has for columns with gaps: whole numbers stay whole, and yes or no selects rows."""
MOST_ROWS = 10_000
MOST_BYTES = 12 * 1024 * 1024
"""So much goes into one question of many rows; the service takes 16 MB."""


def read(file: IO[bytes]) -> gpd.GeoDataFrame:
    """A GeoParquet file, with days as datetime64, whole numbers as Int64 and yes or no as boolean; its CRS by its code, where it has one."""
    frame = gpd.read_parquet(file, to_pandas_kwargs={"date_as_object": False, "types_mapper": NULLABLE.get})
    code = frame.crs and frame.crs.to_epsg()
    return frame.set_crs(code, allow_override=True) if code else frame


def as_query(filters: Mapping[str, Any]) -> dict[str, str]:
    """Keyword arguments as query parameters, without None."""
    parameters = {name.rstrip("_"): value for name, value in filters.items() if value is not None}
    return {name: _as_text(value) for name, value in parameters.items()}


def questions(places: gpd.GeoDataFrame | gpd.GeoSeries, same: Mapping[str, Any]) -> Iterator[str]:
    """One question for each row, as JSON: the columns of `QUESTION`, and `same` where a row or the frame has none.

    Raises ValueError for a frame without a CRS.
    """
    if places.crs is None:
        raise ValueError("the frame has no CRS: name it by set_crs(…)")
    frame = gpd.GeoDataFrame(geometry=places) if isinstance(places, gpd.GeoSeries) else places
    columns = [name for name in QUESTION if name in frame]
    shapes = frame.geometry.to_crs(EARTH)
    for shape, *values in zip(shapes, *(frame[name] for name in columns), strict=True):
        own = dict(zip(columns, values, strict=True))
        question = {**same, **{name: value for name, value in own.items() if not pd.isna(value)}}
        geometry = None if shape is None else shape.__geo_interface__
        texts = {name: _as_text(value) for name, value in question.items() if value is not None}
        yield json.dumps({"geometry": geometry, **texts})


def batches(rows: Iterable[str]) -> Iterator[list[str]]:
    """The rows in questions that the service takes at once."""
    batch: list[str] = []
    size = 0
    for row in rows:
        if batch and (len(batch) == MOST_ROWS or size + len(row) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += len(row)
    if batch:
        yield batch


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The whole lines of a text that comes in pieces. Only a line feed ends one: a title may hold other signs that end lines elsewhere."""
    rest = b""
    for piece in pieces:
        *ended, rest = (rest + piece).split(b"\n")
        yield from ended


def advice(
    places: gpd.GeoDataFrame | gpd.GeoSeries, answers: Sequence[Mapping[str, Any]]
) -> gpd.GeoDataFrame:
    """The answers beside their places: the columns of `ADVICE` and `error`, with the index and the CRS of `places`."""
    rows = [{**answer.get("advice", {}), "error": _refusal(answer)} for answer in answers]
    table = pd.DataFrame(rows, index=places.index, columns=[*ADVICE, "error"])
    table["until"] = pd.to_datetime(table["until"])
    table["computed_at"] = pd.to_datetime(table["computed_at"], utc=True)
    for column in ("cost_at_risk_eur", "data_age_seconds"):
        table[column] = pd.to_numeric(table[column])
    table["blocked"] = table["blocked"].astype("boolean")
    return gpd.GeoDataFrame(table, geometry=places.geometry.array, crs=places.crs)


def _refusal(answer: Mapping[str, Any]) -> str | None:
    """The fields that were refused, in one line."""
    return "; ".join(f"{one['field']}: {one['message']}" for one in answer.get("errors", ())) or None


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):  # a pandas Timestamp too
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(str(part) for part in value)
    return str(value)
