"""Addresses as people write them."""

from __future__ import annotations

import re

# A street begins with a letter and holds no digit, comma or bracket; its number follows: "Melkmarkt 12", "8870 Izegem, Melkmarkt 12A".
# An m behind the number makes it a length: "leidingen - 12m".
_HOUSE = re.compile(r"([^\W\d_][^,;:()|\d\n]*?)\s+(?:nr\.?\s*)?(\d{1,4}(?:\s?[A-La-lN-Zn-z])?)(?!\w|\s?m\b)")


def without_town(text: str, town: str) -> str:
    """The text without the name of the town and the postal code before it: every address that we know lies there."""
    rest = re.sub(rf"(?:\b\d{{4}}\s+)?\b{re.escape(town)}\b", " ", text, flags=re.IGNORECASE)
    return rest if re.search(r"\w", rest) else text


def house_in(text: str) -> tuple[str, str] | None:
    """The first street with a house number in a text; None when there is none."""
    match = _HOUSE.search(text)
    return None if match is None else (match[1].rstrip(" -"), match[2].replace(" ", ""))
