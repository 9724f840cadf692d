"""Parse WKT with all kinds of curves and surfaces and any spelling of its dimensions. Heights and measures are dropped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from geo_service.intake.formats.arcs import Point, Tree
from geo_service.intake.formats.ewkb import KINDS, MOST_NESTED

NAMES = set(KINDS.values())
_TOKEN = re.compile(r"\s*([A-Za-z]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[(),])")
UNNAMED = {
    "COMPOUNDCURVE": "LINESTRING", "CURVEPOLYGON": "LINESTRING", "MULTICURVE": "LINESTRING", "MULTILINESTRING": "LINESTRING", "POLYGON": "LINESTRING",
    "TRIANGLE": "LINESTRING", "MULTISURFACE": "POLYGON", "MULTIPOLYGON": "POLYGON", "POLYHEDRALSURFACE": "POLYGON", "TIN": "POLYGON", "MULTIPOINT": "POINT",
}  # fmt: skip
"""The kind of a part that does not name it."""


def parse(text: str) -> Tree:
    """The geometry of a text. Raises ValueError for any other text."""
    reader = _Reader(text)
    tree = reader.geometry()
    reader.expect("")
    return tree


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at = text.rstrip(), 0
        self._next = self._token()

    def geometry(self, kind: str | None = None, depth: int = 0) -> Tree:
        """A geometry with its own kind, or of the `kind` that its parent implies."""
        if depth > MOST_NESTED:
            raise ValueError("nested without end")
        if self._next[:1].isalpha() and self._next.upper() != "EMPTY":
            kind = self._kind()
        if kind is None:
            raise ValueError(f"{self._next!r} is no kind of geometry")
        if self._next.upper() == "EMPTY":
            self._take()
            return Tree(kind, ())
        if kind == "POINT" and self._next != "(":  # MULTIPOINT (1 2, 3 4)
            return Tree(kind, self._point())
        self.expect("(")
        if kind == "POINT":
            parts: Sequence[Any] = self._point()
        elif kind in ("LINESTRING", "CIRCULARSTRING"):
            parts = self._several(self._point)
        else:
            parts = self._several(lambda: self.geometry(UNNAMED.get(kind), depth + 1))
        self.expect(")")
        return Tree(kind, parts)

    def expect(self, token: str) -> None:
        """Read the next token, which must be this one, or the end."""
        if self._next != token:
            raise ValueError(f"{self._next or 'the end'!r} where {token or 'the end'!r} should be")
        self._take()

    def _kind(self) -> str:
        name = self._take().upper()
        if self._next.upper() in ("Z", "M", "ZM"):
            self._take()
        for ending in ("", "ZM", "Z", "M"):
            if name.removesuffix(ending) in NAMES:
                return name.removesuffix(ending)
        raise ValueError(f"{name!r} is no kind of geometry")

    def _several(self, one: Callable[[], Any]) -> list[Any]:
        items = [one()]
        while self._next == ",":
            self._take()
            items.append(one())
        return items

    def _point(self) -> Point:
        numbers = []
        while self._next and self._next not in "(),":
            numbers.append(float(self._take()))
        if len(numbers) < 2:
            raise ValueError("a place has two numbers at least")
        return numbers[0], numbers[1]

    def _take(self) -> str:
        token, self._next = self._next, self._token()
        return token

    def _token(self) -> str:
        if self._at >= len(self._text):
            return ""
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            raise ValueError(f"{self._text[self._at : self._at + 10]!r} is no part of a geometry")
        self._at = match.end()
        return match[1]
