"""The lines of a week plan in words: why that day, and why a repair gets none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from geo_service.domain.planning import Left
from geo_service.domain.planning_reasons import Reason
from geo_service.i18n import Translator
from geo_service.presentation import verdicts

VERDICTS = ("wait", "coordinate", "combine", "recover", "make_safe", "repair")
"""Reasons that are the advice on the first day of the plan."""


def describe_reasons(
    reasons: Iterable[Reason], repairs: Mapping[UUID, Mapping[str, Any]], translator: Translator
) -> list[dict[str, str]]:
    """The codes of the reasons with their sentences."""
    return [
        {
            "code": one.code,
            "text": translator.text(
                f"week_plan.reason.{one.code}",
                day=one.day,
                owner=one.owner,
                numbers=", ".join(f"H-{repairs[id_]['number']}" for id_ in one.with_ids),
            ),
        }
        for one in reasons
    ]


def why_left(left: Left, translator: Translator) -> str:
    """Why a repair gets no day: the sentence of its advice, or that no crew has room."""
    if left.reason in VERDICTS:
        advice = left.job.advice[min(left.job.advice)]
        return f"{verdicts.title(advice, translator)}. {verdicts.sentence(advice, translator)}"
    return translator.text(f"week_plan.left.{left.reason}")
