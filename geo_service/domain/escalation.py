"""How many working days a desk has to decide on a conflict, before the coordinator is asked."""

from __future__ import annotations

from collections.abc import Mapping

from geo_service.domain.parameters import Parameters

RULE_FACTORS: Mapping[str, float] = {
    "*": 1,
    "shared_trench": 2,
    "accumulated_hindrance": 2,
    "repair_in_wake": 0.5,
}
"""Chances take longer to arrange than clashes, unless the works that offer them end within weeks; `*` is every other rule."""


def table(parameters: Parameters) -> list[tuple[str, str, int]]:
    """Return rule, severity and the working days that such a conflict may stay undecided. What is low may stay so for as long as it lasts."""
    days = {
        "critical": parameters.term_critical_days,
        "high": parameters.term_high_days,
        "medium": parameters.term_medium_days,
    }
    return [
        (rule, severity, max(1, round(count * factor)))
        for rule, factor in RULE_FACTORS.items()
        for severity, count in days.items()
    ]
