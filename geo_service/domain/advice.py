"""Advice: may I repair this? A pure function of the repair, its conflicts, the city's parameters and today.

It returns codes and parameters, never sentences: those are made from `viewer/locales/` at the edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from geo_service.domain.conflicts import RepairConflict
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import RepairCase

Verdict = Literal["repair", "make_safe", "wait", "combine", "recover", "coordinate"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: `code` names a sentence, `params` fill it; `conflict` is what it speaks of."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    conflict: RepairConflict | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """What one could do instead, with what that costs extra (euro) and the role it needs."""

    code: str
    cost_eur: float = 0
    params: Mapping[str, Any] = field(default_factory=dict)
    recommended: bool = False
    needs_role: str | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """A verdict with its date, reasons, alternatives and what it would cost to ignore it (euro).

    `blocked`: the repair cannot be scheduled without an override. `until` is the first free day.
    """

    verdict: Verdict
    until: date | None
    blocked: bool
    reasons: tuple[Reason, ...]
    alternatives: tuple[Alternative, ...]
    cost_at_risk_eur: float
    leading: RepairConflict | None = None

    @property
    def opens_before(self) -> RepairConflict | None:
        """Of several works that hold the repair the last decide until when; the first, if they come before those, how long a new surface would lie."""
        held = [one.conflict for one in self.reasons if one.conflict and one.conflict.blocking]
        opening = [one for one in held if one.rule == "wasted_repair"]
        first = min(opening, key=lambda one: one.gap_days, default=None)
        return first if first and self.leading and first.gap_days < self.leading.gap_days else None


def advise(
    repair: RepairCase, conflicts: Sequence[RepairConflict], parameters: Parameters, today: date
) -> Advice:
    """May this be repaired now, and if not: until when, because of whom, and what else can be done?

    Accepted risks no longer count. A rule may change the kind of repair, never postpone safety.
    """
    live = [c for c in conflicts if c.status != "accepted_risk"]
    surface = [c for c in live if c.rule in ("wasted_repair", "repair_during_works")]
    holding = [c for c in live if c.blocking]
    advisory = [c for c in surface if not c.blocking]
    uncertain = _costliest([c for c in advisory if not c.works.umbrella])
    guarantees = [c for c in live if c.rule == "guarantee_applies"]
    wakes = [c for c in live if c.rule == "repair_in_wake"]
    at_risk = _cost_at_risk(live)
    decided: tuple[Verdict, date | None, RepairConflict | None]
    if holding:
        decided = _held(repair, holding, [c for c in wakes if c.works.ends_on > today])
    elif guarantees:
        decided = (
            "make_safe" if repair.urgency == "danger" else "recover",
            None,
            max(guarantees, key=lambda c: c.works.ends_on),
        )
    elif at_risk >= parameters.coordinate_from_eur and uncertain is not None:
        decided = ("coordinate", None, uncertain)
        if repair.urgency in ("danger", "high"):
            decided = ("make_safe", uncertain.works.claimed_until, uncertain)
    else:
        decided = ("repair", None, _costliest(advisory) or _costliest(wakes))
    verdict, until, leading = decided
    reasons = tuple(_reason(c, parameters, today) for c in _by_weight(live, leading)) or (
        Reason("nothing_planned", {"until": today + timedelta(days=int(parameters.hold_look_ahead_days))}),
    )
    alternatives = _alternatives(verdict, until, leading, at_risk, repair, parameters)
    return Advice(verdict, until, bool(holding), reasons, alternatives, at_risk, leading)


def _held(
    repair: RepairCase, holding: Sequence[RepairConflict], wakes: Sequence[RepairConflict]
) -> tuple[Verdict, date, RepairConflict]:
    """The surface will be opened for sure and soon: what now, and until which day."""
    last = max(holding, key=lambda c: (c.works.claimed_until, c.cost_at_risk_eur))
    until = last.works.claimed_until
    first = min(holding, key=lambda c: (c.works.starts_on, -c.cost_at_risk_eur))
    if repair.urgency in ("danger", "high"):
        return "make_safe", until, first
    if asked := [c for c in holding if c.works.overdue or c.works.probably_finished]:
        return "coordinate", until, asked[0]
    if all(c.works.owner_kind == "city" or _takes_along(c, wakes) for c in holding):
        return "combine", until, first
    return "wait", until, last


def _takes_along(held: RepairConflict, wakes: Sequence[RepairConflict]) -> bool:
    """Whether the works that hold the repair are under way and end soon: their reinstatement can include it."""
    works = (held.works.source, held.works.source_id)
    return held.works.certainty == "in_progress" and any(
        (wake.works.source, wake.works.source_id) == works for wake in wakes
    )


def _cost_at_risk(conflicts: Sequence[RepairConflict]) -> float:
    """The surface is lost once, however many come to open it: the dearest counts."""
    return max((c.cost_at_risk_eur for c in conflicts), default=0.0)


def _costliest(conflicts: Sequence[RepairConflict]) -> RepairConflict | None:
    return max(
        conflicts, key=lambda c: (c.cost_at_risk_eur, c.works.ends_on, c.works.claimed_until), default=None
    )


def _by_weight(conflicts: Sequence[RepairConflict], leading: RepairConflict | None) -> list[RepairConflict]:
    """The leading one first, then what holds, then by cost."""
    return sorted(
        conflicts, key=lambda c: (c is not leading, not c.blocking, -c.cost_at_risk_eur, c.works.starts_on)
    )


def _reason(conflict: RepairConflict, parameters: Parameters, today: date) -> Reason:
    works = conflict.works
    params: dict[str, Any] = {
        "owner": works.owner,
        "source_id": works.source_id,
        "from": works.starts_on,
        "to": works.ends_on,
        "until": works.claimed_until,
        "certainty": works.certainty,
        "probability": conflict.probability,
        "cost": conflict.cost_at_risk_eur,
        "days": conflict.gap_days,
        "area_m2": conflict.overlap_m2,
        "total_m2": conflict.repair_m2,
        "distance_m": conflict.distance_m,
        "years": conflict.life_years,
        "month": works.starts_on,
    }
    if conflict.rule == "guarantee_applies":
        params["from"] = works.ends_on - timedelta(days=1)  # the last day of the works: the trench was closed
    return Reason(_reason_code(conflict, parameters, today), params, conflict)


def _reason_code(conflict: RepairConflict, parameters: Parameters, today: date) -> str:
    works = conflict.works
    if conflict.rule not in ("wasted_repair", "repair_during_works"):
        return conflict.rule
    if works.umbrella:
        return "umbrella"
    if works.overdue:
        return "overdue"
    if works.probably_finished:
        return "probably_finished"
    if works.certainty == "indicative":
        return "indicative"
    if works.starts_on > today + timedelta(days=int(parameters.hold_look_ahead_days)):
        return "beyond_lookahead"
    return conflict.rule


def _alternatives(
    verdict: Verdict,
    until: date | None,
    leading: RepairConflict | None,
    at_risk: float,
    repair: RepairCase,
    parameters: Parameters,
) -> tuple[Alternative, ...]:
    """At least two ways on, the recommended one first, each with its consequence."""
    if leading is None:
        return (
            Alternative("repair_now", recommended=True),
            Alternative("make_safe", parameters.make_safe_eur),
        )
    params = {"owner": leading.works.owner, "until": until or leading.works.claimed_until}
    anyway = "coordinator" if leading.blocking else None
    options = [
        Alternative("wait", 0, params),
        Alternative("make_safe", parameters.make_safe_eur, params),
        Alternative("combine", 0, {**params, "until": leading.works.starts_on}),
        Alternative("coordinate", 0, params),
        Alternative("recover", 0, params),
        Alternative("repair_anyway", at_risk, params, needs_role=anyway),
    ]
    if repair.scope != "spot":
        options.insert(5, Alternative("spot_only", parameters.spot_repair_eur, params))
    fitting = {
        "repair": ("repair_now", "combine", "wait")
        if leading.rule == "repair_in_wake"
        else (
            "repair_now",
            "spot_only",
            "coordinate" if leading.works.umbrella else "wait",
        ),  # which ends in years
        "make_safe": ("make_safe", "combine", "repair_anyway"),
        "wait": ("wait", "make_safe", "combine", "repair_anyway"),
        "combine": ("combine", "wait", "make_safe", "repair_anyway"),
        "recover": ("recover", "make_safe", "repair_anyway"),
        "coordinate": ("coordinate", "make_safe", "spot_only", "wait", "repair_anyway"),
    }[verdict]
    known = {option.code: option for option in (*options, Alternative("repair_now", at_risk, params))}
    chosen = [known[code] for code in fitting if code in known]
    return tuple(
        Alternative(c.code, c.cost_eur, c.params, recommended=place == 0, needs_role=c.needs_role)
        for place, c in enumerate(chosen)
    )
