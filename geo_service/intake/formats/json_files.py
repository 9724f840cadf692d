"""Stream GeoJSON features, JSON lines, and lists of records inside a JSON document of any size."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any

import ijson

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.formats import encodings, truncation
from geo_service.intake.formats.damage import incomplete
from geo_service.intake.formats.nesting import Shallow, TooDeep, loads
from geo_service.intake.formats.origin import end_of, open_bytes
from geo_service.intake.formats.raw_record import InvalidRow, RawRecord, ReadOptions, Remarks, Row, epsg_of

FIRST_BYTES = 1 << 16
BLANK = b" \t\r\n\x1e"
"""Spaces, line ends, and the separator of text sequences (RFC 8142)."""
ROOT = "*"
"""The path that makes the document the only record."""
_LINK = re.compile(r"(?:^|\.)links?\.item$")
MOST_SHOWN = 60
MOST_KEPT = 4
"""The number of kept chunks (64 KB each), for what follows the records."""
MOST_BITS = 63
MOST_RECORD = 64 << 20
"""The largest record (bytes); one with an outline of 50,000 points has about two million."""


def read(path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[Row]:
    """The records of a JSON file. Raises SourceUnreachable when the file has another form, or is truncated."""
    with open_bytes(path) as packed, _in_utf_8(packed, path.name, how, remarks) as file:
        try:
            if how.form == "lines":
                yield from _lines(file, path.name)
            else:
                items = how.items if how.form == "records" else "features"
                members = _before(file, path.name, items)
                items = items if how.form == "records" else _features_in(file, members)
                crs = None if how.form == "records" else _crs(file, path.name, items, members)
                yield from _items(file, path.name, items, crs, members, remarks)
        except (ijson.JSONError, UnicodeDecodeError) as error:
            if "premature EOF" in str(error):
                raise incomplete(path, "GeoJSON", error) from error
            if isinstance(error, UnicodeDecodeError) or "invalid bytes in UTF8" in str(error):
                raise InvalidInput.one("encoding", "encoding_wrong.not_utf_8", file=path.name) from error
            raise _broken(path.name, error) from error


@contextmanager
def _in_utf_8(file: IO[bytes], name: str, how: ReadOptions, remarks: Remarks) -> Iterator[IO[bytes]]:
    """The file, or its text in UTF-8 where the mapping names its encoding. Raises InvalidInput about
    `encoding`.
    """
    encoding = encodings.of_text(file, how, remarks, name)
    if encoding == "utf-8":
        yield file
        return
    with encodings.as_utf_8(file, encoding, name) as copy:
        yield copy


def _features_in(file: IO[bytes], members: dict[str, Any]) -> str:
    """The path of the features: in a collection, in a list of their own, or in a list that is the document."""
    start = file.tell()
    head = file.read(FIRST_BYTES).lstrip()
    file.seek(start)
    if re.match(rb"\[\s*\{", head):
        return ""
    return ROOT if members.get("type") == "Feature" and "geometry.type" in members else "features"


def _crs(file: IO[bytes], name: str, items: str, before: dict[str, Any]) -> int | None:
    """The EPSG code of the member `crs` of old GeoJSON, before or after the features. Raises InvalidInput
    about `crs`.
    """
    members = before
    if items not in ("", ROOT) and not any(path.startswith("crs.") for path in before):
        members = _after(file, items)
    code = members.get("crs.properties.code")
    return epsg_of(members.get("crs.properties.name") or (code and f"EPSG:{code}"), name)


def _after(file: IO[bytes], items: str) -> dict[str, Any]:
    """The members after the array `items`, by their path."""
    start = file.tell()
    tail = end_of(file, MOST_KEPT * FIRST_BYTES)
    file.seek(start)
    return truncation.after_array(tail, items)


def _broken(name: str, error: Exception) -> SourceUnreachable:
    """The error for a complete file with invalid JSON, such as NaN or a comma too many."""
    lines = [line.strip() for line in str(error).splitlines()]
    near = (lines[1] if len(lines) > 1 else lines[0])[-MOST_SHOWN:]
    return SourceUnreachable("json_broken", file=name, near=near)


def note_partial(path: Path, read: int, remarks: Remarks) -> None:
    """Note the signs of truncation in an answer with `features` that another library read. Raises
    SourceUnreachable.
    """
    with open_bytes(path) as file:
        members = {**_before(file, path.name, "features"), **_after(file, "features")}
    truncation.note(members, read, remarks)


class _Counted:
    """A file with a limit on the size of one record; `since` is reset at each record."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name = Shallow(file, name), name
        self.since = 0
        self._last: tuple[bytes, ...] = ()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._last = (*self._last[-MOST_KEPT:], chunk)
        self.since += len(chunk)
        if self.since > MOST_RECORD:
            raise _too_long(self._name)
        return chunk

    @property
    def tail(self) -> bytes:
        """The last bytes that were read."""
        return b"".join(self._last)


