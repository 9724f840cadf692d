"""OGC API – Features Part 4: which properties of a feature a client may write, and which it may only read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from geo_service.domain.errors import FieldError, InvalidInput
from geo_service.domain.permissions import Action

MOST_REFUSED = 1000
"""Properties that are named when they may not be written: the answer has the first fifty."""

CREATE, REPLACE, UPDATE, DELETE = "POST", "PUT", "PATCH", "DELETE"


@dataclass(frozen=True, slots=True)
class Editing:
    """What may be done with the features of a collection, by whom. `once` are the properties that stay as they were first written;
    those of `days` belong to the ground.
    """

    action: Action
    methods: Sequence[str]
    fields: Sequence[str]
    once: Sequence[str] = ()
    days: Sequence[str] = ("starts_on", "ends_on")

    @property
    def writable(self) -> list[str]:
        """The properties that a new feature may have."""
        return [*self.once, *self.fields, *self.days]

    @property
    def changeable(self) -> list[str]:
        """The properties that may change later."""
        return [*self.fields, *self.days]


EDITINGS: Mapping[str, Editing] = {
    "works": Editing(
        "write works",
        (CREATE, REPLACE, UPDATE, DELETE),
        ("owner", "title", "kind", "reference", "category", "utilities", "certainty", "remark"),
        once=("source", "source_id"),
        days=("starts_on", "ends_on", "opens_surface"),
    ),
    "repairs": Editing(
        "write repairs",
        (CREATE, REPLACE, UPDATE),
        ("category", "scope", "urgency", "description", "latest_on", "remark", "status"),
        once=("reported_at",),
    ),
}
"""A repair is cancelled, never taken away: its `status` says so."""


def creation(editing: Editing, names: Collection[str], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a new feature; null counts as not sent. Raises InvalidInput about each that cannot be written."""
    values = {name: value for name, value in sent.items() if value is not None}
    _refuse(editing.writable, names, values)
    return values


def replacement(editing: Editing, names: Collection[str], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The changeable properties after a replacement; what is not sent is null. Those that a client may only read are left as they are.

    Raises InvalidInput about each that no feature of the collection has.
    """
    _refuse(names, names, sent)
    return {name: sent.get(name) for name in editing.changeable}


def update(editing: Editing, names: Collection[str], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that an update changes. Raises InvalidInput about each that may not change."""
    _refuse(editing.changeable, names, sent)
    return dict(sent)


def _refuse(allowed: Collection[str], names: Collection[str], sent: Mapping[str, Any]) -> None:
    may, has = list(allowed), list(names)
    wrong = [
        FieldError(name[:60], "read_only", {"known": may})
        if name in names
        else FieldError(name[:60], "property_unknown", {"given": name[:60], "known": has})
        for name in islice((name for name in sent if name not in allowed), MOST_REFUSED)
    ]
    if wrong:
        raise InvalidInput(wrong)
