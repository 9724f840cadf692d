"""Which works a renewed footpath should wait for, and in which order: deepest first, the footpath last.

A pure function of the repair, the works on its ground, and the city's parameters: what coordinators note by hand as "after the sewer works".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from geo_service.domain.layers import RANKS, Layer
from geo_service.domain.parameters import Parameters

Role = Literal["before", "wait", "join", "after", "advance", "aside"]

LEAST_SHARE = 0.2
"""Works that take less of the footpath than this are no reason for the whole to wait, unless they hold the repair already: sure and soon."""
MAINLY_HERE = 0.5
"""Records that make up an umbrella contract and lie for this part on the footpath are about this footpath all the same."""
PATIENCE_DAYS = 730
"""No footpath in need of renewal is left longer than two years for the sake of others; then they must come forward."""

SURE = ("planned", "confirmed", "in_progress")


@dataclass(frozen=True, slots=True)
class Job:
    """Works that open the ground of a repair. Days as stated; `claimed_*` with the slack of their certainty.

    `shared_m2` of the repair's ground lie under them, of their `total_m2`. `meets`: the other jobs that open the same ground as this one.
    """

    works_id: UUID
    owner: str
    source: str
    source_id: str
    title: str
    layer: Layer
    starts_on: date
    ends_on: date
    claimed_from: date
    claimed_until: date
    certainty: str
    probability: float
    shared_m2: float
    overdue: bool = False
    umbrella: bool = False
    total_m2: float = 0
    meets: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Renewal:
    """The footpath that is to be laid: its days (None: not planned yet), its ground, what it costs and how long it lasts."""

    planned_from: date | None
    planned_until: date | None
    area_m2: float
    value_eur: float
    life_days: int


@dataclass(frozen=True, slots=True)
class Step:
    """One job in its place. `role`: planned `before` the footpath as it should; to `wait` for; to `join`, as it lays the footpath anew itself;
    to come `after` it, as asphalt does; too far off to wait for, so that it should `advance`; or `aside`, too little to matter.

    `cost_at_risk_eur`: what laying the footpath before this job would lose. `weight` ranks what comes first by that, 1 is the
    dearest. `too_soon_for`: deeper jobs on the same ground that come only after this one is closed again.
    """

    job: Job
    role: Role
    cost_at_risk_eur: float
    weight: int | None = None
    too_soon_for: tuple[UUID, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether its days can be built on."""
        return self.job.certainty in SURE and not self.job.overdue


@dataclass(frozen=True, slots=True)
class Order:
    """`first` in this order, then the footpath from `footpath_from` on (None: any day), then `later`.

    `moves`: the footpath's own days are over by then. `cost_at_risk_eur`: what laying it before them would lose, once.
    """

    first: tuple[Step, ...]
    footpath_from: date | None
    later: tuple[Step, ...]
    moves: bool
    cost_at_risk_eur: float


def sequence(renewal: Renewal, jobs: Sequence[Job], parameters: Parameters, today: date) -> Order:
    """The works on the ground of `renewal` in the order in which they should come."""
    costs = {job.works_id: _cost(renewal, job, today) for job in jobs}
    roles = {job.works_id: _role(renewal, job, parameters, today) for job in jobs}
    ordered = sorted(jobs, key=lambda job: (RANKS[job.layer], job.starts_on, job.source_id))
    ahead = [job for job in ordered if roles[job.works_id] in ("before", "wait", "join")]
    waited = [job for job in ahead if roles[job.works_id] != "before"]
    dearest = sorted(ahead, key=lambda job: -costs[job.works_id])
    weights = {job.works_id: place for place, job in enumerate(dearest, start=1)}

    def step(job: Job) -> Step:
        too_soon = tuple(other.works_id for other in ahead if _too_soon(job, other)) if job in ahead else ()
        return Step(job, roles[job.works_id], costs[job.works_id], weights.get(job.works_id), too_soon)

    begin = max(renewal.planned_from or today, today)
    free = max((job.claimed_until for job in waited), default=begin)
    lost = [costs[key] for key, role in roles.items() if role in ("wait", "join", "advance")]
    return Order(
        first=tuple(step(job) for job in ahead),
        footpath_from=max(free, begin) if waited or renewal.planned_from else None,
        later=tuple(step(job) for job in ordered if job not in ahead),
        moves=renewal.planned_until is not None and free >= renewal.planned_until,
        cost_at_risk_eur=max(lost, default=0.0),
    )


def share_of(renewal: Renewal, job: Job) -> float:
    """The part of the footpath that the job opens."""
    return min(1.0, job.shared_m2 / renewal.area_m2) if renewal.area_m2 else 0.0


def _role(renewal: Renewal, job: Job, parameters: Parameters, today: date) -> Role:
    in_time = renewal.planned_from is not None and job.claimed_until <= renewal.planned_from
    soon = job.claimed_from <= today + timedelta(days=int(parameters.hold_look_ahead_days))
    holds = job.shared_m2 > 0 and job.certainty in SURE and soon and not in_time
    elsewhere = job.umbrella and job.shared_m2 < MAINLY_HERE * job.total_m2
    if elsewhere or not (holds or share_of(renewal, job) >= LEAST_SHARE):
        return "aside"
    if in_time:
        return "before"
    if job.starts_on > (renewal.planned_until or today) + timedelta(days=PATIENCE_DAYS):
        return "advance"
    if job.layer == "carriageway" and not holds:
        return "after"
    return "join" if job.layer in ("street", "footpath") else "wait"


def _cost(renewal: Renewal, job: Job, today: date) -> float:
    """The part of the footpath that the job would break, for the years that it would still have lasted, as likely as the job is."""
    laid = renewal.planned_until or today
    left = max(0.0, 1 - max(0, (job.claimed_from - laid).days) / renewal.life_days)
    return round(renewal.value_eur * share_of(renewal, job) * left * job.probability, 2)


def _too_soon(job: Job, deeper: Job) -> bool:
    return (
        job.certainty != "in_progress"  # nobody can turn that round any more
        and RANKS[deeper.layer] < RANKS[job.layer]
        and deeper.works_id in job.meets
        and job.ends_on <= deeper.starts_on
    )
