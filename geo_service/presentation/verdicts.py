"""A verdict as a title and as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from geo_service.domain.advice import Advice
from geo_service.domain.conflicts import RepairConflict, WorksParty
from geo_service.domain.holds import SURFACE_RULES
from geo_service.i18n import Translator

LONGER = ("within_slack", "running_on")
"""Reasons that say by themselves how much longer works may take than they state."""


def title(advice: Advice, translator: Translator) -> str:
    """The verdict: "Wacht tot do 26 nov"."""
    return name(advice.verdict, _params(advice), translator)


def name(verdict: str, params: Mapping[str, Any], translator: Translator) -> str:
    """The title of a verdict for these `owner` and `until`."""
    return translator.text(f"verdict.{verdict}.title", **params)


def sentence(advice: Advice, translator: Translator) -> str:
    """The sentence under the verdict; slack before the first free day has a sentence of its own."""
    params = _params(advice)
    text = translator.text(_key(advice), **params)
    leading = advice.leading
    if leading is None or leading.agreement is not None or advice.until != leading.works.claimed_until:
        return text
    if advice.reasons[0].code in LONGER:
        return text
    if leading.works.overdue and not leading.works.late:
        return f"{text} {translator.text('sequence.if_today', **params)}"
    slack = leading.works.slack_days
    return f"{text} {translator.text('verdict.slack', **params)}" if slack else text


def _params(advice: Advice) -> dict[str, Any]:
    """The figures of the first reason, the day until when, and the costs."""
    params = dict(advice.reasons[0].params) if advice.reasons else {}
    params["until"] = advice.until or params.get("until")
    order = advice.order
    # the price of waiting, also where that is not the best
    best = order.best_eur if order.wait_eur is None else order.wait_eur
    params |= {"now": order.now_eur, "best": best, "waiting": order.waiting_eur}
    if first := advice.opens_before:
        params |= {"first_owner": first.works.owner, "days": first.gap_days}
    return params


def _key(advice: Advice) -> str:
    leading = advice.leading
    if leading and leading.agreement and leading.rule in SURFACE_RULES:
        return f"reason.agreed_{leading.agreement.kind}"
    spot = ".spot" if advice.scope == "spot" else ""
    if advice.verdict == "repair" and advice.reasons[0].code != "nothing_planned":
        return (
            "verdict.repair_later_works.sentence" if _far_off(leading) else f"reason.{advice.reasons[0].code}"
        )
    if advice.verdict == "make_safe" and leading and leading.rule == "guarantee_applies":
        return "verdict.make_safe.guarantee"
    if advice.verdict == "make_safe" and leading and advice.until is None:
        return "verdict.make_safe.overrun" if leading.works.late else "verdict.make_safe.no_day"
    if advice.verdict == "coordinate" and leading:
        return f"verdict.coordinate.{_question(advice, leading)}"
    if advice.verdict in ("wait", "make_safe") and not advice.blocked:
        return f"verdict.{advice.verdict}.plan"
    if advice.verdict == "wait" and advice.reasons[0].code in LONGER:
        return f"verdict.wait.{advice.reasons[0].code}"
    if advice.verdict == "wait" and leading and leading.rule == "repair_during_works":
        return "verdict.blocked.sentence"
    if advice.verdict == "wait" and advice.opens_before:
        return f"verdict.wait.several{spot}"
    return f"verdict.{advice.verdict}.sentence{spot if advice.verdict in ('wait', 'combine', 'make_safe') else ''}"


def _far_off(leading: RepairConflict | None) -> bool:
    """Whether these works open the surface itself one day."""
    if leading is None or leading.rule not in SURFACE_RULES:
        return False
    return not (leading.after or leading.crossing or leading.works.umbrella)


def _question(advice: Advice, leading: RepairConflict) -> str:
    """The question that a person must answer."""
    works = leading.works
    if leading.blocking and works.late:
        return "overrun"
    if leading.blocking and works.probably_finished:
        return "probably_finished"
    if works.overdue:
        return "overdue"
    if advice.order.waits and not advice.order.contradiction and _is_programme(works):
        return "some_day"
    return advice.order.contradiction or ("costly" if advice.order.waits else "thin")


def _is_programme(works: WorksParty) -> bool:
    """Whether their days are those of a programme, a half year or longer: they come on one of them."""
    return not works.sure and works.ends_on - works.starts_on > timedelta(days=180)
