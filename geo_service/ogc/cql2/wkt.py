"""Geometry literals of CQL2 text (well-known text) as GeoJSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo_service.domain.errors import InvalidInput
from geo_service.ogc.cql2 import limits
from geo_service.ogc.cql2.tokens import Token

KINDS = {
    "point": ("Point", 0),
    "linestring": ("LineString", 1),
    "polygon": ("Polygon", 2),
    "multipoint": ("MultiPoint", 1),
    "multilinestring": ("MultiLineString", 2),
    "multipolygon": ("MultiPolygon", 3),
    "geometrycollection": ("GeometryCollection", 0),
}
"""The name in GeoJSON, and how many lists its places stand in."""


def read(tokens: Sequence[Token], place: int, kind: str) -> tuple[int, dict[str, Any]]:
    """The geometry that begins after its name at `place`, and the place after it."""
    reader = _Places(tokens, place)
    geometry = reader.geometry(kind)
    return reader.place, geometry


class _Places:
    def __init__(self, tokens: Sequence[Token], place: int) -> None:
        self._tokens = tokens
        self.place = place

    def geometry(self, kind: str, inside: bool = False) -> dict[str, Any]:
        name, lists = KINDS[kind]
        if self._tokens[self.place].is_word("z"):
            self.place += 1
        if name != "GeometryCollection":
            return {"type": name, "coordinates": self._level(lists) if lists else self._one()}
        if inside:
            raise self._unexpected_token()
        self._expect("(")
        members = [self._member()]
        while self._comma():
            members.append(self._member())
        self._expect(")")
        return {"type": name, "geometries": members}

    def _member(self) -> dict[str, Any]:
        token = self._tokens[self.place]
        if token.kind != "word" or token.value.lower() not in KINDS:
            raise self._unexpected_token()
        self.place += 1
        return self.geometry(token.value.lower(), inside=True)

    def _one(self) -> list[float]:
        self._expect("(")
        numbers = self._numbers()
        self._expect(")")
        return numbers

    def _level(self, lists: int) -> list[Any]:
        self._expect("(")
        items = [self._item(lists)]
        while self._comma():
            items.append(self._item(lists))
        self._expect(")")
        return items

    def _item(self, lists: int) -> list[Any]:
        if lists > 1:
            return self._level(lists - 1)
        # MULTIPOINT ((1 2), (3 4)) and MULTIPOINT (1 2, 3 4) are both in use.
        return self._one() if self._tokens[self.place].is_sign("(") else self._numbers()

    def _numbers(self) -> list[float]:
        numbers: list[float] = []
        while len(numbers) < 3 and (self._tokens[self.place].kind == "number" or self._is_minus()):
            sign = -1.0 if self._is_minus() else 1.0
            self.place += self._is_minus()
            if self._tokens[self.place].kind != "number":
                raise self._unexpected_token()
            numbers.append(sign * float(self._tokens[self.place].value))
            self.place += 1
        if len(numbers) < 2:
            raise self._unexpected_token()
        return numbers

    def _is_minus(self) -> bool:
        return self._tokens[self.place].is_sign("-")

    def _comma(self) -> bool:
        comma = self._tokens[self.place].is_sign(",")
        self.place += comma
        return comma

    def _expect(self, sign: str) -> None:
        if not self._tokens[self.place].is_sign(sign):
            raise self._unexpected_token()
        self.place += 1

    def _unexpected_token(self) -> InvalidInput:
        token = self._tokens[self.place]
        if token.kind == "end":
            return InvalidInput.one(limits.FIELD, "cql_malformed.end")
        return InvalidInput.one(limits.FIELD, "cql_malformed", at=token.at + 1, given=token.value[:20])
