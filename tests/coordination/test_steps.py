"""Conflicts between people: what was decided stands until the facts change, the days are over, or somebody takes it up again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from geo_service.coordination import steps
from geo_service.coordination.steps import Actor, StepInput
from geo_service.domain.agreements import Agreement
from geo_service.domain.errors import InvalidTransition, NotFound, VersionMismatch
from geo_service.domain.permissions import StepName
from geo_service.store import cases, conflicts
from geo_service.store.tables import conflict_events
from tests.scenes import TODAY, Scene

DESK = Actor("user:An", "An", "utilities_desk")
COORDINATOR = Actor("user:Bo", "Bo", "coordinator")


def take(scene: Scene, step: StepName, actor: Actor = DESK, **given: Any) -> sa.RowMapping:
    """Take a step with the only conflict of a repair with works; return the conflict as it is then."""
    row = scene.conflict("wasted_repair")
    steps.take(scene.conn, row["id"], step, StepInput(**given), actor, row["version"], TODAY)
    return scene.conflict("wasted_repair")


@pytest.fixture
def works(scene: Scene) -> UUID:
    """Works over a planned repair: one conflict of `wasted_repair`."""
    works = scene.works(days=(30, 44), certainty="confirmed")
    scene.repair(planned=(10, 12))
    return works


def trail(scene: Scene) -> list[tuple[str, str]]:
    conflict_id = scene.conflict("wasted_repair")["id"]
    return [(event["kind"], event["actor"]) for event in conflicts.events(scene.conn, conflict_id)]


def test_each_step_leaves_a_state_an_entry_and_an_alert(scene: Scene, works: UUID) -> None:
    before = len(scene.alerts())
    assert take(scene, "acknowledge")["status"] == "acknowledged"
    agreed = take(scene, "agree", agreement=Agreement("works_move", note="Proximus schuift op"))
    assert (agreed["status"], agreed["agreement"]["kind"]) == ("agreed", "works_move")
    assert take(scene, "settle")["status"] == "settled"
    assert trail(scene) == [("opened", "detection"), ("acknowledge", "An"), ("agree", "An"), ("settle", "An")]
    assert scene.alerts(after=before) == [
        "conflict.status_changed",
        "repair.released",
        "conflict.status_changed",
    ]


def test_works_that_move_open_what_was_agreed_and_the_agreement_can_still_be_read(
    scene: Scene, works: UUID
) -> None:
    take(scene, "agree", agreement=Agreement("combine"))
    scene.move_works(works, days=(31, 45))
    row = scene.conflict("wasted_repair")
    assert (row["status"], row["agreement"]["kind"]) == ("open", "combine")


def test_an_agreement_ends_on_its_day_and_is_told(scene: Scene, works: UUID) -> None:
    take(scene, "agree", agreement=Agreement("works_move", TODAY + timedelta(days=12)))
    told = len(scene.alerts())

    assert steps.end_agreements(scene.conn, TODAY + timedelta(days=11)) == 0
    assert scene.conflict("wasted_repair")["status"] == "agreed"

    assert steps.end_agreements(scene.conn, TODAY + timedelta(days=12)) == 1
    assert scene.conflict("wasted_repair")["status"] == "open"
    assert scene.alerts(after=told) == ["conflict.reopened", "repair.held"]
    assert steps.end_agreements(scene.conn, TODAY + timedelta(days=13)) == 0


def test_an_assignment_stays_when_another_part_of_it_changes(scene: Scene, works: UUID) -> None:
    take(scene, "assign", assignment={"department": "nutsen", "due_on": TODAY})
    row = take(scene, "assign", assignment={"person": "Els"})
    assert (row["department"], row["person"], row["due_on"]) == ("nutsen", "Els", TODAY)


def test_undoing_brings_back_state_agreement_and_assignment(scene: Scene, works: UUID) -> None:
    take(scene, "assign", assignment={"person": "Els", "due_on": TODAY})
    take(scene, "agree", agreement=Agreement("patch_only"))
    row = take(scene, "undo")
    assert (row["status"], row["agreement"], row["person"]) == ("open", None, "Els")

    take(scene, "assign", assignment={"due_on": None})
    take(scene, "comment", words={"text": "even nagaan"})
    assert take(scene, "undo")["due_on"] == TODAY


def test_what_detection_did_since_cannot_be_undone(scene: Scene, works: UUID) -> None:
    take(scene, "settle")
    scene.move_works(works, days=(31, 45))
    with pytest.raises(InvalidTransition):
        take(scene, "undo")


def test_an_accepted_risk_releases_the_repair_and_undoing_it_holds_it_again(scene: Scene) -> None:
    scene.works(days=(30, 44), certainty="confirmed")
    repair = scene.repair()
    assert scene.hold(repair)[0] is True
    take(scene, "accept-risk", COORDINATOR, words={"reason": "de school opent maandag weer"})
    assert scene.hold(repair)[0] is False
    take(scene, "undo", COORDINATOR)
    assert scene.hold(repair)[0] is True


def test_a_full_run_leaves_what_people_decided(scene: Scene, works: UUID) -> None:
    take(scene, "agree", agreement=Agreement("full_width"))
    scene.recompute()
    row = scene.conflict("wasted_repair")
    assert (row["status"], row["agreement"]["kind"]) == ("agreed", "full_width")


def test_of_two_people_the_second_is_told_that_it_changed(scene: Scene, works: UUID) -> None:
    version = scene.conflict("wasted_repair")["version"]
    take(scene, "settle")
    with pytest.raises(VersionMismatch):
        row = scene.conflict("wasted_repair")
        steps.take(scene.conn, row["id"], "reopen", StepInput(), DESK, version, TODAY)


def test_a_partner_comments_on_its_own_conflicts_only(scene: Scene, works: UUID) -> None:
    words = {"text": "wij starten een week later"}
    take(scene, "comment", Actor("user:P", "P", "partner", "proximus"), words=words)
    with pytest.raises(NotFound):
        take(scene, "comment", Actor("user:F", "F", "partner", "fluvius"), words=words)


def test_the_trail_keeps_what_was_said(scene: Scene, works: UUID) -> None:
    take(scene, "comment", words={"text": "gebeld met Els"})
    row = scene.conn.execute(sa.select(conflict_events).where(conflict_events.c.kind == "comment")).one()
    assert (row.details["text"], row.details["status"]) == ("gebeld met Els", ["open", "open"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE conflict_events SET actor = 'x'",
        "DELETE FROM conflict_events",
        "TRUNCATE conflict_events",
        "TRUNCATE conflicts CASCADE",
    ],
)
def test_nobody_changes_the_trail(scene: Scene, works: UUID, statement: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match="table conflict_events is append-only"):
        scene.conn.execute(sa.text(statement))


def test_a_repair_in_two_conflicts_of_a_case_is_released_once(scene: Scene) -> None:
    scene.works(days=(-2, 10), certainty="in_progress")
    scene.repair()
    [listed] = cases.find(scene.conn, cases.CaseFilter(), TODAY).rows
    case = cases.get(scene.conn, listed["id"], TODAY)
    told = len(scene.alerts())
    reason = StepInput(words={"reason": "de school opent maandag weer"})
    steps.take_for_case(scene.conn, case["id"], "accept-risk", reason, COORDINATOR, case["version"], TODAY)
    assert case["conflicts"] > 1
    assert [kind for kind in scene.alerts(after=told) if kind.startswith(("repair.", "advice."))] == [
        "repair.released"
    ]


def test_the_version_of_a_case_rises_when_a_conflict_leaves_it(scene: Scene) -> None:
    scene.works(days=(30, 44), certainty="confirmed")
    repairs = [scene.repair(at=(x, 1), planned=(10, 12)) for x in (4, 14)]
    [listed] = cases.find(scene.conn, cases.CaseFilter(), TODAY).rows
    before = cases.get(scene.conn, listed["id"], TODAY)
    scene.cancel_repair(repairs[0])
    after = cases.get(scene.conn, listed["id"], TODAY)
    assert (before["conflicts"], after["conflicts"]) == (2, 1)
    assert after["version"] > before["version"]
