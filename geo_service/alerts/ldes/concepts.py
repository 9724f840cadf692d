"""The codes of the streams as SKOS concepts, with their words in every language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from geo_service import i18n
from geo_service.alerts.ldes.members import REPAIR, WORKS_CATEGORIES, Node
from geo_service.alerts.ldes.pages import PREFIXES
from geo_service.detection.rules import RULES
from geo_service.domain.alternatives import Verdict
from geo_service.domain.conflicts import SEVERITIES, STATUSES
from geo_service.domain.repairs import REPAIR_CATEGORIES, REPAIR_STATUSES, SCOPES, URGENCIES
from geo_service.domain.works import CERTAINTIES, WORKS_KINDS

SCHEMES: Sequence[tuple[str, str, Sequence[str]]] = (
    ("works_kind", "works_kind.{}", WORKS_KINDS),
    ("works_kind", "claim.{}", (REPAIR,)),
    ("works_category", "works_category.{}", WORKS_CATEGORIES),
    ("zone", "works_kind.{}", WORKS_KINDS),
    ("zone", "scope.{}", SCOPES),
    ("certainty", "certainty.{}", CERTAINTIES),
    ("category", "category.{}", REPAIR_CATEGORIES),
    ("repair_status", "repair_status.{}", REPAIR_STATUSES),
    ("urgency", "urgency.{}", URGENCIES),
    ("verdict", "verdict.{}.title", get_args(Verdict)),
    ("status", "status.{}", STATUSES),
    ("severity", "severity.{}", SEVERITIES),
    ("rule", "rule.{}", tuple(rule.id for rule in RULES)),
)
"""Each kind of code, where the catalogue has its words, and the codes."""


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
                {"@value": i18n.sentences(language)[words.format(code)], "@language": language}
                for language in languages
            ],
        }
        for scheme, words, codes in SCHEMES
        for code in codes
    ]
    context = {**PREFIXES, "geo": f"{address}#"}
    return {"@context": context, "@graph": [{"@id": address, "@type": "skos:ConceptScheme"}, *graph]}