def _too_long(name: str) -> SourceUnreachable:
    return SourceUnreachable("record_too_long", file=name, limit=MOST_RECORD)


def _lines(file: IO[bytes], name: str) -> Iterator[Row]:
    number = 0
    while line := file.readline(MOST_RECORD + 1):
        number += 1
        if len(line) > MOST_RECORD:
            raise _too_long(name)
        if text := line.strip(BLANK):
            try:
                yield RawRecord(loads(text), line=number)
            except TooDeep:
                yield InvalidRow("not_json.nested", line=number)
            except ValueError as error:
                yield InvalidRow("not_json.error", None, {"error": str(error)}, number)


def _items(
    file: IO[bytes], name: str, items: str, crs: int | None, before: dict[str, Any], remarks: Remarks
) -> Iterator[Row]:
    """The records; it reads to the end of the file, so it detects a file that is truncated after its last
    record.
    """
    start = file.tell()
    read = 0
    counted = _Counted(file, name)
    prefix = "" if items == ROOT else f"{items}.item" if items else "item"
    try:
        for one in ijson.items(counted, prefix, use_float=True):
            read += 1
            counted.since = 0
            yield RawRecord(one, crs)
    except ijson.JSONError as error:
        if "overflow" not in str(error):
            raise
        file.seek(start)  # again from the beginning, in a slower way that knows no limit
        counted = _Counted(file, name)
        for one in islice(ijson.items(counted, prefix), read, None):
            read += 1
            counted.since = 0
            yield RawRecord(_short_numbers(one), crs)
    if not read:
        file.seek(start)
        if not any(
            (prefix, event) == (items, "start_array") for prefix, event, _ in ijson.parse(Shallow(file, name))
        ):
            what = "FeatureCollection" if items in ("features", "") else f"list of {items}"
            lists = _lists_in(file, name, start)
            reason = "json_without.lists" if lists else "json_without"
            raise SourceUnreachable(reason, file=name, what=what, lists=lists)
    if items and items != ROOT:
        truncation.note({**before, **truncation.after_array(counted.tail, items)}, read, remarks)


def _lists_in(file: IO[bytes], name: str, start: int) -> list[str]:
    """The paths of the lists of objects in the first bytes of a document, the outermost first."""
    file.seek(start)
    head = file.read(FIRST_BYTES)
    lists: list[str] = []
    opened = None
    try:
        for prefix, event, _ in ijson.parse(Shallow(io.BytesIO(head), name)):
            if event == "start_map" and opened and prefix == f"{opened}.item":
                lists.append(opened)
            opened = prefix if event == "start_array" and ".item" not in f".{prefix}." else None
    except ijson.JSONError:
        pass  # the head ends somewhere
    return [path for path in lists if path]


def _short_numbers(value: Any) -> Any:
    """The record with its decimal numbers as floats, and those that no float holds as texts."""
    if isinstance(value, Decimal):
        return float(value) if math.isfinite(float(value)) else str(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > MOST_BITS:
        return str(value)
    if isinstance(value, dict):
        return {name: _short_numbers(one) for name, one in value.items()}
    return [_short_numbers(one) for one in value] if isinstance(value, list) else value


def _before(file: IO[bytes], name: str, items: str) -> dict[str, Any]:
    """The members before the records, by their path: `crs.properties.name` of old GeoJSON, and what servers
    say of their answer.
    """
    start = file.tell()
    head = file.read(FIRST_BYTES)
    file.seek(start)
    members: dict[str, Any] = {}
    link: dict[str, Any] = {}
    try:
        for prefix, event, value in ijson.parse(Shallow(io.BytesIO(head), name), use_float=True):
            if (prefix, event) == (items, "start_array"):
                break
            if event == "start_map" and _LINK.search(prefix):
                link = {}
            elif event in ("string", "number", "boolean"):
                members.setdefault(prefix, value)
                link[prefix.rpartition(".")[2]] = value
                if _LINK.search(prefix.rpartition(".")[0]) and (href := truncation.next_link(link)):
                    members["links.next"] = href
    except ijson.JSONError:
        pass  # the head ends somewhere; the whole file is judged when it is read
    return {path: value for path, value in members.items() if ".item" not in path}
