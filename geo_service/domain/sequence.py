"""The order of works around a repair, and the day on which it costs least: what comes before it, what after, and what laying it now would lose.

A pure function of the repair's conflicts, so that advice, list, map and order are views of one result. Candidate days are the planned
start (or today) and the end of each works on its ground. A day costs what works that are not over by then would break, as likely as
they are (`loss`), and what the city values the time until then at (`waiting`). Reasoning and arguable cases: docs/order-of-works.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from geo_service.domain.conflicts import RepairConflict, WorksParty
from geo_service.domain.holds import SURFACE_RULES
from geo_service.domain.layers import Layer
from geo_service.domain.order import Order, Role, Step
from geo_service.domain.parameters import Parameters
from geo_service.domain.period import DAYS_PER_YEAR
from geo_service.domain.repairs import RepairCase

MAINLY_HERE = 0.5
"""Records that make up an umbrella contract and lie for this part on the footpath are about this footpath all the same."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One dig as the repair meets it, from all of its conflicts."""

    conflict: RepairConflict
    cost_eur: float
    blocking: bool

    @property
    def free_from(self) -> date:
        """The first day on which the repair is free of it."""
        return replace(self.conflict, blocking=self.blocking).free_from

    @property
    def umbrella(self) -> bool:
        conflict = self.conflict
        return conflict.works.umbrella and conflict.overlap_m2 < MAINLY_HERE * (
            conflict.works_m2 or float("inf")
        )


def order_of(
    case: RepairCase,
    conflicts: Sequence[RepairConflict],
    parameters: Parameters,
    ranks: Mapping[Layer, int],
    today: date,
) -> Order:
    """The works in `conflicts` (without those of which the risk was accepted) in the order in which they should come."""
    jobs = _jobs([conflict for conflict in conflicts if conflict.blocking or conflict.rule in SURFACE_RULES])
    begin = max(case.planned_from or today, today)
    counted = [job for job in jobs if _counts(job, parameters)]
    costs = _Costs(case, counted or jobs, parameters, begin)  # what nobody waits for has its price too
    free = max((job.free_from for job in counted if job.blocking), default=begin)
    days = sorted({begin, *(max(begin, job.free_from) for job in counted)})
    allowed = [day for day in days if day >= free]
    latest = None if case.latest_on is None else max(case.latest_on - _more_days(case), begin)
    in_time = [day for day in days if latest is None or day <= latest]
    # A day that a person set comes first: then others must move, or somebody releases the repair.
    best = min([day for day in allowed if day in in_time] or in_time, key=lambda day: (costs.of(day), day))
    others = [costs.of(day) for day in days if day != best]
    waits = best > begin
    ends = [day for day in allowed if day > begin] or [job.free_from for job in jobs if job.free_from > begin]
    wait_on = best if waits else min(ends, key=lambda day: (costs.of(day), day), default=None)
    contradiction: Literal["latest_on", "waiting_costs_more"] | None = None
    if best < free:
        contradiction = "latest_on"
    elif waits and costs.of(best) - costs.of(begin) >= parameters.medium_from_eur:
        contradiction = "waiting_costs_more"
    first, later = _steps_around(jobs, counted, (best if waits else None, latest), ranks)
    return Order(
        first=first,
        repair_from=best if waits or case.planned_from else None,
        later=later,
        moves=case.planned_until is not None and best >= case.planned_until,
        cost_at_risk_eur=max((conflict.cost_at_risk_eur for conflict in conflicts), default=0.0),
        waits=waits,
        best_on=best,
        now_eur=costs.of(begin),
        best_eur=costs.of(best),
        waiting_eur=costs.waiting(best),
        runner_up_eur=min(others, default=None),
        wait_on=wait_on,
        wait_eur=None if wait_on is None else costs.of(wait_on),
        value_eur=costs.value_eur,
        contradiction=contradiction,
    )


def _more_days(case: RepairCase) -> timedelta:
    """How long after its first day the last day of the repair comes."""
    if case.planned_from is None or case.planned_until is None:
        return timedelta(0)
    return case.planned_until - case.planned_from - timedelta(days=1)


class _Costs:
    """What it costs (euro, expected) to do the repair from a day on."""

    def __init__(self, case: RepairCase, jobs: Sequence[_Job], parameters: Parameters, begin: date) -> None:
        self.case, self.jobs, self.parameters, self.begin = case, jobs, parameters, begin
        self.value_eur = max((job.conflict.value_eur for job in jobs), default=0.0)

    def of(self, day: date) -> float:
        return round(self.loss(day) + self.waiting(day), 2)

    def loss(self, day: date) -> float:
        """The surface is lost once: to the dearest of the works that are not over by then."""
        return max((self._lost_to(job, day) for job in self.jobs if job.free_from > day), default=0.0)

    def waiting(self, day: date) -> float:
        """Years without the good footpath; a bad surface is made safe until then."""
        if day <= self.begin:
            return 0.0
        years = (day - self.begin).days / DAYS_PER_YEAR
        safe = self.parameters.safe_eur(self.case.scope) if self.case.urgent else 0.0
        return round(self.value_eur * self.parameters.year_share * years + safe, 2)

    def _lost_to(self, job: _Job, day: date) -> float:
        if day == self.begin:
            return job.cost_eur
        conflict = job.conflict
        laid = max(self.case.planned_until or day, day)
        gap = max(0, (conflict.works.claimed_from - laid).days)
        left = max(0.0, 1 - gap / conflict.life_days) if conflict.life_days else 1.0
        return round(conflict.value_eur * conflict.lost_share * left * conflict.probability, 2)


