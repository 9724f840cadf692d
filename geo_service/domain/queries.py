"""What people type to find something: a street with a house number, a number of ours or of a source, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from geo_service.domain import addresses

Side = Literal["even", "odd"]
HitKind = Literal[
    "repair", "conflict", "section", "stretch", "address", "street", "building", "owner", "works"
]

# "Gentsestraat 30-36", "Gentsestraat van nr. 30 tot en met nr. 36", "Gentsestraat tussen 30 en 36", "Gentsestraat 30 t.e.m. 36a".
_STRETCH = re.compile(
    r"\s(?:van\s+|tussen\s+)?(?:nrs?\.?\s*|nummers?\s+)?(\d{1,4})\s?[A-Za-z]?\s*(?:[-–—]|t\.?\s?e\.?\s?m\.?|t/m|tot(?:\s+(?:en\s+met|aan))?|en\b)"
    r"\s*(?:nr\.?\s*|nummer\s+)?(\d{1,4})\s?[A-Za-z]?$",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"\s(?:nr\.?\s*)?(\d{1,4}\s?[A-Za-z]?)(?:\s*[-–—])?$", re.IGNORECASE)
_HOUSE_FIRST = re.compile(r"^(?:nr\.?\s*)?(\d{1,4}[A-Za-z]?)\s+(?=\D{3})", re.IGNORECASE)
_NUMBER = re.compile(r"(?:gipod\s*)?([ch]-?\d{1,15}|\d{3,20})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The houses of a street from one number to another, both included, on the side or sides on which these two stand."""

    street: str
    first: int
    last: int

    @property
    def sides(self) -> tuple[Side, ...]:
        """The side of both numbers; both sides where one is even and the other odd."""
        named: tuple[Side, ...] = ("even", "odd")
        return tuple(side for n, side in enumerate(named) if n in (self.first % 2, self.last % 2))


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
    """The parts of what was typed: "Izegem, Gentsestraat 108a" is house 108a of the Gentsestraat; of a stretch the house where it begins."""
    stretch = stretch_in(text, town)
    words = f"{stretch.street} {stretch.first}" if stretch else _plain(text, town)
    number = _NUMBER.fullmatch(words)
    house = _HOUSE.search(words) or _HOUSE_FIRST.search(words)
    return Query(
        words=words,
        street=(words[: house.start()] + words[house.end() :]).strip() if house else words,
        house=house[1].replace(" ", "") if house else "",
        number=number[1].upper() if number else "",
    )


def stretch_in(text: str, town: str) -> Stretch | None:
    """The street and the two house numbers in a text, the lower one first: "Gentsestraat 36-30" is from 30 to 36. None when there are no two."""
    words = _plain(text, town)
    match = _STRETCH.search(words)
    if match is None:
        return None
    first, last = sorted((int(match[1]), int(match[2])))
    return Stretch(words[: match.start()].strip(), first, last)


def _plain(text: str, town: str) -> str:
    return " ".join(addresses.without_town(text, town).replace(",", " ").split())
