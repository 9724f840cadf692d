"""Advice in full: codes and figures beside their sentences, with its reasons, alternatives, contacts and the order of works."""

from __future__ import annotations

from typing import Any

from geo_service.domain.advice import Advice
from geo_service.domain.alternatives import Alternative
from geo_service.domain.reasons import Reason
from geo_service.i18n import Translator
from geo_service.presentation import citizen, verdicts
from geo_service.presentation.order_of_works import describe_order

WORKS_FIELDS = ("owner", "source", "source_id", "starts_on", "ends_on", "certainty")
CONFLICT_FIELDS = ("probability", "rule", "rule_version")
FIGURES = ("distance_m", "overlap_m2", "gap_days", "probability", "cost_at_risk_eur")


def describe_advice(advice: Advice, translator: Translator) -> dict[str, Any]:
    """The advice of the contract, with sentences in the reader's language."""
    return {
        "verdict": advice.verdict,
        "until": advice.until,
        "blocked": advice.blocked,
        "title": verdicts.title(advice, translator),
        "sentence": verdicts.sentence(advice, translator),
        "reasons": _reasons(advice, translator),
        "alternatives": [_alternative(option, translator) for option in advice.alternatives],
        "cost_at_risk_eur": advice.cost_at_risk_eur,
        "contacts": _contacts(advice),
        "citizen_text": citizen.text(*citizen.message_of(advice), translator),
        "order": describe_order(advice, translator),
    }


def _reasons(advice: Advice, translator: Translator) -> list[dict[str, Any]]:
    """The reasons, each once, the weightiest first: two rules or two phases may give the same one."""
    by_text: dict[str, dict[str, Any]] = {}
    for reason in advice.reasons:
        one = _reason(reason, translator)
        by_text.setdefault(one["text"], one)
    return list(by_text.values())


def _reason(reason: Reason, translator: Translator) -> dict[str, Any]:
    conflict = reason.conflict
    fields: dict[str, Any] = dict.fromkeys((*WORKS_FIELDS, *CONFLICT_FIELDS, "facts"))
    text = translator.text(f"reason.{reason.code}", **reason.params)
    if conflict is not None:
        fields |= {name: getattr(conflict.works, name) for name in WORKS_FIELDS}
        fields |= {name: getattr(conflict, name) for name in CONFLICT_FIELDS}
        fields["facts"] = {name: getattr(conflict, name) for name in FIGURES}
        works = translator.text("reason.works", **{**reason.params, "from": conflict.works.starts_on})
        text = f"{works} {text}"
    return {"code": reason.code, "text": text, "params": reason.params, **fields}


def _alternative(option: Alternative, translator: Translator) -> dict[str, Any]:
    free = option.code == "repair_anyway" and option.needs_role is None
    forms = {
        ".free": free,
        ".filled": option.params.get("filled"),
        ".occupied": option.params.get("occupied"),
        ".sure": option.params.get("sure"),
    }
    form = next((form for form, fits in forms.items() if fits), "")
    return {
        "code": option.code,
        "text": translator.text(f"alternative.{option.code}.title", **option.params),
        "consequence": translator.text(f"alternative.{option.code}.consequence{form}", **option.params),
        "cost_eur": option.cost_eur,
        "expected_eur": option.expected_eur,
        "recommended": option.recommended,
        "needs_role": option.needs_role,
    }


def _contacts(advice: Advice) -> list[dict[str, Any]]:
    """Organisations to call; no persons are stored."""
    parties = {
        (reason.conflict.works.owner, reason.conflict.works.source_id, reason.conflict.works.source)
        for reason in advice.reasons
        if reason.conflict
    }
    return [
        {"organisation": owner, "works_source_id": id_, "source": source}
        for owner, id_, source in sorted(parties)
    ]
