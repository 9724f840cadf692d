"""Addresses as people write them."""

from __future__ import annotations

import re

# A street begins with a letter and holds no digit, comma or bracket; its number follows: "Melkmarkt 12", "8870 Izegem, Melkmarkt 12A".
# An m behind the number makes it a length: "leidingen - 12m".
_HOUSE = re.compile(r"([^\W\d_][^,;:()|\d\n]*?)\s+(?:nr\.?\s*)?(\d{1,4}(?:\s?[A-La-lN-Zn-z])?)(?!\w|\s?m\b)")


def house_in(text: str) -> tuple[str, str] | None:
    """The first street with a house number in a text; None when there is none."""
    found = _HOUSE.search(text)
    return None if found is None else (found[1].rstrip(" -"), found[2].replace(" ", ""))
