"""The request to the owner of works: to reinstate the full width, to pay, or to say whether they are finished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo_service.i18n import Translator
from geo_service.presentation.places import frontage
from geo_service.store.listing import Row

REQUESTS = {
    "guarantee_applies": "request.recover",
    "overrun": "request.finished",
    "probably_finished": "request.finished",
    "overdue": "request.begun",
    "whole_street": "request.side",
}
"""The request by reason; the default is to reinstate the full width."""
VERDICTS = ("wait", "combine", "recover", "make_safe", "coordinate")
"""The verdicts for which an owner can do something."""


def request_text(
    advice: Mapping[str, Any],
    fronts: Sequence[Mapping[str, Any]],
    section: Row | None,
    translator: Translator,
) -> str | None:
    """The request to the owner of the works: "herstel de volle breedte voor huisnummer 12 tot 16"; None
    without an addressee. `advice` is that of `describe_advice`, `fronts` are the houses along the place.
    """
    with_owner = [one for one in advice["reasons"] if one["owner"]]
    reason = next((one for one in with_owner if one["code"] in REQUESTS), next(iter(with_owner), None))
    if reason is None or advice["verdict"] not in VERDICTS:
        return None
    key = REQUESTS.get(reason["code"], "request.full_width")
    if key in (REQUESTS["guarantee_applies"], "request.full_width") and not fronts:
        return None
    front = _front(fronts, section, translator) if fronts else None
    where = " ".join((front["street"], front["text"])) if front else reason["source_id"]
    params = {**reason["params"], "owner": reason["owner"], "source_id": reason["source_id"]}
    return translator.text(key, **params, where=where)


def _front(
    fronts: Sequence[Mapping[str, Any]], section: Row | None, translator: Translator
) -> Mapping[str, Any]:
    """The houses on the street of the section; the nearest house may stand on a corner, with a number in the
    other street.
    """
    if section is None or section["street"] is None:
        return fronts[0]
    numbered = [frontage(section, translator)] if section["number_from"] and section["number_to"] else fronts
    return next((one for one in fronts if one["street"] == section["street"]), numbered[0])
