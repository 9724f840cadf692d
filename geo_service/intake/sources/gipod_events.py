"""One form for a mobility hindrance of GIPOD's event stream, from compacted JSON or from RDF.

Contact organisations, creators and editors are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from geo_service.intake.formats.ldes import Page
from geo_service.intake.sources.gipod_values import free_text
from geo_service.privacy import without_contacts

MOBILITY = "https://data.vlaanderen.be/ns/mobiliteit#"
GIPOD = "https://gipod.vlaanderen.be/ns/gipod#"

# Labels of what RDF names by an id only (gipod.md §4; the taxonomy endpoint has all of them).
STATUSES = {
    "0a4ee99b-8b8a-47c8-913f-117220febee0": "In opmaak",
    "5cc9ee5b-fa97-4d71-8851-51a9d0e2ebd0": "Gevalideerd",
    "37c10223-b829-45db-a395-59eeba5af44b": "Geannuleerd",
    "a411c53e-db33-436a-9bb9-d62d535b661d": "Onbekend",
}
CONSEQUENCES = {  # those of samples in which the id has its label; the last five from public code that names them so
    "8eda1611-902b-4c9a-8b3c-4c23a49d7c5d": "Beperkte doorgang voor voetgangers",
    "e4ea1344-aa27-40e8-b5af-94ec5f7956f8": "Geen doorgang voor voetgangers",
    "c53813ab-814f-4ff4-8a87-6934c72e175f": "Geen doorgang voor gemotoriseerd verkeer",
    "6dd14722-79ad-4d25-aa0e-91e7fc53877b": "Geen doorgang voor gemotoriseerd verkeer uitgezonderd openbaar vervoer",
    "23c9463a-c199-4db3-a8ce-40a088066cb3": "Geen doorgang voor gemotoriseerd verkeer uitgezonderd plaatselijk verkeer",
    "ee31fd67-b75e-4499-9ad4-0a595717a9c7": "Afgesloten in 1 rijrichting",
    "5f8ff25a-87c7-47c8-9332-35d4fabf4b07": "Versmalde rijstroken",
    "cd1bbb8c-503f-4968-8483-01a4c2092d51": "Vermindering van rijstroken",
    "10c5101d-31fb-4909-a022-d76f868f7f50": "Wisselend verkeer via verkeersborden",
    "7cbd0430-f6d4-4c74-8b8e-21b677e6b3d7": "Wisselend verkeer via verkeerslichten",
    "9fa25822-90af-46af-9f81-402094766e83": "Hoogtebeperking: max 2,0 m",
    "6a71c816-511f-490c-9248-c68ded67ecd9": "Beperkte doorgang voor fietsers",
    "3c9d3c6e-c5bf-477b-a102-d12654ce5ef0": "Geen doorgang voor fietsers",
    "4981fd46-9536-415b-bd30-e53c0cedd799": "Geen doorgang voor gemotoriseerd verkeer uitgezonderd hulpdiensten",
    "427bc6a6-619c-482d-934c-bda986df18d1": "Snelheidsbeperking",
    "b133bb2c-98b7-4485-9ef8-7513e73d63d7": "Handelaars moeilijk bereikbaar",
}


def members(page: Page) -> Iterator[dict[str, Any]]:
    """Each version object of a page."""
    for member in page.members:
        yield _of_json(member) if isinstance(member, Mapping) else {}
    if page.graph is not None:
        yield from _of_graph(page.graph)


def _of_json(member: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "gipodId": _value(member.get("gipodId")),
        "description": _text(_value(member.get("description"))),
        "owner": _label(member.get("owner")),
        "status": _label(member.get("status"), STATUSES),
        "event": _value(member.get("eventName")),
        "generatedAtTime": _value(member.get("generatedAtTime")),
        "causes": [
            kind for one in _things(member.get("isConsequenceOf")) for kind in _as_list(one.get("@type"))
        ],
        "zones": [part for zone in _things(member.get("zone")) for part in _zones(zone)],
        "periods": [
            [_value(one.get("start")), _value(one.get("end"))] for one in _things(member.get("period"))
        ],
        "timeSchedule": member.get("timeSchedule"),
    }


def _zones(zone: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A zone, once for each of its geometries."""
    id_ = _last(zone.get("@id"))
    consequences = [_label(one, CONSEQUENCES) for one in _as_list(zone.get("consequence"))]
    geometries = [_value(ground.get("wkt")) for ground in _things(zone.get("geometry"))] or [None]
    for number, wkt in enumerate(geometries, start=1):
        part = id_ if number == 1 or id_ is None else f"{id_}-{number}"
        yield {"id": part, "wkt": wkt, "consequences": consequences}


