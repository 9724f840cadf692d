"""Why an advice says what it says: codes with parameters, which `presentation/` turns into sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from geo_service.domain.conflicts import RepairConflict, WorksParty
from geo_service.domain.holds import SURFACE_RULES
from geo_service.domain.order import Order
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import RepairCase


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: `code` names a sentence, `params` fill it; `conflict` is what it speaks of."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    conflict: RepairConflict | None = None


def constraints(
    repair: RepairCase, order: Order, leaning_on: Sequence[RepairConflict], parameters: Parameters
) -> tuple[Reason, ...]:
    """What else a person must know: a latest day that was set, and sources that nobody has read for long."""
    reasons = []
    if repair.latest_on is not None:
        code = "latest_on_passed" if order.contradiction == "latest_on" else "latest_on"
        reasons.append(Reason(code, {"until": repair.latest_on}))
    ages = {
        c.works.source: c.works.source_age_days
        for c in leaning_on
        if c.works.source_age_days is not None and c.works.source_age_days >= parameters.stale_after_days
    }
    reasons += [
        Reason("stale_source", {"source": source, "days": age}) for source, age in sorted(ages.items())
    ]
    return tuple(reasons)


def nuances(
    verdict: str, leading: RepairConflict | None, repair: RepairCase, order: Order, parameters: Parameters
) -> tuple[Reason, ...]:
    """What a verdict must add, as else its own figures or days would speak against it."""
    if leading is None:
        return ()
    if verdict == "repair" and _is_too_little(leading, order, parameters):
        return (Reason("too_little", {"threshold": parameters.coordinate_from_eur}),)
    closed_on, reported_on = leading.works.last_day, repair.reported_on
    if verdict == "recover" and reported_on is not None and reported_on <= closed_on:
        params = {"owner": leading.works.owner, "from": closed_on, "reported": reported_on}
        return (Reason("older_than_trench", params),)
    return ()


def _is_too_little(leading: RepairConflict, order: Order, parameters: Parameters) -> bool:
    """Whether waiting would cost less than what the works take, but asking more."""
    met = leading.rule in SURFACE_RULES and not (leading.crossing or leading.works.umbrella)
    cheaper = order.wait_eur is not None and order.wait_eur < order.now_eur
    return met and cheaper and order.now_eur < parameters.coordinate_from_eur


def reason_of(conflict: RepairConflict, parameters: Parameters, today: date, begin: date) -> Reason:
    """What a conflict says about its repair, of which `begin` is the first day."""
    works = conflict.works
    params: dict[str, Any] = {
        "owner": works.owner,
        "source_id": works.source_id,
        "from": works.starts_on,
        "to": works.ends_on,
        "last": works.last_day,
        "until": conflict.free_from,
        "slack": works.slack_days,
        "certainty": works.certainty,
        "layer": works.layer,
        "probability": conflict.probability,
        "cost": conflict.cost_at_risk_eur,
        "days": conflict.overlap_days if conflict.rule == "repair_during_works" else conflict.gap_days,
        "area_m2": conflict.overlap_m2,
        "total_m2": conflict.repair_m2,
        "distance_m": conflict.distance_m,
        "years": conflict.life_years,
        "month": works.starts_on,
        "agreed_until": conflict.agreement and conflict.agreement.until,
        "working_days": works.working_days,
    }
    if conflict.rule == "guarantee_applies":
        params["from"] = works.last_day  # the trench was closed
    return Reason(_reason_code(conflict, begin, seen_until(parameters, today)), params, conflict)


def seen_until(parameters: Parameters, today: date) -> date:
    """The last day on which works are near enough to hold a repair."""
    return today + timedelta(days=int(parameters.hold_look_ahead_days))


def special_of(works: WorksParty, begin: date, seen_until: date) -> str | None:
    """What is special about works that meet the surface of a repair, of which `begin` is the first day: the code of a reason, for an advice
    and for a list; None where nothing is. `seen_until`: what starts later is too far to hold it.
    """
    flags = {
        "umbrella": works.umbrella,
        "overrun": works.late,
        "overdue": works.overdue,
        "probably_finished": works.probably_finished,
        "vanished": works.vanished_on is not None,
        "indicative": works.certainty == "indicative",
        "running_on": works.ends_on <= begin and works.certainty == "in_progress",
        "within_slack": works.ends_on <= begin and works.slack_days > 0,
        "beyond_lookahead": works.starts_on > seen_until,
    }
    return next((code for code, fits in flags.items() if fits), None)


def _reason_code(conflict: RepairConflict, begin: date, seen_until: date) -> str:
    if conflict.rule not in SURFACE_RULES:
        return conflict.rule
    if conflict.agreement:
        return f"agreed_{conflict.agreement.kind}"
    if conflict.after:
        return "after_layer"
    if conflict.crossing:
        return "crossing"
    return special_of(conflict.works, begin, seen_until) or conflict.rule
