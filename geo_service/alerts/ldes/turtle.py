"""A document of this room as Turtle: the same triples as its JSON-LD, in the same order each time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from geo_service.alerts.ldes.members import Node

LOCAL_NAME = re.compile(r"[A-Za-z][\w-]*(\.[\w-]+)*", re.ASCII)
"""Names that need no escape behind a prefix."""


def encode(document: Node) -> bytes:
    """The document, of compact addresses and nested nodes, as Turtle."""
    prefixes: Mapping[str, str] = document["@context"]
    nodes = document.get("@graph") or [{key: one for key, one in document.items() if key != "@context"}]
    lines = [f"@prefix {name}: <{address}> ." for name, address in sorted(prefixes.items())]
    types: set[str] = set()
    for node in nodes:
        lines.extend(_statements(node, prefixes, types))
    return "\n".join([*lines, *sorted(types), ""]).encode()


def _statements(node: Node, prefixes: Mapping[str, str], rest: set[str]) -> Iterator[str]:
    """The statement of a node with an address; members follow theirs. What nested nodes with an address say goes to `rest`."""
    members = node.get("tree:member", [])
    own = {key: value for key, value in node.items() if key != "tree:member"}
    subject = _name(node["@id"], prefixes)
    if members:
        own["tree:member"] = [{"@id": one["@id"]} for one in members]
    yield f"{subject} {_pairs(own, prefixes, rest)} ."
    for member in members:
        yield from _statements(member, prefixes, rest)


def _pairs(node: Node, prefixes: Mapping[str, str], rest: set[str]) -> str:
    pairs = []
    for key, value in sorted(node.items()):
        if key == "@id":
            continue
        values = value if isinstance(value, list) else [value]
        if not values:
            continue
        if key == "@type":
            pairs.append("a " + ", ".join(_name(one, prefixes) for one in values))
        else:
            objects = ", ".join(_object(one, prefixes, rest) for one in values)
            pairs.append(f"{_name(key, prefixes)} {objects}")
    return " ; ".join(pairs)


def _object(value: str | Node, prefixes: Mapping[str, str], rest: set[str]) -> str:
    if isinstance(value, str):
        return _text(value)
    if "@value" in value:
        text = _text(value["@value"])
        if "@language" in value:
            return f"{text}@{value['@language']}"
        return f"{text}^^{_name(value['@type'], prefixes)}"
    if "@id" in value:
        name = _name(value["@id"], prefixes)
        if len(value) > 1:
            rest.add(f"{name} {_pairs(value, prefixes, rest)} .")
        return name
    return f"[ {_pairs(value, prefixes, rest)} ]"


def _name(address: str, prefixes: Mapping[str, str]) -> str:
    """A compact address as it is, where its name needs no escape; else in full."""
    prefix, colon, name = address.partition(":")
    if colon and prefix in prefixes:
        return address if LOCAL_NAME.fullmatch(name) else f"<{prefixes[prefix]}{name}>"
    return f"<{address}>"


def _text(value: str) -> str:
    """A string as JSON writes it is one as Turtle reads it, but for surrogate pairs: these stay characters."""
    return json.dumps(value, ensure_ascii=False)
