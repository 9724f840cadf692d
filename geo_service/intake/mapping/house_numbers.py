"""House numbers as people write them: *5-9*, *t.h.v. 10*, *10 en 12*, *12A bus 3*."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from geo_service.intake.formats.raw_record import folded

MOST_SPANNED = 200
"""The most numbers in a range of houses."""
MOST_BESIDE = 20
"""The most between two houses with a slash between them."""
_BEFORE = re.compile(r"^(?:t\.? ?h\.? ?v\.?|ter hoogte van|nabij|vlakbij|bij|aan|voor|huisnr\.?|huisnummer|nr\.?|nrs\.?|nummers?|n°|no\.?|n\.)(?: (?:nr\.?|nummer|huisnr\.?))?(?=[ \d]) ?")  # fmt: skip
"""Words for "about there". "Tegenover" (across the street) is not among them, because it is another place."""
_BOX = re.compile(r"(?<=[\da-z]) ?(?:bus|bte|boite|box|b\.|_) ?\w+")
_ONE = r"\d+ ?(?:bis|ter|[a-z])?(?![a-z])"
_RANGE = re.compile(rf"({_ONE}) ?(?:-|t/m|t\.? ?e\.? ?m\.?|tot en met|tot|a) ?({_ONE})|tussen (\d+) en (\d+)")
_BETWEEN = re.compile(r" ?(?:,|;|\+|&|/|\ben\b|\bet\b|\band\b) ?")
_SLASH = re.compile(r"(\d+) ?([a-z]?) ?/ ?(\d+)(?![\da-z])")
"""Two houses, or a house and its box."""
_COMMA = re.compile(r"(\d+),(\d+)")


class HouseNumbers(NamedTuple):
    """One house, several, or a range from `first` to `last` (on one side where both are even or both are
    odd).
    """

    houses: tuple[str, ...] = ()
    span: tuple[int, int] | None = None

    def covers(self, number: str) -> bool:
        """Whether a house number in the form of `normal_number` lies in the range."""
        match = re.match(r"\d+", number)
        if self.span is None or match is None:
            return False
        first, last = self.span
        step = 2 if first % 2 == last % 2 else 1
        return int(match[0]) in range(first, last + 1, step)


def normal_number(number: str) -> str:
    """A house number in the form for comparison: `12 a` is `12A`."""
    return re.sub(r"\s+", "", number).upper()


def numbers_of(text: str) -> HouseNumbers:
    """The house numbers of a text; empty when it has none of the known forms."""
    plain = _SLASH.sub(_house_of, _BOX.sub("", _BEFORE.sub("", folded(text))))
    if match := _RANGE.fullmatch(plain):
        first, last = (int(re.sub(r"\D", "", one)) for one in match.groups() if one)
        return HouseNumbers(span=(first, last)) if first < last <= first + MOST_SPANNED else HouseNumbers()
    if (pair := _COMMA.fullmatch(plain)) and not _are_beside(pair[1], pair[2]):
        return HouseNumbers()  # a house with its box, a decimal number or two houses: nobody knows
    parts = [part for part in _BETWEEN.split(plain) if part]
    if parts and all(re.fullmatch(_ONE, part) for part in parts):
        return HouseNumbers(tuple(map(normal_number, parts)))
    return HouseNumbers()


def _house_of(slash: re.Match[str]) -> str:
    """`10/14` are two houses of one side; in `12/1`, `12a/3`, `12/101` and `12/0001` a box follows the house."""
    first, letter, second = slash.groups()
    return slash[0] if _are_beside(first, second) else f"{first}{letter}"


def _are_beside(first: str, second: str) -> bool:
    """Whether two numbers are houses of one side, near each other and in order."""
    step = int(second) - int(first)
    return 0 < step <= MOST_BESIDE and step % 2 == 0 and not second.startswith("0")


def in_order(numbers: Iterable[str]) -> list[str]:
    """House numbers in their order along a street."""
    return sorted(numbers, key=lambda one: (int(re.sub(r"\D.*", "", one) or 0), one))
