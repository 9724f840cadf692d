"""The plan of a week: no plan is cheaper, and each line says why that day."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from geo_service.coordination.planning import solver
from geo_service.domain import planning, planning_reasons
from geo_service.domain.advice import Advice
from geo_service.domain.city import Team
from geo_service.domain.parameters import Parameters
from geo_service.domain.planning import Job, Line, Problem, Slot
from geo_service.domain.repairs import URGENCIES
from tests.scenes import TODAY

FREE = Advice("repair", None, False, (), (), 0.0)
BARRED = replace(FREE, verdict="wait", blocked=True, cost_at_risk_eur=900.0)
DAYS = tuple(TODAY + timedelta(days=n) for n in range(3))
TEAM = Team("ploeg-1", "Ploeg 1", 8)


def job(
    place: tuple[float, float] = (0, 0),
    hours: float = 3,
    advice: Sequence[Advice] = (FREE,) * 3,
    **fields: Any,
) -> Job:
    plain = {"urgency": "normal", "reported_on": TODAY, "due_on": TODAY + timedelta(days=30), **fields}
    return Job(uuid4(), hours=hours, place=place, advice=dict(zip(DAYS, advice, strict=True)), **plain)


def problem(jobs: Sequence[Job], teams: Sequence[Team] = (TEAM,), hours: float = 8) -> Problem:
    slots = [Slot(team, day, round(60 * hours)) for day in DAYS for team in teams]
    return planning.problem_of(jobs, slots, {}, Parameters())


def is_possible(lines: Sequence[Line], todo: Problem) -> bool:
    load = {(slot.team.id, slot.day): slot.minutes for slot in todo.slots}
    for line in lines:
        load[line.team.id, line.day] -= planning.minutes(line.job)
    return all(may_be_on(line.job, line.day) for line in lines) and min(load.values()) >= 0


def may_be_on(one: Job, day: date) -> bool:
    """Whether no works bar it, and no day before its latest one is thrown away."""
    free = [day for day, advice in one.advice.items() if not advice.blocked]
    in_time = [day for day in free if one.latest_on and day <= one.latest_on]
    return day in (in_time or free)


def least_cents(todo: Problem) -> int:
    """The cost of the cheapest plan, by trying all of them."""
    choices = [[None, *((slot.team, slot.day) for slot in todo.slots)] for _ in todo.jobs]
    plans = (
        [Line(one, *choice) for one, choice in zip(todo.jobs, plan, strict=True) if choice]
        for plan in itertools.product(*choices)
    )
    return min(todo.cost_cents(lines) for lines in plans if is_possible(lines, todo))


@pytest.mark.parametrize("seed", range(8))
def test_no_plan_is_cheaper(seed: int) -> None:
    dice = random.Random(seed)
    jobs = [
        job(
            (dice.uniform(0, 4000), dice.uniform(0, 4000)),
            dice.choice([1.5, 3, 6]),
            [
                dice.choice([FREE, FREE, replace(FREE, cost_at_risk_eur=dice.uniform(0, 99)), BARRED])
                for _ in DAYS
            ],
            urgency=dice.choice(URGENCIES),
            due_on=TODAY + timedelta(days=dice.randint(-5, 5)),
            latest_on=dice.choice([None, DAYS[1]]),
        )
        for _ in range(4)
    ]
    todo = problem(jobs, (TEAM, Team("ploeg-2", "Ploeg 2", 8)), hours=6)
    lines = solver.cheapest(todo)
    assert is_possible(lines, todo)
    assert todo.cost_cents(lines) == least_cents(todo)
    assert solver.cheapest(todo) == lines


def test_the_urgent_come_first_where_there_is_no_room_for_all() -> None:
    normal, danger = job(hours=8), job(hours=8, urgency="danger")
    more = [job(hours=8) for _ in range(2)]
    lines = solver.cheapest(problem([normal, *more, danger]))
    assert (lines[0].job, len(lines)) == (danger, 3)


def test_two_in_one_street_are_done_on_one_day() -> None:
    far, near = [job((9000 + n, 0), hours=4) for n in range(2)], [job((n, 0), hours=4) for n in range(2)]
    lines = solver.cheapest(problem([far[0], near[0], far[1], near[1]]))
    days = {line.job.repair_id: line.day for line in lines}
    assert (
        days[far[0].repair_id] == days[far[1].repair_id] != days[near[0].repair_id] == days[near[1].repair_id]
    )


def test_no_day_after_the_latest_one_while_there_is_one_before() -> None:
    assert job(latest_on=DAYS[0]).days == (DAYS[0],)
    assert job(latest_on=DAYS[0] - timedelta(days=9)).days == DAYS
    assert job(latest_on=DAYS[1], advice=(BARRED, BARRED, FREE)).days == (DAYS[2],)


@pytest.mark.parametrize(
    ("one", "hours", "reason"),
    [
        (job(advice=(BARRED,) * 3), 8, "wait"),
        (job(advice=(replace(FREE, verdict="recover"),) * 3), 8, "recover"),
        (job(hours=9), 8, "too_long"),
        (job(hours=5), 4, "full"),
    ],
)
def test_what_is_left_says_why(one: Job, hours: float, reason: str) -> None:
    todo = problem([one], hours=hours)
    assert solver.cheapest(todo) == []
    assert planning.why_left(one, todo) == reason


def codes(lines: Sequence[Line], todo: Problem) -> list[tuple[str, ...]]:
    return [tuple(one.code for one in planning_reasons.reasons_of(line, lines, todo)) for line in lines]


def test_each_line_says_why_that_day() -> None:
    early, late = job(hours=8), job(hours=8, urgency="high", due_on=TODAY - timedelta(days=1))
    todo = problem([early, late])
    assert codes(solver.cheapest(todo), todo) == [("late", "first"), ("full",)]
    pair = [job((n, 0)) for n in (1, 2)]
    todo = problem(pair)
    assert codes(solver.cheapest(todo), todo) == [("near", "first"), ("near", "first")]
    dangerous = job(urgency="danger")
    todo = problem([dangerous])
    assert codes(solver.cheapest(todo), todo) == [("urgent", "first")]
    bound = job(latest_on=DAYS[2])
    assert codes([Line(bound, TEAM, DAYS[1])], problem([bound])) == [("latest",)]
    lone = job()
    assert codes([Line(lone, TEAM, DAYS[1])], problem([lone])) == [("cheapest",)]


def test_first_come_takes_the_urgent_and_then_the_oldest_and_who_is_blind_is_barred_by_nothing() -> None:
    old, new = job(hours=8, reported_on=TODAY - timedelta(days=9)), job(hours=8)
    high = job(hours=8, urgency="high", advice=(BARRED, FREE, FREE))
    todo = problem([new, high, old])
    assert [line.job for line in planning.first_come(todo)] == [high, old, new]
    assert [line.day for line in planning.first_come(todo)] == [DAYS[1], DAYS[0], DAYS[2]]
    assert [line.day for line in planning.first_come(todo, blind=True)] == [*DAYS]
