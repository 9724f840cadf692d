"""A week plan: which repair a crew does on which day. Pure: what a plan may hold, what it costs, and why a repair has its day.

Costs are whole cents, so that a solver and a sum by hand agree. A day costs what works would break of a repair done then, what waiting until
then is worth, and the way to the neighbourhoods in which the crew is that day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from geo_service.domain.advice import Advice
from geo_service.domain.city import Team
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import Scope, Urgency

URGENCY_WEIGHTS: Mapping[Urgency, float] = {"danger": 20, "high": 5, "normal": 1, "low": 0.5}
"""A day of waiting of each urgency, in days of a normal one. Our own choice, as are the next three."""
LATE_WEIGHT = 10
"""A working day after the term weighs as much as this many before it."""
LEFT_EUR = 1_000
"""What leaving a normal repair out of the plan costs, besides waiting: as long as there is room, none is left to save a drive."""
NEIGHBOURHOOD_M = 500.0
"""Side of the squares between which driving is counted; within one a crew walks or moves the van."""
PLANNED_VERDICTS = ("repair", "combine", "make_safe")
"""Verdicts with which a crew goes. What must wait, be asked, or be paid by others is left."""

Area = tuple[int, int]
LeftReason = Literal[
    "wait",
    "coordinate",
    "combine",
    "recover",
    "make_safe",
    "repair",
    "full",
    "too_long",
    "no_team",
    "too_many",
]


@dataclass(frozen=True, slots=True)
class Job:
    """A repair that needs a day. `advice` is what the service says of each working day of the plan; `due_on` the last day of its term;
    `place` is in the storage CRS (m).
    """

    repair_id: UUID
    urgency: Urgency
    hours: float
    place: tuple[float, float]
    reported_on: date
    due_on: date
    advice: Mapping[date, Advice]
    latest_on: date | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which the guard lets a crew do it, in order; none after its latest day, while there are any before it."""
        free = tuple(day for day, advice in sorted(self.advice.items()) if is_free(advice))
        in_time = tuple(day for day in free if self.latest_on is None or day <= self.latest_on)
        return in_time or free

    @property
    def area(self) -> Area:
        """The neighbourhood in which it lies."""
        return int(self.place[0] // NEIGHBOURHOOD_M), int(self.place[1] // NEIGHBOURHOOD_M)


@dataclass(frozen=True, slots=True)
class Slot:
    """A crew on a working day, with the minutes that it has left."""

    team: Team
    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Line:
    """A repair with the crew and the day that are proposed for it."""

    job: Job
    team: Team
    day: date


@dataclass(frozen=True, slots=True)
class Left:
    """A repair that gets no day, and why."""

    job: Job
    reason: LeftReason


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be planned: the jobs, the slots in order of days, and what the way of a crew to a neighbourhood costs (cents)."""

    jobs: tuple[Job, ...]
    slots: tuple[Slot, ...]
    reach_cents: Mapping[tuple[str, Area], int]
    day_cents: Mapping[UUID, Mapping[date, int]]
    left_cents: Mapping[UUID, int]

    def slots_of(self, job: Job) -> list[Slot]:
        """The slots that are free for a job and long enough."""
        days = set(job.days)
        return [slot for slot in self.slots if slot.day in days and minutes(job) <= slot.minutes]

    def cost_cents(self, lines: Iterable[Line]) -> int:
        """What a plan costs; jobs without a line cost what leaving them costs."""
        lines = list(lines)
        planned = {line.job.repair_id for line in lines}
        ways = {(line.team.id, line.day, line.job.area) for line in lines}
        return (
            sum(self.day_cents[line.job.repair_id][line.day] for line in lines)
            + sum(cents for id_, cents in self.left_cents.items() if id_ not in planned)
            + sum(self.reach_cents[team, area] for team, _, area in ways)
        )


def problem_of(
    jobs: Sequence[Job],
    slots: Sequence[Slot],
    yards: Mapping[str, tuple[float, float] | None],
    parameters: Parameters,
) -> Problem:
    """Return the problem with its costs. `yards`: where each crew begins (storage CRS); without one, in the middle of all jobs."""
    days = sorted({slot.day for slot in slots})
    day_cents = {
        job.repair_id: {day: _day_cents(job, day, days, parameters) for day in job.days if day in days}
        for job in jobs
    }
    left_cents = {job.repair_id: _left_cents(job, days, parameters) for job in jobs}
    ordered = tuple(sorted(slots, key=lambda slot: (slot.day, slot.team.id)))
    return Problem(tuple(jobs), ordered, _reach_cents(jobs, slots, yards, parameters), day_cents, left_cents)


def first_come(problem: Problem, *, blind: bool = False) -> list[Line]:
    """Return the plan that a planner makes who takes repairs by urgency and then by report date, each on the first day with room.

    `blind`: as if nobody knew of works, so that no day is barred.
    """
    room = {(slot.team.id, slot.day): slot.minutes for slot in problem.slots}
    lines = []
    for job in sorted(problem.jobs, key=pressing):
        choices = problem.slots if blind else problem.slots_of(job)
        slot = next((one for one in choices if minutes(job) <= room[one.team.id, one.day]), None)
        if slot is not None:
            room[slot.team.id, slot.day] -= minutes(job)
            lines.append(Line(job, slot.team, slot.day))
    return lines


def pressing(job: Job) -> tuple[float, date, UUID]:
    """The order of first come, first served: by urgency, then by report."""
    return -URGENCY_WEIGHTS[job.urgency], job.reported_on, job.repair_id


def is_free(advice: Advice) -> bool:
    """Whether a crew may be sent on this advice."""
    return not advice.blocked and advice.verdict in PLANNED_VERDICTS


def minutes(job: Job) -> int:
    """How long a crew works on it."""
    return round(60 * job.hours)


def hours_of(scope: Scope, parameters: Parameters) -> float:
    """How long a crew works on a repair of this scope, with the way there."""
    hours: float = getattr(parameters, f"repair_{scope}_hours")
    return hours


def term_days(urgency: Urgency, parameters: Parameters) -> int:
    """Working days after the report in which a repair should be done."""
    return int(getattr(parameters, f"repair_term_{urgency}_days"))


def why_left(job: Job, problem: Problem) -> LeftReason:
    """Why a job has no line: what the service says of the first day, or no crew has room."""
    if not problem.slots:
        return "no_team"
    if not job.days:
        verdict: LeftReason = job.advice[min(job.advice)].verdict
        return verdict
    longest = max(slot.team.hours_a_day for slot in problem.slots)
    return "too_long" if job.hours > longest else "full"


def _day_cents(job: Job, day: date, days: Sequence[date], parameters: Parameters) -> int:
    """What doing it on a day costs, without driving."""
    late = sum(job.due_on < one <= day for one in days)
    waited = days.index(day) + LATE_WEIGHT * late
    waiting = waited * URGENCY_WEIGHTS[job.urgency] * parameters.repair_day_eur
    return round(100 * (job.advice[day].cost_at_risk_eur + waiting))


def _left_cents(job: Job, days: Sequence[date], parameters: Parameters) -> int:
    """What leaving it costs: it waits for the day after all of them, at the earliest."""
    late = sum(job.due_on < one for one in days) + 1
    waiting = (len(days) + LATE_WEIGHT * late) * parameters.repair_day_eur
    return round(100 * URGENCY_WEIGHTS[job.urgency] * (waiting + LEFT_EUR))


def _reach_cents(
    jobs: Sequence[Job],
    slots: Sequence[Slot],
    yards: Mapping[str, tuple[float, float] | None],
    parameters: Parameters,
) -> dict[tuple[str, Area], int]:
    """The way to each neighbourhood and back, for each crew."""
    if not jobs:
        return {}
    middle = (sum(job.place[0] for job in jobs) / len(jobs), sum(job.place[1] for job in jobs) / len(jobs))
    per_m = 100 * parameters.drive_eur_per_km * parameters.drive_factor / 1000
    return {
        (team, area): round(2 * per_m * math.dist(yards.get(team) or middle, _middle_of(area)))
        for team in {slot.team.id for slot in slots}
        for area in {job.area for job in jobs}
    }


def _middle_of(area: Area) -> tuple[float, float]:
    return (area[0] + 0.5) * NEIGHBOURHOOD_M, (area[1] + 0.5) * NEIGHBOURHOOD_M
