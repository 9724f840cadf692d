"""Coordinates and other numbers as people and programs write them."""

from __future__ import annotations

import re

_PAIR = re.compile(
    r"[(\[]?\s*(-?\d+[.,]\d+|-?\d{4,})\s*[,;\s]\s*(-?\d+[.,]\d+|-?\d{4,})\s*[)\]]?(?:[,;\s]+-?\d+(?:[.,]\d+)?){0,2}"
)
_PLAIN_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d+)*|\.\d+)[.,]?(?:[eE][-+]?\d+)?")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3})+)")
_SIDE = re.compile(r"^[NEOZSW](?=[\s\d])\s*|\s*(?:°\s*)?[NEOZSW]$|\s*(?:°|m\.?|meter)$", re.IGNORECASE)
"""A letter of the compass or a unit beside a coordinate."""
_DEGREES = re.compile(
    r"(?P<side>[NEOZSW]?)\s*(?P<degrees>\d{1,3})\s*[°d]\s*(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*['′’]?\s*"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|''|’’)?)?\s*(?P<behind>[NEOZSW]?)",
    re.IGNORECASE,
)
"""Degrees, minutes and seconds: `50°55'15.1"N`."""
LONGEST = 100
"""The longest text that is looked through for coordinates (characters)."""
_AWAY = ("S", "Z", "W")
"""South and west, also *zuid*."""


def number_of(text: str) -> float | None:
    """A number as people write it: `68587.16`, `68587,16`, `68.587,16`, `68 587,16`, `68'587.16`,
    `1.068.587`; None when it is none.

    A single point or comma is a decimal sign.
    """
    if _PLAIN_NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    plain = re.sub(r"[\s'’]", "", text)
    if not _NUMBER.fullmatch(plain):
        return None
    last = max(plain.rfind("."), plain.rfind(","))
    sign = plain[last] if last >= 0 else ""
    if sign and plain.count(sign) > 1:  # several of them group thousands
        return float(plain.replace(".", "").replace(",", "")) if _GROUPED.fullmatch(plain) else None
    integer_part = plain[:last].replace(".", "").replace(",", "") if sign else plain
    if sign and len(integer_part) != last and not _GROUPED.fullmatch(plain[:last]):
        return None
    return float(f"{integer_part}.{plain[last + 1 :]}" if sign else plain)


def coordinate_pair(text: str) -> re.Match[str] | None:
    """Two coordinates in a text, as open data portals write `geo_point_2d`: `50.92084, 3.21758`; None when it holds something else."""
    return _PAIR.fullmatch(text) if len(text) <= LONGEST else None


def coordinate_of(text: str) -> float | None:
    """A number, also with its unit or a letter of the compass, or in degrees, minutes and seconds; None when it is none."""
    number = number_of(text)
    if number is not None or len(text) > LONGEST:
        return number
    if match := _DEGREES.fullmatch(text):
        parts = (match["degrees"], match["minutes"], match["seconds"] or "0")
        degrees, minutes, seconds = (float(part.replace(",", ".")) for part in parts)
        side = (match["side"] or match["behind"]).upper()
        return (degrees + minutes / 60 + seconds / 3600) * (-1 if side in _AWAY else 1)
    side = _SIDE.search(text)
    number = number_of(_SIDE.sub("", text).strip())
    return number if number is None or side is None or side[0].strip(" °").upper() not in _AWAY else -number
