"""Advice: may I repair this? A pure function of the repair, its conflicts, the city's parameters and today.

The order of works (`domain.sequence`) says on which day the repair costs least; rules say what is not allowed; the verdict puts the two
into one word. Safety is never postponed, and where facts contradict, or two ways cost the same, people decide.

It returns codes and parameters, never sentences: `presentation/` makes those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from geo_service.domain.agreements import AgreementKind
from geo_service.domain.alternatives import Alternative, Verdict, alternatives_to
from geo_service.domain.conflicts import RepairConflict
from geo_service.domain.holds import SURFACE_RULES, by_agreement
from geo_service.domain.layers import Layer
from geo_service.domain.order import Order
from geo_service.domain.parameters import Parameters
from geo_service.domain.reasons import Reason, constraints, nuances, reason_of, seen_until
from geo_service.domain.repairs import RepairCase
from geo_service.domain.sequence import order_of

LEAST_JOINED = 0.1
"""The city's own works take a repair along from this share of it on: nobody relays a section for the pit of a tree."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A verdict with its date, reasons, alternatives and what it would cost to ignore it (euro), and the `order` of works behind it.

    `blocked`: the repair cannot be scheduled without an override. `until` is the first free day; None when the repair need not wait, or
    when nobody knows.
    """

    verdict: Verdict
    until: date | None
    blocked: bool
    reasons: tuple[Reason, ...]
    alternatives: tuple[Alternative, ...]
    cost_at_risk_eur: float
    leading: RepairConflict | None = None
    order: Order = field(default_factory=Order)
    scope: str = "section"

    @property
    def opens_before(self) -> RepairConflict | None:
        """The first works that would open a new surface, when they begin before the works that decide the date; None otherwise."""
        conflicts = [
            reason.conflict for reason in self.reasons if reason.conflict and reason.conflict.blocking
        ]
        openings = [conflict for conflict in conflicts if conflict.rule == "wasted_repair"]
        first = min(openings, key=lambda conflict: conflict.gap_days, default=None)
        return first if first and self.leading and first.gap_days < self.leading.gap_days else None


def advise(
    repair: RepairCase,
    conflicts: Sequence[RepairConflict],
    parameters: Parameters,
    today: date,
    ranks: Mapping[Layer, int],
) -> Advice:
    """May this be repaired now, and if not: until when, because of whom, and what else can be done? `ranks`: the city's order of layers.

    Accepted risks no longer count, and agreements do (`domain.holds`). A rule may change the kind of repair, never postpone safety.
    """
    live = by_agreement(_in_order([c for c in conflicts if c.status != "accepted_risk"]), repair, today)
    order = order_of(repair, live, parameters, ranks, today)
    holding = [c for c in live if c.blocking]
    guarantees = [c for c in live if c.rule == "guarantee_applies"]
    verdict, leading = _verdict(repair, live, order, parameters, today)
    if _end_unknown(verdict, holding, leading):
        order = replace(order, repair_from=None)
        until = None
    else:
        owed = leading is not None and leading.rule == "guarantee_applies" and not holding
        waits = order.waits and verdict not in ("repair", "recover") and not owed
        until = order.best_on if waits else None
    reasons = _reasons(repair, live, verdict, leading, order, parameters, today)
    alternatives = alternatives_to(
        verdict,
        until,
        leading,
        order,
        repair,
        parameters,
        today,
        blocked=bool(holding),
        owed=_last_guarantee(guarantees),
    )
    return Advice(
        verdict,
        until,
        bool(holding),
        reasons,
        alternatives,
        order.cost_at_risk_eur,
        leading,
        order,
        repair.scope,
    )


def _reasons(
    repair: RepairCase,
    live: Sequence[RepairConflict],
    verdict: Verdict,
    leading: RepairConflict | None,
    order: Order,
    parameters: Parameters,
    today: date,
) -> tuple[Reason, ...]:
    """What the conflicts say, the leading one first, or that nothing is planned here; then what else a person must know."""
    begin = max(repair.planned_from or today, today)
    reasons = tuple(reason_of(c, parameters, today, begin) for c in _by_weight(live, leading)) or (
        Reason("nothing_planned", {"until": seen_until(parameters, today)}),
    )
    leaning_on = [c for c in live if c.blocking or c.rule == "guarantee_applies"]
    reasons += constraints(repair, order, leaning_on, parameters)
    reasons += nuances(verdict, leading, repair, order, parameters)
    if leading is not None and leading.blocking and leading.whole_street:
        reasons += (replace(reason_of(leading, parameters, today, begin), code="whole_street"),)
    return reasons


def _verdict(
    repair: RepairCase,
    live: Sequence[RepairConflict],
    order: Order,
    parameters: Parameters,
    today: date,
) -> tuple[Verdict, RepairConflict | None]:
    """What to do, and the conflict that decides it."""
    holding = [c for c in live if c.blocking]
    guarantees = [c for c in live if c.rule == "guarantee_applies"]
    if holding:
        over = timedelta(days=int(parameters.finished_after_days))
        if not repair.urgent and guarantees and all(_surely_over(c, today - over) for c in holding):
            return "recover", _last_guarantee(guarantees)
        wakes = [c for c in live if c.rule == "repair_in_wake" and c.works.ends_on > today]
        return _hold_advice(repair, holding, wakes, order, _deciding(live, order), parameters, today)
    if owed := _last_guarantee(guarantees):
        return ("make_safe" if repair.urgency == "danger" else "recover"), owed
    if joined := [c for c in live if _agreement_kind(c) == "combine"]:
        return "combine", _costliest(joined)
    deciding = _deciding(live, order)
    dear = order.cost_at_risk_eur >= parameters.coordinate_from_eur
    thin = (
        order.margin_eur is not None and order.margin_eur < parameters.thin_share * order.value_eur and dear
    )
    if order.waits or thin or order.contradiction:
        if repair.urgent:
            return "make_safe", deciding
        planned_ahead = repair.planned_from is not None and repair.planned_from > today + timedelta(
            days=int(parameters.hold_look_ahead_days)
        )
        # A plan for later waits for other plans; what could be repaired now is held by no rule, so that people decide.
        late = deciding is not None and deciding.works.overdue
        clear = order.waits and planned_ahead and not (thin or late or order.contradiction)
        return ("wait" if clear else "coordinate"), deciding
    return "repair", _note_first(live)


def _last_guarantee(guarantees: Sequence[RepairConflict]) -> RepairConflict | None:
    """That of the trench that was closed last."""
    return max(guarantees, key=lambda c: c.works.ends_on, default=None)


def _hold_advice(
    repair: RepairCase,
    holding: Sequence[RepairConflict],
    wakes: Sequence[RepairConflict],
    order: Order,
    deciding: RepairConflict | None,
    parameters: Parameters,
    today: date,
) -> tuple[Verdict, RepairConflict | None]:
    """The surface will be opened for sure and soon: what now?"""
    first = min(holding, key=lambda c: (c.works.starts_on, -c.cost_at_risk_eur))
    if repair.urgent:
        return "make_safe", first
    if questions := [c for c in holding if _to_ask(c)]:
        return "coordinate", next((c for c in questions if c.works.late), questions[0])
    last = max(holding, key=lambda c: (c.works.claimed_until, c.cost_at_risk_eur))
    decided = all(_agreement_kind(c) for c in holding) and order.contradiction != "latest_on"
    if not decided and (order.contradiction or (order.best_on and order.best_on > last.works.claimed_until)):
        return "coordinate", deciding or last
    if _agreement_kind(last) == "patch_only":
        return "make_safe", last
    seen = seen_until(parameters, today)
    if last.agreement is None and last.works.window and last.works.claimed_until > seen:
        return "coordinate", last  # nobody waits for half a year for some days of work
    begin = max(repair.planned_from or today, today)
    if all(_is_joined(c, wakes, begin) for c in holding):
        return "combine", last  # who closes the ground last restores it
    combination = [step.works for step in order.first if step.role == "join"]
    return ("combine" if last.works in combination and last.agreement is None else "wait"), last


def _agreement_kind(conflict: RepairConflict) -> AgreementKind | None:
    return conflict.agreement.kind if conflict.agreement else None


def _is_joined(conflict: RepairConflict, wakes: Sequence[RepairConflict], begin: date) -> bool:
    """Whether a repair from `begin` on goes along with these works; a word that was given comes before what is likely."""
    if conflict.agreement:
        return conflict.agreement.kind == "combine"
    works = conflict.works
    there = works.ends_on > begin or works.certainty == "in_progress"
    own = works.owner_kind == "city" and there and (conflict.lost_share >= LEAST_JOINED or works.relays)
    return own or _takes_along(conflict, wakes)


def _to_ask(conflict: RepairConflict) -> bool:
    """Whether nobody knows if these works still come, or are still there, and no day or patch was agreed on."""
    if _agreement_kind(conflict) in ("hold_until", "patch_only"):
        return False
    return conflict.works.overdue or conflict.works.probably_finished


def _end_unknown(verdict: Verdict, holding: Sequence[RepairConflict], leading: RepairConflict | None) -> bool:
    """Whether nobody knows from which day on the repair is free, as works that it depends on are past their end."""
    decides = [leading] if leading is not None and verdict == "coordinate" else []
    agreed = ("hold_until", "patch_only") if verdict == "wait" else ("hold_until",)
    return any(c.works.late and _agreement_kind(c) not in agreed for c in [*holding, *decides])


def _surely_over(conflict: RepairConflict, before: date) -> bool:
    """Whether these works are over as far as anybody can tell: they yield to the guarantee on their trench."""
    works = conflict.works
    return works.probably_finished or (works.late and works.ends_on <= before)


def _in_order(conflicts: Sequence[RepairConflict]) -> list[RepairConflict]:
    """Always the same order, however they were found: of what weighs the same, the same one is told first."""
    by_rule = sorted(
        conflicts, key=lambda c: c.rule, reverse=True
    )  # a wasted repair before crews in each other's way
    return sorted(by_rule, key=lambda c: (c.works.source, c.works.source_id, c.works.starts_on))


def _deciding(live: Sequence[RepairConflict], order: Order) -> RepairConflict | None:
    """The conflict with the works that hold the repair too long, else with the last of those that are waited for, else with the
    dearest of those that come later.
    """
    waited = [step for step in order.first if step.role != "before"]
    last = max(
        waited, key=lambda step: (step.free_from, step.cost_at_risk_eur, step.works.late), default=None
    )
    dearest = max(
        (step for step in order.later if step.role == "advance"),
        key=lambda step: step.cost_at_risk_eur,
        default=None,
    )
    too_late = max(
        (step for step in order.later if step.role == "holds"),
        key=lambda step: step.cost_at_risk_eur,
        default=None,
    )
    step = too_late or last or dearest
    same = [c for c in live if step is not None and c.works == step.works and c.rule in SURFACE_RULES]
    return max(same, key=lambda c: c.cost_at_risk_eur, default=None)


def _note_first(live: Sequence[RepairConflict]) -> RepairConflict | None:
    """What a free repair is told about first: the dearest works that will open its surface, else what could take it along, else who stands there."""
    rules = (SURFACE_RULES, ("repair_in_wake",), ("occupancy_during_repair",))
    return next((one for rule in rules if (one := _costliest([c for c in live if c.rule in rule]))), None)


def _takes_along(held: RepairConflict, wakes: Sequence[RepairConflict]) -> bool:
    """Whether the works that hold the repair are under way and end soon: their reinstatement can include it. Near is not in: it must share ground."""
    works = (held.works.source, held.works.source_id)
    return held.works.certainty == "in_progress" and any(
        (wake.works.source, wake.works.source_id) == works and wake.overlap_m2 > 0 for wake in wakes
    )


def _costliest(conflicts: Sequence[RepairConflict]) -> RepairConflict | None:
    return max(
        conflicts, key=lambda c: (c.cost_at_risk_eur, c.works.ends_on, c.works.claimed_until), default=None
    )


def _by_weight(conflicts: Sequence[RepairConflict], leading: RepairConflict | None) -> list[RepairConflict]:
    """The leading one first, then what holds, then by cost."""
    return sorted(
        conflicts, key=lambda c: (c is not leading, not c.blocking, -c.cost_at_risk_eur, c.works.starts_on)
    )
