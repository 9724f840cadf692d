"""Names of people in the text of a report: its own reporter's, those behind a form of address, and those beside an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from geo_service import privacy
from geo_service.privacy import NAME, Span

NAME_FIELDS = (
    "name", "first_name", "last_name", "full_name", "naam", "voornaam", "achternaam", "familienaam", "nom", "prenom",
)  # fmt: skip
"""The fields of a reporter in which a name stands."""
LEAST_LETTERS = 3
MOST_WORDS = 8
PARTICLES = frozenset(("van", "von", "den", "der", "des", "ten", "ter", "tot", "het", "the"))

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STREET = r"(?:straat|laan|steenweg|weg|plein|dreef|lei|hof|baan|kaai|markt|park|pad|wijk)"
_IS_STREET = rf"(?![\w'’-]{{0,40}}{_STREET}\b)"
_NO_STREET = rf"{_IS_STREET}(?! [\w'’-]{{0,40}}{_STREET}\b)"
"""*Jan Breydelstraat* is a street."""
_SMALL = r"[a-zß-ÿ'’-]"
_CAPITAL = rf"[A-ZÀ-Þ]{_SMALL}{{1,30}}"
_OF = r"(?:[Vv]an|[Dd]e|[Dd]er|[Dd]en|[Tt]en|[Tt]er)"
_PEOPLE = rf"{_CAPITAL}(?: {_OF}){{0,2}}(?: {_CAPITAL}){{1,2}}"
_FIRM = r"(?!(?:Stad|Gemeente|School|Basisschool|Kerk|Bakkerij|Apotheek|Slagerij|Garage|Fluvius|Proximus|Telenet|Aquafin|Wyre|Water)\b)"
_HOUSE = rf"\b[A-ZÀ-Þ]{_SMALL}{{1,40}}{_STREET} \d{{1,4}}[A-Za-z]?(?:,? bus \w{{1,4}})?"
_BETWEEN = " ?[,(–-] ?"
_BESIDE_HOUSE = re.compile(
    rf"{_HOUSE}{_BETWEEN}{_FIRM}({_PEOPLE})(?![\w-]){_NO_STREET}|\b{_FIRM}({_PEOPLE}){_BETWEEN}{_HOUSE}"
)
_ADDRESSED = re.compile(
    r"(?i:\b(?:dhr|mevr|mvr|mw|mme|fam)\.? |\b(?:de heer|mevrouw|meneer|mijnheer|familie|madame|monsieur) )"
    rf"{_IS_STREET}((?:{_OF} ){{0,2}}{_CAPITAL}(?: {_CAPITAL}){{0,2}})(?![\w-]){_NO_STREET}"
)


def of_report(text: str | None, names: Iterable[str] = ()) -> str | None:
    """The text of a report as others see it: without contacts, plates, the `names` of its reporter and those of other people."""
    if not text:
        return text
    pattern = _pattern(names)

    def find(masked: str) -> Iterator[Span]:
        for match in pattern.finditer(masked) if pattern else ():
            yield *match.span(), NAME
        for people in (_ADDRESSED, _BESIDE_HOUSE):
            for match in people.finditer(masked):
                yield *match.span(match.lastindex or 0), NAME

    return privacy.mask(privacy.without_contacts(text), find)


def names_of(reporter: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The names in the details of a reporter."""
    fields = ((reporter or {}).get(field) for field in NAME_FIELDS)
    return tuple(name for name in fields if isinstance(name, str))


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """What matches these names: as a whole in any case and order, their words with a capital only (*Put* is a name, a *put* is not)."""
    full_names: list[str] = []
    single: dict[str, None] = {}
    for name in names:
        words = _WORD.findall(name)[:MOST_WORDS]
        if len(words) > 1:
            full_names += [
                r"[ ,]{1,2}".join(map(re.escape, order)) for order in (words, words[1:] + words[:1])
            ]
        for word in words:
            if len(word) >= LEAST_LETTERS and word.lower() not in PARTICLES:
                single |= dict.fromkeys((word[0].upper() + word[1:].lower(), word.upper()))
                single |= dict.fromkeys((word,) if word[0].isupper() else ())
    parts = [f"(?i:{one})" for one in full_names] + [re.escape(word) + _NO_STREET for word in single]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])") if parts else None
