"""What people type to find something: a street with a house number, a number of ours or of a source, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from geo_service.domain import addresses

HitKind = Literal["repair", "conflict", "section", "address", "street", "building", "owner", "works"]

_HOUSE = re.compile(r"\s(?:nr\.?\s*)?(\d{1,4}\s?[A-Za-z]?)$", re.IGNORECASE)
_HOUSE_FIRST = re.compile(r"^(?:nr\.?\s*)?(\d{1,4}[A-Za-z]?)\s+(?=\D{3})", re.IGNORECASE)
_NUMBER = re.compile(r"(?:gipod\s*)?([ch]-?\d{1,15}|\d{3,20})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """A query in its parts; those that it lacks are empty."""

    words: str
    street: str
    house: str
    number: str

    @property
    def kinds(self) -> tuple[HitKind, ...]:
        """The kinds of hits in the order in which they are meant: a house before its street, a street before its houses."""
        places: tuple[HitKind, ...] = ("address", "street") if self.house else ("street", "address")
        return (*places, "building", "owner", "works")


def read(text: str, town: str) -> Query:
    """The parts of what was typed: "Izegem, Gentsestraat 108a" is house 108a of the Gentsestraat."""
    words = " ".join(addresses.without_town(text, town).replace(",", " ").split())
    number = _NUMBER.fullmatch(words)
    house = _HOUSE.search(words) or _HOUSE_FIRST.search(words)
    return Query(
        words=words,
        street=(words[: house.start()] + words[house.end() :]).strip() if house else words,
        house=house[1].replace(" ", "") if house else "",
        number=number[1].upper() if number else "",
    )
