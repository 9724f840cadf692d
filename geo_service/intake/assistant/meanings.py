"""Assign a meaning to the words of a file: statuses, kinds of works, defects, and layers of a drawing without works."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from geo_service.intake.assistant.columns import Column
from geo_service.intake.mapping.column_words import (
    CATEGORIES,
    CERTAINTIES,
    HELP_LAYERS,
    URGENCIES,
    first_fit,
    fit,
    kind_fit,
)

Translate = Callable[..., str]
RepairWord = Literal["category", "urgency"]
REPAIR_WORDS: tuple[RepairWord, ...] = ("category", "urgency")
MOST_NAMED = 12
"""The most words in one doubt; a mark in the mapping follows each doubtful word."""
DRAWING = {"handle", "layer", "entity", "block"}
"""The properties of every record of a drawing."""


def statuses(
    tables: dict[str, Any],
    column: Column | None,
    doubts: list[str],
    translate: Translate,
    *,
    runs: bool = False,
) -> None:
    """Write `[status]`: certain words are set, likely ones are set with a doubt, and a person decides the
    others.
    """
    if column is None:
        tables["status_default"] = "in_progress" if runs else "planned"
        doubts.append(translate("assistant.status_runs" if runs else "assistant.status_none"))
        return
    tables["status"] = {}
    for word in sorted(set(column.filled)):
        match = first_fit(word, CERTAINTIES)
        tables["status"][word] = match[0] if match else "?"
        if match is None:
            doubts.append(translate("assistant.status_word", word=repr(word)))
        elif not match[1]:
            tables["unsure"].add(("status", word))
            doubts.append(translate("assistant.status_likely", word=repr(word), certainty=match[0]))


def kinds(tables: dict[str, Any], column: Column | None, doubts: list[str], translate: Translate) -> None:
    """Write `[type]`. An unknown type opens the surface, with a doubt: a needless warning costs less than a
    footpath relaid for nothing.
    """
    if column is not None:
        help_layers = _help_layers(tables, column, doubts, translate)
        words = sorted(set(column.filled) - help_layers)
        tables["type"] = {}
        unknown: list[str] = []
        likely: list[str] = []
        for word in words:
            kind, sure = _kind(word)
            tables["type"][word] = kind
            if not sure:
                tables["unsure"].add(("type", word))
                (unknown if sure is None else likely).append(word)
        for key, some in (("assistant.type_unknown", unknown), ("assistant.type_likely", likely)):
            if some:
                doubts.append(translate(key, words=word_list(some)))
    if column is None or len(column.filled) < len(column.values):
        tables["type_default"] = {"kind": "groundworks", "opens_surface": True}
        doubts.append(translate("assistant.type_all" if column is None else "assistant.type_rest"))


def words_of_repairs(
    tables: dict[str, Any],
    field: RepairWord,
    column: Column | None,
    doubts: list[str],
    translate: Translate,
) -> None:
    """Write `[category]` or `[urgency]` of repairs; unknown words get the default."""
    if column is None:
        return
    vocabulary: Mapping[str, Sequence[str]] = CATEGORIES if field == "category" else URGENCIES  # type: ignore[assignment]
    tables[field] = {}
    unknown: list[str] = []
    likely: list[str] = []
    for word in sorted(set(column.filled)):
        if (match := first_fit(word, vocabulary)) is None:
            unknown.append(word)
            continue
        tables[field][word] = match[0]
        if not match[1]:
            tables["unsure"].add((field, word))
            likely.append(word)
    for key, some in ((f"assistant.{field}_unknown", unknown), (f"assistant.{field}_likely", likely)):
        if some:
            doubts.append(translate(key, words=word_list(some)))


def _kind(word: str) -> tuple[dict[str, Any], bool | None]:
    """The kind of a type, and whether it is certain (True), likely (False) or unknown (None)."""
    if (match := kind_fit(word)) is None:
        return {"kind": "groundworks", "opens_surface": True}, None
    kind, sure = match
    return {"kind": kind.kind, "opens_surface": kind.opens_surface}, sure


def _help_layers(tables: dict[str, Any], column: Column, doubts: list[str], translate: Translate) -> set[str]:
    """The layers of a drawing that a rule of the mapping skips: auxiliary lines, texts, the existing
    situation.
    """
    if not tables.get("is_drawing") or column.name != "layer":
        return set()
    layers = {word for word in column.filled if fit(word, HELP_LAYERS)}
    if layers:
        rule = {
            "field": "layer",
            "is": sorted(layers),
            "code": "help_layer",
            "message": translate("assistant.help_layer"),
        }
        tables["skip"] = [rule]
        doubts.append(translate("assistant.help_layers", words=word_list(sorted(layers))))
    return layers


def word_list(words: Iterable[str]) -> str:
    """Some words, and the number of further ones."""
    some = list(words)
    more = f" … (+{len(some) - MOST_NAMED})" if len(some) > MOST_NAMED else ""
    return ", ".join(map(repr, some[:MOST_NAMED])) + more
