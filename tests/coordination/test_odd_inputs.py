"""What people and sources do that nobody plans for: each has one outcome, nothing is lost, and the trail says it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import people
from geo_service.coordination import steps
from geo_service.coordination.steps import Actor, StepInput
from geo_service.domain.agreements import Agreement
from geo_service.domain.errors import InvalidInput, InvalidTransition, VersionMismatch
from geo_service.domain.users import User
from geo_service.store import audit, cases, conflicts, locks, users
from tests.scenes import TODAY, Scene

DESK = Actor("user:An", "An", "utilities_desk")
CLERK = audit.Actor(audit.COMMAND_LINE)
RULE = "wasted_repair"


def take(scene: Scene, step: str, number: int = 0, **given: Any) -> None:
    row = scene.stored(RULE)[number]
    steps.take(scene.conn, row["id"], step, StepInput(**given), DESK, row["version"], scene.today)  # type: ignore[arg-type]


def trail(scene: Scene, conflict_id: UUID) -> list[str]:
    return [event["kind"] for event in conflicts.events(scene.conn, conflict_id)]


@pytest.fixture
def works(scene: Scene) -> UUID:
    """Works over a planned repair: one conflict of `wasted_repair`."""
    made = scene.works(days=(30, 44), certainty="confirmed")
    scene.repair(planned=(10, 12))
    return made


def test_of_two_people_who_settle_in_the_same_instant_one_does(fresh_database: str) -> None:
    engine = db.create_engine_for(fresh_database)
    with db.write(engine) as conn:
        scene = Scene(conn)
        scene.works(days=(30, 44), certainty="confirmed")
        scene.repair(planned=(10, 12))
        row = scene.conflict(RULE)
    together, outcomes = threading.Barrier(2), []

    def settle(name: str) -> None:
        together.wait()
        try:
            with db.write(engine) as conn:
                locks.claims_writer(conn)
                actor = Actor(f"user:{name}", name, "utilities_desk")
                steps.take(conn, row["id"], "settle", StepInput(), actor, row["version"], TODAY)
            outcomes.append("settled")
        except VersionMismatch:
            outcomes.append("told")

    people_ = [threading.Thread(target=settle, args=(name,)) for name in ("An", "Bo")]
    for one in people_:
        one.start()
    for one in people_:
        one.join()
    with db.read(engine) as conn:
        kinds = [event["kind"] for event in conflicts.events(conn, row["id"])]
    engine.dispose()
    assert sorted(outcomes) == ["settled", "told"]
    assert kinds == ["opened", "settle"]


def test_works_that_come_back_open_what_was_settled(scene: Scene, works: UUID) -> None:
    take(scene, "settle")
    scene.delete_works(works)
    assert scene.conflict(RULE)["status"] == "withdrawn"
    scene.returns(works)
    row = scene.conflict(RULE)
    assert (row["status"], row["agreement"], row["open_since"]) == ("open", None, scene.today)
    assert trail(scene, row["id"]) == ["opened", "settle", "withdrawn", "reopened"]
    assert [alert for alert in scene.alerts() if alert.startswith("conflict.")][-1] == "conflict.reopened"


def test_what_was_agreed_before_works_were_cancelled_binds_nobody_when_they_come_back(
    scene: Scene, works: UUID
) -> None:
    take(scene, "agree", agreement=Agreement("works_move"))
    scene.cancel(works)
    scene.returns(works)
    scene.set_certainty(works, "confirmed")
    row = scene.conflict(RULE)
    assert row["status"] == "open"
    assert row["blocking"]
    [repair_id] = {row["repair_id"]}
    assert scene.hold(repair_id)[0]


@pytest.mark.parametrize("until", [0, -1, -400])
def test_an_agreement_whose_day_is_past_is_refused(scene: Scene, works: UUID, until: int) -> None:
    before = dict(scene.conflict(RULE))
    with pytest.raises(InvalidInput) as refused:
        take(scene, "agree", agreement=Agreement("hold_until", TODAY + timedelta(days=until)))
    assert [(one.field, one.reason) for one in refused.value.errors] == [("until", "in_the_past.until")]
    assert dict(scene.conflict(RULE)) == before


def test_works_that_their_source_deletes_while_people_discuss_them_end_the_matter_on_record(
    scene: Scene, works: UUID
) -> None:
    take(scene, "acknowledge")
    take(scene, "assign", assignment={"department": "nutsen", "person": "Els"})
    scene.delete_works(works)
    row = scene.conflict(RULE)
    assert (row["status"], row["person"]) == ("withdrawn", "Els")
    assert not scene.hold(row["repair_id"])[0]
    with pytest.raises(InvalidTransition):
        take(scene, "agree", agreement=Agreement("combine"))
    take(scene, "comment", words={"text": "Proximus zegt: het gaat niet door"})
    assert trail(scene, row["id"]) == ["opened", "acknowledge", "assign", "withdrawn", "comment"]


def test_works_that_only_vanish_while_people_discuss_them_end_nothing(scene: Scene, works: UUID) -> None:
    take(scene, "agree", agreement=Agreement("combine"))
    scene.vanish(works)
    assert scene.conflict(RULE)["status"] == "agreed"


def test_two_cases_that_a_changed_dig_makes_one_keep_what_was_said(scene: Scene) -> None:
    """The second record moves to the days of the first: one dig, one case. Of both conflicts the trail stays; what is one now is decided anew."""
    first = scene.works("Fluvius Gas Kortrijk", days=(30, 44), certainty="confirmed")
    second = scene.works("Fluvius Elektriciteit Kortrijk", days=(60, 74), certainty="confirmed")
    repair = scene.repair(planned=(10, 12))
    for number in (0, 1):
        take(scene, "comment", number, words={"text": f"Gebeld over {number}"})
    take(scene, "agree", 1, agreement=Agreement("works_move"))
    assert len(cases.find(scene.conn, cases.CaseFilter(), TODAY).rows) == 2

    scene.move_works(second, days=(30, 44))

    rows = scene.stored(RULE)
    [live] = [row for row in rows if row["status"] not in ("withdrawn", "expired")]
    [case] = cases.find(scene.conn, cases.CaseFilter(), TODAY).rows
    assert case["conflict_ids"] == [live["id"]]
    assert set(live["works_ids"]) == {first, second}
    assert (live["status"], live["blocking"], scene.hold(repair)[0]) == ("open", True, True)
    told = {row["id"]: trail(scene, row["id"]) for row in rows}
    assert all("comment" in kinds for kinds in told.values())
    [gone] = [row["id"] for row in rows if row["id"] != live["id"]]
    assert told[gone][-1] == "withdrawn"


class Leaver:
    """Els of the desk, with two conflicts in her name and one of somebody else."""

    def __init__(self, scene: Scene, **more: Any) -> None:
        self.scene = scene
        values = {
            "name": "Els Peeters",
            "email": "els@izegem.example",
            "role": "utilities_desk",
            "department": "nutsen",
        }
        self.user: User = people.add(scene.conn, CLERK, **{**values, **more})
        scene.works(days=(30, 44), certainty="confirmed")
        for place in (4, 10, 16):
            scene.repair(at=(place, 1), planned=(10, 12))
        take(scene, "assign", 0, assignment={"person": "els peeters"})
        take(scene, "assign", 1, assignment={"person": "els@izegem.example", "department": "publiek_domein"})
        take(scene, "assign", 2, assignment={"person": "Jan"})

    def leave(self) -> list[tuple[str | None, str | None]]:
        people.disable(self.scene.conn, CLERK, self.user)
        return [(row["person"], row["department"]) for row in self.scene.stored(RULE)]


def test_who_leaves_gives_the_conflicts_back_to_the_department(scene: Scene) -> None:
    leaver = Leaver(scene)
    told = len(scene.alerts())
    assert leaver.leave() == [(None, "nutsen"), (None, "publiek_domein"), ("Jan", None)]
    assert scene.alerts(after=told) == ["conflict.assigned", "conflict.assigned"]
    event = conflicts.events(scene.conn, scene.stored(RULE)[0]["id"])[-1]
    assert (event["kind"], event["actor"]) == ("handed_back", "command line")
    assert event["details"] == {"person": ["els peeters", None], "department": [None, "nutsen"]}
    [act] = audit.find(scene.conn, audit.Filter(action="user_disabled"), limit=10, before=None).rows
    assert act["facts"]["conflicts_returned"] == 2


def test_what_is_over_stays_with_who_followed_it_up(scene: Scene) -> None:
    leaver = Leaver(scene)
    scene.cancel_repair(scene.stored(RULE)[0]["repair_id"])
    assert leaver.leave()[:2] == [("els peeters", None), (None, "publiek_domein")]


def test_a_namesake_who_stays_keeps_what_bears_the_name(scene: Scene) -> None:
    leaver = Leaver(scene)
    people.add(scene.conn, CLERK, name="Els Peeters", email="els2@izegem.example", role="utilities_desk")
    assert leaver.leave()[:2] == [("els peeters", None), (None, "publiek_domein")]


def test_a_namesake_who_left_before_keeps_nothing(scene: Scene) -> None:
    leaver = Leaver(scene)
    other = people.add(scene.conn, CLERK, name="Els Peeters", email="els2@izegem.example", role="workshop")
    users.change(scene.conn, other.id, disabled_at=sa.func.now())
    assert leaver.leave()[0] == (None, "nutsen")


def test_who_leaves_cannot_be_undone_back_into_a_conflict(scene: Scene) -> None:
    Leaver(scene).leave()
    with pytest.raises(InvalidTransition):
        take(scene, "undo")
