"""How deep works go: the layer of the street that they open. Deep layers come first, then the footpath, then the asphalt.

A trench for a sewer takes along whatever lies above it; a cable laid first is dug up again. The words of a city stand in its file
(`data/cities/`, read by `geo_service.city`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Layer = Literal[
    "sewer", "water", "gas", "heat", "energy", "electricity", "telecom", "unknown", "rails", "street", "footpath", "carriageway",
    "lighting", "markings",
]  # fmt: skip
LAYERS: tuple[Layer, ...] = get_args(Layer)

UTILITY_LAYERS = ("sewer", "water", "gas", "heat", "energy", "electricity", "telecom", "lighting")
"""What lies in the ground. That a utility's text names the footpath says where it digs, not what it lays."""

_STREET_NAMES = re.compile(
    r"\b(?:rue|avenue|place|chauss[ée]e|boulevard|square|clos|quai|all[ée]e|impasse)\b[^,;|(\n]*"
    r"|\b\w*(?:straat|laan|plein|dreef|steenweg|lei|kaai|markt)\b",
    re.IGNORECASE,
)
"""A street may be called after a sewer or a tram: its name says nothing of what is laid there."""


@dataclass(frozen=True, slots=True)
class LayerTable:
    """What a city knows of layers: `ranks` (lower goes first; one rank: in any order, or together), and the patterns by which a layer is read.

    `words` in what a record says it is for, or in its texts; `owners` in the owner's name; `references` (owner, pattern) in the reference
    that this owner gave it, each the first that fits, so the deepest comes first.
    """

    ranks: Mapping[Layer, int]
    words: tuple[tuple[Layer, str], ...]
    owners: tuple[tuple[Layer, str], ...]
    references: tuple[tuple[Layer, str, str], ...] = ()

    @property
    def after_footpath(self) -> tuple[Layer, ...]:
        """The layers that come after a footpath, and so are no reason to wait with it."""
        return tuple(layer for layer in LAYERS if self.ranks[layer] > self.ranks["footpath"])

    @property
    def closing(self) -> tuple[Layer, ...]:
        """The layers that close the street: what comes after a footpath and lays nothing in the ground."""
        return tuple(layer for layer in self.after_footpath if layer not in UTILITY_LAYERS)

    def deepest(self, layers: Sequence[Layer]) -> Layer:
        """The layer of these that goes first; `unknown` of none."""
        return min(layers, key=lambda layer: (self.ranks[layer], layer), default="unknown")

    def layer_of(
        self,
        owner: str,
        utilities: Sequence[str] = (),
        texts: Sequence[str | None] = (),
        reference: str | None = None,
    ) -> Layer:
        """The layer that works open: from what the record says it is for, the owner's own reference, a pipe or cable named in its texts, who
        the owner is, and at last anything else that its texts name.
        """
        parts = [_STREET_NAMES.sub(" ", text) for text in (*texts, reference) if text]
        named = _first(self.words, parts)
        return (
            _first(self.words, utilities)
            or self._by_reference(owner, reference)
            or (named if named in UTILITY_LAYERS else None)
            or _first(self.owners, (owner,))
            or named
            or "unknown"
        )

    def _by_reference(self, owner: str, reference: str | None) -> Layer | None:
        if not reference:
            return None
        coded = [
            (layer, code) for layer, whose, code in self.references if re.search(whose, owner, re.IGNORECASE)
        ]
        return _first(coded, (reference,))


def _first(table: Sequence[tuple[Layer, str]], texts: Sequence[str]) -> Layer | None:
    text = " | ".join(texts).lower().replace("’", "'")
    return next((layer for layer, words in table if re.search(words, text)), None) if text else None
