"""A verdict as a title and as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from geo_service.domain.advice import Advice
from geo_service.domain.conflicts import RepairConflict, WorksParty
from geo_service.domain.holds import SURFACE_RULES
from geo_service.domain.reasons import Reason
from geo_service.i18n import Translator

LEAST_M2 = 0.5
"""Ground that is told as 0 m²: the works lie beside the repair, and take its edge."""
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
    if little := reason(advice, "too_little"):
        return f"{text} {translator.text('reason.too_little', **little.params)}"
    leading = advice.leading
    if leading is None or leading.agreement is not None or advice.until != leading.works.claimed_until:
        return text
    if advice.reasons[0].code in LONGER:
        return text
    if leading.works.overdue and not leading.works.late:
        return f"{text} {translator.text('sequence.if_today', **params)}"
    slack = leading.works.slack_days
    return f"{text} {translator.text('verdict.slack', **params)}" if slack else text


def reason(advice: Advice, code: str) -> Reason | None:
    """The reason with this code, if the advice gives it."""
    return next((one for one in advice.reasons if one.code == code), None)


def _params(advice: Advice) -> dict[str, Any]:
    """The figures of the first reason, the day until when, and the costs."""
    params = dict(advice.reasons[0].params) if advice.reasons else {}
    params["until"] = advice.until or params.get("until")
    order = advice.order
    # the price of waiting, also where that is not the best
    best = order.best_eur if order.wait_eur is None else order.wait_eur
    params |= {
        "now": order.now_eur,
        "best": best,
        "waiting": order.waiting_eur,
        "cost": advice.cost_at_risk_eur,
    }
    if first := advice.opens_before:
        params |= {"first_owner": first.works.owner, "days": first.gap_days}
    return params


def _key(advice: Advice) -> str:
    leading = advice.leading
    if leading is None:
        return f"verdict.{advice.verdict}.sentence"
    if leading.agreement and leading.rule in SURFACE_RULES:
        return f"reason.agreed_{leading.agreement.kind}"
    if advice.verdict == "repair":
        return _repair_key(advice, leading)
    if advice.verdict == "recover":
        return "verdict.recover.older" if reason(advice, "older_than_trench") else "verdict.recover.sentence"
    if advice.verdict == "make_safe" and leading.rule == "guarantee_applies":
        return "verdict.make_safe.guarantee"
    if advice.verdict == "make_safe" and advice.until is None:
        return "verdict.make_safe.overrun" if leading.works.late else "verdict.make_safe.no_day"
    if advice.verdict == "coordinate":
        return f"verdict.coordinate.{_question(advice, leading)}"
    if advice.verdict in ("wait", "make_safe") and not advice.blocked:
        return f"verdict.{advice.verdict}.plan"
    spot = ".spot" if advice.scope == "spot" else ""
    return (
        _wait_key(advice, leading, spot)
        if advice.verdict == "wait"
        else f"verdict.{advice.verdict}.sentence{spot}"
    )


def _repair_key(advice: Advice, leading: RepairConflict) -> str:
    """What a free repair is told of the works it meets all the same."""
    if leading.rule in SURFACE_RULES and leading.works.overdue and not leading.works.late:
        return "verdict.repair.overdue"
    return "verdict.repair_later_works.sentence" if _far_off(leading) else f"reason.{advice.reasons[0].code}"


def _wait_key(advice: Advice, leading: RepairConflict, spot: str) -> str:
    """How works that hold the repair are told: what they take of it, or how much longer they may take."""
    if advice.reasons[0].code in LONGER:
        return f"verdict.wait.{advice.reasons[0].code}"
    if leading.rule == "repair_during_works":
        return "verdict.blocked.sentence"
    if advice.opens_before:
        return f"verdict.wait.several{spot}"
    return f"verdict.wait.edge{spot}" if leading.overlap_m2 < LEAST_M2 else f"verdict.wait.sentence{spot}"


def _far_off(leading: RepairConflict) -> bool:
    """Whether these works open the surface itself one day."""
    if leading.rule not in SURFACE_RULES:
        return False
    return not (leading.after or leading.crossing or leading.works.umbrella or leading.works.overdue)


def _question(advice: Advice, leading: RepairConflict) -> str:
    """The question that a person must answer."""
    works = leading.works
    if leading.blocking and works.late:
        return "overrun"
    if leading.blocking and works.probably_finished:
        return "probably_finished"
    if works.overdue:
        return "overdue"
    if leading.blocking and works.window and not advice.order.contradiction:
        return "window.one" if works.working_days == 1 else "window"
    if advice.order.waits and not advice.order.contradiction and _is_programme(works):
        return "some_day"
    return advice.order.contradiction or ("costly" if advice.order.waits else "thin")


def _is_programme(works: WorksParty) -> bool:
    """Whether their days are those of a programme, a half year or longer: they come on one of them."""
    return not works.sure and works.ends_on - works.starts_on > timedelta(days=180)
