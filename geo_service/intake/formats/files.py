"""Records of a file, one after the other: GeoJSON features or JSON lines, plain or gzipped, of any size."""

from __future__ import annotations

import gzip
import json
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal, cast

import httpx
import ijson

from geo_service.domain.errors import SourceUnreachable

Form = Literal["features", "lines"]

GZIP = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CHUNK = 1 << 16


class NotARecord(ValueError):
    """This line cannot be read; the others can."""


def read(origin: str, form: Form) -> Iterator[Any]:
    """Each feature or line of a file or an address, parsed; a line that is no JSON comes as NotARecord.

    Raises SourceUnreachable when there is no such file, or when it is something else.
    """
    with _local(origin) as path, _opened(path) as file:
        try:
            yield from _lines(file) if form == "lines" else _features(file, path.name)
        except (ijson.JSONError, UnicodeDecodeError) as error:
            reason = str(error).strip().splitlines()[0]
            raise SourceUnreachable(f"{path.name} is no complete GeoJSON: {reason}") from error
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SourceUnreachable(f"{path.name} is cut off or damaged: {error}") from error


def _lines(file: IO[bytes]) -> Iterator[Any]:
    for line in file:
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                yield NotARecord(str(error))


def _features(file: IO[bytes], name: str) -> Iterator[Any]:
    """Reads to the end of the file, so that one cut off after its last feature is found out too."""
    start = file.tell()
    empty = True
    for feature in ijson.items(file, "features.item", use_float=True):
        empty = False
        yield feature
    if empty:
        file.seek(start)
        if not any((prefix, event) == ("features", "start_array") for prefix, event, _ in ijson.parse(file)):
            raise SourceUnreachable(f"{name} is JSON, but no FeatureCollection")


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as plain:
            start = plain.read(3)
            plain.seek(len(start) if start == BYTE_ORDER_MARK else 0)
            if start[:2] == GZIP:
                with gzip.open(plain) as unpacked:
                    yield cast("IO[bytes]", unpacked)
            else:
                yield plain
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise SourceUnreachable(f"{path} cannot be read: {error.strerror}") from error


@contextmanager
def _local(origin: str) -> Iterator[Path]:
    """The file itself, or what lies at an address, fetched to a file that goes away."""
    if "://" not in origin:
        yield Path(origin)
        return
    name = Path(httpx.URL(origin).path).name or "download"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        try:
            with (
                httpx.stream("GET", origin, follow_redirects=True, timeout=60) as answer,
                target.open("wb") as file,
            ):
                answer.raise_for_status()
                for chunk in answer.iter_bytes(CHUNK):
                    file.write(chunk)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceUnreachable(f"{name} cannot be fetched: {error}") from error
        yield target
