"""Values of the database as plain values of a file: text, numbers, days, instants."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

LIST_SEPARATOR = ", "


def for_cell(value: Any) -> Any:
    """A value of a table without lists and ids: both become text."""
    if isinstance(value, list):
        return LIST_SEPARATOR.join(map(str, value))
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, UUID) else value
