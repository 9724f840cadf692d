"""The week plan: nothing cheaper exists, every line passes the guard, and nothing vanishes between the proposal and the store."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from geo_service.coordination.planning import acceptance, tables, week
from geo_service.coordination.planning.acceptance import Choice
from geo_service.detection.run import Subject
from geo_service.domain import planning, planning_reasons
from geo_service.domain.advice import Advice
from geo_service.domain.city import Team
from geo_service.domain.errors import BlockedByWorks, InvalidTransition, NotFound, VersionMismatch
from geo_service.store import repairs
from geo_service.store.tables import repairs as repairs_table
from tests.scenes import TODAY, Scene

FREE = Advice("repair", None, False, (), (), 0.0)
BARRED = replace(FREE, verdict="wait", blocked=True, cost_at_risk_eur=900.0)
DAYS = tuple(TODAY + timedelta(days=n) for n in range(3))
TEAM = Team("ploeg-1", "Ploeg 1", 8)


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
