"""The week plan: a proposal from what is stored, and its lines as a person accepts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from geo_service import working_days
from geo_service.coordination import advising, dispatch, scheduling
from geo_service.domain import planning
from geo_service.domain.city import Team
from geo_service.domain.parameters import Parameters
from geo_service.domain.period import ONE_DAY, Period
from geo_service.domain.planning import Job, Left, Line, Problem, Slot
from geo_service.store import cities, listing, rules, worklist

MOST_REPAIRS = 20_000
"""More unfinished repairs than any city has: what is beyond them would be in no plan."""
MOST_JOBS = 200
"""The most pressing repairs that a plan looks at: two crews do some sixty in two weeks. The others are named as left."""


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """A proposal for the working days of a period. `repairs` are the rows of all its repairs by id, `booked` the minutes that each crew has
    given away already on a day.
    """

    days: tuple[date, ...]
    teams: tuple[Team, ...]
    problem: Problem
    lines: tuple[Line, ...]
    left: tuple[Left, ...]
    repairs: Mapping[UUID, Mapping[str, Any]]
    booked: Mapping[tuple[str, date], int]
    parameters: Parameters


def propose(conn: sa.Connection, begin: date, days: int, today: date, team: str | None = None) -> WeekPlan:
    """Return the proposal for the working days of `days` days from `begin` on, for one crew or all. Nothing is stored.

    Repairs without days come into it, and those whose days are over or are barred by works; the others keep theirs.
    """
    from geo_service.coordination.planning import solver  # loads for a second: only who plans pays for it

    city, parameters = cities.in_force(conn), rules.load_parameters(conn)
    teams = tuple(one for one in city.teams if team in (None, one.id))
    dates = tuple(day for n in range(days) if working_days.is_working_day(day := begin + timedelta(days=n)))
    rows = {row["id"]: dict(row) for row in worklist.page(conn, None, MOST_REPAIRS).rows}
    open_, fixed = _jobs_and_bookings(conn, rows, today)
    jobs = sorted(
        (_job(rows[id_], today, ZoneInfo(city.time_zone), parameters) for id_ in open_), key=planning.pressing
    )
    jobs, beyond = jobs[:MOST_JOBS], jobs[MOST_JOBS:]
    booked = booked_minutes([rows[id_] for id_ in fixed], city.teams, dates, parameters)
    slots = [
        Slot(one, day, max(0, minutes_a_day(one) - booked.get((one.id, day), 0)))
        for day in dates
        for one in teams
    ]
    jobs = _with_advice(conn, jobs, rows, dates, today, parameters)
    yards = {one.id: dispatch.yard_of(one) for one in teams}
    problem = planning.problem_of(jobs, slots, yards, parameters)
    lines = solver.cheapest(problem)
    planned = {line.job.repair_id for line in lines}
    left = [Left(job, planning.why_left(job, problem)) for job in jobs if job.repair_id not in planned]
    left += [Left(job, "too_many") for job in beyond]
    return WeekPlan(dates, teams, problem, tuple(lines), tuple(left), rows, booked, parameters)


def minutes_a_day(team: Team) -> int:
    """How long a crew works on a day."""
    return round(60 * team.hours_a_day)


def _jobs_and_bookings(
    conn: sa.Connection, rows: Mapping[UUID, Mapping[str, Any]], today: date
) -> tuple[list[UUID], list[UUID]]:
    """The repairs that need a day, and those that keep theirs."""
    with_days = [id_ for id_, row in rows.items() if row["planned"] and row["status"] != "requested"]
    barred = {
        one.repair_id
        for one in advising.of_repairs(conn, with_days, today)
        if one.advice.blocked and one.advice.verdict != "make_safe"
    }
    late = {id_ for id_ in with_days if rows[id_]["planned"].upper <= today}
    begun = {id_ for id_ in with_days if rows[id_]["status"] == "in_progress"}
    open_ = [id_ for id_ in rows if id_ not in with_days or (id_ in barred | late and id_ not in begun)]
    return open_, [id_ for id_ in with_days if id_ not in open_]


def _job(row: Mapping[str, Any], today: date, zone: ZoneInfo, parameters: Parameters) -> Job:
    """A repair as a job, with no advice yet."""
    reported_on = row["reported_at"].astimezone(zone).date()
    due_on = working_days.shift(reported_on, planning.term_days(row["urgency"], parameters))
    latest_on = row["latest_on"]
    return Job(
        repair_id=row["id"],
        urgency=row["urgency"],
        hours=planning.hours_of(row["scope"], parameters),
        place=dispatch.place_of(row),
        reported_on=reported_on,
        due_on=min(due_on, latest_on) if latest_on else due_on,
        advice={},
        latest_on=latest_on,
    )


def _with_advice(
    conn: sa.Connection,
    jobs: Sequence[Job],
    rows: Mapping[UUID, Mapping[str, Any]],
    days: Sequence[date],
    today: date,
    parameters: Parameters,
) -> list[Job]:
    """The jobs with what the guard would say of each day: one question of all jobs for each day."""
    advice: dict[UUID, dict[date, Any]] = {job.repair_id: {} for job in jobs}
    for day in days if jobs else ():
        period = Period(day, day + ONE_DAY)
        questions = [(scheduling.question_of(rows[job.repair_id], period), job.urgency) for job in jobs]
        for job, one in zip(jobs, advising.of_days(conn, questions, today, parameters), strict=True):
            advice[job.repair_id][day] = one
    return [replace(job, advice=advice[job.repair_id]) for job in jobs]


def booked_minutes(
    rows: Sequence[listing.Row], teams: Sequence[Team], days: Sequence[date], parameters: Parameters
) -> dict[tuple[str, date], int]:
    """The minutes that repairs with days take of each crew's day, spread over their working days. What no crew was given takes from the crew
    that has most left.
    """
    booked: dict[tuple[str, date], int] = {}
    ids = {team.id for team in teams}
    for row in sorted(rows, key=lambda row: (row["team"] is None, row["number"])):
        spread = _working_days(row["planned"].lower, row["planned"].upper)
        each = round(60 * planning.hours_of(row["scope"], parameters) / max(1, len(spread)))
        for day in spread & set(days):
            team = row["team"] if row["team"] in ids else _idlest(teams, day, booked)
            if team is not None:
                booked[team, day] = booked.get((team, day), 0) + each
    return booked


def _working_days(begin: date, end: date) -> set[date]:
    days = (begin + timedelta(days=n) for n in range((end - begin).days))
    return {day for day in days if working_days.is_working_day(day)}


def _idlest(teams: Sequence[Team], day: date, booked: Mapping[tuple[str, date], int]) -> str | None:
    rest = {team.id: minutes_a_day(team) - booked.get((team.id, day), 0) for team in teams}
    return max(rest, key=lambda id_: (rest[id_], id_), default=None)
