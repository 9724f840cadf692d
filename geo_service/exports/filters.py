"""The filters of each collection with the words that they take, for whoever writes them as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from geo_service.domain.buildings import PavementKind
from geo_service.domain.conflicts import Severity, Status
from geo_service.domain.errors import InvalidInput
from geo_service.domain.repairs import RepairCategory, RepairStatus, Scope, Urgency
from geo_service.domain.rules import DEPARTMENTS
from geo_service.domain.works import Certainty, WorksKind
from geo_service.store.collections import COLLECTIONS

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "works": {
        "status": get_args(Certainty),
        "kind": get_args(WorksKind),
        "conflict": get_args(Status),
    },
    "repairs": {
        "status": get_args(RepairStatus),
        "category": get_args(RepairCategory),
        "scope": get_args(Scope),
        "urgency": get_args(Urgency),
        "duplicate": ("suggested", "confirmed"),
        "conflict": get_args(Status),
    },
    "conflicts": {"status": get_args(Status), "severity": get_args(Severity), "department": DEPARTMENTS},
    "protections": {"kind": ("repair", "works")},
    "pavements": {"kind": get_args(PavementKind)},
}
"""A filter without an entry takes any text."""


def check(collection: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The filters that have a value. Raises InvalidInput, named by the filter: the collection has none of that name, or it has no such word."""
    equal = {name: value for name, value in values.items() if value is not None}
    filters = COLLECTIONS[collection].filters
    for name, value in equal.items():
        if name not in filters:
            raise InvalidInput.one(name, "no_filter", given=collection, known=sorted(filters))
        words = WORDS.get(collection, {}).get(name)
        if words and value not in words:
            raise InvalidInput.one(name, "unknown.word", known=words)
    return equal
