"""What is published of one thing, as JSON-LD in the terms of OSLO *Inname Openbaar Domein*.

Codes, days, ground and owner groups: no text that a person wrote, as a page cannot be taken back. Days are half-open, as everywhere here:
`einde` is the first day after. Coordinates are WGS84 longitude, latitude.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, get_args
from urllib.parse import quote

from geo_service import i18n

Stream = Literal["conflicts", "works", "repairs"]
STREAMS: tuple[Stream, ...] = get_args(Stream)
Node = dict[str, Any]
Row = Mapping[str, Any]

GONE = "gone"
"""The stamp of what was deleted since it was published."""
OSLO_KINDS = {
    "groundworks": "mob:Grondwerk",
    "works": "mob:Werk",
    "building_project": "mob:Werk",
    "event": "mob:Evenement",
}
WORDS = i18n.Translator("nl", date.min)
"""The language of descriptions: a member is published once, in the language of the vocabulary."""


def body(stream: Stream, row: Row) -> Node:
    """The JSON-LD of a state of one thing, without its own address and time: those follow from its place."""
    version = {"dct:isVersionOf": {"@id": f"api:{stream}/{row['id']}"}}
    if row["stamp"] == GONE:
        return {"@type": "as:Delete", **version}
    return {**BODIES[stream](row), **version}


def _works(row: Row) -> Node:
    phases = row["phases"] or []
    begin, end = min(one["starts_on"] for one in phases), max(one["ends_on"] for one in phases)
    days = row["working_days"] or (date.fromisoformat(end) - date.fromisoformat(begin)).days
    node = {
        "@type": ["mob:Inname", OSLO_KINDS[row["kind"]]],
        **_occupation(f"{WORDS.text('works_kind.' + row['kind'])}: {row['owner']}", row, row["kind"]),
        "mob:geschatteDuur": _duration(days),
        "mob:Inname.innamezone": [_zone(one["wkt"], row["kind"]) for one in phases],
        "m8g:appliesToPeriodOfTime": [_stay(one["starts_on"], one["ends_on"]) for one in phases],
        "adms:status": _concept("certainty", row["certainty"]),
        "adms:identifier": _identifier(f"{row['source']}:{row['source_id']}"),
    }
    if row["kind"] == "groundworks":
        category = row["category"] if row["category"] in WORKS_CATEGORIES else UNKNOWN
        node["mob:Grondwerk.categorie"] = _concept("works_category", category)
    return node


def _repair(row: Row) -> Node:
    node = {
        "@type": "mob:Inname",
        **_occupation(f"Herstelling: {WORDS.text('category.' + row['category'])}", row, REPAIR),
        "mob:Inname.innamezone": [_zone(row["wkt"], row["scope"])],
        "adms:status": _concept("repair_status", row["status"]),
        "adms:identifier": _identifier(f"H-{row['number']}"),
        "geo:category": _concept("category", row["category"]),
        "geo:urgency": _concept("urgency", row["urgency"]),
    }
    if row["starts_on"] is not None:
        days = row["starts_on"].isoformat(), row["ends_on"].isoformat()
        node["m8g:appliesToPeriodOfTime"] = [_stay(*days)]
    if row["verdict"] is not None:
        node["geo:verdict"] = _concept("verdict", row["verdict"])
    if row["held"] and row["verdict_until"] is not None:
        node["geo:freeFrom"] = _day(row["verdict_until"])
    if row["finished_on"] is not None:
        node["geo:finishedOn"] = _day(row["finished_on"])
    return node


def _conflict(row: Row) -> Node:
    things = [f"api:works/{one}" for one in row["works_ids"]]
    if row["repair_id"] is not None:
        things.append(f"api:repairs/{row['repair_id']}")
    node: Node = {
        "adms:status": _concept("status", row["status"]),
        "adms:identifier": _identifier(f"C-{row['number']}"),
        "dct:relation": [{"@id": one} for one in sorted(things)],
        "dct:temporal": _period("m8g:PeriodOfTime", *_shared_days(row)),
        "locn:geometry": _geometry(row["wkt"]),
        "org:classification": _concept("severity", row["severity"]),
        "mob:RuimtelijkConflict.type": _concept("rule", row["rule_id"]),
    }
    if row["opportunity"]:
        status = {"mob:synergieStatus": _concept("status", row["status"])}
        return {"@type": "mob:Synergie", **node, **status, "mob:registratieDatum": _day(row["created_on"])}
    return {"@type": "mob:RuimtelijkConflict", **node}


UNKNOWN = "unknown"
WORKS_CATEGORIES = ("1", "2", "3", "urgent", UNKNOWN)
"""Of groundworks, as GIPOD has them; what else a source says is not known here."""
REPAIR = "repair"
"""The kind of occupation that a repair is."""
BODIES: Mapping[Stream, Callable[[Row], Node]] = {
    "works": _works,
    "repairs": _repair,
    "conflicts": _conflict,
}


def _shared_days(row: Row) -> tuple[str, str]:
    """The days that both sides share; where they share none, those from the first side to the last."""
    starts = [row["a_starts_on"], row["b_starts_on"]]
    ends = [one for one in (row["a_ends_on"], row["b_ends_on"]) if one is not None] or [date.max]
    if max(starts) < min(ends):
        return max(starts).isoformat(), min(ends).isoformat()
    return min(starts).isoformat(), max(ends).isoformat()


def _occupation(words: str, row: Row, kind: str) -> Node:
    """What OSLO asks of every occupation of the public domain."""
    return {
        "dct:description": {"@value": words, "@language": "nl"},
        "mob:Inname.openbaarDomein": {"@value": "true", "@type": "xsd:boolean"},
        "mob:Inname.type": _concept("works_kind", kind),
        "mob:beheerder": {
            "@id": f"geo:organisation-{quote(row['owner_group'], safe='')}",
            "@type": "dct:Agent",
            "foaf:name": row["owner"],
        },
    }


def _zone(wkt: str, kind: str) -> Node:
    return {
        "@type": "mob:Innamezone",
        "locn:geometry": _geometry(wkt),
        "mob:Innamezone.type": _concept("zone", kind),
    }


def _geometry(wkt: str) -> Node:
    return {"@type": "locn:Geometry", "gsp:asWKT": {"@value": wkt, "@type": "gsp:wktLiteral"}}


def _stay(begin: str, end: str) -> Node:
    days = (date.fromisoformat(end) - date.fromisoformat(begin)).days
    types = ["m8g:PeriodOfTime", "mob:TijdsintervalMetDuur"]
    return {**_period(types, begin, end), "mob:effectieveDuur": _duration(days)}


def _period(types: str | list[str], begin: str, end: str) -> Node:
    return {
        "@type": types,
        "gen:Tijdsinterval.begin": _literal(begin),
        "gen:Tijdsinterval.einde": _literal(end),
    }


def _concept(scheme: str, code: str) -> Node:
    return {"@id": f"geo:{scheme}-{quote(code, safe='')}", "@type": "skos:Concept"}


def _identifier(notation: str) -> Node:
    return {"@type": "adms:Identifier", "skos:notation": notation}


def _duration(days: int) -> Node:
    return _literal(f"P{days}D")


def _literal(value: str) -> Node:
    """OSLO types days and durations as plain literals."""
    return {"@value": value, "@type": "rdfs:Literal"}


def _day(day: date) -> Node:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
