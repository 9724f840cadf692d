"""Values of the database as plain values of a file: text, numbers, days, instants."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

LIST_SEPARATOR = ", "


def for_json(value: Any) -> Any:
    """What JSON has no type for: days and instants (RFC 3339 UTC) as text, ids as text. Raises TypeError."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def for_cell(value: Any) -> Any:
    """A value of a table without lists and ids: both become text."""
    if isinstance(value, list):
        return LIST_SEPARATOR.join(map(str, value))
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, UUID) else value
