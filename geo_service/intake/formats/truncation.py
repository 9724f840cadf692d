"""Detect an answer that says it is incomplete: a reached limit, a total above the record count, or a next page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.parsers import expat

from geo_service.intake.formats.origin import start_of
from geo_service.intake.remarks import Remarks

MORE = {"exceededtransferlimit", "moreresults", "hasmore", "morerecords", "hasnextpage", "hasnext", "truncated", "istruncated", "incompleteresults", "partial"}  # fmt: skip
"""Members that are true when there are more records (ArcGIS, OData, and others), compared without capitals,
`_` and any prefix before a `.`.
"""
TOTALS = {
    "numbermatched", "totalfeatures", "numberoffeatures", "total", "totalcount", "count", "nhits", "numfound", "totalresults", "totalrecords",
    "totalitems", "totalhits", "recordstotal", "totalelements", "matched", "totaal", "totaalaantal", "aantaltotaal",
}  # fmt: skip
"""Members with the total count (OGC API, WFS, CKAN, Opendatasoft, Django, Solr, and others)."""
NEXT = {
    "next",
    "nextlink",
    "nextpage",
    "nextpagetoken",
    "nextcursor",
    "nexturl",
    "nextpageurl",
    "volgende",
    "volgendepagina",
}
PAGES = {"totalpages", "pagecount", "numpages", "numberofpages", "lastpage", "totaalpaginas", "aantalpaginas"}
"""Members with the number of pages, of which one document holds one."""
LAST = {"last", "lastpage", "islast", "islastpage"}
"""Members that are false when there are more pages (Spring)."""
LINKS = ("links", "link")
PARTS = ("href", "url", "value", "after", "cursor")
"""Members of an object that stands for a link or a total."""
DEEPEST = 3
XML_HEAD = 1 << 16
_ARRAY_OVER = re.compile(rb"\]\s*(?:,\s*\"|\})")


def note(members: Mapping[str, Any], read: int, remarks: Remarks) -> None:
    """Note the signs of truncation in `members`, the members beside the records by their path; `read` is the
    number of records.
    """
    fields = [(_name(path), path.rpartition(".")[2], _plain(value)) for path, value in members.items()]
    totals = [
        (name, total)
        for plain, name, value in fields
        if plain in TOTALS and (total := integer_of(value)) is not None
    ]
    for name, total in totals:
        if total > read:
            remarks.cut(name, read, total)
    for plain, name, value in fields:
        if (plain in MORE and value is True) or (not totals and _is_more(plain, value)):
            remarks.cut(name)


def _plain(value: Any) -> Any:
    """A value, with `"true"` and `"false"` as what they mean."""
    return (
        {"true": True, "false": False}.get(value.strip().lower(), value) if isinstance(value, str) else value
    )


def _is_more(name: str, value: Any) -> bool:
    """Whether a member says that another page follows; a total says it more firmly."""
    return (
        (name in NEXT and isinstance(value, str) and bool(value.strip()))
        or (name in LAST and value is False)
        or (name in PAGES and (integer_of(value) or 0) > 1)
    )


def _name(path: str) -> str:
    """The last name of a path in the form for comparison, without its prefix; for an object that stands for a
    link or a total, the name of the object.
    """
    names = re.split(r"[.:]", re.sub(r"[_-]", "", path.lower()))
    return names[-2] if names[-1] in PARTS and len(names) > 1 else names[-1]


def flat(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The members of an answer by their path; a link to the next page is `links.next`."""
    if not isinstance(value, Mapping) or depth > DEEPEST:
        return
    for name, one in value.items():
        at = f"{path}.{name}" if path else str(name)
        if isinstance(one, Mapping):
            yield from flat(one, at, depth + 1)
        elif isinstance(one, list) and name in LINKS:
            yield from _next_links(one, at)
        elif not isinstance(one, list):
            yield at, one


def after_array(tail: bytes, items: str) -> dict[str, Any]:
    """The members after the array `items` at the end of a JSON document, of which `tail` holds the last
    bytes. The parser refuses a wrong `]` at its first sign and has a limit of levels of its own: to count
    the levels of the whole tail at each `]` took 1.5 s a file.
    """
    outer = items.split(".")[:-1]
    before = b'{"":' * len(outer) + b'{"":0'
    for match in _ARRAY_OVER.finditer(tail):
        try:
            members = json.loads(before + tail[match.start() + 1 :])
        except (ValueError, RecursionError):
            continue
        return dict(flat(members))
    return {}


def note_xml(path: Path, read: int, remarks: Remarks) -> None:
    """The same for the first element of a WFS answer."""
    members: dict[str, Any] = {}

    def first(_: str, attributes: dict[str, str]) -> None:
        if not members:
            members.update({name.rpartition(":")[2]: value for name, value in attributes.items()} or {"": ""})

    parser = expat.ParserCreate()
    parser.StartElementHandler = first
    try:
        parser.Parse(start_of(path, XML_HEAD))
    except (expat.ExpatError, LookupError, ValueError):
        return  # the whole file is judged elsewhere
    members.pop("numberOfFeatures", None)  # WFS 1.1: how many came, not how many there are
    note(members, read, remarks)


def note_headers(headers: Mapping[str, str], read: int, remarks: Remarks) -> None:
    """The same for the headers of an answer (RFC 8288, RFC 9110 §14.4, and a custom of many servers)."""
    if re.search(r";\s*rel=\"?next\b", headers.get("link", ""), re.IGNORECASE):
        remarks.cut("Link: rel=next")
    if match := re.search(r"(\d+)-(\d+)/(\d+)", headers.get("content-range", "")):
        first, last, total = map(int, match.groups())
        if last - first + 1 < total:
            remarks.cut("Content-Range", last - first + 1, total)
    for name in ("x-total-count", "x-total", "total-count"):
        if (total_ := integer_of(headers.get(name))) is not None and total_ > read:
            remarks.cut(name, read, total_)


def _next_links(links: list[Any], path: str) -> Iterator[tuple[str, Any]]:
    for one in links:
        if isinstance(one, Mapping) and (href := next_link(one)):
            yield f"{path}.next", href


def next_link(link: Mapping[str, Any]) -> str | None:
    """The address of a link to the next page (RFC 8288; FHIR writes `relation` and `url`)."""
    href = link.get("href") or link.get("url")
    return str(href) if href and "next" in (link.get("rel"), link.get("relation")) else None


def integer_of(value: Any) -> int | None:
    """A count, also one that is written as text; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return int(value) if isinstance(value, int | float) and value == value and abs(value) < 1e15 else None
