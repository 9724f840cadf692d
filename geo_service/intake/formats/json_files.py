"""GeoJSON features, JSON lines, and lists of records inside a JSON document, one after the other, of any size."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import ijson

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats.damaged import incomplete
from geo_service.intake.formats.given import Given, How, NotARecord, Row, epsg_of
from geo_service.intake.formats.nesting import Shallow, TooDeep, loads
from geo_service.intake.formats.origin import opened

FIRST_BYTES = 1 << 16
MOST_RECORD = 64 << 20
"""Of one record (bytes): one with an outline of 50,000 points has some two million."""


def read(path: Path, how: How) -> Iterator[Row]:
    """Raises SourceUnreachable when the file is something else, or ends too early."""
    with opened(path) as file:
        try:
            if how.form == "lines":
                yield from _lines(file, path.name)
            elif how.form == "records":
                yield from _items(file, path.name, how.items, None)
            else:
                yield from _items(file, path.name, "features", _crs(file, path.name))
        except (ijson.JSONError, UnicodeDecodeError) as error:
            raise incomplete(path, "GeoJSON", error) from error


class _Counted:
    """A file whose records must not be longer than memory bears; `since` is set back at each."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name = Shallow(file, name), name
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.since += len(chunk)
        if self.since > MOST_RECORD:
            raise _too_long(self._name)
        return chunk


def _too_long(name: str) -> SourceUnreachable:
    return SourceUnreachable(
        f"{name} is no list of records: one of them has more than {MOST_RECORD} bytes",
        reason="record_too_long",
        file=name,
        limit=MOST_RECORD,
    )


def _lines(file: IO[bytes], name: str) -> Iterator[Row]:
    number = 0
    while line := file.readline(MOST_RECORD + 1):
        number += 1
        if len(line) > MOST_RECORD:
            raise _too_long(name)
        if line.strip():
            try:
                yield Given(loads(line), line=number)
            except TooDeep:
                yield NotARecord("not_json", "this line is nested without end", line=number)
            except ValueError as error:
                message = f"this line is no JSON: {error}"
                yield NotARecord("not_json", message, None, {"error": str(error)}, number)


def _items(file: IO[bytes], name: str, items: str, crs: int | None) -> Iterator[Row]:
    """Reads to the end of the file, so that one cut off after its last record is found out too."""
    start = file.tell()
    empty = True
    counted = _Counted(file, name)
    for one in ijson.items(counted, f"{items}.item" if items else "item", use_float=True):
        empty = False
        counted.since = 0
        yield Given(one, crs)
    if empty:
        file.seek(start)
        if not any(
            (prefix, event) == (items, "start_array") for prefix, event, _ in ijson.parse(Shallow(file, name))
        ):
            what = "FeatureCollection" if items == "features" else f"list of {items}"
            raise SourceUnreachable(
                f"{name} is JSON, but no {what}", reason="json_without", file=name, what=what
            )


def _crs(file: IO[bytes], name: str) -> int | None:
    """GeoJSON of before RFC 7946 names its CRS, before the features where GDAL and QGIS wrote it."""
    start = file.tell()
    head = file.read(FIRST_BYTES)
    file.seek(start)
    said: Any = None
    try:
        for prefix, event, value in ijson.parse(Shallow(io.BytesIO(head), name)):
            if prefix == "crs.properties.name":
                said = value
            if (prefix, event) == ("features", "start_array"):
                break
    except ijson.JSONError:
        pass  # the head ends somewhere; the whole file is judged when it is read
    return epsg_of(said, name)
