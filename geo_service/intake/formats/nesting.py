"""Bound the nesting of a document before a parser builds it: 200 kB of brackets once took 20 GB of memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import IO, Any
from xml.parsers import expat

import numpy as np

from geo_service.domain.errors import SourceUnreachable

MOST_LEVELS = 1_000
"""The deepest nesting of a document. A record with hundreds of levels is one rejected row and no reason to
refuse the file.
"""
QUOTE, OPEN, CLOSE = ord('"'), (ord("["), ord("{")), (ord("]"), ord("}"))


class TooDeep(ValueError):
    """The nesting is deeper than that of any data."""

    def __init__(self) -> None:
        super().__init__(f"is nested deeper than {MOST_LEVELS} levels")


class JsonDepth:
    """Counts brackets outside strings, chunk by chunk."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False

    def feed(self, piece: bytes) -> None:
        """Count the next bytes of the document. Raises TooDeep."""
        if not piece:
            return
        if self._escaped:
            piece = b"_" + piece[1:]
        bare = piece.replace(b"\\\\", b"__").replace(b'\\"', b"__")
        self._escaped = bare.endswith(b"\\")
        letters = np.frombuffer(bare, np.uint8)
        quotes = np.cumsum(letters == QUOTE, dtype=np.int64) + self._in_string
        steps = np.isin(letters, OPEN).astype(np.int8) - np.isin(letters, CLOSE).astype(np.int8)
        steps[quotes % 2 == 1] = 0
        depths = self._depth + np.cumsum(steps, dtype=np.int64)
        if depths.max() > MOST_LEVELS:
            raise TooDeep
        self._depth, self._in_string = int(depths[-1]), bool(quotes[-1] % 2)


class Shallow:
    """A JSON file with bounded nesting. Its `read` raises SourceUnreachable."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name = file, name
        self._depth = JsonDepth()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._file.read(size)
        try:
            self._depth.feed(piece)
        except TooDeep:
            raise too_deep(self._name) from None
        return piece


def check_json(content: bytes) -> None:
    """Raises TooDeep for excessive nesting."""
    JsonDepth().feed(content)


def loads(content: bytes | str) -> Any:
    """Parse a JSON document. Raises ValueError for invalid JSON and for excessive nesting."""
    encoded = content.encode() if isinstance(content, str) else content
    check_json(encoded)
    try:
        return json.loads(encoded)
    except RecursionError:  # a parser of Python has room for less below a deep call
        raise TooDeep from None


def check_xml(pieces: Iterable[bytes], parser: expat.XMLParserType | None = None) -> None:
    """Raises TooDeep for excessive nesting, and the errors of expat for invalid XML."""
    parser = parser or expat.ParserCreate()
    depth = 0

    def down(_name: str, _attributes: Any) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_LEVELS:
            raise TooDeep

    def up(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = down, up
    for piece in pieces:
        parser.Parse(piece)
    parser.Parse(b"", True)


def too_deep(name: str) -> SourceUnreachable:
    """The error for a file with excessive nesting."""
    return SourceUnreachable("file_nested", file=name, limit=MOST_LEVELS)
