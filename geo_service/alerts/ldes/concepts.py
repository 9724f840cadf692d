"""The codes of the streams as SKOS concepts, with their words in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geo_service import i18n
from geo_service.alerts.ldes.members import Node
from geo_service.alerts.ldes.pages import PREFIXES
from geo_service.domain.conflicts import SEVERITIES, STATUSES
from geo_service.domain.repairs import REPAIR_CATEGORIES, REPAIR_STATUSES, URGENCIES
from geo_service.domain.works import CERTAINTIES, WORKS_KINDS

SCHEMES: Mapping[str, Sequence[str]] = {
    "works_kind": WORKS_KINDS,
    "certainty": CERTAINTIES,
    "category": REPAIR_CATEGORIES,
    "repair_status": REPAIR_STATUSES,
    "urgency": URGENCIES,
    "status": STATUSES,
    "severity": SEVERITIES,
}
"""By the group of their words in the catalogue."""


def document(base_url: str, languages: Sequence[i18n.Language]) -> Node:
    """The document at `/ldes/concepts`."""
    address = f"{base_url}/ldes/concepts"
    graph = [
        {
            "@id": f"geo:{scheme}-{code}",
            "@type": "skos:Concept",
            "skos:inScheme": {"@id": address},
            "skos:notation": code,
            "skos:prefLabel": [
                {"@value": i18n.sentences(language)[f"{scheme}.{code}"], "@language": language}
                for language in languages
            ],
        }
        for scheme, codes in SCHEMES.items()
        for code in codes
    ]
    context = {**PREFIXES, "geo": f"{address}#"}
    return {"@context": context, "@graph": [{"@id": address, "@type": "skos:ConceptScheme"}, *graph]}
