"""The week plan: nothing cheaper exists, every line passes the guard, and nothing vanishes between the proposal and the store."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from geo_service.coordination.planning import acceptance, solver, tables, week
from geo_service.coordination.planning.acceptance import Choice
from geo_service.detection.run import Subject
from geo_service.domain import planning, planning_reasons
from geo_service.domain.advice import Advice
from geo_service.domain.city import Team
from geo_service.domain.errors import BlockedByWorks, InvalidTransition, NotFound, VersionMismatch
from geo_service.domain.parameters import Parameters
from geo_service.domain.planning import Job, Line, Problem, Slot
from geo_service.domain.repairs import URGENCIES
from geo_service.store import repairs
from geo_service.store.tables import repairs as repairs_table
from tests.scenes import TODAY, Scene

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


# From here on: against what is stored


def choices(scene: Scene, plan: week.WeekPlan) -> list[Choice]:
    return [
        Choice(one.job.repair_id, one.team.id, one.day, plan.repairs[one.job.repair_id]["version"])
        for one in plan.lines
    ]


def propose(scene: Scene, days: int = 14) -> week.WeekPlan:
    return week.propose(scene.conn, scene.today, days, scene.today)


def accept(scene: Scene, *lines: Choice) -> list[type[Exception] | None]:
    outcomes = acceptance.accept(scene.conn, lines, scene.today, role="workshop")
    return [one.refusal and type(one.refusal) for one in outcomes]


def random_city(scene: Scene, dice: random.Random) -> list[UUID]:
    ids = []
    for place in range(10):
        x = 60 * place
        if dice.random() < 0.6:
            begin = dice.randint(-10, 20)
            certainty = dice.choice(["planned", "confirmed", "in_progress"])
            scene.works(at=(x, 0), days=(begin, begin + dice.randint(1, 9)), certainty=certainty)
        urgency = dice.choice(["danger", "high", "normal", "low"])
        planned = dice.choice([None, None, (1, 2), (-9, -8)])
        scope = dice.choice(["spot", "section"])
        ids.append(scene.repair(at=(x + 5, 1), urgency=urgency, scope=scope, planned=planned))
    return ids


@pytest.mark.parametrize("seed", range(3))
def test_the_guard_refuses_no_line_of_a_fresh_plan(scene: Scene, seed: int) -> None:
    everything = random_city(scene, random.Random(seed))
    plan = propose(scene)
    assert plan.lines
    fixed = {id_ for id_ in everything if plan.repairs[id_]["status"] == "scheduled"}
    assert {*everything} - fixed <= {one.job.repair_id for one in (*plan.lines, *plan.left)}
    assert accept(scene, *choices(scene, plan)) == [None] * len(plan.lines)
    for line in plan.lines:
        row = repairs.get(scene.conn, line.job.repair_id)
        assert (row["team"], row["planned"].lower, row["status"]) == (line.team.id, line.day, "scheduled")
    assert {one.job.repair_id for one in propose(scene).lines} & {
        one.job.repair_id for one in plan.lines
    } == set()


def test_what_follows_from_a_plan_is_computed_once_for_all_its_lines(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(3):
        scene.repair(at=(60 * place, 1), scope="spot")
    lines = choices(scene, propose(scene))
    subjects: list[Subject] = []
    monkeypatch.setattr(acceptance.changes, "record", lambda _, subject, today: subjects.append(subject))
    stale = replace(lines[0], version=99)
    assert accept(scene, stale, *lines[1:]) == [VersionMismatch, None, None]
    assert [set(one.repair_ids) for one in subjects] == [{one.repair_id for one in lines[1:]}]


def test_a_repair_goes_after_the_works_on_it_and_says_whose(scene: Scene) -> None:
    scene.works(at=(0, 0), days=(-5, 3), certainty="in_progress")
    repair = scene.repair(at=(5, 1))
    plan = propose(scene, 42)
    [line] = plan.lines
    assert line.job.repair_id == repair
    assert line.day == scene.today + timedelta(days=3), "the works end, without slack"
    [why, *_] = planning_reasons.reasons_of(line, plan.lines, plan.problem)
    assert (why.code, why.owner) == ("free_from", "Proximus Area 2.1")


def test_a_repair_before_works_has_no_day_and_says_that_it_waits(scene: Scene) -> None:
    scene.works(at=(0, 0), days=(30, 44), certainty="confirmed")
    scene.repair(at=(5, 1))
    plan = propose(scene)
    assert plan.lines == ()
    assert [one.reason for one in plan.left] == ["wait"]


def test_a_plan_knows_the_hours_that_are_given_away(scene: Scene) -> None:
    monday = scene.today + timedelta(days=6)
    for place in range(10):
        scene.repair(at=(60 * place, 1), scope="section", planned=(6, 7))
    scene.repair(at=(900, 1))
    plan = week.propose(scene.conn, monday, 1, scene.today)
    assert monday.weekday() == 0
    assert [one.reason for one in plan.left] == ["full"]


def test_saturdays_sundays_and_holidays_are_no_days_of_a_plan(scene: Scene) -> None:
    plan = week.propose(scene.conn, date(2026, 12, 24), 5, scene.today)
    assert plan.days == (date(2026, 12, 24), date(2026, 12, 28))


def test_a_line_that_works_bar_meanwhile_is_refused_and_the_others_are_stored(scene: Scene) -> None:
    first, second = scene.repair(at=(5, 1)), scene.repair(at=(300, 1))
    lines = choices(scene, propose(scene))
    scene.works(at=(0, 0), days=(10, 20), certainty="confirmed")
    outcome = dict(zip((line.repair_id for line in lines), accept(scene, *lines), strict=True))
    # the works changed nothing of the repair itself but its advice: no version is in the way of the guard
    assert outcome == {first: BlockedByWorks, second: None}
    assert scene.status(first) == "requested" and scene.status(second) == "scheduled"
    assert repairs.get(scene.conn, first)["team"] is None


def test_a_repair_that_changed_meanwhile_or_is_gone_is_refused(scene: Scene) -> None:
    repair = scene.repair(at=(5, 1))
    [line] = choices(scene, propose(scene))
    assert accept(scene, replace(line, version=line.version + 1)) == [VersionMismatch]
    assert accept(scene, replace(line, repair_id=uuid4())) == [NotFound]
    scene.conn.execute(
        sa.update(repairs_table).where(repairs_table.c.id == repair).values(status="cancelled")
    )
    assert accept(scene, line) == [InvalidTransition]


def test_a_crews_day_takes_no_more_than_its_hours_whoever_accepts_first(scene: Scene) -> None:
    for place in range(2):
        scene.repair(at=(300 * place, 1), scope="section")
    lines = choices(scene, propose(scene))
    same = [replace(line, team="ploeg-1", on=lines[0].on) for line in lines]
    assert accept(scene, *same) == [None, InvalidTransition]
    assert accept(scene, replace(same[0], version=same[0].version + 1)) == [None], (
        "its own hours are no obstacle"
    )


def test_the_figures_of_who_knows_of_no_works_show_what_is_wasted(scene: Scene) -> None:
    scene.works(at=(0, 0), days=(30, 44), certainty="confirmed")
    for x in (5, 300, 700):
        scene.repair(at=(x, 1))
    plan = propose(scene)
    mine = tables.figures(plan, plan.lines, scene.today)
    blind = tables.figures(plan, planning.first_come(plan.problem, blind=True), scene.today)
    assert (mine.repairs, mine.wasted_eur, mine.barred) == (2, 0, 0)
    assert (blind.repairs, blind.barred) == (3, 1)
    assert blind.wasted_eur > 1_000


def test_a_crew_begins_its_day_where_there_is_danger(scene: Scene) -> None:
    for x in (5, 120):
        scene.repair(at=(x, 1), scope="spot")
    scene.repair(at=(60, 1), scope="spot", urgency="danger")
    plan = week.propose(scene.conn, scene.today, 7, scene.today, "ploeg-1")
    day = tables.crew_days(plan)[0]
    assert [job.urgency for job in day.jobs] == ["danger", "normal", "normal"]
