"""A person says whether two works are one project: confirmed ones are silent until their days part, refused ones are a clash."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from geo_service.coordination import joint_projects
from geo_service.coordination.steps import Actor
from geo_service.domain.conflicts import GONE, JointStatus
from geo_service.domain.errors import InvalidTransition, VersionMismatch
from geo_service.store import joint_projects as store
from geo_service.store import listing
from tests.scenes import FLUVIUS, PROXIMUS, Scene

DAYS = (3, 60)
AN = Actor("user:An", "An", "utilities_desk")


@pytest.fixture
def works(scene: Scene) -> UUID:
    """Two works that look like one project; those of Proximus."""
    scene.works(owner=FLUVIUS, days=DAYS, length_m=40)
    return scene.works(owner=PROXIMUS, days=DAYS, length_m=40)


def decide(scene: Scene, status: JointStatus) -> None:
    row = scene.conflict("works_clash")
    joint_projects.decide(scene.conn, row["id"], status, AN, row["version"], scene.today)


def state(scene: Scene) -> tuple[str, str, bool]:
    """Status, severity, and whether it is told as one project; the same when everything is computed anew."""
    found = []
    for _ in range(2):
        row = scene.conflict("works_clash")
        found.append((row["status"], row["severity"], row["facts"].get("joint", False)))
        scene.recompute()
    assert found[0] == found[1]
    return found[0]


def test_a_confirmed_project_is_silent(scene: Scene, works: UUID) -> None:
    before = len(scene.alerts())
    decide(scene, "confirmed")
    assert state(scene) == ("withdrawn", "low", True)
    assert scene.alerts(after=before) == ["conflict.withdrawn"]
    assert scene.rules_hit() == []
    assert scene.news("works_clash") == ["opened", "joint_confirmed", "withdrawn"]


def test_days_that_part_end_the_silence(scene: Scene, works: UUID) -> None:
    decide(scene, "confirmed")
    scene.move_works(works, days=(10, 67))
    assert state(scene) == ("open", "medium", False)
    scene.move_works(works, days=DAYS)
    assert state(scene)[0] == "withdrawn"


def test_both_may_move_together(scene: Scene, works: UUID) -> None:
    decide(scene, "confirmed")
    scene.works(owner=FLUVIUS, days=(10, 67), length_m=40, name="1")
    scene.move_works(works, days=(10, 67))
    assert state(scene)[0] == "withdrawn"


def test_a_refused_project_is_a_clash_like_any_other(scene: Scene, works: UUID) -> None:
    decide(scene, "refused")
    assert state(scene) == ("open", "medium", False)


def test_what_was_confirmed_can_be_refused_and_confirmed_again(scene: Scene, works: UUID) -> None:
    decide(scene, "confirmed")
    decide(scene, "refused")
    assert state(scene) == ("open", "medium", False)
    decide(scene, "confirmed")
    assert state(scene)[0] == "withdrawn"
    [said] = store.find(scene.conn, listing.Window()).rows
    assert (said["status"], said["decided_by"]) == ("confirmed", "An")


def test_a_third_works_still_clashes_with_both(scene: Scene, works: UUID) -> None:
    decide(scene, "confirmed")
    scene.works(owner="Aquafin", days=(5, 20), length_m=40)
    assert scene.rules_hit().count("works_clash") == 2


GAS, POWER = "Fluvius Gas Kortrijk", "Fluvius Elektriciteit Kortrijk"


@pytest.mark.parametrize(("status", "clashes"), [("confirmed", []), ("refused", [("open", "medium", False)])])
@pytest.mark.parametrize("later", [(POWER, PROXIMUS), (PROXIMUS, POWER)], ids=["same side", "other side"])
def test_the_word_is_about_the_works_whatever_their_dig_is_called(
    scene: Scene, later: tuple[str, str], status: JointStatus, clashes: list[tuple[str, str, bool]]
) -> None:
    older = scene.works(owner=GAS, days=DAYS, length_m=40)
    for owner in later:
        scene.works(owner=owner, days=DAYS, length_m=40)
    decide(scene, status)
    scene.cancel(older)  # the dig goes by its other record now
    for _ in range(2):
        live = [one for one in scene.stored("works_clash") if one["status"] not in GONE]
        assert [(one["status"], one["severity"], one["facts"].get("joint", False)) for one in live] == clashes
        scene.recompute()
    [said] = store.find(scene.conn, listing.Window()).rows
    assert said["status"] == status


def test_the_word_stands_when_an_older_record_joins_the_dig(scene: Scene) -> None:
    gas = scene.works(owner=GAS, days=(200, 257), length_m=40)
    scene.works(owner=POWER, days=DAYS, length_m=40)
    scene.works(owner=PROXIMUS, days=DAYS, length_m=40)
    decide(scene, "confirmed")
    scene.move_works(gas, days=DAYS)
    assert "works_clash" not in scene.rules_hit()


def test_of_what_was_said_of_two_digs_that_are_one_now_the_last_word_counts(scene: Scene) -> None:
    gas = scene.works(owner=GAS, days=(200, 257), length_m=40)
    power = scene.works(owner=POWER, days=DAYS, length_m=40)
    other = scene.works(owner=PROXIMUS, days=DAYS, length_m=40)
    decide(scene, "refused")
    scene.conn.execute(sa.text("UPDATE joint_projects SET decided_at = decided_at - interval '1 day'"))
    for one in (gas, power):  # power makes room: a dig by itself, on other days
        scene.move_works(one, days=DAYS if one == gas else (400, 457))
    newest = max(scene.stored("works_clash"), key=lambda row: row["number"])
    joint_projects.decide(scene.conn, newest["id"], "confirmed", AN, newest["version"], scene.today)
    scene.move_works(power, days=DAYS)
    assert "works_clash" not in scene.rules_hit()
    assert {one["status"] for one in store.find(scene.conn, listing.Window()).rows} == {
        "refused",
        "confirmed",
    }
    scene.move_works(gas, days=(200, 257))
    scene.move_works(other, days=DAYS)
    assert scene.rules_hit().count("works_clash") == 1, "of power alone was said that it is a clash"


def test_only_what_looks_like_one_project_can_be_one(scene: Scene, works: UUID) -> None:
    scene.move_works(works, days=(10, 67))
    with pytest.raises(InvalidTransition):
        decide(scene, "confirmed")


def test_of_two_people_the_second_is_told(scene: Scene, works: UUID) -> None:
    row = scene.conflict("works_clash")
    decide(scene, "refused")
    with pytest.raises(VersionMismatch):
        joint_projects.decide(scene.conn, row["id"], "confirmed", AN, row["version"], scene.today)