def _as_list(value: Any) -> list[Any]:
    """The value as a list; JSON-LD writes a list of one as its item."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _value(value: Any) -> Any:
    """A literal of JSON-LD, plain or as `{"@value": …}`; of several languages the Dutch one."""
    some = _as_list(value)
    dutch = [one for one in some if isinstance(one, Mapping) and one.get("@language") == "nl"]
    first = next(iter(dutch or some), None)
    return first.get("@value") if isinstance(first, Mapping) else first


def _things(value: Any) -> list[Mapping[str, Any]]:
    """The nodes of a list, or the only one."""
    return [one for one in _as_list(value) if isinstance(one, Mapping)]


def _of_graph(graph: Any) -> Iterator[dict[str, Any]]:
    from rdflib import RDF, Namespace

    mobility, gipod = Namespace(MOBILITY), Namespace(GIPOD)
    adms, terms = Namespace("http://www.w3.org/ns/adms#"), Namespace("http://purl.org/dc/terms/")
    m8g, prov = Namespace("http://data.europa.eu/m8g/"), Namespace("http://www.w3.org/ns/prov#")

    def one(subject: Any, term: Any) -> Any:
        return next(graph.objects(subject, term), None)

    for subject in graph.subjects(RDF.type, mobility.Mobiliteitshinder):
        causes = list(graph.subjects(mobility["Inname.heeftGevolg"], subject))
        periods = list(graph.objects(subject, mobility.periode))
        yield {
            "gipodId": _plain(one(subject, gipod.gipodId)),
            "description": _text(_plain(one(subject, terms.description))),
            "owner": _graph_label(graph, one(subject, mobility.beheerder)),
            "status": _graph_label(graph, one(subject, mobility["Inname.status"]), STATUSES),
            "event": _plain(one(subject, adms.versionNotes)),
            "generatedAtTime": _plain(one(subject, prov.generatedAtTime)),
            "causes": [str(one(cause, RDF.type)).rpartition("#")[2] for cause in causes],
            "zones": [_graph_zone(graph, zone) for zone in graph.objects(subject, mobility.zone)],
            "periods": [
                [_plain(one(period, m8g.startTime)), _plain(one(period, m8g.endTime))] for period in periods
            ],
            "timeSchedule": None,
        }


def _graph_zone(graph: Any, zone: Any) -> dict[str, Any]:
    from rdflib import Namespace

    locn, geo = Namespace("http://www.w3.org/ns/locn#"), Namespace("http://www.opengis.net/ont/geosparql#")
    ground = next(graph.objects(zone, locn.geometry), None)
    consequences = graph.objects(zone, Namespace(MOBILITY).gevolg)
    return {
        "id": _last(str(zone)),
        "wkt": None if ground is None else _plain(next(graph.objects(ground, geo.asWKT), None)),
        "consequences": sorted(
            label for one in consequences if (label := _graph_label(graph, one, CONSEQUENCES))
        ),
    }


def _graph_label(graph: Any, node: Any, labels: Mapping[str, str] | None = None) -> str | None:
    from rdflib import Namespace

    if node is None:
        return None
    label = next(graph.objects(node, Namespace("http://www.w3.org/2004/02/skos/core#").prefLabel), None)
    return (
        _plain(label) if label is not None else (labels or {}).get(_last(str(node)) or "", _last(str(node)))
    )


def _label(value: Any, labels: Mapping[str, str] | None = None) -> str | None:
    """The label of a node, or the meaning of its id; a plain text is its own label."""
    if not isinstance(value, Mapping) or "@value" in value:
        text = _value(value)
        return text if isinstance(text, str) else None
    label = _value(value.get("prefLabel")) or _value(value.get("preferredName"))
    id_ = _last(value.get("@id"))
    return str(label) if label else (labels or {}).get(id_ or "", id_)


def _text(value: Any) -> str | None:
    words = free_text(value)
    return without_contacts(words) if words else None


def _last(address: Any) -> str | None:
    return str(address).rstrip("/").rpartition("/")[2] if address else None


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
