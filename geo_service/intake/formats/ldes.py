"""Read pages of a linked data event stream (LDES/TREE) from a server or a file: compacted JSON as of GIPOD, or RDF."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats import nesting
from geo_service.intake.formats.damage import incomplete
from geo_service.intake.formats.http_client import BACKOFF_S, Server, no_data, web_address, where
from geo_service.intake.formats.origin import local, open_bytes

ACCEPT = "application/ld+json, text/turtle;q=0.9, application/n-quads;q=0.8"
MOST_BYTES = 256 << 20
MOST_PAGES = 100_000
KINDS = {"text/turtle": "turtle", "application/n-quads": "nquads", "application/n-triples": "nt"}
ENDINGS = {".ttl": "turtle", ".nq": "nquads", ".nt": "nt"}
MEMBERS = ("items", "member", "members", "tree:member", "@included")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: compacted members, or an RDF graph (rdflib) with the members; and its links to further pages."""

    members: list[Any]
    graph: Any = None
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    """(kind, node, value): `GreaterThanRelation`, the page, and the value that its members exceed."""


def pages(origin: str, *, since: datetime | None = None, backoff_s: float = BACKOFF_S) -> Iterator[Page]:
    """Every page behind `origin`, each once; with `since`, without pages that hold only older members.

    Raises SourceUnreachable in one line.
    """
    url = web_address(origin)
    if url is None:
        with local(origin) as path, open_bytes(path) as file:
            content = file.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise SourceUnreachable(
                    "file_too_large.page", file=path.name, bytes=len(content), limit=MOST_BYTES
                )
            yield _page(content, ENDINGS.get(Path(path.name.removesuffix(".gz")).suffix), path.name)
        return
    pending, visited = [url], {str(url)}
    with Server(url, ACCEPT, backoff_s=backoff_s) as server:
        while pending:
            at = pending.pop(0)
            answer = server.get(at)
            kind = answer.headers.get("content-type", "").split(";")[0].strip()
            syntax = KINDS.get(kind)
            if syntax is None and answer.content.lstrip()[:1] not in (b"{", b"["):
                raise no_data(at, answer, "neither JSON-LD, Turtle nor N-Quads")
            page = _page(answer.content, syntax, where(at))
            yield page
            for name, node, value in page.relations:
                if since is not None and _older(name, value, since):
                    continue
                next_ = server.following(at, node)
                if str(next_) not in visited:
                    visited.add(str(next_))
                    pending.append(next_)
            if len(visited) > MOST_PAGES:
                raise SourceUnreachable("url_endless", url=where(url), pages=MOST_PAGES)


def _page(content: bytes, syntax: str | None, name: str) -> Page:
    if not content.strip():
        raise SourceUnreachable("file_empty", file=name)
    if syntax is None and content.lstrip()[:1] in (b"{", b"["):
        return _json_page(content, name)
    if syntax is None:
        raise SourceUnreachable("no_linked_data", file=name)
    return _rdf_page(content, syntax, name)


def _json_page(content: bytes, name: str) -> Page:
    try:
        nesting.check_json(content)
        document = orjson.loads(content)
    except ValueError as error:
        raise incomplete(name, "JSON", error) from None
    if isinstance(document, list):
        return Page(document)
    # The address of a context could be any server, so only RDF without a context is read.
    # As it was read: a key may be written with escapes.
    if isinstance(document, dict) and "@graph" in document and b'"@context"' not in orjson.dumps(document):
        return _rdf_page(content, "json-ld", name)
    members = (
        next((document[key] for key in MEMBERS if isinstance(document.get(key), list)), None)
        if isinstance(document, dict)
        else None
    )
    if members is None:
        raise SourceUnreachable("json_without", file=name, what="page of members")
    entries = document.get("tree:relation", document.get("relation")) or []
    relations = [
        _relation(one)
        for one in (entries if isinstance(entries, list) else [entries])
        if isinstance(one, Mapping)
    ]
    return Page(members, None, [one for one in relations if one[1]])


def _relation(relation: Mapping[str, Any]) -> tuple[str, str, str]:
    def of(*names: str) -> str:
        value = next((relation[name] for name in names if relation.get(name)), "")
        value = value.get("@id", value.get("@value", "")) if isinstance(value, Mapping) else value
        return str(value[0] if isinstance(value, list) and value else value)

    return of("@type", "type").rpartition(":")[2], of("tree:node", "node"), of("tree:value", "value")


def _rdf_page(content: bytes, syntax: str, name: str) -> Page:
    # Costs a second to import, which only who reads RDF should pay.
    from rdflib import RDF, Namespace

    tree = Namespace("https://w3id.org/tree#")
    try:
        graph = _graph(content, syntax)
    except Exception as error:  # whatever the parser of a syntax raises
        raise incomplete(name, syntax, error) from error
    relations = []
    for relation in graph.objects(None, tree.relation):
        kind = str(next(graph.objects(relation, RDF.type), "")).rpartition("#")[2]
        node, value = (str(next(graph.objects(relation, term), "")) for term in (tree.node, tree.value))
        if node:
            relations.append((kind, node, value))
    return Page([], graph, relations)


def _graph(content: bytes, syntax: str) -> Any:
    """All triples of all graphs of the document."""
    from rdflib import Dataset, Graph

    graph = Graph()
    with warnings.catch_warnings():  # rdflib's own parsers use what rdflib calls deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        if syntax != "nquads":
            return graph.parse(data=content, format=syntax)
        quads = Dataset()
        quads.parse(data=content, format=syntax)
        for subject, term, value, _ in quads.quads():
            graph.add((subject, term, value))
    return graph


def _older(kind: str, value: str, since: datetime) -> bool:
    """Whether a page before `value` holds no member of `since` or later."""
    if not kind.startswith("LessThan"):
        return False
    try:
        return datetime.fromisoformat(value) <= since
    except (ValueError, TypeError):
        return False
