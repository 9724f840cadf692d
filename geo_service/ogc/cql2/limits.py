"""How much a filter may ask: what is more is refused before anything is computed."""

from __future__ import annotations

from geo_service.domain.errors import InvalidInput

FIELD = "filter"
MAX_CHARACTERS = 20_000
MAX_DEPTH = 24
"""Parentheses, functions and operators inside each other."""
MAX_VALUES = 2_000
"""Names, literals and operators together; a corner of a geometry is none."""
MAX_CORNERS = 10_000


def refuse_depth() -> InvalidInput:
    """The error about a filter that is nested too deeply."""
    return InvalidInput.one(FIELD, "cql_too_large.depth", limit=MAX_DEPTH)


def refuse_values() -> InvalidInput:
    """The error about a filter with too many parts."""
    return InvalidInput.one(FIELD, "cql_too_large.values", limit=MAX_VALUES)
