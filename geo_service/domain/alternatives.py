"""What one could do instead of the verdict, and what each way on is expected to cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from geo_service.domain.conflicts import RepairConflict
from geo_service.domain.order import Order
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import RepairCase

Verdict = Literal["repair", "make_safe", "wait", "combine", "recover", "coordinate"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """What one could do instead, with what that costs extra (euro), what it is expected to cost in all (None: nobody knows), and the role
    it needs."""

    code: str
    cost_eur: float = 0
    params: Mapping[str, Any] = field(default_factory=dict)
    recommended: bool = False
    needs_role: str | None = None
    expected_eur: float | None = None


FITTING: Mapping[str, tuple[str, ...]] = {
    "repair": ("repair_now", "spot_only", "wait"),
    "make_safe": ("make_safe", "recover", "combine", "repair_anyway"),
    "wait": ("wait", "recover", "make_safe", "combine", "advance", "repair_anyway"),
    "combine": ("combine", "wait", "make_safe", "repair_anyway"),
    "recover": ("recover", "make_safe", "repair_anyway"),
    "coordinate": ("coordinate", "make_safe", "spot_only", "wait", "advance", "repair_anyway"),
}
"""For each verdict the ways on, the recommended one first."""


def alternatives_to(
    verdict: Verdict,
    until: date | None,
    leading: RepairConflict | None,
    order: Order,
    repair: RepairCase,
    parameters: Parameters,
    today: date,
    *,
    blocked: bool,
    owed: RepairConflict | None,
) -> tuple[Alternative, ...]:
    """At least two ways on, the recommended one first, each with its consequence and its expected cost. `owed`: the guarantee on the hole."""
    if leading is None:
        return (
            Alternative("repair_now", recommended=True, expected_eur=0),
            _patch(repair, parameters, {}, 0.0),
        )
    fitting = FITTING[verdict]
    if verdict == "repair" and leading.rule == "repair_in_wake":
        fitting = ("repair_now", "combine", "wait")
    elif verdict == "repair" and leading.rule == "occupancy_during_repair":
        fitting = ("repair_now", "coordinate" if leading.works.late else "wait")
    elif verdict == "repair" and (leading.works.umbrella or leading.works.overdue):
        fitting = ("repair_now", "spot_only", "coordinate")  # nobody waits for an end that nobody knows
    by_code = {
        option.code: option for option in _options(until, leading, order, repair, parameters, today, blocked)
    }
    dropped = {"spot_only"} if repair.scope == "spot" else set()
    if owed is None:
        dropped.add("recover")
    else:
        by_code["recover"] = Alternative("recover", 0, {"owner": owed.works.owner}, expected_eur=0)
    if until is None and leading.works.late:
        dropped.add("wait")  # nobody knows until when
    if leading.agreement is not None and leading.agreement.kind == "full_width":
        dropped |= {"combine", "advance"}  # they said yes, for their own days
    if leading.works.certainty == "in_progress" or leading.works.overdue:
        dropped.add("advance")
    chosen = [by_code[code] for code in fitting if code not in dropped]
    return tuple(replace(option, recommended=place == 0) for place, option in enumerate(chosen))


def _options(
    until: date | None,
    leading: RepairConflict,
    order: Order,
    repair: RepairCase,
    parameters: Parameters,
    today: date,
    blocked: bool,
) -> list[Alternative]:
    works = leading.works
    free_from = until or order.wait_on or leading.free_from
    params = {"owner": works.owner, "until": free_from, "from": works.starts_on}
    days = (works.starts_on, works.ends_on, works.claimed_until)
    answer_by = next(
        (day for day in days if day > today), works.claimed_until
    )  # works that run can still join
    anyway = "coordinator" if blocked else None
    return [
        Alternative("wait", 0, params, expected_eur=order.wait_eur),
        _patch(repair, parameters, params, order.best_eur, paid=repair.urgent and order.waits),
        Alternative("combine", 0, {**params, "until": answer_by}),
        Alternative(
            "coordinate", 0, {**params, "sure": works.sure and not works.overdue and not works.window}
        ),
        Alternative("advance", 0, params),
        Alternative("spot_only", parameters.spot_repair_eur, params, expected_eur=parameters.spot_repair_eur),
        Alternative(
            "repair_anyway", order.cost_at_risk_eur, params, needs_role=anyway, expected_eur=order.now_eur
        ),
        Alternative(
            "repair_now",
            order.cost_at_risk_eur,
            {**params, "occupied": not works.opens_surface},
            expected_eur=order.now_eur,
        ),
    ]


def _patch(
    repair: RepairCase,
    parameters: Parameters,
    params: Mapping[str, Any],
    later_eur: float,
    *,
    paid: bool = False,
) -> Alternative:
    """To make safe now and repair later. `paid`: what comes later counts the patch already."""
    safe = parameters.safe_eur(repair.scope)
    filled = repair.scope == "spot" and parameters.spot_repair_eur <= parameters.make_safe_eur
    return Alternative(
        "make_safe",
        safe,
        {**params, "filled": filled},
        expected_eur=round(later_eur + (0 if paid else safe), 2),
    )
