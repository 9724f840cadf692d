"""The addresses of the stored buildings. They locate a report that has only a street and a house number."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service import db
from geo_service.domain.errors import InvalidInput
from geo_service.intake.mapping.house_numbers import in_order, normal_number, numbers_of

# As people shorten the ends of Dutch street names.
_ENDS = (
    ("straat", ("str", "st")),
    ("steenweg", ("stwg", "stw", "stg")),
    ("laan", ("ln",)),
    ("plein", ("pl",)),
)


@dataclass(slots=True)
class AddressBook:
    """The addresses of the city. `meaning` changes with them, so that a row without a match is read again
    when there are new ones.
    """

    meaning: str = ""
    _places: dict[str, dict[str, list[Any]]] = field(default_factory=dict)

    @classmethod
    def load(cls, conn: sa.Connection) -> AddressBook:
        """The addresses of all stored buildings, by one query."""
        rows = db.fetch(conn, "geo_service.intake.base_maps", "addresses")
        return cls.of(tuple(row.values()) for row in rows)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, bool, bytes]]) -> AddressBook:
        """An address book from rows of street, house number, whether it stands for several houses, and the
        place as WKB.
        """
        book = cls()
        digest = hashlib.sha256()
        for street, number, several, place in rows:
            places = book._places.setdefault(normal_street(street), {})
            places.setdefault(normal_number(number), []).extend([place] * (2 if several else 1))
            digest.update(f"{normal_street(street)}|{number}|".encode() + place)
        book.meaning = digest.hexdigest()
        return book

    def find(self, street: str, number: str) -> BaseGeometry:
        """The place of an address (storage CRS): several places for several numbers, a line for a range on
        one side.

        Raises InvalidInput about `address`.
        """
        numbers = self._places.get(normal_street(street), {})
        if normal_number(number) in numbers:
            return self._one(street, normal_number(number))
        houses_in_text = numbers_of(number)
        houses = houses_in_text.houses or in_order(one for one in numbers if houses_in_text.covers(one))
        if not houses or not all(one in numbers for one in houses):
            raise self._unknown(street, next((one for one in houses if one not in numbers), number))
        places: list[Any] = [self._one(street, one) for one in houses]
        if len(places) == 1:
            return self._one(street, houses[0])
        one_side = (
            houses_in_text.span is not None and houses_in_text.span[0] % 2 == houses_in_text.span[1] % 2
        )
        return shapely.LineString(places) if one_side else shapely.MultiPoint(places)

    def _one(self, street: str, number: str) -> BaseGeometry:
        places = self._places[normal_street(street)][number]
        if len(places) > 1:
            raise InvalidInput.one(
                "address", "address_ambiguous", street=street, number=number, count=len(places)
            )
        place: BaseGeometry = shapely.from_wkb(places[0])
        return place

    def _unknown(self, street: str, number: str) -> InvalidInput:
        if normal_street(street) in self._places:
            return InvalidInput.one("address", "address_unknown.number", number=number, street=street)
        return InvalidInput.one("address", "address_unknown.street", street=street)


def normal_street(name: str) -> str:
    """A street name in the form for comparison: no capitals, accents, points or spaces, its ending in full."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    joined = re.sub(r"[^a-z0-9]+", " ", plain).strip()
    for ending, shorts in _ENDS:
        for short in shorts:
            if joined.endswith((f" {short}",)) or (name.rstrip().endswith(".") and joined.endswith(short)):
                return (joined[: -len(short)].rstrip() + ending).replace(" ", "")
    return joined.replace(" ", "")
