"""The words of a source and their meaning. Quotes, accents and capitals do not matter, and `*` matches any text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from geo_service.intake.formats.raw_record import folded

Meaning = TypeVar("Meaning")


@dataclass
class Vocabulary(Generic[Meaning]):
    """Words and their meaning. An exact word precedes an equal one after folding, and that precedes a
    pattern; the first pattern counts.
    """

    words: Mapping[str, Meaning]
    _folded: dict[str, Meaning] = field(default_factory=dict, init=False)
    _patterns: list[tuple[re.Pattern[str], Meaning]] = field(default_factory=list, init=False)
    _cache: dict[str, Meaning | None] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for word, meaning in self.words.items():
            if "*" in word:
                self._patterns.append((pattern_of(word), meaning))
            self._folded.setdefault(folded(word), meaning)

    def get(self, word: str) -> Meaning | None:
        """The meaning of a word; None for an unknown word."""
        if word in self.words:
            return self.words[word]
        if word not in self._cache:
            self._cache[word] = self._lookup(folded(word))
        return self._cache[word]

    def _lookup(self, plain: str) -> Meaning | None:
        if plain in self._folded:
            return self._folded[plain]
        return next((meaning for pattern, meaning in self._patterns if pattern.fullmatch(plain)), None)


def pattern_of(word: str) -> re.Pattern[str]:
    """A compiled pattern: `Refusé*` matches a beginning, `*gas*` any part, both after folding."""
    return re.compile(".*".join(map(re.escape, folded_parts(word))), re.DOTALL)


def folded_parts(word: str) -> Iterable[str]:
    """The parts of a pattern between its stars, without a space beside a star."""
    return (folded(part) for part in word.split("*"))
