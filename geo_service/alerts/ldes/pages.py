"""The pages of an event stream (LDES, TREE): a full page is the same bytes for good, and leads to the next one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.alerts.ldes.members import Node, Stream

PAGE_MEMBERS = 100
"""Never another number: the page of a member follows from its place."""
PREFIXES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "as": "https://www.w3.org/ns/activitystreams#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gen": "https://data.vlaanderen.be/ns/generiek#",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "ldes": "https://w3id.org/ldes#",
    "locn": "http://www.w3.org/ns/locn#",
    "m8g": "http://data.europa.eu/m8g/",
    "mob": "https://data.vlaanderen.be/ns/mobiliteit#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "tree": "https://w3id.org/tree#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
TIME = "prov:generatedAtTime"
VERSION = "dct:isVersionOf"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a stream stands. A backup that is put back begins another `epoch`: places after it are given anew, at other addresses."""

    base_url: str
    stream: Stream
    epoch: UUID

    @property
    def root(self) -> str:
        """The address of the stream."""
        return f"{self.base_url}/ldes/{self.stream}"

    def page(self, number: int) -> str:
        """The address of a page, from 1."""
        return f"{self.root}/{self.epoch}/{number}"


def description(address: Address) -> Node:
    """What the stream is, and where it begins. Without a retention policy all members are kept."""
    return {"@context": _context(address), **_stream(address)}


def page(address: Address, number: int, rows: Sequence[sa.RowMapping]) -> Node:
    """One page; `rows` are its members, at most PAGE_MEMBERS."""
    node: Node = {"@id": address.page(number), "@type": "tree:Node"}
    if len(rows) == PAGE_MEMBERS:
        node["tree:relation"] = {
            "@type": "tree:GreaterThanOrEqualToRelation",
            "tree:node": {"@id": address.page(number + 1)},
            "tree:path": {"@id": TIME},
            "tree:value": _instant(rows[-1]["at"]),
        }
    graph = [{**_stream(address), "tree:member": [_member(address, number, row) for row in rows]}, node]
    return {"@context": _context(address), "@graph": graph}


def encode(document: Node) -> bytes:
    """The document as JSON-LD."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _stream(address: Address) -> Node:
    return {
        "@id": address.root,
        "@type": "ldes:EventStream",
        "ldes:timestampPath": {"@id": TIME},
        "ldes:versionOfPath": {"@id": VERSION},
        "tree:view": {"@id": address.page(1)},
    }


def _member(address: Address, number: int, row: sa.RowMapping) -> Node:
    return {"@id": f"{address.page(number)}#{row['place']}", TIME: _instant(row["at"]), **row["body"]}


def _context(address: Address) -> dict[str, str]:
    own = {"api": f"{address.base_url}/api/v1/", "geo": f"{address.base_url}/ldes/concepts#"}
    return {**PREFIXES, **own}


def _instant(at: dt.datetime) -> dict[str, Any]:
    text = at.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"@value": text, "@type": "xsd:dateTime"}
