"""The data dictionary: how a field of a published collection is called, what it means, and its codes in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo_service import i18n
from geo_service.i18n import Translator

SIDES = ("a", "b")
ALIKE = {"phases": "works"}
"""Whose words the fields of a collection have, where not their own."""
VALUES = {
    "certainty": "certainty",
    "conflicts.status": "status",
    "repairs.status": "repair_status",
    "severity": "severity",
    "urgency": "urgency",
    "scope": "scope",
    "rule": "rule",
    "works.kind": "works_kind",
    "works.category": "works_category",
    "repairs.category": "category",
    "holds.category": "category",
    "requests.state": "request_state",
    "conflicts.kind": "claim",
    "protections.kind": "ogc.protection",
    "pavements.side": "side",
    "verdict": "day_list.verdict",
    "pavements.kind": "pavement",
    "buildings.function": "building",
}
"""The group of words for the codes of a field, for all collections or for one."""


def title(collection: str, field: str, translator: Translator) -> str:
    """The name of a field for people."""
    side, plain = _side(field)
    words = translator.text(_key(collection, plain))
    return f"{side.upper()} · {words}" if side else words


def meaning(collection: str, field: str, translator: Translator) -> str:
    """What a field means, with its unit."""
    _, plain = _side(field)
    return translator.text(f"{_key(collection, plain)}.meaning")


def value(collection: str, field: str, code: Any, translator: Translator) -> Any:
    """A code in words; any other value as it is."""
    group = codes_of(collection, field)
    return i18n.sentences(translator.language).get(f"{group}.{code}", code) if group else code


def codes_of(collection: str, field: str) -> str | None:
    """The group of words for the codes of a field; None: its values are no codes."""
    _, plain = _side(field)
    return VALUES.get(f"{ALIKE.get(collection, collection)}.{plain}") or VALUES.get(plain)


def codes(group: str, translator: Translator) -> Mapping[str, str]:
    """The codes of a group with their words."""
    start = f"{group}."
    of_group = {
        key.removeprefix(start): words
        for key, words in i18n.sentences(translator.language).items()
        if key.startswith(start)
    }
    return {code: words for code, words in of_group.items() if "." not in code}


def _key(collection: str, field: str) -> str:
    own = (f"dictionary.{name}.{field}" for name in (collection, ALIKE.get(collection)))
    return next((key for key in own if key in i18n.sentences("nl")), f"dictionary.{field}")


def _side(field: str) -> tuple[str, str]:
    """Fields of the two sides of a conflict begin with `a_` or `b_`."""
    side, _, plain = field.partition("_")
    return (side, plain) if side in SIDES else ("", field)
