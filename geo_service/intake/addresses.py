"""Addresses of our own buildings: where a report is that only says street and number."""

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

from geo_service import sql
from geo_service.domain.errors import InvalidInput

# As people shorten the ends of Dutch street names.
_ENDS = (
    ("straat", ("str", "st")),
    ("steenweg", ("stwg", "stw", "stg")),
    ("laan", ("ln",)),
    ("plein", ("pl",)),
)


@dataclass(slots=True)
class AddressBook:
    """The city's addresses. `meaning` changes with them, so that a row that found none is read again when there are more."""

    meaning: str = ""
    _places: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    _streets: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, conn: sa.Connection) -> AddressBook:
        """All addresses of the stored buildings, by one query."""
        return cls.of(map(tuple, conn.execute(sql.load("geo_service.intake", "addresses"))))

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, bool, bytes]]) -> AddressBook:
        """From rows of street, house number, whether it stands for several houses, and the place as WKB."""
        book = cls()
        digest = hashlib.sha256()
        for street, number, several, place in rows:
            name = normal_street(street)
            book._streets.add(name)
            book._places.setdefault((name, normal_number(number)), []).append(place)
            if several:
                book._places[name, normal_number(number)].append(place)
            digest.update(f"{name}|{number}|".encode() + place)
        book.meaning = digest.hexdigest()
        return book

    def find(self, street: str, number: str) -> BaseGeometry:
        """The place of an address (storage CRS). Raises InvalidInput about `address`."""
        name = normal_street(street)
        places = self._places.get((name, normal_number(number)))
        if places is None:
            known = (
                f"{street} has no number {number}"
                if name in self._streets
                else f"there is no street {street}"
            )
            missing = {"number": number} if name in self._streets else {}
            raise InvalidInput.one(
                "address", "address_unknown", f"{known} among our buildings", **missing, street=street
            )
        if len(places) > 1:
            raise InvalidInput.one(
                "address",
                "address_ambiguous",
                f"{street} {number} is there {len(places)} times",
                street=street,
                number=number,
                count=len(places),
            )
        place: BaseGeometry = shapely.from_wkb(places[0])
        return place


def normal_street(name: str) -> str:
    """A street name as it is compared: no capitals, accents, points or spaces, its ending written out."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    joined = re.sub(r"[^a-z0-9]+", " ", plain).strip()
    for whole, shorts in _ENDS:
        for short in shorts:
            if joined.endswith((f" {short}",)) or (name.rstrip().endswith(".") and joined.endswith(short)):
                return (joined[: -len(short)].rstrip() + whole).replace(" ", "")
    return joined.replace(" ", "")


def normal_number(number: str) -> str:
    """A house number as it is compared: `12 a` is `12A`."""
    return re.sub(r"\s+", "", number).upper()
