"""GeoJSON features, JSON lines, and lists of records inside a JSON document, one after the other, of any size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import ijson

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats.given import Given, How, NotARecord, Row, epsg_of
from geo_service.intake.formats.origin import opened

FIRST_BYTES = 1 << 16


def read(path: Path, how: How) -> Iterator[Row]:
    """Raises SourceUnreachable when the file is something else, or ends too early."""
    with opened(path) as file:
        try:
            if how.form == "lines":
                yield from _lines(file)
            elif how.form == "records":
                yield from _items(file, path.name, how.items, None)
            else:
                yield from _items(file, path.name, "features", _crs(file, path.name))
        except (ijson.JSONError, UnicodeDecodeError) as error:
            reason = str(error).strip().splitlines()[0]
            raise SourceUnreachable(f"{path.name} is no complete GeoJSON: {reason}") from error


def _lines(file: IO[bytes]) -> Iterator[Row]:
    for line in file:
        if line.strip():
            try:
                yield Given(json.loads(line))
            except ValueError as error:
                yield NotARecord("not_json", f"this line is no JSON: {error}", None, {"error": str(error)})


def _items(file: IO[bytes], name: str, items: str, crs: int | None) -> Iterator[Row]:
    """Reads to the end of the file, so that one cut off after its last record is found out too."""
    start = file.tell()
    empty = True
    for one in ijson.items(file, f"{items}.item" if items else "item", use_float=True):
        empty = False
        yield Given(one, crs)
    if empty:
        file.seek(start)
        if not any((prefix, event) == (items, "start_array") for prefix, event, _ in ijson.parse(file)):
            what = "FeatureCollection" if items == "features" else f"list of {items}"
            raise SourceUnreachable(f"{name} is JSON, but no {what}")


def _crs(file: IO[bytes], name: str) -> int | None:
    """GeoJSON of before RFC 7946 names its CRS, before the features where GDAL and QGIS wrote it."""
    start = file.tell()
    head = file.read(FIRST_BYTES)
    file.seek(start)
    said: Any = None
    try:
        for prefix, event, value in ijson.parse(head):
            if prefix == "crs.properties.name":
                said = value
            if (prefix, event) == ("features", "start_array"):
                break
    except ijson.JSONError:
        pass  # the head ends somewhere; the whole file is judged when it is read
    return epsg_of(said, name)
