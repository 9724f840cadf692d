"""Write a mapping as TOML: the doubts are comments at its head, and a mark follows each doubtful line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

PLAIN = (
    "about",
    "source",
    "target",
    "form",
    "items",
    "encoding",
    "layer",
    "sheet",
    "delimiter",
    "header_row",
    "crs",
    "properties",
    "full",
    "status_default",
    "type_default",
)
MARK = "  # ?"


def as_toml(tables: Mapping[str, Any], doubts: Sequence[str]) -> str:
    """The text of a mapping file, without empty values; words mapped to `?` become comments.
    `tables["unsure"]` names the doubtful lines (table, key).
    """
    return "\n".join([*(f"# ? {doubt}" for doubt in doubts), *_lines(tables), ""])


def _lines(tables: Mapping[str, Any]) -> Iterator[str]:
    for name in PLAIN:
        if tables.get(name) is not None:
            yield f"{name} = {_value(tables[name])}"
    unsure = tables.get("unsure", ())
    for name, table in tables.items():
        if name in PLAIN or not isinstance(table, Mapping) or not table:
            continue
        yield f"\n[{name}]"
        for key, value in table.items():
            line = f"{_key(key)} = {_value(value)}"
            mark = MARK if (name, key) in unsure else ""
            yield f"# {line}" if value == "?" and name == "status" else f"{line}{mark}"
    for rule in tables.get("skip", ()):
        yield "\n[[skip]]"
        yield from (f"{_key(key)} = {_value(value)}" for key, value in rule.items())


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else _value(name)


def _value(value: Any) -> str:
    """A value as TOML; JSON's strings, numbers and lists are TOML's, inline tables are not."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
