"""What a spreadsheet needs: a mark to read accents by, and no text that it would run as a formula."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BYTE_ORDER_MARK = "\ufeff"
"""A spreadsheet needs it to read the accents."""
FORMULA_CHARACTERS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """The text without a leading formula character (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_CHARACTERS) else text


def harmless_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose texts are harmless."""
    return {name: harmless(value) if isinstance(value, str) else value for name, value in row.items()}
