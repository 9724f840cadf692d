"""Figures of a week plan: the day of each crew, and the plan beside first come, first served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from geo_service.coordination import dispatch, tours
from geo_service.coordination.planning import week
from geo_service.domain import planning
from geo_service.domain.city import Team
from geo_service.domain.planning import Job, Line


@dataclass(frozen=True, slots=True)
class CrewDay:
    """What a crew does on a day, danger first and the rest in driving order; `booked_hours` are those that it had given away before."""

    team: Team
    day: date
    jobs: tuple[Job, ...]
    booked_hours: float
    drive_m: int

    @property
    def added_hours(self) -> float:
        """The hours that the plan adds."""
        return round(sum(job.hours for job in self.jobs), 2)


@dataclass(frozen=True, slots=True)
class Figures:
    """A plan in figures. `wasted_eur` is what works are expected to break of the repairs; `barred` are repairs on days that the guard refuses,
    `late` those after their term; `waited_days` is the mean from today on.
    """

    repairs: int
    wasted_eur: float
    barred: int
    late: int
    waited_days: float
    drive_km: float


def crew_days(plan: week.WeekPlan, lines: Sequence[Line] | None = None) -> list[CrewDay]:
    """Return the day of each crew of a plan, or of other `lines` for the same repairs, in the order of days."""
    lines = plan.lines if lines is None else lines
    return [_crew_day(plan, lines, team, day) for day in plan.days for team in plan.teams]


def figures(plan: week.WeekPlan, lines: Sequence[Line], today: date) -> Figures:
    """Return `lines` for the repairs of a plan in figures."""
    count = len(lines)
    waited = sum((line.day - today).days for line in lines)
    return Figures(
        repairs=count,
        wasted_eur=round(sum(line.job.advice[line.day].cost_at_risk_eur for line in lines), 2),
        barred=sum(not planning.is_free(line.job.advice[line.day]) for line in lines),
        late=sum(line.day > line.job.due_on for line in lines),
        waited_days=round(waited / count, 1) if count else 0.0,
        drive_km=round(sum(one.drive_m for one in crew_days(plan, lines)) / 1000, 1),
    )


def _crew_day(plan: week.WeekPlan, lines: Sequence[Line], team: Team, day: date) -> CrewDay:
    yard = dispatch.yard_of(team)
    jobs = [line.job for line in lines if (line.team.id, line.day) == (team.id, day)]
    danger = [job.urgency == "danger" for job in jobs]
    order = tours.order_with_first([job.place for job in jobs], danger, yard, yard)
    ordered = tuple(jobs[index] for index in order)
    drive_m = tours.length([job.place for job in ordered], yard, yard) * plan.parameters.drive_factor
    return CrewDay(team, day, ordered, round(plan.booked.get((team.id, day), 0) / 60, 2), round(drive_m))