def _jobs(conflicts: Sequence[RepairConflict]) -> list[_Job]:
    """One for each dig: two rules may tell of the same."""
    by_dig: dict[object, list[RepairConflict]] = {}
    for conflict in conflicts:
        by_dig.setdefault(
            conflict.dig_id or (conflict.works.source, conflict.works.source_id, conflict.works.starts_on), []
        ).append(conflict)
    return [
        _Job(
            max(
                group,
                key=lambda conflict: (conflict.cost_at_risk_eur, conflict.works.claimed_until, conflict.rule),
            ),
            max(conflict.cost_at_risk_eur for conflict in group),
            any(conflict.blocking for conflict in group),
        )
        for group in by_dig.values()
    ]


def _counts(job: _Job, parameters: Parameters) -> bool:
    """Whether a repair could wait for it: it holds the repair, or what it would break is worth asking the coordinator for."""
    if job.blocking:
        return True
    if job.conflict.after or job.conflict.crossing or job.umbrella:
        return False
    return job.cost_eur >= parameters.coordinate_from_eur


def _steps_around(
    jobs: Sequence[_Job],
    counted: Sequence[_Job],
    days: tuple[date | None, date | None],
    ranks: Mapping[Layer, int],
) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """What comes first, and what later. `days`: the best day, and the latest one on which the repair may begin."""
    ordered = sorted(
        jobs,
        key=lambda job: (
            ranks[job.conflict.works.layer], job.conflict.works.starts_on, job.conflict.works.source_id, job.free_from, job.cost_eur,
            job.conflict.works.late,
        ),
    )  # fmt: skip
    steps = [_step(job, _role(job, counted, *days)) for job in ordered]
    first = [step for step in steps if step.role in ("wait", "join")]
    return weighed(first), tuple(step for step in steps if step.role not in ("wait", "join"))


def weighed(first: Sequence[Step]) -> tuple[Step, ...]:
    """The same steps with their `weight`."""
    dearest = sorted(range(len(first)), key=lambda place: -first[place].cost_at_risk_eur)
    weights = {place: weight for weight, place in enumerate(dearest, start=1)}
    return tuple(replace(step, weight=weights[place]) for place, step in enumerate(first))


def too_soon(
    first: Sequence[Step], meets: Mapping[UUID, frozenset[UUID]], ranks: Mapping[Layer, int]
) -> tuple[Step, ...]:
    """The same steps with those that open a trench which deeper works open again. `meets`: works on the same ground, by id."""

    def deeper(step: Step) -> tuple[UUID, ...]:
        return tuple(
            other.works.works_id
            for other in first
            if other.works.works_id
            and step.works.certainty != "in_progress"  # nobody can turn that round any more
            and ranks[other.works.layer] < ranks[step.works.layer]
            and other.works.works_id in meets.get(step.works.works_id or UUID(int=0), frozenset())
            and step.works.ends_on <= other.works.starts_on
        )

    return tuple(replace(step, too_soon_for=deeper(step)) for step in first)


def _role(job: _Job, counted: Sequence[_Job], best: date | None, latest: date | None) -> Role:
    conflict, counts = job.conflict, job in counted
    if counts and best is not None and job.free_from <= best:
        return (
            "join" if conflict.works.relays and not _opened_again(conflict.works, counted, best) else "wait"
        )
    if job.blocking:
        return "wait" if latest is not None and job.free_from <= latest else "holds"
    if conflict.after:
        return "after"
    if conflict.crossing:
        return "crossing"
    return "advance" if counts else "aside"


def _opened_again(works: WorksParty, counted: Sequence[_Job], best: date) -> bool:
    """Whether other works that are waited for end later: what these lay is opened again."""
    return any(job.free_from <= best and job.conflict.works.ends_on > works.ends_on for job in counted)


def _step(job: _Job, role: Role) -> Step:
    conflict = job.conflict
    return Step(
        works=conflict.works,
        role=role,
        works_ids=conflict.works_ids,
        lost_share=conflict.lost_share,
        shared_m2=conflict.overlap_m2,
        probability=conflict.probability,
        cost_at_risk_eur=job.cost_eur,
        blocking=job.blocking,
    )


def over_before(
    works: WorksParty, works_ids: tuple[UUID, ...], shared_m2: float, ranks: Mapping[Layer, int], scope: str
) -> Step:
    """Works on the same ground that are over before the repair begins: as it should be, or `early` where they come after a footpath by
    their layer. A hole breaks no asphalt beside it, and works that run can't be turned round.
    """
    early = scope != "spot" and ranks[works.layer] > ranks["footpath"] and works.certainty != "in_progress"
    return Step(works, "early" if early else "before", works_ids=works_ids, shared_m2=shared_m2)
